import type { Progress } from "../contract/index.js";
import type { Tokens } from "./trace.js";

/** A text that a model has read, with what is asked of it: maps are made when they are wanted, from queries and keys. */
export interface Reading {
  readonly tokens: Tokens;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly hiddenSize: number;
  readonly causal: boolean;
  /** Where the stream first is no number (NaN or infinity): behind which layer, and of which token. Undefined where all is well. */
  readonly strange: { readonly layer: number; readonly token: number } | undefined;
  /** What similarities of a layer are multiplied by: 1 / √headSize, but for models that divide by more. */
  scale(layer: number): number;
  /** [T, headSize] behind rotation, as they are compared. */
  queries(layer: number, head: number): Float32Array;
  keys(layer: number, head: number): Float32Array;
  values(layer: number, head: number): Float32Array;
  /** [T, T] weights of one head; 0 where masked. */
  weights(layer: number, head: number): Float32Array;
  /** The same in short steps. */
  map(layer: number, head: number): Generator<Progress, Float32Array, void>;
  /** [T, hiddenSize] what a layer's matrices get: the stream, normed where a norm stands in front of attention. */
  inputs(layer: number): Float32Array;
  /** A head's matrices as they act on rows, X W + b: three [hiddenSize, headSize], and the projection [headSize, hiddenSize]. */
  matrices(layer: number, head: number): HeadMatrices;
  /** [T, hiddenSize]; layer 0 is the embedding, the last one before the final norm. */
  states(layer: number): Float32Array;
  /** As transformers' `hidden_states`: the last one comes behind the final norm. */
  hiddenStates(layer: number): Float32Array;
  /** [T, hiddenSize] what attention, or the MLP, adds to the stream. */
  added(layer: number, by: "attention" | "mlp"): Float32Array;
  /** What a head's output [headSize] of one token adds to the stream, without the projection's bias. [hiddenSize] */
  project(layer: number, head: number, output: Float32Array): Float32Array;
  /** The projection's bias. [hiddenSize], zeros where there is none. */
  projectionBias(layer: number): Float32Array;
  /**
   * Mean and standard deviation that a norm takes out of each token; the mean is 0 for root-mean-square norms. GPT-2's and Llama's
   * norms stand in front of attention and MLP and behind the last layer (any `layer` gives that one); BERT's stand behind attention
   * and MLP, and there is no last one: empty arrays.
   */
  norm(layer: number, at: "attention" | "mlp" | "last"): { readonly mean: Float64Array; readonly deviation: Float64Array };
  /**
   * Logits of the next token for a state of the stream, read through the final norm; for an encoder those of the masked word in
   * this very place. Undefined where the model has no output matrix.
   */
  unembed: ((state: Float32Array, logits: Float32Array) => Generator<Progress, void, void>) | undefined;
  /** How a token's logit, less the mean over the vocabulary, is read off the stream. Undefined for encoders, whose way is not linear. */
  direction: ((token: number) => Generator<Progress, Direction, void>) | undefined;
  /** The model's learned positions [rows, hiddenSize], where it has them. */
  positions: { readonly rows: number; readonly values: Float32Array } | undefined;
  /** A text that goes on greedily, with its last reading: ids of new tokens. Undefined for encoders. */
  goOn: ((count: number) => Generator<Progress, Int32Array, void>) | undefined;
  /** Reads other tokens with the same model. */
  again(ids: readonly number[]): Generator<Progress, Reading, void>;
  readonly vocabulary: Vocabulary;
}

export type Vocabulary = {
  /** Ids are below it. */
  readonly size: number;
  /** Tokens that are read at most. */
  readonly contextLength: number;
  /** Ids that stand in texts: not those that mark an end, padding or the like. */
  ordinary(): number[];
  /** A token as it stands in the text. */
  piece(id: number): string;
};

export type HeadMatrices = {
  readonly query: Float32Array; // [hiddenSize, headSize]
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly output: Float32Array; // [headSize, hiddenSize]
  /** [headSize] each; undefined where there is none. */
  readonly biases: { readonly query: Float32Array | undefined; readonly key: Float32Array | undefined; readonly value: Float32Array | undefined };
};

/**
 * The centred logit is vector · state / deviation + constant, with the deviation that the final norm takes out of the state. The
 * vector has the final norm's weight in it, and its centring where it centres: so each part of the stream has its own share.
 */
export type Direction = { readonly vector: Float32Array; /* [hiddenSize] */ readonly constant: number };
