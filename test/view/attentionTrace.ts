import type { AttentionTrace, MapPart } from "../../src/core/attention/trace.js";

/** Traces of attention with weights of no model, for sizes and masks that the built-in one does not have. */

export const words = ["The", " river", " rose", " because", " the", " snow", " melted", " too", " fast"];
export function manyWords(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i === 0 ? "" : " "}${words[i % words.length].trim()}${i}`);
}

export type Made = { readonly tokens?: readonly string[]; readonly layers?: number; readonly heads?: number; readonly causal?: boolean; readonly padding?: number; readonly layer?: number; readonly head?: number };

/** A number in [0, 1) that depends on its place alone. */
function noise(i: number): number {
  const x = Math.sin(i * 12.9898 + 78.233) * 43758.5453;
  return x - Math.floor(x);
}

/** A trace with weights of no model, for sizes that the built-in one does not have. */
export function madeTrace({ tokens = [], layers = 4, heads = 4, causal = true, padding = 0, layer = layers - 1, head = 0 }: Made): AttentionTrace {
  const n = tokens.length;
  const seen = n - padding;
  const side = Math.min(n, 64);
  const count = layers * heads;
  const thumbnails = new Uint8Array(count * side * side);
  const entropy = new Float64Array(count);
  const weightsOf = (index: number): Float32Array => {
    const weights = new Float32Array(n * n);
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let column = 0; column < seen; column++) {
        if (causal && column > row) continue;
        const near = column === row - 1 && index % 3 === 0 ? 6 : column === 0 && index % 4 === 1 ? 5 : 0;
        sum += weights[row * n + column] = Math.exp(near + 4 * noise(index * 7919 + row * 131 + column));
      }
      for (let column = 0; column < n; column++) weights[row * n + column] /= sum;
    }
    return weights;
  };
  let shown = new Float32Array(0);
  for (let index = 0; index < count; index++) {
    const weights = weightsOf(index);
    if (index === layer * heads + head) shown = weights as Float32Array<ArrayBuffer>;
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < n; column++) {
        const weight = weights[row * n + column];
        const at = (index * side + Math.floor((row * side) / n)) * side + Math.floor((column * side) / n);
        thumbnails[at] = Math.max(thumbnails[at], Math.round(weight * 255));
        if (weight > 0) entropy[index] -= (weight * Math.log2(weight)) / n;
      }
    }
  }
  const share = (from: number): Float64Array => Float64Array.from({ length: count }, (_, i) => (i % 3 === from ? 0.8 : 0.1));
  const rows = Float64Array.from({ length: n }, (_, row) => -shown.subarray(row * n, row * n + n).reduce((sum, weight) => (weight > 0 ? sum + weight * Math.log2(weight) : sum), 0));
  const map: MapPart = {
    side, thumbnails, entropy, previous: share(0), first: share(1), self: share(9), same: new Float64Array(count).fill(NaN),
    shown: { reduce: "head", layer, head, rows: n, columns: n, weights: shown, entropy: rows, visible: Int32Array.from({ length: n }, (_, row) => (causal ? Math.min(row + 1, seen) : seen)) },
    token: n - 1, milliseconds: 1,
  };
  const text = tokens.join("");
  const spans = new Int32Array(2 * n);
  tokens.reduce((at, token, i) => {
    spans[2 * i] = at;
    return (spans[2 * i + 1] = at + token.length);
  }, 0);
  return {
    key: `${n} ${layers} ${heads} ${text}`,
    source: { kind: "model", name: "", family: causal ? "gpt2" : "bert", layers, heads, kvHeads: heads, headSize: 32, hiddenSize: 32 * heads, vocabularySize: 2048, contextLength: 1024, parameters: 1e6, causal },
    tokens: { text, ids: new Int32Array(n), pieces: tokens, spans, visible: Uint8Array.from({ length: n }, (_, i) => (i < seen ? 1 : 0)), segments: new Uint8Array(n), cut: 0 },
    notes: [],
    map,
  };
}
