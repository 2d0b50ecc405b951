import { msg, type Problem } from "../contract/index.js";
import type { Reals } from "../math/affine.js";

/** How a word of several sub-tokens becomes one vector, by Flair's names. */
export type SubtokenPooling = "first" | "last" | "first_last" | "mean";

export type WordPooling = {
  /** Indices of layers in the order in which they are joined, as `chosenLayers` gives them. */
  readonly layers: ArrayLike<number>;
  /** The mean over the layers instead of one behind the other. */
  readonly layerMean: boolean;
  readonly subtokens: SubtokenPooling;
};

/** A part of a word's vector: numbers [from, to) come from this layer (null: the mean of all chosen) and these sub-tokens. */
export type VectorPart = { readonly layer: number | null; readonly how: "first" | "last" | "mean"; readonly from: number; readonly to: number };

/**
 * Reads Flair's `layers`: "all", or indices parted by commas where −1 is the last layer and 0 the embedding.
 * @param count layers that there are, the embedding among them (13 for a bert-base)
 */
export function chosenLayers(layers: string, count: number): { readonly ok: true; readonly layers: Int32Array } | { readonly ok: false; readonly problem: Problem } {
  const text = layers.trim();
  if (text === "all") return { ok: true, layers: Int32Array.from({ length: count }, (_, i) => i) };
  const words = text.replaceAll("\u2212", "-").split(",").map((word) => word.trim());
  const wrong = words.find((word) => !/^[+-]?\d{1,9}$/.test(word));
  if (wrong !== undefined) {
    return refuse(msg("layers says “{0}”, which is no list of layers. Write numbers parted by commas, such as −1,−2, or all.", layers));
  }
  const numbers = words.map(Number);
  const outside = numbers.find((number) => number >= count || number < -count);
  if (outside !== undefined) {
    return refuse(msg("layers names {0}, but there are {1} layers with the embedding: 0 to {2}, or −{1} to −1.", outside, count, count - 1));
  }
  return { ok: true, layers: Int32Array.from(numbers, (number) => (number < 0 ? count + number : number)) };
}

function refuse(message: Problem["message"]): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { severity: "error", message } };
}

/** Numbers of a word's vector: 768 for the last layer of a bert-base, 1536 for two or for first_last, 9984 for all 13. */
export function wordLength(width: number, { layers, layerMean, subtokens }: WordPooling): number {
  return width * (layerMean ? 1 : layers.length) * (subtokens === "first_last" ? 2 : 1);
}

/** What each part of a word's vector is. Layers are joined first, then sub-tokens, so that first_last repeats all layers. */
export function wordParts(width: number, { layers, layerMean, subtokens }: WordPooling): VectorPart[] {
  const how: readonly VectorPart["how"][] = subtokens === "first_last" ? ["first", "last"] : [subtokens];
  const sources: readonly (number | null)[] = layerMean ? [null] : Array.from(layers);
  return how.flatMap((each, h) =>
    sources.map((layer, l) => {
      const from = (h * sources.length + l) * width;
      return { layer, how: each, from, to: from + width };
    }),
  );
}

/**
 * Vectors of words from the states of their sub-tokens, as Flair's TransformerWordEmbeddings makes them (flairNLP/flair,
 * `flair/embeddings/transformer.py`). A word without any sub-token is zeros.
 * @param hidden states by layer, the embedding first, each [T, width]; only those chosen are asked for
 * @param wordIds [T] the word of each sub-token; below 0 for special tokens
 * @returns [words, wordLength]
 */
export function poolWords(hidden: (layer: number) => Reals, width: number, wordIds: ArrayLike<number>, words: number, pooling: WordPooling): Float64Array {
  const { layers, layerMean, subtokens } = pooling;
  const states = Array.from(layers, hidden);
  const length = wordLength(width, pooling);
  const joined = layerMean ? width : width * states.length;
  const out = new Float64Array(words * length);
  const tokensOf = Array.from({ length: words }, (): number[] => []);
  for (let t = 0; t < wordIds.length; t++) if (wordIds[t] >= 0) tokensOf[wordIds[t]]?.push(t);
  /** Adds a sub-token's layers, mean or joined, times a share. */
  const add = (token: number, at: number, share: number) =>
    states.forEach((state, l) => {
      const place = layerMean ? at : at + l * width;
      const part = layerMean ? share / states.length : share;
      for (let j = 0; j < width; j++) out[place + j] += part * state[token * width + j];
    });
  tokensOf.forEach((tokens, word) => {
    if (tokens.length === 0) return;
    const at = word * length;
    if (subtokens === "mean") tokens.forEach((token) => add(token, at, 1 / tokens.length));
    else add(subtokens === "last" ? tokens[tokens.length - 1] : tokens[0], at, 1);
    if (subtokens === "first_last") add(tokens[tokens.length - 1], at + joined, 1);
  });
  return out;
}

/** How a text's vectors become one: over its words, or over all sub-tokens, of which cls takes the first. */
export type DocumentPooling = "mean" | "max" | "min" | "cls";

/**
 * One vector of the rows [n, width]; zeros of none.
 * Reference: flairNLP/flair, `DocumentPoolEmbeddings` and `TransformerDocumentEmbeddings`.
 */
export function poolDocument(rows: Reals, n: number, width: number, pooling: DocumentPooling): Float64Array {
  const out = new Float64Array(width);
  if (n === 0) return out;
  if (pooling !== "mean") out.set(rows.subarray(0, width));
  if (pooling === "cls") return out;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < width; j++) {
      const value = rows[i * width + j];
      out[j] = pooling === "mean" ? out[j] + value / n : pooling === "max" ? Math.max(out[j], value) : Math.min(out[j], value);
    }
  }
  return out;
}
