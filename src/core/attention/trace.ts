import type { Message, Problem } from "../contract/index.js";
import type { CostKind } from "../models/shape/costModel.js";
import type { InsidePart } from "./traceInside.js";
import type { LayersPart } from "./traceLayers.js";

export type { HeadScores, InsidePart, LensPart, PullsPart, Role, RolesPart, RolesSeen } from "./traceInside.js";
export type { LayersPart, LayersWord } from "./traceLayers.js";

/** What the attention explorer shows: the text in tokens, and the parts that the tab asked for. */
export type AttentionTrace = {
  /** Equal for equal text and source: parts of traces with one key belong together. */
  readonly key: string;
  readonly source: {
    /** model: a model reads a text. maps: attention of one's own. matrices: Q, K, V of one's own. states: of an encoder and a decoder. none: the tab needs no text. */
    readonly kind: "model" | "maps" | "matrices" | "states" | "none";
    /** The folder's or file's name; "" for the built-in model. */
    readonly name: string;
    /** "gpt2", "llama", "bert"; "" without a model. */
    readonly family: string;
    readonly layers: number;
    readonly heads: number;
    /** Heads of keys and values; fewer than `heads` where several share one. */
    readonly kvHeads: number;
    readonly headSize: number;
    readonly hiddenSize: number;
    readonly vocabularySize: number;
    /** 0: no limit. */
    readonly contextLength: number;
    readonly parameters: number;
    /** No token sees those behind it. */
    readonly causal: boolean;
  };
  readonly tokens: Tokens;
  readonly notes: readonly Problem[];
  readonly map?: MapPart;
  readonly steps?: StepsPart;
  readonly sequence?: SequencePart;
  readonly position?: PositionPart;
  readonly cost?: CostPart;
  readonly layers?: LayersPart;
  readonly inside?: InsidePart;
};

/** T tokens; none where the tab needs none. */
export type Tokens = {
  readonly text: string;
  readonly ids: Int32Array; // [T]
  /** As they stand in the text, with their blanks; "<0xE4>" for a byte that is no character on its own. */
  readonly pieces: readonly string[]; // [T]
  /** [T, 2] UTF-16 offsets in the editor's text, −1 for tokens that stand nowhere ([CLS], padding); null where the text was typed. */
  readonly spans: Int32Array | null;
  /** 0 for padding, which nobody attends to. */
  readonly visible: Uint8Array; // [T]
  /** Segment of each token, for BERT. */
  readonly segments: Uint8Array; // [T]
  /** Tokens cut off at the beginning; −1 where so many are that they were not counted. */
  readonly cut: number;
};

/** Attention from T query tokens (rows) to T key tokens (columns). */
export type HeadMap = {
  readonly reduce: "head" | "heads" | "layers" | "rollout";
  readonly layer: number;
  readonly head: number;
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float32Array; // [rows, columns]; 0 where masked
  readonly entropy: Float64Array; // [rows] bits
  /** Columns that a row may attend to at all. */
  readonly visible: Int32Array; // [rows]
};

/** The thumbnails of all heads, and the one that is shown in full. */
export type MapPart = {
  /** Side of a thumbnail: min(T, 64), less for very many heads. A cell is the largest weight of the block that it stands for. */
  readonly side: number;
  readonly thumbnails: Uint8Array; // [L, H, side, side] weight × 255, rounded
  readonly entropy: Float64Array; // [L, H] mean of the rows, bits
  /** Share of attention, mean over the rows that can: to the token before, to the first, to itself, to equal tokens before. */
  readonly previous: Float64Array; // [L, H]
  readonly first: Float64Array; // [L, H]
  readonly self: Float64Array; // [L, H]
  readonly same: Float64Array; // [L, H] NaN where no token occurs twice
  readonly shown: HeadMap;
  readonly token: number;
  readonly milliseconds: number;
};

/** How one token gets its output, in three steps. n keys that it could see or not, of size d; values of size v. */
export type StepsPart = {
  readonly layer: number;
  readonly head: number;
  readonly token: number;
  readonly size: number; // d
  readonly valueSize: number; // v
  readonly query: Float32Array; // [d] as used: scaled and edited
  readonly ownQuery: Float32Array; // [d] as the model has it
  readonly keys: Float32Array; // [n, d]
  readonly values: Float32Array; // [n, v]
  readonly masked: Uint8Array; // [n] 1 where the mask hides the key
  /** What was added to the scaled similarities (ALiBi, a mask of one's own); null where nothing was. */
  readonly bias: Float64Array | null; // [n]
  readonly similarity: Float64Array; // [n] q·k
  readonly scale: number; // 1 / sqrt(d)
  readonly scaled: Float64Array; // [n]
  readonly temperature: number;
  readonly weights: Float64Array; // [n]
  readonly ownWeights: Float64Array; // [n] without temperature, scale and edits of the query
  readonly output: Float64Array; // [v]
  /** The whole matrices of this head, and those that make them; null for attention maps alone. */
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number; readonly values: Float32Array }[] | null;
  /** All heads of this token put side by side, and projected; null for one head without projection. */
  readonly heads: {
    readonly outputs: Float32Array; // [H, v]
    /** [hiddenSize]; empty for matrices of one's own, whose heads are put side by side only. */
    readonly projected: Float32Array;
    /** What this head alone adds to it. [hiddenSize] */
    readonly share: Float32Array;
    readonly bias: boolean;
  } | null;
};

