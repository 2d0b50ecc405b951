import type { Progress } from "../contract/index.js";
import type { LanguageModel } from "../models/languageModel.js";
import type { GenerationConfig } from "./config.js";
import { writeText } from "./exploreText.js";
import { eachCompletion } from "./processors/noRepeatNgram.js";
import type { Hand } from "./runSource.js";

/** Tokens that are written to find a repetition in. */
const LENGTH = 40;
const KEPT = 4;

/** The tokens that would complete an n-gram which the text has already, in the order of its occurrences. */
export function bannedNext(ids: readonly number[], n: number): number[] {
  const banned = new Set<number>();
  eachCompletion(ids, ids.length, n, (id) => banned.add(id));
  return [...banned];
}

/**
 * The first place from `from` on where the text says an n-gram again, else where it could have; undefined where there is none.
 * A place is the number of tokens before it.
 */
export function firstBan(ids: readonly number[], from: number, n: number): number | undefined {
  let possible: number | undefined;
  for (let place = from; place < ids.length; place++) {
    const banned = bannedNext(ids.slice(0, place), n);
    if (banned.includes(ids[place])) return place;
    if (banned.length > 0) possible ??= place;
  }
  return possible;
}

const written = new WeakMap<LanguageModel, Map<string, readonly number[]>>();

/** What greedy search writes behind the prompt, without sampling and beams; computed once for a prompt and a configuration. */
export function* continuation(hand: Hand, prompt: readonly number[], config: GenerationConfig): Generator<Progress, readonly number[], void> {
  if (hand.given) return [];
  const { repetition_penalty, encoder_repetition_penalty } = config;
  const plain: GenerationConfig = { ...(repetition_penalty === undefined ? {} : { repetition_penalty }), ...(encoder_repetition_penalty === undefined ? {} : { encoder_repetition_penalty }), max_new_tokens: LENGTH };
  const key = JSON.stringify([prompt, plain]);
  let texts = written.get(hand.model);
  if (!texts) written.set(hand.model, (texts = new Map()));
  const known = texts.get(key);
  if (known) return known;
  const running = writeText(hand, prompt, plain, { random: () => 0, order: "transformers", forced: new Map(), stopping: () => false });
  for (;;) {
    const next = running.next();
    if (next.done) {
      texts.set(key, next.value.ids);
      for (const old of texts.keys()) if (texts.size > KEPT) texts.delete(old);
      return next.value.ids;
    }
    if (next.value.kind === "working") yield next.value.progress;
  }
}
