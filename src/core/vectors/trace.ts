import type { Message, Problem, Span } from "../contract/index.js";
import type { Metric } from "./similarity.js";

/** What a panel of vectors shows: the rows, and the parts that the tab asked for. */
export type VectorsTrace = {
  /** Equal for equal rows: parts of traces with one key belong together. */
  readonly key: string;
  /** vectors of a text, words looked up in the store, or a file that is a store of its own. */
  readonly origin: "vectors" | "words" | "file";
  readonly n: number;
  readonly d: number;
  readonly names: readonly string[]; // [n] never empty; unnamed vectors are called by their lines
  /** Numbers as the source has them: single precision of files and stores, double of texts. Null in a map of more than 5,000 rows. */
  readonly values: Float32Array | Float64Array | null; // [n, d]
  readonly norms: Float64Array; // [n]
  readonly spans: Int32Array | null; // [n, 2] UTF-16 offsets in the text; null without a text
  readonly lines: Int32Array | null; // [n] 1-based
  /** How many rows the source has in all. */
  readonly total: number;
  /** The word vectors in use; null where none were asked for or none can be read. `name` is "" for the built-in ones. */
  readonly store: { readonly name: string; readonly words: number; readonly dimensions: number } | null;
  /** What was left out, cut or counted, and why. */
  readonly notes: readonly Problem[];
  /** Cosines that the source's text states beside two of its vectors, with what they are: for texts that publish them. */
  readonly stated: readonly { readonly a: number; readonly b: number; readonly stated: number; readonly agrees: boolean; readonly cosine: number; readonly span: Span; readonly line: number }[];
  readonly heatmap?: HeatmapPart;
  readonly strips?: StripsPart;
  readonly neighbours?: NeighboursPart;
  readonly map?: MapPart;
  readonly oneHot?: OneHotPart;
};

export type HeatmapPart = {
  readonly metric: Metric;
  /**
   * The upper triangle with its diagonal, row by row: cell (i, j), i ≤ j, is at i·n − i(i − 1)/2 + j − i. A level l stands for
   * low + l / 65534 · (high − low); 65535 is undefined. Exact values: `between` of the rows.
   */
  readonly cells: Uint16Array; // [n(n + 1)/2]
  readonly low: number;
  readonly high: number;
  /** Rows whose metric is undefined: zero vectors, constant ones for correlations. */
  readonly undefinedRows: readonly number[];
  /** Rows by average linkage, so that no two branches cross. */
  readonly clustered: Int32Array; // [n]
  /**
   * Merge m joins left[m] and right[m] (rows below n, merge k as n + k) at height[m]. Undefined rows are joined to nothing
   * and come last in `clustered`; there is no merge at all while the grouping goes on.
   */
  readonly left: Int32Array; // [n − undefined rows − 1]
  readonly right: Int32Array;
  readonly height: Float32Array;
  /** The closest and the farthest pair of different rows; null when fewer than two are defined. */
  readonly closest: Pair | null;
  readonly farthest: Pair | null;
};
export type Pair = { readonly a: number; readonly b: number; readonly value: number };

/**
 * A term of an expression: `weight` times a row of the source, a word of the store or a list of numbers. `index` is the
 * row of the trace (−1 where the trace has only earlier ones), the word's place in the store, or −1 for a list.
 */
export type Term = { readonly name: string; readonly weight: number; readonly at: "rows" | "store" | "numbers"; readonly index: number };

/** An expression with its vector. */
export type Evaluated = {
  readonly text: string;
  readonly terms: readonly Term[];
  readonly values: Float64Array; // [d]
  readonly norm: number;
  /** [terms, d] the vectors that it is made of. */
  readonly parts: Float64Array;
  /** [terms] cosine of each part with the result; NaN where undefined. */
  readonly cosines: Float64Array;
  /** Which of two possible readings was taken, as for well-known: one word, or a difference. */
  readonly reading: Message | null;
};

