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
  /** [T, headSize] behind rotation, as they are compared. */
  queries(layer: number, head: number): Float32Array;
  keys(layer: number, head: number): Float32Array;
  values(layer: number, head: number): Float32Array;
  /** [T, T] weights of one head; 0 where masked. */
  weights(layer: number, head: number): Float32Array;
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
  /** Mean and standard deviation that a norm takes out of each token; the mean is 0 for root-mean-square norms. */
  norm(layer: number, at: "attention" | "mlp" | "last"): { readonly mean: Float64Array; readonly deviation: Float64Array };
  /** Logits of the next token for a state of the stream, read through the final norm; undefined where the model has no output matrix. */
  unembed: ((state: Float32Array, logits: Float32Array) => Generator<Progress, void, void>) | undefined;
  /** The direction that adds to a token's logit, with the final norm's weight in it, less the mean over the vocabulary. [hiddenSize] */
  direction: ((token: number) => Float32Array) | undefined;
  /** The model's learned positions [rows, hiddenSize], where it has them. */
  positions: { readonly rows: number; readonly values: Float32Array } | undefined;
  /** A text that goes on greedily, with its last reading: ids of new tokens. Undefined for encoders. */
  goOn: ((count: number) => Generator<Progress, Int32Array, void>) | undefined;
  /** Reads other tokens with the same model. */
  again(ids: readonly number[]): Generator<Progress, Reading, void>;
}
