import { defineExplainer } from "../contract/index.js";
import { readTable } from "../formats/readTable.js";
import { selectMatrix } from "../formats/selectMatrix.js";
import { choicesOf, type Table } from "../formats/table.js";
import { carryOf } from "./carry.js";
import { mixtureParams } from "./params.js";
import { runMixture } from "./run.js";
import type { MixtureTrace } from "./trace.js";
import { writeResponsibilities } from "./writeResponsibilities.js";

/** Gaussian mixtures by expectation-maximisation, on the numbers of a text or a file. */
export const mixture = defineExplainer({
  id: "mixture",
  params: mixtureParams,
  example: "em1d.csv",
  parse: readTable,
  *run(table: Table, params, env) {
    const { columns, computed } = params;
    const selected = yield* selectMatrix(table, { columns, computed });
    if (!selected.ok) return { ...selected, columns: choicesOf(table) };
    const outcome = yield* runMixture(table, selected.matrix, params, env);
    const problems = [...selected.problems, ...outcome.problems];
    return outcome.ok ? { ...outcome, problems } : { ok: false, problems, columns: choicesOf(table) };
  },
  carry: (trace: MixtureTrace) => carryOf(trace),
  write: writeResponsibilities,
});
