import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import type { ExportFile } from "../view.js";
import { columnsOf } from "./pipelineModel.js";
import type { Shared } from "./tab.js";

/** The shown position's stages and the generated tokens, as files of full precision. */
export function exploreFiles(shared: Shared, position: () => number): ExportFile[] {
  return [
    { label: msg("Stages of the next token (CSV)"), name: "decoding-stages.csv", data: () => stagesCsv(shared, position()) },
    { label: msg("Generated tokens (CSV)"), name: "decoding-tokens.csv", data: () => tokensCsv(shared) },
    { label: msg("Everything of this tab (JSON)"), name: "decoding.json", data: () => json(shared) },
  ];
}

function stagesCsv(shared: Shared, position: number): string {
  const at = shared.trace.explore!.at[position];
  const n = at.ids.length;
  const names = columnsOf(at).map(({ name }) => name);
  const head = ["id", "token", "removed_at", ...names.flatMap((name) => [`${name} logit`, `${name} probability`])];
  const rows = Array.from(at.ids, (id, i) => [
    id, shared.piece(id), at.removedAt[i] === 0 ? "" : names[at.removedAt[i]],
    ...names.flatMap((_, k) => [at.scores[k * n + i] === -Infinity ? "-inf" : at.scores[k * n + i], at.probabilities[k * n + i]]),
  ]);
  return [head, ...rows].map(csvLine).join("");
}

function tokensCsv(shared: Shared): string {
  const part = shared.trace.explore!;
  const rows = Array.from(part.ids, (id, t) => [
    t + 1, id, shared.piece(id), part.modelProbability[t], part.probability[t], Number.isNaN(part.uniform[t]) ? "" : part.uniform[t], part.forced[t], part.repeated[t],
  ]);
  return [["position", "id", "token", "model_probability", "probability", "uniform", "forced", "repeated"], ...rows].map(csvLine).join("");
}

function json(shared: Shared): string {
  const { source, prompt, config, strategy, explore } = shared.trace;
  const plain = (_: string, value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, (v) => (Number.isFinite(v) ? v : v === -Infinity ? "-Infinity" : null));
    return value;
  };
  const { text, ids, at, ...rest } = explore!;
  return `${JSON.stringify({ source, prompt: prompt.text, prompt_ids: prompt.ids, config, strategy, text, ids, tokens: Array.from(ids, (id) => shared.piece(id)), ...rest, stages: at }, plain, 1)}\n`;
}
