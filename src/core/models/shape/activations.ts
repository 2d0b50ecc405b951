import type { Load } from "./cache.js";
import { recurrentInner, type CostModel } from "./costModel.js";

/** Numbers in memory besides parameters, by part. */
export type Activations = {
  /** What grows with the text: inputs of norms and matrices, queries, keys, values, the MLP's inside. */
  readonly layers: number;
  /** Attention weights, which grow with its square; 0 where there are none. FlashAttention (Dao et al. 2022) keeps none of them. */
  readonly maps: number;
  /** The last norm's input and output, and the scores of all tokens. */
  readonly head: number;
  readonly total: number;
};

function activations(layers: number, maps: number, head: number): Activations {
  return { layers, maps, head, total: layers + maps + head };
}

/**
 * Numbers that training keeps of one text of T tokens for the backward pass, without recomputation and dropout. A token takes in a layer
 *   attention: 4·d (both norms' inputs and outputs), 2·H·s (queries, and the output's input), 2·G·s (keys, values), and
 *   f·2 or gated f·4 (the MLP's inside), and H·T attention weights: for G = H, H·s = d, f = 4·d that is 16·d + H·T, which are the
 *   34·d + 5·H·T bytes of Korthikanti et al. 2022 (eq. 1) without the masks of dropout;
 *   linear: queries and keys twice (before φ and after), the norm z instead of the weights;
 *   recurrent (RWKV-4): 16·d + 2·4·d: norms 4, shifted inputs 5, k, v, σ(r), their sum and its product 5, σ(r) and values in the channel mixing 2.
 */
export function keptActivations(model: CostModel, length: number): Activations {
  const { kind, shape } = model;
  const { layers, width: d, heads, kvHeads, headSize, inner, gated } = shape;
  const behind = length * (2 * d + scores(model));
  if (kind === "recurrent") return activations(layers * length * (16 * d + 2 * recurrentInner(shape)), 0, behind);
  const queries = heads * headSize;
  const inside = gated ? 4 * inner : 2 * inner;
  const token = 4 * d + 2 * queries + 2 * kvHeads * headSize + inside;
  if (kind === "linear") return activations(layers * length * (token + 2 * queries + heads), 0, behind);
  return activations(layers * length * token, layers * length * length * heads, behind);
}

/**
 * Numbers that are in memory at once at the most while a text of T tokens is read without training: the tokens between layers, with what
 * one layer computes: queries, keys, values, weights and result, or the MLP's inside. `layers` is the larger of the two without weights. Of
 * scores only the last token's are made when a text is to be written on, else all.
 */
export function workingActivations(model: CostModel, length: number): Activations {
  const { kind, shape } = model;
  const { width: d, heads, kvHeads, headSize, inner, gated, causal } = shape;
  const recurrent = kind === "recurrent";
  const attention = recurrent ? 5 * d : 2 * heads * headSize + 2 * kvHeads * headSize;
  const mlp = recurrent ? recurrentInner(shape) + d : (gated ? 2 : 1) * inner;
  const maps = recurrent || kind === "linear" ? 0 : heads * length * length;
  const attending = length * attention + maps;
  const behind = (causal ? 1 : length) * scores(model);
  const stream = 2 * d * length;
  return attending >= length * mlp ? activations(stream + length * attention, maps, behind) : activations(stream + length * mlp, 0, behind);
}

/** Bytes of one kind of activations of a batch of texts; by default of one text in F16. */
export function activationBytes(measure: (model: CostModel, length: number) => Activations, model: CostModel, { length, batch = 1, bytes = 2 }: Load): Activations {
  const { layers, maps, head } = measure(model, length);
  const all = batch * bytes;
  return activations(layers * all, maps * all, head * all);
}

/** Scores of a token. */
function scores({ shape: { head, vocabulary, labels } }: CostModel): number {
  if (head === "language" || head === "pretraining") return vocabulary;
  return head === "tokens" ? labels : head === "question" ? 2 : 0;
}
