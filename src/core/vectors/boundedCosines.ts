import type { Progress } from "../contract/index.js";
import { byteQuery } from "../kernels/vectors.js";
import type { Bounded } from "./boundedSearch.js";
import { byteRowsOf } from "./byteIndex.js";
import { dotRow } from "./dotRows.js";
import { norm } from "./similarity.js";

/**
 * The cosines of rows with a direction, as `dotRows` and lengths in single precision give them, with bounds from the rows'
 * bytes; undefined where there are none.
 * @param values [n, d]
 * @param unit [d] of length 1
 * @param lengthOf of a row; in single precision where it is not given
 */
export function* boundedCosines(
  values: Float32Array,
  n: number,
  d: number,
  unit: Float32Array,
  lengthOf = (row: number): number => Math.fround(norm(values, d, row * d)),
): Generator<Progress, Bounded | undefined, void> {
  const rows = yield* byteRowsOf(values, n, d);
  if (!rows || !unit.every(Number.isFinite) || norm(unit) === 0) return undefined;
  const query = byteQuery(unit);
  const doubles = Float64Array.from(unit);
  return {
    n,
    most: rows.most,
    bounds: (start, end) => rows.bounds(query, start, end),
    reaching: (least, count) => rows.reaching(least, count),
    exact: (row) => Math.fround(dotRow(values, d, row, doubles)) / lengthOf(row),
  };
}
