import { affine, mix, type Reals } from "./affine.js";
import { softmaxRows } from "./softmaxRows.js";

/** States of a decoder [steps, decoderSize] and of an encoder [inputs, encoderSize]. */
export type States = {
  readonly decoder: Reals;
  readonly steps: number;
  readonly decoderSize: number;
  readonly encoder: Reals;
  readonly inputs: number;
  readonly encoderSize: number;
};

/** How a decoder's steps attend to an input. */
export type Alignment = {
  /** [steps, inputs], −Infinity where masked. */
  readonly scores: Float64Array;
  readonly weights: Float64Array; // [steps, inputs]
  /** Weighted sums of the encoder's states. [steps, encoderSize] */
  readonly context: Float64Array;
};

/** v · tanh(W_query d + W_key h + b). */
export type AdditiveWeights = {
  readonly query: Reals; // [hidden, decoderSize]
  readonly key: Reals; // [hidden, encoderSize]
  readonly v: Reals; // [hidden]
  readonly bias?: Reals; // [hidden]
};

/** Additive attention (Bahdanau, Cho and Bengio 2015): a small network compares each pair of states. */
export function additiveScores({ decoder, steps, decoderSize, encoder, inputs, encoderSize }: States, { query, key, v, bias }: AdditiveWeights): Float64Array {
  const hidden = v.length;
  const q = affine(decoder, steps, decoderSize, query, hidden, bias);
  const k = affine(encoder, inputs, encoderSize, key, hidden);
  const scores = new Float64Array(steps * inputs);
  for (let s = 0; s < steps; s++) {
    for (let t = 0; t < inputs; t++) {
      let score = 0;
      for (let a = 0; a < hidden; a++) score += v[a] * Math.tanh(q[s * hidden + a] + k[t * hidden + a]);
      scores[s * inputs + t] = score;
    }
  }
  return scores;
}

/**
 * The inner product of both states (Luong, Pham and Manning 2015, "dot").
 * @throws RangeError when they differ in size
 */
export function dotScores({ decoder, steps, decoderSize, encoder, inputs, encoderSize }: States): Float64Array {
  if (decoderSize !== encoderSize) throw new RangeError(`states of ${decoderSize} and ${encoderSize} numbers have no inner product`);
  return affine(decoder, steps, decoderSize, encoder, inputs);
}

/**
 * dᵀ W h (Luong et al. 2015, "general").
 * @param weight [decoderSize, encoderSize]
 */
export function generalScores(states: States, weight: Reals): Float64Array {
  const { encoder, inputs, encoderSize, decoder, steps, decoderSize } = states;
  return affine(decoder, steps, decoderSize, affine(encoder, inputs, encoderSize, weight, decoderSize), inputs);
}

/**
 * v · tanh(W [d; h]) (Luong et al. 2015, "concat"): additive attention whose one matrix holds both, side by side.
 * @param weight [hidden, decoderSize + encoderSize]
 * @param v [hidden]
 */
export function concatScores(states: States, weight: Reals, v: Reals): Float64Array {
  return additiveScores(states, { ...splitConcat(weight, v.length, states.decoderSize, states.encoderSize), v });
}

/** The parts of W [hidden, decoderSize + encoderSize] for the decoder's and the encoder's state. */
export function splitConcat(weight: Reals, hidden: number, decoderSize: number, encoderSize: number): { readonly query: Float64Array; readonly key: Float64Array } {
  const query = new Float64Array(hidden * decoderSize);
  const key = new Float64Array(hidden * encoderSize);
  for (let a = 0; a < hidden; a++) {
    const at = a * (decoderSize + encoderSize);
    for (let j = 0; j < decoderSize; j++) query[a * decoderSize + j] = weight[at + j];
    for (let j = 0; j < encoderSize; j++) key[a * encoderSize + j] = weight[at + decoderSize + j];
  }
  return { query, key };
}

/**
 * Weights and contexts of given scores.
 * @param scores [steps, inputs]
 * @param open [inputs] not 0 where an input may be attended to; all without it
 */
export function align({ encoder, inputs, encoderSize, steps }: States, scores: Float64Array, open?: ArrayLike<number | boolean>): Alignment {
  const masked = open ? scores.map((score, i) => (open[i % inputs] ? score : -Infinity)) : scores;
  const weights = softmaxRows(masked, steps, inputs);
  return { scores: masked, weights, context: mix(weights, steps, inputs, encoder, encoderSize) };
}

/**
 * Luong's attentional state tanh(W_c [context; d]). [steps, out]
 * @param weight [out, encoderSize + decoderSize]
 */
export function attentionalState({ decoder, steps, decoderSize, encoderSize }: States, context: Float64Array, weight: Reals): Float64Array {
  const out = weight.length / (encoderSize + decoderSize);
  const both = new Float64Array(steps * (encoderSize + decoderSize));
  for (let s = 0; s < steps; s++) {
    const at = s * (encoderSize + decoderSize);
    for (let j = 0; j < encoderSize; j++) both[at + j] = context[s * encoderSize + j];
    for (let j = 0; j < decoderSize; j++) both[at + encoderSize + j] = decoder[s * decoderSize + j];
  }
  return affine(both, steps, encoderSize + decoderSize, weight, out).map(Math.tanh);
}
