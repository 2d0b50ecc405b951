import type { DocumentPooling, SubtokenPooling, VectorPart } from "./pooling.js";

/** A word in its sentences, by layers. O occurrences of it. */
export type LayersPart = {
  readonly sentences: readonly { readonly text: string; readonly words: readonly LayersWord[] }[];
  /** The word looked at, as it stands first; its place among the words of all sentences; sentence and word of each of its occurrences. */
  readonly word: string;
  readonly wordIndex: number;
  readonly occurrences: readonly { readonly sentence: number; readonly word: number }[];
  /** Layers that there are, with the embedding as 0. */
  readonly layerCount: number;
  readonly width: number;
  readonly chosen: Int32Array;
  /** By layer: cosines among the occurrences; NaN where one has no tokens. */
  readonly cosines: Float64Array; // [layerCount, O, O]
  /** By layer: the mean cosine of different words, which a word's own is to be held against; NaN where there is one word. */
  readonly others: Float64Array; // [layerCount]
  /** The chosen vector, of each occurrence, and how its parts lie in it. */
  readonly pooling: SubtokenPooling;
  readonly mean: boolean;
  readonly length: number;
  readonly vectors: Float32Array; // [O, length]
  readonly parts: readonly VectorPart[];
  readonly pairCosines: Float64Array; // [O, O] of the chosen vectors
  /** cls: of the first token, or of the last one where no token sees those behind it. */
  readonly documents: { readonly pooling: DocumentPooling; readonly of: "words" | "first" | "last"; readonly length: number; readonly vectors: Float32Array; /* [sentences, length] */ readonly cosines: Float64Array /* [sentences, sentences] */ };
  /** The length that the same choice would give a bert-base (12 layers, 768); 0 where it has no such layers. */
  readonly bertBase: number;
};
export type LayersWord = { readonly text: string; readonly pieces: readonly string[]; /* Its tokens; −1 for none. */ readonly first: number; readonly last: number };
