import { msg, type Message } from "../../core/contract/index.js";
import { heatmapJson, linkageCsv, MOST_CSV_ROWS, similarityCsv } from "../../core/vectors/exports.js";
import { heatmapPython } from "../../core/vectors/python.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, MenuEntry, ViewHost } from "../view.js";
import type { HeatmapModel } from "./heatmapModel.js";

/** The heatmap's numbers as files. Of very many rows only the worker can write all: see `heatmapMenu`. */
export function heatmapFiles(host: ViewHost, { trace, part, ordered }: HeatmapModel): ExportFile[] {
  const base = baseName(host, "vectors");
  const { values } = trace;
  return [
    ...(values && trace.n <= MOST_CSV_ROWS
      ? [{ label: msg("Similarities (CSV)"), name: `${base}-${part.metric}.csv`, data: () => similarityCsv({ ...trace, values }, part.metric, ordered.order) }]
      : []),
    ...(part.left.length > 0 ? [{ label: msg("Tree of the clustering (CSV)"), name: `${base}-tree.csv`, data: () => linkageCsv(trace, part) }] : []),
    { label: msg("Heatmap (JSON)"), name: `${base}-heatmap.json`, data: () => heatmapJson(trace, part) },
  ];
}

/** Writes the similarities of more rows than the view can, a row at a time. */
export function heatmapMenu(host: ViewHost, { trace, part, ordered }: HeatmapModel): MenuEntry[] {
  if (trace.n <= MOST_CSV_ROWS) return [];
  const run = (): void => host.post({ type: "write", name: `${baseName(host, "vectors")}-${part.metric}.csv`, export: "similarity", at: { order: ordered.order.slice() } });
  return [{ label: msg("Export the similarities of all rows (CSV)"), run }];
}

export function heatmapCopies(host: ViewHost, { trace, part }: HeatmapModel): readonly { readonly label: Message; text(): string }[] {
  return [{ label: msg("Copy as Python (numpy)"), text: () => heatmapPython(trace, part, { name: host.source()?.name ?? "" }) }];
}
