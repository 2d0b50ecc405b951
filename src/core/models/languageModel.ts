import type { Progress } from "../contract/index.js";
import { finish } from "../steps.js";
import type { DecoderAnatomy } from "./anatomy.js";

/** What is wanted of a forward pass beside the logits behind its last token. Arrays are the model's own: copy what is kept. */
export type Recorder = {
  /** Logits [V] behind the token at `position`; without it only those behind the last are computed. */
  logits?(position: number, values: Float32Array | Float64Array): void;
  /** State [d] of a token: layer 0 is the embedding, the last one comes behind the final norm. */
  hidden?(layer: number, position: number, values: Float32Array | Float64Array): void;
  /** Weights [position + 1] by which a token's head attends to the tokens up to it. */
  attention?(layer: number, head: number, position: number, weights: Float32Array | Float64Array): void;
  /** A token's query [heads · size], and its key and value [kvHeads · size], as they are compared: behind rotation. */
  projections?(layer: number, position: number, query: Float32Array, key: Float32Array, value: Float32Array): void;
  /** What attention or the MLP adds to a token's stream [d]. */
  added?(layer: number, by: "attention" | "mlp", position: number, values: Float32Array): void;
  /** What a norm gets of a token [d]; the one at "last" stands behind the last layer. */
  normInput?(layer: number, at: "attention" | "mlp" | "last", position: number, values: Float32Array): void;
};

/** A text that a model has read, and what it remembers of it. Feeding more tokens costs only them. */
export interface ModelState {
  /** Tokens read. */
  readonly length: number;
  /** [V] logits of the next token; empty before the first. Valid until more is fed. */
  readonly logits: Float32Array | Float64Array;
  /** [d] the last layer's state of the last token; empty where the model has none. Valid until more is fed. */
  readonly hidden: Float32Array | Float64Array;
  /**
   * Reads tokens behind those read. Yields within a token where that takes long.
   * @throws RangeError for an id outside the vocabulary, or more tokens than the context holds
   */
  feed(tokens: ArrayLike<number>, recorder?: Recorder): Generator<Progress, void, void>;
  /** A state that goes on from here on its own; what was read so far is shared. */
  fork(): ModelState;
}

/** Tokens to logits, and hidden states where it has them. */
export interface LanguageModel {
  readonly vocabularySize: number;
  /** Tokens that it can read; Infinity without a limit. */
  readonly contextLength: number;
  /** Width of a hidden state; 0 for a model without. */
  readonly hiddenSize: number;
  /** Its weights to look into; absent where it is no transformer. */
  readonly anatomy?: DecoderAnatomy;
  /** An empty text. */
  start(): ModelState;
}

/** Feeds tokens to the end without pauses. */
export function feedAll(state: ModelState, tokens: ArrayLike<number>, recorder?: Recorder): void {
  finish(state.feed(tokens, recorder));
}
