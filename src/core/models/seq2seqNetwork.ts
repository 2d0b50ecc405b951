import { msg, type Progress } from "../contract/index.js";
import { affine } from "../math/affine.js";
import { align, attentionalState, concatScores, dotScores, generalScores, type States } from "../math/alignment.js";
import { softmax } from "../math/softmax.js";
import { gruStep, type Gru } from "./seq2seqGru.js";

/** What a decoder's step knows of the input: one vector for all steps, or a mean weighted by one of three scores. */
export const contextKinds = ["fixed", "dot", "general", "concat"] as const;
export type ContextKind = (typeof contextKinds)[number];

/** Ids of the decoder's vocabulary that are no characters. */
export const START = 0;
export const END = 1;

/** An encoder and a decoder of one GRU each. V characters come out. */
export type Seq2seqNetwork = {
  readonly context: ContextKind;
  readonly hiddenSize: number; // h
  readonly vocabularySize: number; // V
  readonly sourceEmbedding: Float32Array; // [characters, e]
  readonly targetEmbedding: Float32Array; // [V, e]
  readonly encoder: Gru;
  readonly decoder: Gru;
  /** W_a: [h, h] for general, [h, 2h] for concat (the decoder's part first); empty for the others. */
  readonly score: Float32Array;
  /** v of concat; empty for the others. */
  readonly scoreVector: Float32Array; // [h]
  readonly combine: Float32Array; // [h, 2h] W_c, the context's part first
  readonly output: Float32Array; // [V, h]
  readonly outputBias: Float32Array; // [V]
};

/** All stages of one step of the decoder. */
export type DecoderStep = {
  /** What was chosen. */
  readonly id: number;
  readonly state: Float64Array; // [h]
  readonly scores: Float64Array; // [T]; empty for a fixed context
  readonly weights: Float64Array; // [T]; empty for a fixed context
  readonly context: Float64Array; // [h]
  readonly attentional: Float64Array; // [h]
  readonly logits: Float64Array; // [V]
  readonly probabilities: Float64Array; // [V]
};

/** The encoder's states behind each of T ids. [T, h] */
export function encode({ encoder, hiddenSize, sourceEmbedding }: Seq2seqNetwork, ids: readonly number[]): Float64Array {
  const states = new Float64Array(ids.length * hiddenSize);
  let state: Float64Array = new Float64Array(hiddenSize);
  ids.forEach((id, t) => {
    state = gruStep(encoder, row(sourceEmbedding, id, encoder.inputSize), state);
    states.set(state, t * hiddenSize);
  });
  return states;
}

/**
 * Scores of one step of a decoder against all states of the encoder, by the network's own weights. [T]
 * @throws RangeError for a fixed context, which has none
 */
export function stepScores({ context, score, scoreVector }: Seq2seqNetwork, states: States): Float64Array {
  if (context === "dot") return dotScores(states);
  if (context === "general") return generalScores(states, score);
  if (context === "concat") return concatScores(states, score, scoreVector);
  throw new RangeError("a fixed context has no scores");
}

/**
 * Decodes step by step from the encoder's last state, one yield a step.
 *
 * The decoder is that of Luong, Pham and Manning (2015) without input feeding: s_t = GRU(y_{t−1}, s_{t−1}), c_t the weighted mean of
 * the encoder's states, a_t = tanh(W_c [c_t; s_t]), logits W a_t + b. With a fixed context c_t is the encoder's last state
 * (Cho et al. 2014) and all else is the same.
 * @param encoded [T, h] of `encode`
 * @param choose the step's id, given the probabilities [V]
 * @param most steps at most; the id `END` ends earlier
 */
export function* decode(
  network: Seq2seqNetwork,
  encoded: Float64Array,
  choose: (probabilities: Float64Array, step: number) => number,
  most: number,
): Generator<Progress, DecoderStep[], void> {
  const { hiddenSize: h, decoder, targetEmbedding, vocabularySize } = network;
  const inputs = encoded.length / h;
  const last = encoded.slice((inputs - 1) * h);
  const steps: DecoderStep[] = [];
  let state: Float64Array = last;
  let id = START;
  while (steps.length < most && id !== END) {
    state = gruStep(decoder, row(targetEmbedding, id, decoder.inputSize), state);
    const states: States = { decoder: state, steps: 1, decoderSize: h, encoder: encoded, inputs, encoderSize: h };
    const aligned = network.context === "fixed" ? { scores: new Float64Array(0), weights: new Float64Array(0), context: last } : align(states, stepScores(network, states));
    const attentional = attentionalState(states, aligned.context, network.combine);
    const logits = affine(attentional, 1, h, network.output, vocabularySize, network.outputBias);
    const probabilities = new Float64Array(vocabularySize);
    softmax(logits, probabilities);
    id = choose(probabilities, steps.length);
    steps.push({ id, state, ...aligned, attentional, logits, probabilities });
    yield { fraction: steps.length / most, message: msg("Translating character {0}", steps.length) };
  }
  return steps;
}

function row(matrix: Float32Array, i: number, width: number): Float32Array {
  return matrix.slice(i * width, (i + 1) * width);
}
