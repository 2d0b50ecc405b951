import { msg, type Env, type Problem, type Progress } from "../contract/index.js";
import type { AccuracyAt, Seq2seqModel, Seq2seqTask } from "../models/seq2seq.js";
import type { Seq2seqNetwork } from "../models/seq2seqNetwork.js";
import { translate, type Seq2seqRun } from "../models/seq2seqTranslate.js";
import { affine } from "../math/affine.js";
import { splitConcat } from "../math/alignment.js";
import type { AttentionParams } from "./params.js";
import { statesSequence } from "./partSequenceStates.js";
import type { PartResult, Subject } from "./subject.js";
import type { SequencePart, SequenceRun } from "./trace.js";

/** What the sample translates unless the reader writes something: one fixed context fails at both. */
export const sampleInputs = { dates: "2 november 1987", reversal: "encoder-decoder" } as const;

/** One fixed context against attention: the small networks that ship with Lumen, or states of one's own. */
export function* sequencePart({ given }: Subject, params: AttentionParams, env: Env): Generator<Progress<SequencePart>, PartResult<SequencePart>, void> {
  if (given?.kind === "states") return statesSequence(given, params.score);
  if (params.source === "given") {
    const message = msg("The selection holds no states of an encoder and a decoder. Select two matrices called encoder and decoder, or look at the sample.");
    return refused({ severity: "error", title: msg("No states"), message, fixes: [{ label: msg("Show the sample"), params: { source: "model" } }] });
  }
  const model = env.sequenceModel;
  if (!model) return refused({ severity: "error", message: msg("The small networks that translate did not come with this Lumen. Install it again.") });
  const parsed = yield* model.read();
  if (!parsed.ok) return parsed;
  return yield* samplePart((parsed.input as Seq2seqModel).tasks[params.sequence_task], params);
}

function* samplePart(task: Seq2seqTask, { score, sequence_text: text }: AttentionParams): Generator<Progress<SequencePart>, PartResult<SequencePart>, void> {
  const written = text.trim() === "" ? sampleInputs[task.name] : text;
  const attentive = yield* translate(task, score, written);
  if (!attentive.ok) return { ok: false, problems: attentive.problems.map((problem) => ({ ...problem, fixes: [...(problem.fixes ?? []), { label: msg("Take the sample's input"), params: { sequence_text: "" } }] })) };
  const fixed = yield* translate(task, "fixed", written);
  if (!fixed.ok) return fixed;
  const run = attentive.input;
  return {
    ok: true,
    part: {
      input: run.input,
      attentive: runOf(run),
      fixed: runOf(fixed.input),
      score,
      compared: comparedOf(run, task.networks[score]),
      task: task.name,
      expected: run.expected,
      accuracy: task.accuracy.map(({ length, texts, right }) => ({ length, attentive: share(right, score, texts), fixed: share(right, "fixed", texts) })),
      trainedLength: task.trainedLength,
    },
  };
}

function runOf({ output, ended, hiddenSize, encoder, decoder, scores, weights, contexts, probability }: Seq2seqRun): SequenceRun {
  return { output, ended, hiddenSize, decoderSize: hiddenSize, encoder: Float32Array.from(encoder), decoder: Float32Array.from(decoder), scores, weights, contexts: Float32Array.from(contexts), probability };
}

/** What the network's score puts side by side, a term a number. */
function comparedOf({ decoder, encoder, hiddenSize: h, output, input }: Seq2seqRun, { context, score, scoreVector }: Seq2seqNetwork): SequencePart["compared"] {
  if (context === "general") return { size: h, decoder: decoder.slice(), encoder: affine(encoder, input.length, h, score, h), v: null };
  if (context !== "concat") return { size: h, decoder: decoder.slice(), encoder: encoder.slice(), v: null };
  const { query, key } = splitConcat(score, h, h, h);
  return { size: h, decoder: affine(decoder, output.length, h, query, h), encoder: affine(encoder, input.length, h, key, h), v: Float64Array.from(scoreVector) };
}

function share(right: AccuracyAt["right"], kind: keyof AccuracyAt["right"], texts: number): number {
  return texts > 0 ? right[kind] / texts : NaN;
}

function refused(problem: Problem): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [problem] };
}
