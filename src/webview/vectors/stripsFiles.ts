import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import type { VectorsTrace } from "../../core/vectors/trace.js";
import type { ExportFile } from "../view.js";
import type { StripRow } from "./stripsModel.js";

/** The strips in full precision: a CSV with a line a strip, and JSON. `base` begins the files' names. */
export function stripsFiles(rows: readonly StripRow[], cosines: readonly number[], base: string): ExportFile[] {
  if (rows.length === 0) return [];
  return [
    { label: msg("Strips (CSV)"), name: `${base}-strips.csv`, data: () => vectorsCsv(rows.map(({ label }) => label), (i) => rows[i].values, rows[0].values.length) },
    {
      label: msg("Strips (JSON)"), name: `${base}-strips.json`,
      data: () => JSON.stringify(rows.map(({ label, values }, i) => ({ name: label, cosine: Number.isNaN(cosines[i]) ? null : cosines[i], values: Array.from(values) })), null, 1) + "\n",
    },
  ];
}

/** All rows of the source, with a strip or without. */
export function allVectorsFile({ names, values, d }: VectorsTrace, base: string): ExportFile[] {
  if (values === null) return [];
  return [{ label: msg("All vectors (CSV)"), name: `${base}-vectors.csv`, data: () => vectorsCsv(names, (i) => values.subarray(i * d, (i + 1) * d), d) }];
}

function vectorsCsv(names: readonly string[], row: (i: number) => ArrayLike<number>, d: number): string {
  const lines = names.map((name, i) => csvLine([name, ...Array.from(row(i))]));
  return csvLine(["name", ...Array.from({ length: d }, (_, j) => j + 1)]) + lines.join("");
}
