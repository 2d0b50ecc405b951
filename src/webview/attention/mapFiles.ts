import type { AttentionTrace } from "../../core/attention/trace.js";
import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, ViewHost } from "../view.js";
import type { MapModel } from "./mapModel.js";

/** A piece of the name of a file: which map it holds. */
export function mapName({ part: { shown } }: MapModel): string {
  const { reduce, layer, head } = shown;
  return reduce === "head" ? `layer-${layer}-head-${head}` : reduce === "layers" ? "mean" : reduce === "heads" ? `layer-${layer}-mean` : `rollout-${layer}`;
}

/** The map that is shown: a line a row, a column a token; masked cells are empty. */
export function mapCsv(model: MapModel): string {
  const { pieces } = model.trace.tokens;
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => pieces[i] ?? String(i));
  const rows = names(model.rows);
  const head = csvLine(["", ...names(model.columns)]);
  return head + rows.map((name, row) => csvLine([name, ...Array.from({ length: model.columns }, (_, column) => (model.isMasked(row, column) ? "" : number(model.weight(row, column))))])).join("");
}

/** All heads: entropy, and shares of attention. Layers and heads count from 0, as in code. */
export function headsCsv({ part, trace: { source } }: MapModel): string {
  const lines = Array.from({ length: source.layers * source.heads }, (_, i) =>
    csvLine([Math.floor(i / source.heads), i % source.heads, number(part.entropy[i]), number(part.previous[i]), number(part.first[i]), number(part.self[i]), number(part.same[i])]));
  return csvLine(["layer", "head", "entropy_bits", "previous_token", "first_token", "itself", "same_token"]) + lines.join("");
}

export function mapJson({ part, trace }: MapModel): string {
  const { shown } = part;
  const list = (values: ArrayLike<number>): (number | null)[] => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  const square = <T>(values: readonly T[], width: number): T[][] => Array.from({ length: Math.ceil(values.length / Math.max(1, width)) }, (_, i) => values.slice(i * width, (i + 1) * width));
  const byHead = (values: ArrayLike<number>): (number | null)[][] => square(list(values), trace.source.heads);
  return `${JSON.stringify({
    source: sourceOf(trace),
    tokens: trace.tokens.pieces,
    ids: Array.from(trace.tokens.ids),
    shown: { reduce: shown.reduce, layer: shown.layer, head: shown.head, weights: square(list(shown.weights), shown.columns), entropy_bits: list(shown.entropy) },
    heads: { entropy_bits: byHead(part.entropy), previous_token: byHead(part.previous), first_token: byHead(part.first), itself: byHead(part.self), same_token: byHead(part.same) },
  }, null, 1)}\n`;
}

function sourceOf({ source }: AttentionTrace): Readonly<Record<string, unknown>> {
  return { kind: source.kind, name: source.name, family: source.family, layers: source.layers, heads: source.heads, causal: source.causal };
}

function number(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}

export function mapFiles(host: ViewHost, model: MapModel): ExportFile[] {
  const base = baseName(host, "attention");
  return [
    { label: msg("The shown map (CSV)"), name: `${base}-${mapName(model)}.csv`, data: () => mapCsv(model) },
    { label: msg("All heads: entropy and shares (CSV)"), name: `${base}-heads.csv`, data: () => headsCsv(model) },
    { label: msg("Map and heads (JSON)"), name: `${base}-map.json`, data: () => mapJson(model) },
  ];
}
