import { msg, type Message, type Parsed, type Progress } from "../contract/index.js";
import { refuse } from "../formats/tensorSource.js";
import type { Seq2seqTask, TaskName } from "./seq2seq.js";
import { decode, encode, END, type ContextKind, type DecoderStep } from "./seq2seqNetwork.js";
import { folded, rightAnswer } from "./seq2seqTask.js";

/** Of the characters that are not known so many are named. */
const NAMED = 10;

/** A text translated by one network, with every stage: T characters in, S steps, h numbers a state, V that may be written. */
export type Seq2seqRun = {
  readonly task: TaskName;
  readonly context: ContextKind;
  /** As the reader wrote them. [T] */
  readonly input: readonly string[];
  /** What each step chose; the last is "</s>" where the network ended. [S] */
  readonly output: readonly string[];
  /** Whether the network ended by itself. */
  readonly ended: boolean;
  /** What was written, without "</s>". */
  readonly text: string;
  /** What would be right, where there is a rule; else null. */
  readonly expected: string | null;
  readonly hiddenSize: number;
  /** What a step may choose. [V] */
  readonly vocabulary: readonly string[];
  readonly encoder: Float64Array; // [T, h]
  readonly decoder: Float64Array; // [S, h]
  /** Before and behind the softmax; empty for a fixed context. */
  readonly scores: Float64Array; // [S, T]
  readonly weights: Float64Array; // [S, T]
  /** For a fixed context each row is the encoder's last state. */
  readonly contexts: Float64Array; // [S, h]
  readonly attentional: Float64Array; // [S, h]
  readonly logits: Float64Array; // [S, V]
  readonly probabilities: Float64Array; // [S, V]
  /** Of what was chosen. */
  readonly probability: Float64Array; // [S]
};

/** Translates a text greedily, one yield a step. What the network can't read is a problem that names it. */
export function* translate(task: Seq2seqTask, context: ContextKind, text: string): Generator<Progress, Parsed<Seq2seqRun>, void> {
  const input = [...text.trim()];
  const ids = input.map((character) => task.source.indexOf(folded(character)));
  const refusal = refusalOf(task, input, ids);
  if (refusal) return refuse(refusal);
  const network = task.networks[context];
  const encoder = encode(network, ids);
  const steps = yield* decode(network, encoder, likeliest, task.longestOutput);
  return { ok: true, input: runOf(task, context, input, encoder, steps), problems: [] };
}

function runOf(task: Seq2seqTask, context: ContextKind, input: readonly string[], encoder: Float64Array, steps: readonly DecoderStep[]): Seq2seqRun {
  const output = steps.map(({ id }) => task.target[id]);
  const ended = steps.at(-1)?.id === END;
  return {
    task: task.name,
    context,
    input,
    output,
    ended,
    text: (ended ? output.slice(0, -1) : output).join(""),
    expected: rightAnswer(task.name, input.join("")),
    hiddenSize: task.networks[context].hiddenSize,
    vocabulary: task.target,
    encoder,
    decoder: rows(steps, ({ state }) => state),
    scores: rows(steps, ({ scores }) => scores),
    weights: rows(steps, ({ weights }) => weights),
    contexts: rows(steps, ({ context: vector }) => vector),
    attentional: rows(steps, ({ attentional }) => attentional),
    logits: rows(steps, ({ logits }) => logits),
    probabilities: rows(steps, ({ probabilities }) => probabilities),
    probability: Float64Array.from(steps, ({ id, probabilities }) => probabilities[id]),
  };
}

function refusalOf(task: Seq2seqTask, input: readonly string[], ids: readonly number[]): Message | undefined {
  if (input.length === 0) return msg("There is nothing to translate. Write a date or a word.");
  const unknown = [...new Set(input.filter((_, i) => ids[i] < 0))];
  if (unknown.length > 0) {
    const names = unknown.slice(0, NAMED).map(nameOf).join(", ") + (unknown.length > NAMED ? ", …" : "");
    if (task.name === "reversal") return msg("The model that reverses words does not know {0}. Use the letters a to z, blanks, hyphens and apostrophes.", names);
    return msg("The model that reads dates does not know {0}. Write a date such as 3 March 2021, March 3, 2021, 03.03.21, 3/14/2021 or 2021年3月3日.", names);
  }
  if (input.length > task.longestInput) return msg("The text has {0} characters, but the model reads at most {1}. Shorten it.", input.length, task.longestInput);
  return undefined;
}

/** A character in quotes; by its number where it can't be seen. */
function nameOf(character: string): string {
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return `“${character}”`;
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The first of the largest. */
function likeliest(probabilities: Float64Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function rows(steps: readonly DecoderStep[], part: (step: DecoderStep) => Float64Array): Float64Array {
  const parts = steps.map(part);
  const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of parts) {
    out.set(values, at);
    at += values.length;
  }
  return out;
}