/** What is wrong with an expression: the sentence, its place in it, and spellings that exist. */
export type ExpressionProblem = { readonly message: Message; readonly start: number; readonly end: number; readonly suggestions: readonly string[] };

/** Rows computed from others: those of the parameter `expressions`. The query's own is `neighbours.answer.asked`. */
export type StripsPart = {
  /** The parameter that they were made from. */
  readonly source: string;
  readonly rows: readonly ({ readonly text: string } & ({ readonly ok: true; readonly value: Evaluated } | { readonly ok: false; readonly problem: ExpressionProblem }))[];
};

export type NeighboursPart = {
  /** As typed, or what Lumen asks by itself when nothing is typed. */
  readonly query: string;
  /** sum: cosines with `asked`. 3CosAdd: with the sum of the terms at length 1. 3CosMul: products of cosines. */
  readonly method: "sum" | "3CosAdd" | "3CosMul";
  readonly exclude: boolean;
  readonly search: "rows" | "store";
  readonly topn: number;
  readonly answer:
    | {
        readonly ok: true;
        readonly asked: Evaluated;
        readonly names: readonly string[]; // [m] best first
        /** [m] row of the trace (−1 where the trace has only earlier ones), or place in the store. */
        readonly indices: Int32Array;
        readonly scores: Float64Array; // [m] cosines, or 3CosMul's quotients
        readonly vectors: Float32Array | Float64Array; // [m, d]
        /** Words of the question that were left out, with their scores and the rank they would have had. */
        readonly left: readonly { readonly name: string; readonly score: number; readonly rank: number }[];
        readonly searched: number;
        /** Milliseconds of the search alone. */
        readonly milliseconds: number;
      }
    | { readonly ok: false; readonly problem: ExpressionProblem };
};

export type MapPart = {
  readonly projection: "pca" | "tsne" | "umap";
  readonly points: "rows" | "store";
  readonly m: number; // points laid out
  readonly total: number; // points there are
  /** Why m is less than total. */
  readonly cut: Message | null;
  readonly names: readonly string[]; // [m]
  /** [m] row of the trace, or −1 for a word of the store that the source does not have. */
  readonly rows: Int32Array;
  /** [m] place among the source's rows, or in the store. */
  readonly indices: Int32Array;
  readonly positions: Float32Array; // [S, m, 2]
  readonly iterations: Int32Array; // [S] iteration of each kept layout; [0] for PCA
  /** Kullback–Leibler divergence of t-SNE at the iterations `lossAt`, kept or not; both empty for the others. */
  readonly loss: Float64Array;
  readonly lossAt: Int32Array;
  /** PCA: shares of the total variance, as many as there are up to 10. */
  readonly explained: Float64Array;
  readonly finished: boolean;
  readonly milliseconds: number;
  /** Points without direction or with numbers that are not finite, left out. */
  readonly leftOut: number;
  /**
   * How far the last layout can be trusted: of the k nearest points of the original space (cosine), the share that is among
   * the k nearest on the map, averaged over a sample of the points. Null while it runs and where there are too few points.
   */
  readonly trust: { readonly k: number; readonly sample: number; readonly share: number } | null;
};

/** Questions of the view, answered by the explainer. */
export type VectorAsk =
  /** The k rows nearest (cosine, exact, of the original space) to point `point` of the map. */
  { readonly kind: "nearest"; readonly point: number; readonly k: number };
export type VectorReply = { readonly kind: "nearest"; readonly point: number; readonly indices: Int32Array; readonly cosines: Float64Array; readonly searched: number; readonly milliseconds: number };

export type OneHotPart = {
  readonly words: readonly string[]; // [V] distinct, the first 1,000
  /** How many distinct words there are. */
  readonly total: number;
  readonly repeated: readonly string[];
  /** The embedding matrix: the words' vectors where all have one, else numbers drawn from the seed. */
  readonly q: Float64Array; // [V, d]
  readonly d: number;
  readonly from: "rows" | "store" | "random";
  readonly missing: readonly string[]; // words without a vector, where some have one
};
