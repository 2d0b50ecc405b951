import { msg } from "../../../core/contract/index.js";
import { csvLine } from "../../../core/text/csvLine.js";
import type { MapPart } from "../../../core/vectors/trace.js";
import type { ExportFile } from "../../view.js";

/** The map at a step in full precision: a CSV with a line a point, and JSON with what it was made with. */
export function mapFiles(map: MapPart, step: number, params: Readonly<Record<string, unknown>>): ExportFile[] {
  const s = Math.round(step);
  const at = (i: number, axis: 0 | 1): number => map.positions[2 * (s * map.m + i) + axis];
  return [
    {
      label: msg("Map (CSV)"), name: "map.csv",
      data: () => [["name", "x", "y"], ...map.names.map((name, i) => [name, at(i, 0), at(i, 1)])].map(csvLine).join(""),
    },
    {
      label: msg("Map (JSON)"), name: "map.json",
      data() {
        const { projection, points, m, total, leftOut, finished, trust } = map;
        const names = { pca: [], tsne: ["perplexity", "max_iter", "random_state"], umap: ["n_neighbors", "min_dist", "max_iter", "random_state"] }[projection];
        const content = {
          projection, points, laid_out: m, total, left_out: leftOut, finished, iteration: map.iterations[s],
          parameters: Object.fromEntries(names.map((name) => [name, params[name]])),
          ...(projection === "pca" ? { explained_variance_ratio: Array.from(map.explained) } : {}),
          ...(projection === "tsne" ? { kullback_leibler: Array.from(map.loss, (value, i) => ({ iteration: map.lossAt[i], value })) } : {}),
          neighbours_kept: trust,
          positions: map.names.map((name, i) => ({ name, x: at(i, 0), y: at(i, 1) })),
        };
        return `${JSON.stringify(content, null, 1)}\n`;
      },
    },
  ];
}
