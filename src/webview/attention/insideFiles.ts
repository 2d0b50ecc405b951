import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, ViewHost } from "../view.js";
import { ROLES, type InsideModel } from "./insideModel.js";

const text = (value: number): string => (Number.isFinite(value) ? String(value) : "");

/** A line a layer and token: the likeliest tokens, and the rank of the true one. Layers count from 0, the embedding. */
export function lensCsv(model: InsideModel): string {
  const { lens } = model.part;
  if (!lens) return "";
  const { listed, count, from } = lens;
  const head = csvLine(["layer", "place", "token", "true_token", "rank", "probability_of_true", "entropy_bits", ...Array.from({ length: listed }, (_, i) => [`guess_${i + 1}`, `probability_${i + 1}`]).flat()]);
  const lines = Array.from({ length: (model.layers + 1) * count }, (_, at) => {
    const [layer, column] = [Math.floor(at / count), at % count];
    const target = lens.target[column];
    return csvLine([
      layer, from + column, model.trace.tokens.pieces[from + column], target < 0 ? "" : model.name(target), lens.rank[at] || "", text(lens.chance[at]), text(lens.entropy[at]),
      ...model.guesses(layer, column).flatMap(({ name, probability }) => [name, String(probability)]),
    ]);
  });
  return head + lines.join("");
}

/** A line a head: its scores here and on random tokens. */
export function rolesCsv(model: InsideModel): string {
  const { here, random } = model.part.roles;
  const head = csvLine(["layer", "head", ...ROLES.map((role) => `${role}_here`), ...(random ? ROLES.map((role) => `${role}_random`) : []), "named_here", "named_random"]);
  return head + Array.from({ length: model.layers * model.heads }, (_, i) => {
    const [layer, head] = [Math.floor(i / model.heads), i % model.heads];
    return csvLine([layer, head, ...ROLES.map((role) => text(here.scores[role][i])), ...(random ? ROLES.map((role) => text(random.scores[role][i])) : []), model.named("here", layer, head) ?? "", model.named("random", layer, head) ?? ""]);
  }).join("");
}

/** A line a new token: what each part adds to its logit. */
export function pullsCsv(model: InsideModel): string {
  const { pulls } = model.part;
  if (!pulls) return "";
  const first = model.pulls(0);
  const head = csvLine(["step", "token", "repeats", "probability", "logit_less_mean", "embedding", ...first.map(({ layer, head }) => `layer${layer}_head${head}`), ...Array.from({ length: model.layers }, (_, layer) => `layer${layer}_mlp`), "biases", ...first.map(({ layer, head }) => `looks_layer${layer}_head${head}`)]);
  return head + pulls.pieces.map((piece, step) => {
    const all = model.pulls(step);
    const { embedding, mlp, bias, own } = model.sum(step);
    return csvLine([step, piece, pulls.repeated[step], text(pulls.probability[step]), text(own), text(embedding), ...all.map(({ value }) => text(value)), ...mlp.map(text), text(bias), ...all.map(({ look }) => text(look))]);
  }).join("");
}

export function insideJson({ part, trace, layers, heads, tokens }: InsideModel): string {
  const rows = (values: ArrayLike<number>, width: number): (number | null)[][] =>
    width === 0 ? [] : Array.from({ length: values.length / width }, (_, i) => Array.from({ length: width }, (__, j) => (Number.isFinite(values[i * width + j]) ? values[i * width + j] : null)));
  const scores = (seen: typeof part.roles.here | null) => seen && { ...Object.fromEntries(ROLES.map((role) => [role, rows(seen.scores[role], heads)])), even: Object.fromEntries(ROLES.map((role) => [role, Number.isFinite(seen.even[role]) ? seen.even[role] : null])) };
  const { lens, pulls, roles } = part;
  return `${JSON.stringify({
    source: { name: trace.source.name, family: trace.source.family, layers, heads }, tokens: trace.tokens.pieces, ids: Array.from(trace.tokens.ids),
    names: Object.fromEntries(part.names),
    lens: lens && { from: lens.from, listed: lens.listed, ids: rows(lens.ids, lens.count * lens.listed), probability: rows(lens.probability, lens.count * lens.listed), rank: rows(lens.rank, lens.count), entropy_bits: rows(lens.entropy, lens.count) },
    stream: rows(part.stream, tokens), attention: rows(part.attention, tokens), mlp: rows(part.mlp, tokens),
    norms: part.norms.map(({ layer, at, mean, deviation }) => ({ layer, at, mean: Array.from(mean), deviation: Array.from(deviation) })),
    roles: { threshold: roles.threshold, repeat_length: roles.repeatLength, here: scores(roles.here), random: scores(roles.random), named: roles.named },
    pulls: pulls && { ids: Array.from(pulls.ids), pieces: pulls.pieces, repeated: Array.from(pulls.repeated), heads: rows(pulls.heads, layers * heads), looks: rows(pulls.looks, layers * heads), mlp: rows(pulls.mlp, layers), embedding: Array.from(pulls.embedding), biases: Array.from(pulls.bias), logit_less_mean: Array.from(pulls.logit) },
  }, null, 1)}\n`;
}

export function insideFiles(host: ViewHost, model: InsideModel): ExportFile[] {
  const base = baseName(host, "attention");
  return [
    ...(model.part.lens ? [{ label: msg("Logit lens (CSV)"), name: `${base}-logit-lens.csv`, data: () => lensCsv(model) }] : []),
    { label: msg("Roles of heads (CSV)"), name: `${base}-roles.csv`, data: () => rolesCsv(model) },
    ...(model.part.pulls && model.part.pulls.ids.length > 0 ? [{ label: msg("Pulls on logits (CSV)"), name: `${base}-pulls.csv`, data: () => pullsCsv(model) }] : []),
    { label: msg("The inside (JSON)"), name: `${base}-inside.json`, data: () => insideJson(model) },
  ];
}
