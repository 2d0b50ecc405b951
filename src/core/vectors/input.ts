import type { Problem } from "../contract/index.js";
import type { VectorStore } from "./store.js";
import type { VectorsTrace } from "./trace.js";

/** Vectors of one length that stand in a text, in its order. All numbers are finite. */
export type TextVectors = {
  readonly n: number;
  readonly d: number;
  /** [n] each once; a vector without a name is called by its line, "L12". */
  readonly names: readonly string[];
  readonly values: Float64Array; // [n, d]
  readonly norms: Float64Array; // [n]
  readonly spans: Int32Array; // [n, 2]
  readonly lines: Int32Array; // [n]
};

/** Words of a text where they stand, repeated ones too. */
export type TextWords = {
  readonly texts: readonly string[]; // [w]
  readonly spans: Int32Array; // [w, 2]
  readonly lines: Int32Array; // [w]
};

/** What a source gives to compare. */
export type VectorInput =
  | {
      readonly kind: "vectors";
      readonly vectors: TextVectors;
      /** The single row that was selected, and is compared with all others. */
      readonly focus: number | null;
      /** Whether the spans are those of an editor. */
      readonly inEditor: boolean;
      readonly notes: readonly Problem[];
      readonly stated: VectorsTrace["stated"];
    }
  | { readonly kind: "words"; readonly words: TextWords; readonly inEditor: boolean }
  | { readonly kind: "file"; readonly store: VectorStore; readonly notes: readonly Problem[] };