export type SequencePart = {
  /** words: what the columns and rows are, or numbers where states of one's own have no names. */
  readonly input: readonly string[]; // [S]
  /** With attention, and with one fixed context; the second is null for states of one's own. */
  readonly attentive: SequenceRun;
  readonly fixed: SequenceRun | null;
  readonly score: "dot" | "general" | "concat";
  /** What a score of the attentive decoder is the sum of, a term a number: decoder · encoder, or v · tanh(decoder + encoder). */
  readonly compared: { readonly size: number; readonly decoder: Float64Array; /* [steps, size] */ readonly encoder: Float64Array; /* [S, size] */ readonly v: Float64Array | null /* [size] */ };
  readonly task: "dates" | "reversal" | "own";
  /** What is right, where the task tells. */
  readonly expected: string | null;
  /** Share of right answers by length of input, on inputs that the model has not seen; empty for states of one's own. */
  readonly accuracy: readonly { readonly length: number; readonly attentive: number; readonly fixed: number }[];
  /** The longest input of the training; 0 for states of one's own. */
  readonly trainedLength: number;
};
export type SequenceRun = {
  readonly output: readonly string[]; // [steps]
  /** The last of the output ends it: the decoder did not break off at its longest. */
  readonly ended: boolean;
  /** Numbers of a state of the encoder, and so of a context. */
  readonly hiddenSize: number; // h
  readonly decoderSize: number; // g
  readonly encoder: Float32Array; // [S, h]
  readonly decoder: Float32Array; // [steps, g]
  /** [steps, S] before and behind the softmax; empty for a fixed context. */
  readonly scores: Float64Array;
  readonly weights: Float64Array;
  readonly contexts: Float32Array; // [steps, h]; for a fixed context each row is the same
  /** [steps] probability of what was chosen; NaN for states of one's own. */
  readonly probability: Float64Array;
};

export type PositionPart = {
  readonly hiddenSize: number;
  readonly base: number;
  readonly position: number;
  readonly trained: number;
  readonly target: number;
  /** target / trained, at least 1. */
  readonly factor: number;
  /** What `position` becomes under linear interpolation. */
  readonly interpolated: number;
  /** Base under NTK-aware scaling. */
  readonly ntkBase: number;
  /** Sinusoidal codes of `places`, which hold `position`. */
  readonly places: Int32Array; // [P]
  readonly sinusoidal: Float32Array; // [P, hiddenSize]
  /** The model's own learned positions at `places`, as far as it has them, of `known` in all; null where it has none. */
  readonly learned: { readonly name: string; readonly places: Int32Array; readonly columns: number; readonly values: Float32Array; /* [places, columns] */ readonly known: number } | null;
  /** How RoPE turns pairs of numbers. */
  readonly schemes: readonly {
    readonly name: "plain" | "linear" | "ntk";
    readonly label: Message;
    /** Radians a position; for "linear" those of the shortened position. */
    readonly frequencies: Float64Array; // [hiddenSize / 2]
    readonly angles: Float64Array; // [hiddenSize / 2] at `position`, not reduced to one turn
  }[];
  readonly slopes: Float64Array; // [heads] ALiBi
  /** Score against distance: what the position alone makes of similarity, 1 at distance 0; ALiBi's is a bias, a curve a head. */
  readonly curves: readonly PositionCurve[];
};
export type PositionCurve = {
  readonly name: "plain" | "linear" | "ntk" | "sinusoidal" | "learned" | "alibi";
  readonly kind: "similarity" | "bias";
  readonly label: Message;
  readonly distances: Float64Array;
  readonly scores: Float64Array;
  /** Mean over the distances that a point stands for; where single ones go up and down, it tells where they go. */
  readonly smooth?: Float64Array;
  /** Standard deviation over all pairs of positions so far apart; where it is not 0, the distance is not all. */
  readonly deviation?: Float64Array;
};

/** Sizes in bytes, work in floating-point operations. */
export type CostPart = {
  readonly name: string;
  /** The id of the known model that is counted; "" for the config.json or the model in use. */
  readonly shape: string;
  readonly shapes: readonly { readonly id: string; readonly name: string; readonly parameters: number }[];
  readonly sizes: { readonly layers: number; readonly heads: number; readonly kvHeads: number; readonly headSize: number; readonly width: number; readonly context: number; readonly causal: boolean };
  readonly parts: readonly { readonly label: Message; readonly count: number; readonly formula: string }[];
  readonly parameters: number;
  readonly facts: readonly CostFact[];
  readonly length: number;
  readonly batch: number;
  /** Bytes of a number in memory. */
  readonly bytes: number;
  readonly lengths: Float64Array; // [P]
  readonly curves: readonly CostCurve[];
  /** The curve that the model itself is. */
  readonly own: CostKind;
  readonly crossings: readonly { readonly quantity: CostQuantity; readonly cheaper: CostKind; readonly dearer: CostKind; readonly length: number; readonly cost: number }[];
  readonly notes: readonly Problem[];
};
export type CostQuantity = "flops" | "activations" | "cache";
export type CostFact = { readonly group: "serving" | "training" | "text"; readonly label: Message; readonly value: number; /** The other end, of a range. */ readonly most?: number; readonly unit: "bytes" | "flops" | "parameters"; readonly formula: Message };
export type CostCurve = {
  readonly name: CostKind;
  readonly label: Message;
  readonly parameters: number;
  readonly flops: Float64Array; // [P] for one more token behind so many
  readonly activations: Float64Array; // [P] bytes while a whole text is read
  readonly cache: Float64Array; // [P] bytes
  /** The three at `length`. */
  readonly now: { readonly [Q in CostQuantity]: number };
};
