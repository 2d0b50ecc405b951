import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/mixture/exports.js";
import type { ExportFile } from "../view.js";
import type { StripRow } from "./stripsModel.js";

/** The strips in full precision: a CSV with a line a strip, and JSON. */
export function stripsFiles(rows: readonly StripRow[], d: number, cosines: readonly number[], name: string): ExportFile[] {
  if (rows.length === 0) return [];
  return [
    {
      label: msg("Strips (CSV)"), name: `${name}.csv`,
      data: () => [["name", ...Array.from({ length: d }, (_, j) => j + 1)], ...rows.map(({ label, values }) => [label, ...Array.from(values)])].map(csvLine).join(""),
    },
    {
      label: msg("Strips (JSON)"), name: `${name}.json`,
      data: () => JSON.stringify(rows.map(({ label, values }, i) => ({ name: label, cosine: Number.isNaN(cosines[i]) ? null : cosines[i], values: Array.from(values) })), null, 1) + "\n",
    },
  ];
}
