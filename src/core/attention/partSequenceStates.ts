import { msg, type Problem } from "../contract/index.js";
import { affine } from "../math/affine.js";
import { additiveScores, align, dotScores, generalScores, type States } from "../math/alignment.js";
import type { AttentionParams } from "./params.js";
import type { GivenArrays, PartResult } from "./subject.js";
import type { SequencePart } from "./trace.js";

type Score = AttentionParams["score"];
type OwnStates = Extract<GivenArrays, { kind: "states" }>;

/** The alignment of an encoder's and a decoder's states of one's own, by the score that was asked for where they allow it. */
export function statesSequence(given: OwnStates, asked: Score): PartResult<SequencePart> {
  const { encoder, decoder } = given;
  const states: States = { decoder: decoder.values, steps: decoder.rows, decoderSize: decoder.columns, encoder: encoder.values, inputs: encoder.rows, encoderSize: encoder.columns };
  const allowed = allowedScores(given);
  if (allowed.length === 0) {
    const message = msg("States of {0} and {1} numbers have no inner product. Give a matrix W of shape ({0}, {1}), or W_query, W_key and v.", decoder.columns, encoder.columns);
    return { ok: false, problems: [{ severity: "error", title: msg("No score"), message }] };
  }
  const score = allowed.includes(asked) ? asked : allowed[0];
  const { scores, compared } = scored(given, states, score);
  const { weights, context } = align(states, scores);
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));
  return {
    ok: true,
    notes: score === asked ? [] : [missing(asked, score)],
    part: {
      input: given.input ?? numbers(encoder.rows),
      attentive: {
        output: given.output ?? numbers(decoder.rows),
        ended: true,
        hiddenSize: encoder.columns,
        decoderSize: decoder.columns,
        encoder: encoder.values.slice(),
        decoder: decoder.values.slice(),
        scores,
        weights,
        contexts: Float32Array.from(context),
        probability: new Float64Array(decoder.rows).fill(NaN),
      },
      fixed: null,
      score,
      compared,
      task: "own",
      expected: null,
      accuracy: [],
      trainedLength: 0,
    },
  };
}

/** The scores that these arrays allow, the best first. */
function allowedScores({ general, concat, encoder, decoder }: OwnStates): Score[] {
  return [...(general ? ["general" as const] : []), ...(concat ? ["concat" as const] : []), ...(encoder.columns === decoder.columns ? ["dot" as const] : [])];
}

function scored({ general, concat }: OwnStates, states: States, score: Score): { readonly scores: Float64Array; readonly compared: SequencePart["compared"] } {
  const { decoder, steps, decoderSize, encoder, inputs, encoderSize } = states;
  if (score === "general") {
    const weight = general!.values;
    return { scores: generalScores(states, weight), compared: { size: decoderSize, decoder: Float64Array.from(decoder), encoder: affine(encoder, inputs, encoderSize, weight, decoderSize), v: null } };
  }
  if (score === "concat") {
    const { decoder: query, encoder: key, v, bias } = concat!;
    return {
      scores: additiveScores(states, { query: query.values, key: key.values, v, bias }),
      compared: { size: v.length, decoder: affine(decoder, steps, decoderSize, query.values, v.length, bias), encoder: affine(encoder, inputs, encoderSize, key.values, v.length), v: Float64Array.from(v) },
    };
  }
  return { scores: dotScores(states), compared: { size: decoderSize, decoder: Float64Array.from(decoder), encoder: Float64Array.from(encoder), v: null } };
}

function missing(asked: Score, shown: Score): Problem {
  const message =
    asked === "general" ? msg("The score “general” needs a matrix W between the states, which is not selected; “{0}” is shown.", shown)
    : asked === "concat" ? msg("The score “concat” needs W_query, W_key and v, which are not selected; “{0}” is shown.", shown)
    : msg("The score “dot” needs states of equal size; “{0}” is shown.", shown);
  return { severity: "info", message };
}
