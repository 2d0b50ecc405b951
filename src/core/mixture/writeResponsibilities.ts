import { selectMatrix } from "../formats/selectMatrix.js";
import type { Table } from "../formats/table.js";
import { through } from "../steps.js";
import { covariancesLength } from "./covariance.js";
import { rowOf } from "./data.js";
import { responsibilitiesHeader, responsibilitiesWriter } from "./exports.js";
import type { CovarianceType, MixtureParams } from "./params.js";
import type { Mixture } from "./trace.js";

/**
 * The export "responsibilities" of all rows as CSV, in pieces of a few thousand lines; empty pieces only give way.
 * Nothing is written for another name, or when `at` is not a mixture of the chosen columns.
 * @param at the mixture that the reader sees
 */
export function* writeResponsibilities(name: string, table: Table, params: MixtureParams, at: unknown): Generator<string, void, void> {
  const { columns, computed } = params;
  const selected = yield* through(selectMatrix(table, { columns, computed }), () => "");
  if (name !== "responsibilities" || !selected.ok) return;
  const { matrix } = selected;
  const D = matrix.names.length;
  if (!isMixture(at, D)) return;
  const write = responsibilitiesWriter(at);
  const data = { columns: matrix.columns, N: matrix.n, D };
  const x = new Float64Array(D);
  let piece = responsibilitiesHeader(matrix.names, at.K);
  const rows = Math.max(1, Math.floor(40000 / (D + at.K)));
  for (let i = 0; i < matrix.n; i++) {
    const row = matrix.rows ? matrix.rows[i] : i;
    rowOf(data, i, x);
    piece += write(table.lines ? table.lines[row] : row + 1, x, 0);
    if (i % rows === rows - 1) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

function isMixture(value: unknown, D: number): value is Mixture {
  if (typeof value !== "object" || value === null) return false;
  const { K, D: dimensions, covarianceType, weights, means, covariances } = value as Partial<Mixture>;
  return (
    typeof K === "number" &&
    dimensions === D &&
    weights?.length === K &&
    means?.length === K * D &&
    covariances?.length === covariancesLength(covarianceType as CovarianceType, K, D)
  );
}
