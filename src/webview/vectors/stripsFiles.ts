import { msg } from "../../core/contract/index.js";
import type { ExportFile } from "../view.js";
import type { StripRow } from "./stripsModel.js";

/** The strips in full precision: a CSV with a line a strip, and JSON. */
export function stripsFiles(rows: readonly StripRow[], d: number, cosines: readonly number[], name: string): ExportFile[] {
  if (rows.length === 0) return [];
  return [
    {
      label: msg("Strips (CSV)"), name: `${name}.csv`,
      data: () => [
        ["name", ...Array.from({ length: d }, (_, j) => String(j + 1))].join(","),
        ...rows.map(({ label, values }) => [quoted(label), ...Array.from(values)].join(",")),
      ].join("\n") + "\n",
    },
    {
      label: msg("Strips (JSON)"), name: `${name}.json`,
      data: () => JSON.stringify(rows.map(({ label, values }, i) => ({ name: label, cosine: Number.isNaN(cosines[i]) ? null : cosines[i], values: Array.from(values) })), null, 1) + "\n",
    },
  ];
}

/** A field of a CSV; quoted where it needs to be. */
export function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
