import type { ModelShape } from "./modelShape.js";

export type PartId =
  | "embedding" | "positions" | "segments" | "embeddingNorm"
  | "query" | "key" | "value" | "output" | "headNorms"
  | "up" | "gate" | "down" | "norms" | "finalNorm"
  | "pooler" | "headTransform" | "head" | "headBias";

export type PartGroup = "embeddings" | "attention" | "mlp" | "norms" | "head";

/** Parameters that belong together. */
export type ParameterPart = {
  readonly id: PartId;
  readonly group: PartGroup;
  /** How often it stands in the model: once, or once a layer. */
  readonly times: number;
  /** Numbers of its matrix, [outputs × inputs], each time; 0: it has vectors only. */
  readonly matrix: number;
  /** Numbers of its vectors (biases, gains) each time. */
  readonly vectors: number;
  /** times × (matrix + vectors). */
  readonly count: number;
};

/**
 * All parameters of a model by part, in the order of the computation; they sum to the number of elements in its weight files.
 * With L layers of width d, H heads and G key-value heads of size s, and an inner width f:
 *   embedding V·d; positions P·d; attention per layer d·H·s (Q), 2·d·G·s (K, V), H·s·d (O), biases besides;
 *   MLP 2·d·f, gated 3·d·f; a norm d (RMS: gain) or 2·d (gain and bias), two a layer and one at the end (BERT: at the beginning).
 * Source: transformers, `modeling_gpt2.py`, `modeling_bert.py`, `modeling_roberta.py`, `modeling_llama.py`, `modeling_qwen3.py`.
 */
export function parameterParts(shape: ModelShape): ParameterPart[] {
  const { layers, width: d, heads, kvHeads, headSize, inner, vocabulary, positions, segments, biases, gated, family } = shape;
  const queries = heads * headSize;
  const keys = kvHeads * headSize;
  const norm = shape.norm === "rms" ? d : 2 * d;
  const parts: ParameterPart[] = [];
  const add = (id: PartId, group: PartGroup, times: number, matrix: number, vectors: number) => {
    if (matrix + vectors > 0) parts.push({ id, group, times, matrix, vectors, count: times * (matrix + vectors) });
  };
  const bias = (has: boolean, outputs: number) => (has ? outputs : 0);
  add("embedding", "embeddings", 1, vocabulary * d, 0);
  add("positions", "embeddings", 1, positions * d, 0);
  add("segments", "embeddings", 1, segments * d, 0);
  if (family === "bert") add("embeddingNorm", "norms", 1, 0, norm);
  add("query", "attention", layers, d * queries, bias(biases.attention, queries));
  add("key", "attention", layers, d * keys, bias(biases.attention, keys));
  add("value", "attention", layers, d * keys, bias(biases.attention, keys));
  add("output", "attention", layers, queries * d, bias(biases.output, d));
  if (shape.headNorms) add("headNorms", "norms", layers, 0, 2 * headSize);
  if (gated) add("gate", "mlp", layers, d * inner, bias(biases.mlp, inner));
  add("up", "mlp", layers, d * inner, bias(biases.mlp, inner));
  add("down", "mlp", layers, inner * d, bias(biases.mlp, d));
  add("norms", "norms", layers, 0, 2 * norm);
  if (family !== "bert") add("finalNorm", "norms", 1, 0, norm);
  headParts(shape, add);
  return parts;
}

type Add = (id: PartId, group: PartGroup, times: number, matrix: number, vectors: number) => void;

function headParts({ head, family, modelType, width: d, vocabulary, tied, labels }: ModelShape, add: Add): void {
  const roberta = modelType === "roberta";
  const pooled = head === "pooler" || head === "pretraining" || head === "nextSentence" || head === "choice" || (head === "sequence" && family === "bert" && !roberta);
  if (pooled) add("pooler", "head", 1, d * d, d);
  if (head === "language" || head === "pretraining") {
    if (family === "bert") add("headTransform", "head", 1, d * d, d + 2 * d);
    if (!tied) add("head", "head", 1, vocabulary * d, 0);
    // Untied, transformers keeps the head's bias next to the decoder's own.
    if (family === "bert") add("headBias", "head", 1, 0, tied ? vocabulary : 2 * vocabulary);
  }
  if (head === "pretraining" || head === "nextSentence") add("head", "head", 1, 2 * d, 2);
  if (head === "choice") add("head", "head", 1, d, 1);
  if (head === "tokens") add("head", "head", 1, labels * d, labels);
  if (head === "question") add("head", "head", 1, (family === "bert" ? labels : 2) * d, family === "bert" ? labels : 2);
  if (head === "sequence") {
    if (roberta) add("headTransform", "head", 1, d * d, d);
    add("head", "head", 1, labels * d, family === "bert" ? labels : 0);
  }
}

/** Parameters of several parts. */
export function sumOf(parts: readonly { readonly count: number }[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}

/** All parameters of a model: the elements of its weight files, each tied matrix once. */
export function parameterCount(shape: ModelShape): number {
  return sumOf(parameterParts(shape));
}

/** Parameters by group. */
export function parameterGroups(shape: ModelShape): Readonly<Record<PartGroup, number>> {
  const groups = { embeddings: 0, attention: 0, mlp: 0, norms: 0, head: 0 };
  for (const { group, count } of parameterParts(shape)) groups[group] += count;
  return groups;
}
