import { type Progress } from "../contract/index.js";
import { idList, type GenerationConfig } from "./config.js";
import { highest } from "./distribution.js";
import type { PipelineRun } from "./pipeline.js";
import { llamaCppChain, runChain } from "./processors/chain.js";
import type { Processor } from "./processors/processor.js";
import { benchOf, remembering } from "./runCache.js";
import type { Hand } from "./runSource.js";
import type { Finish } from "./strategies/events.js";
import { pickAt, roomFor } from "./strategies/generate.js";

/** A token of the text, and how it came to be chosen. */
export type Chosen = {
  readonly token: number;
  /** NaN where nothing was drawn: by rank, or by the reader. */
  readonly uniform: number;
  readonly below: number;
  readonly upTo: number;
  /** Tokens of lower ids that were left to draw from. */
  readonly leftBelow: number;
  readonly forced: boolean;
  readonly probability: number;
  readonly modelProbability: number;
  /** The token that the model finds most probable. */
  readonly best: number;
};

export type TextOptions = {
  readonly random: () => number;
  readonly order: "transformers" | "llama.cpp";
  /** Tokens that the reader chose, by their places among the new ones. */
  readonly forced: ReadonlyMap<number, number>;
  readonly stopping: () => boolean;
  /** Called for every place with its stages, which are valid until it returns; without a token where the text would go on. */
  at?(run: PipelineRun, t: number, chosen: Chosen | undefined): void;
};

export type WrittenText = { readonly ids: readonly number[]; readonly finish: Finish | "stopped" };
type Written = { readonly kind: "working"; readonly progress: Progress } | { readonly kind: "token"; readonly ids: readonly number[]; readonly count: number };

/** The processors of a configuration in the order that was asked for. */
export function chainFor(config: GenerationConfig, promptLength: number, count: number, order: TextOptions["order"]): readonly Processor[] {
  const made = runChain(config, promptLength, count);
  return order === "llama.cpp" ? llamaCppChain(made) : made;
}

/**
 * Writes one text, greedily or by drawing, as `generate` does with the same numbers; but tokens may be forced, and the
 * distribution behind the last token is computed too, where the model can read that token.
 */
export function* writeText({ model: plain, given }: Hand, prompt: readonly number[], config: GenerationConfig, options: TextOptions): Generator<Written, WrittenText, void> {
  const { random, order, forced, stopping, at } = options;
  const { pipeline } = benchOf(plain);
  const model = remembering(plain);
  const eos = idList(config.eos_token_id);
  const room = roomFor(config, prompt.length, model.contextLength);
  const count = given ? 1 : room.count;
  const chain = chainFor(config, prompt.length, count, order);
  const state = model.start();
  const sequence = [...prompt];
  const ended = (finish: WrittenText["finish"]): WrittenText => ({ ids: sequence.slice(prompt.length), finish });
  for (let t = 0; ; t++) {
    const full = t === count;
    if (full && (given || !at || sequence.length > model.contextLength)) return ended(room.limit);
    for (const progress of state.feed(t === 0 ? prompt : sequence.slice(-1))) yield { kind: "working", progress };
    const run = pipeline.run(state.logits, chain, { ids: sequence, promptLength: prompt.length, random });
    const chosen = full || stopping() ? undefined : choose(run, config, random, forced.get(t));
    at?.(run, t, chosen === "invalid" || chosen === "no token" ? undefined : chosen);
    if (full) return ended(room.limit);
    if (chosen === undefined) return ended("stopped");
    if (typeof chosen === "string") return ended(chosen);
    sequence.push(chosen.token);
    yield { kind: "token", ids: sequence, count };
    if (eos.includes(chosen.token)) return ended("eos");
  }
}

/** The token that a place takes: the reader's own, else the one drawn or of the highest score. */
export function choose(run: PipelineRun, { do_sample: draws }: GenerationConfig, random: () => number, forced: number | undefined): Chosen | "invalid" | "no token" {
  const { first, last } = run;
  if (last.invalid > 0) return "invalid";
  // A number is taken where the reader chooses, too, so that the places behind keep theirs.
  const drawn = draws ? pickAt(last, random()) : undefined;
  const by = forced !== undefined && forced < last.scores.length ? forced : undefined;
  const token = by ?? drawn?.token ?? highest(last);
  // A cut may have taken out what has no probability, and with it everything.
  if (token < 0) return first.invalid > 0 ? "invalid" : "no token";
  const probability = last.probabilities[token];
  let leftBelow = 0;
  if (last.kept === last.scores.length) leftBelow = token;
  else if (last.listed >= 0) while (leftBelow < last.listed && last.members[leftBelow] < token) leftBelow++;
  else for (let id = 0; id < token; id++) if (last.scores[id] !== -Infinity) leftBelow++;
  let below = drawn?.below ?? NaN;
  if (draws && by !== undefined) {
    below = 0;
    for (let id = 0; id < token; id++) below += last.probabilities[id];
  }
  return {
    token, below, leftBelow, probability,
    uniform: by === undefined ? (drawn?.uniform ?? NaN) : NaN,
    upTo: by === undefined ? (drawn?.upTo ?? NaN) : below + probability,
    forced: by !== undefined,
    modelProbability: first.probabilities[token],
    best: highest(first),
  };
}

/** Reads "position:id" pairs. */
export function forcedTokens(text: string): Map<number, number> {
  return new Map(Array.from(text.matchAll(/(\d+):(\d+)/g), ([, place, id]) => [Number(place), Number(id)]));
}
