import type { Matrix } from "../kernels/matrix.js";

/** A linear layer y = x Wᵀ + b, its weight [out, in]. */
export type Dense = { readonly weight: Matrix; readonly bias: Float32Array | undefined };

/** The rows of a linear layer from one on, with their bias. */
export type DenseRows = Dense & { readonly from: number };

export function rowsFrom({ weight, bias }: Dense, from = 0): DenseRows {
  return { weight, from, bias: bias?.subarray(from) };
}

/** The key-value head that a query head uses: ⌊h kvHeads / heads⌋ (Ainslie et al. 2023). */
export function keyHeadOf(head: number, { heads, kvHeads }: { readonly heads: number; readonly kvHeads: number }): number {
  return Math.floor((head * kvHeads) / heads);
}

/** What can be looked up in a transformer's weights beside reading a text. Arrays are the model's own: change none. */
export interface Anatomy {
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** Whether its norms take the mean out too, as LayerNorm does. */
  readonly centred: boolean;
  /** What its norms add to the variance. */
  readonly epsilon: number;
  /** Learned positions [rows, d]. */
  readonly positions: Float32Array | undefined;
  /** What similarities of a layer are multiplied by. */
  scale(layer: number): number;
  /** [heads · size, d], [kvHeads · size, d] twice, [d, heads · size]. */
  attention(layer: number): { readonly query: DenseRows; readonly key: DenseRows; readonly value: DenseRows; readonly output: Dense };
  /** What those matrices get, for states [n, d] of the stream in front of the layer: normed, where a norm stands there. */
  attentionInput(layer: number, states: Float32Array, n: number): Float32Array;
}

/** What a model has that guesses the next token. */
export interface DecoderAnatomy extends Anatomy {
  /** [V, d] from normed states to logits. */
  readonly head: Matrix;
  /** The final norm's weight and bias [d]. */
  readonly last: { readonly weight: Float32Array; readonly bias: Float32Array | undefined };
  /** The final norm of a state [d]. */
  norm(state: Float32Array): Float32Array;
}
