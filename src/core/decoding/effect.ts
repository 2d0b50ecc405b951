import { msg, type Env, type Message, type Progress } from "../contract/index.js";
import { logSumExp } from "../math/logSumExp.js";
import { joinTokens } from "../models/tokenPieces.js";
import type { GenerationConfig } from "./config.js";
import { contrastiveEffect } from "./effectContrastive.js";
import { candidatesOf, compareDistributions, greedyOf, lengthsOf, listed, shownOf, type Naming, type Shown } from "./effectFigures.js";
import { bannedNext, continuation, firstBan } from "./effectText.js";
import type { EffectAnswer, EffectFacts, EffectPlace, EffectQuestion, NoEffect } from "./effectTypes.js";
import { effectWords, nothingWords } from "./effectWords.js";
import { chainFor } from "./exploreText.js";
import type { DecodingParams } from "./params.js";
import type { Pipeline, PipelineRun } from "./pipeline.js";
import { promptOf } from "./prompt.js";
import { benchOf, remembering } from "./runCache.js";
import type { DecodingInput } from "./runInput.js";
import { takeSource, type Hand } from "./runSource.js";
import { roomFor } from "./strategies/generate.js";

/** Characters of the text that a token follows, as far as it is shown. */
const SHOWN = 20;

/** What one parameter does to the distribution of the next token; undefined where the source has none, which its view explains. */
export function* answerDecoding(input: DecodingInput, params: DecodingParams, question: unknown, env: Env): Generator<Progress, EffectAnswer | undefined, void> {
  const asked = question as EffectQuestion;
  const found = asked.kind === "effect" ? yield* effect(input, params, asked, env) : undefined;
  if (found?.kind === "nothing") return { ...found, why: nothingWords(found) };
  return found && { ...found, words: effectWords(found) };
}

function* effect(input: DecodingInput, params: DecodingParams, asked: EffectQuestion, env: Env): Generator<Progress, EffectFacts | NoEffect | undefined, void> {
  const { shape, theme } = asked;
  if (shape.kind === "lengths") return lengthsOf(shape.penalty, theme);
  const taken = yield* takeSource(input, params, env);
  if (!taken.ok) return undefined;
  const { hand } = taken;
  const prompt = promptOf(input, params, hand);
  if (prompt.problems.some(({ severity }) => severity === "error")) return undefined;
  if (shape.kind === "contrastive") return yield* contrastiveEffect(hand, prompt.ids, asked, placeOf(hand, prompt.ids, prompt.ids.length, asked));
  if (shape.kind === "ngrams") return yield* ngramEffect(hand, prompt.ids, asked, shape.n);
  return yield* at(hand, prompt.ids, prompt.ids.length, asked);
}

/** The tokens that may not repeat an n-gram: behind the prompt, or at the first place of the text behind it where there are any. */
function* ngramEffect(hand: Hand, prompt: readonly number[], asked: EffectQuestion, n: number): Generator<Progress, EffectFacts | NoEffect, void> {
  if (bannedNext(prompt, n).length > 0) return yield* at(hand, prompt, prompt.length, asked, bannedNext(prompt, n));
  const text = asked.text.length > 0 ? asked.text : yield* continuation(hand, prompt, asked.without);
  const whole = [...prompt, ...text];
  const place = firstBan(whole, prompt.length, n);
  if (place === undefined) {
    const why = text.length > 0 ? msg("No {0} tokens in a row occur twice in the prompt and the {1} tokens behind it, so that nothing is forbidden yet.", n, text.length) : nothingBanned(n);
    return { kind: "nothing", place: placeOf(hand, prompt, prompt.length, asked), why };
  }
  const before = whole.slice(0, place);
  return yield* at(hand, before, prompt.length, asked, bannedNext(before, n));
}

function nothingBanned(n: number): Message {
  return n === 1 ? msg("Nothing came before, so that nothing is forbidden yet.") : msg("The last {0} tokens of the prompt stand nowhere before, so that nothing is forbidden yet.", n - 1);
}

