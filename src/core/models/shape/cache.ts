import type { CostModel } from "./costModel.js";

/** What a text needs in memory: its length in tokens, how many of them at once, and the bytes of a number. */
export type Load = { readonly length: number; readonly batch?: number; readonly bytes?: number };

/**
 * Numbers that a model keeps of a text while it writes on:
 *   attention: keys and values, 2·G·s for each token and layer, in a window no more than its size;
 *   linear: a matrix and a vector per head, s·(s + 1), whatever the length;
 *   recurrent (RWKV-4): two tokens' inputs, two sums and their exponent, 5·d a layer.
 * A model that reads both ways keeps nothing: 0.
 */
export function cacheNumbers({ kind, shape }: CostModel, length: number): number {
  const { layers, heads, kvHeads, headSize, width, window, causal } = shape;
  if (kind === "linear") return layers * heads * headSize * (headSize + 1);
  if (kind === "recurrent") return 5 * width * layers;
  if (!causal) return 0;
  const windowed = window?.layers ?? 0;
  return 2 * kvHeads * headSize * ((layers - windowed) * length + windowed * Math.min(length, window?.size ?? length));
}

/** The same in bytes; by default for one text in F16. */
export function cacheBytes(model: CostModel, { length, batch = 1, bytes = 2 }: Load): number {
  return cacheNumbers(model, length) * batch * bytes;
}
