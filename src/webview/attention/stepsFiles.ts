import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, ViewHost } from "../view.js";
import { matricesOf } from "./stepsMatrix.js";
import type { StepsModel } from "./stepsModel.js";

const number = (value: number): string => (Number.isFinite(value) ? String(value) : "");

/** A line a key: numbers of each step, and the vectors. */
export function stepsCsv(model: StepsModel): string {
  const { part, trace: { tokens } } = model;
  const many = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);
  const { size, valueSize } = part;
  const head = csvLine(["place", "token", "masked", "similarity", "scaled", "bias", "weight", "own_weight", ...many("k", size), ...many("v", valueSize), ...many("wv", valueSize)]);
  const lines = Array.from({ length: model.n }, (_, row) =>
    csvLine([row, tokens.pieces[row] ?? String(row), part.masked[row], number(part.similarity[row]), number(part.scaled[row]), part.bias ? number(part.bias[row]) : "", number(part.weights[row]), number(part.ownWeights[row]), ...Array.from(model.key(row), number), ...Array.from(model.value(row), number), ...Array.from(model.product(row), number)]));
  return head + lines.join("");
}

export function stepsJson(model: StepsModel): string {
  const { part, trace } = model;
  const list = (values: ArrayLike<number>): (number | null)[] => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  return `${JSON.stringify({
    layer: part.layer, head: part.head, token: part.token, tokens: trace.tokens.pieces, temperature: part.temperature, scale: Number.isFinite(part.scale) ? part.scale : null,
    query: list(part.query), own_query: list(part.ownQuery), similarity: list(part.similarity), scaled: list(part.scaled), bias: part.bias && list(part.bias), masked: Array.from(part.masked),
    weights: list(part.weights), own_weights: list(part.ownWeights), output: list(part.output),
    heads: part.heads && { outputs: list(part.heads.outputs), projected: list(part.heads.projected), share: list(part.heads.share) },
    matrices: matricesOf(model).filter(({ rows }) => rows > 1).map(({ name, rows, columns, values }) => ({ name, shape: [rows, columns], values: list(values) })),
  })}\n`;
}

export function stepsFiles(host: ViewHost, model: StepsModel): ExportFile[] {
  const base = `${baseName(host, "attention")}-steps`;
  return [
    { label: msg("Keys, weights and values (CSV)"), name: `${base}.csv`, data: () => stepsCsv(model) },
    { label: msg("The three steps with all matrices (JSON)"), name: `${base}.json`, data: () => stepsJson(model) },
  ];
}