/** The effect on the token behind `ids`. */
function* at(hand: Hand, ids: readonly number[], promptLength: number, asked: EffectQuestion, marked: readonly number[] = []): Generator<Progress, EffectFacts | NoEffect, void> {
  const { model, eos } = hand;
  const state = remembering(model).start();
  yield* state.feed(ids);
  const place = placeOf(hand, ids, promptLength, asked);
  const logits = scoresFor(asked.with, state.logits);
  const { pipeline, other } = benchOf(model);
  const run = (bench: Pipeline, config: GenerationConfig, chosenByGroups?: Int32Array): PipelineRun => {
    const own = { ...config, ...(eos.length > 0 ? { eos_token_id: eos } : {}) };
    const { count } = roomFor(own, promptLength, model.contextLength);
    return bench.run(logits, chainFor(own, promptLength, count, "transformers"), { ids, promptLength, ...(chosenByGroups ? { chosenByGroups } : {}) });
  };
  const { shape, labels, theme } = asked;
  const first = run(other, asked.without);
  if (first.first.invalid > 0) return { kind: "nothing", place, why: msg("The logits hold NaN or infinity, which have no softmax. The model's weights or the numbers are faulty: replace them.") };
  if (first.last.kept === 0) return { kind: "nothing", place, why: msg("The other parameters leave no token here.") };
  const naming: Naming = { tokenizer: hand.tokenizer, named: hand.given ? hand.given.names.length : model.vocabularySize };
  if (shape.kind === "candidates") return candidatesOf(shownOf(first.last), shape.taken, shape.beams ? Math.max(2, 1 + eos.length) * shape.taken : shape.taken, shape.beams ? eos : [], { ...naming, place, theme, label: labels[1] });
  const group = shape.kind === "distribution" && shape.behindGroup ? firstGroup(first, asked.with, eos) : undefined;
  const counts = group && Int32Array.from({ length: logits.length }, (_, id) => (group.includes(id) ? 1 : 0));
  const second = run(pipeline, asked.with, counts);
  if (second.last.kept === 0) return { kind: "nothing", place, why: msg("No token is left here: every one is removed.") };
  const draws = asked.with.do_sample !== asked.without.do_sample;
  const shown = ({ last }: PipelineRun, { do_sample: own }: GenerationConfig): Shown => (draws && !own ? greedyOf(last) : shownOf(last));
  const also = group ?? (marked.length > 0 ? marked : endings(asked, eos));
  return compareDistributions(shown(first, asked.without), shown(second, asked.with), { ...naming, place, labels, theme, marked: also });
}

/** Beam search hands log-probabilities to the processors, so that penalties multiply what is below zero. */
function scoresFor({ num_beams: beams = 1 }: GenerationConfig, logits: ArrayLike<number>): ArrayLike<number> {
  if (beams === 1) return logits;
  const normaliser = logSumExp(logits);
  return Float64Array.from(logits, (logit) => logit - normaliser);
}

/** What the first group of beams begins with: its most probable tokens that do not end the text. */
function firstGroup({ last }: PipelineRun, { num_beams: beams = 1, num_beam_groups: groups = 1 }: GenerationConfig, eos: readonly number[]): readonly number[] {
  const width = beams / groups;
  return listed(last.scores.length, width + eos.length, [], (id) => last.probabilities[id]).filter((id) => !eos.includes(id)).slice(0, width);
}

/** The end of the text, where the parameter is about it. */
function endings({ without, with: own }: EffectQuestion, eos: readonly number[]): readonly number[] {
  return without.min_new_tokens !== own.min_new_tokens || without.min_length !== own.min_length ? eos : [];
}

/** The end of a text, and whose next token it is. */
function placeOf(hand: Hand, ids: readonly number[], promptLength: number, { text: known }: EffectQuestion): EffectPlace {
  const { kind, name, tokenizer, bos } = hand;
  const whose: Omit<EffectPlace, "after"> = { source: kind, name, behind: ids.length - promptLength, writer: known.length > 0 ? "explorer" : "greedy" };
  const last = ids.slice(-SHOWN).filter((id) => id !== bos);
  const text = joinTokens(tokenizer, last).text.replace(/\s+/g, " ");
  if (kind === "given" || kind === "server") return { after: "", ...whose };
  const letters = [...text.trim()];
  if (letters.length <= SHOWN) return { after: `${ids.length > last.length ? "…" : ""}${letters.join("")}`, ...whose };
  const tail = letters.slice(-SHOWN).join("");
  // From the beginning of a word, where one begins.
  return { after: `…${tail.replace(/^\S{0,8}\s/, "")}`, ...whose };
}
