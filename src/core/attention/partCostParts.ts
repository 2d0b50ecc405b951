import { msg, type Message } from "../contract/index.js";
import { parameterParts, type ModelShape, type ParameterPart } from "../models/shape/index.js";
import { grouped } from "../text/numberText.js";
import type { CostPart } from "./trace.js";

type PartId = ParameterPart["id"];

const names: { readonly [P in PartId]: Message } = {
  embedding: msg("token embedding"),
  positions: msg("learned positions"),
  segments: msg("token types"),
  embeddingNorm: msg("norm of the embedding"),
  query: msg("queries W_Q"),
  key: msg("keys W_K"),
  value: msg("values W_V"),
  output: msg("output W_O"),
  headNorms: msg("norms of queries and keys"),
  gate: msg("MLP gate"),
  up: msg("MLP up"),
  down: msg("MLP down"),
  norms: msg("norms of the layers"),
  finalNorm: msg("last norm"),
  pooler: msg("pooler"),
  headTransform: msg("head, transform"),
  head: msg("head"),
  headBias: msg("head, bias"),
};
/** Parts whose matrix takes in what is not the width, so that the width comes second. */
const intoWidth = new Set<PartId>(["embedding", "positions", "segments", "output", "down"]);

/** All parameters by part, with the product that makes each count. */
export function costParts(shape: ModelShape): CostPart["parts"] {
  return parameterParts(shape).map((part) => ({ label: names[part.id], count: part.count, formula: formulaOf(part, shape) }));
}

/** "12 × (768 × 2,304 + 2,304)". */
function formulaOf({ id, times, matrix, vectors }: ParameterPart, { width }: ModelShape): string {
  const other = matrix / width;
  const sides = intoWidth.has(id) ? [other, width] : [width, other];
  const product = sides.map(grouped).join(" × ");
  const inner = matrix === 0 ? grouped(vectors) : vectors === 0 ? product : `${product} + ${grouped(vectors)}`;
  if (times === 1) return inner;
  return matrix > 0 && vectors > 0 ? `${grouped(times)} × (${inner})` : `${grouped(times)} × ${inner}`;
}
