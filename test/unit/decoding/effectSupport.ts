import { format } from "../../../src/core/contract/index.js";
import { planEffect, type EffectPlan } from "../../../src/core/decoding/config/index.js";
import { answerDecoding } from "../../../src/core/decoding/effect.js";
import type { EffectAnswer, EffectQuestion } from "../../../src/core/decoding/effectTypes.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import type { DecodingInput } from "../../../src/core/decoding/runInput.js";
import { feedAll } from "../../../src/core/models/languageModel.js";
import { blocksOf } from "./configSupport.js";
import { ended, envWith, inputOf, paramsOf, PROMPT, tiny } from "./explainerSupport.js";

/** What is planned for a parameter of the first block of a text. */
export function planOf(text: string, name: string): EffectPlan {
  const [block] = blocksOf(text);
  return planEffect(text, block, block.entries.find((entry) => entry.name === name)!);
}

export const saidOf = (text: string, name: string): string[] => planOf(text, name).sentences.map((each) => format(each));

export type Place = { readonly params?: Partial<DecodingParams>; readonly input?: DecodingInput; readonly text?: readonly number[]; readonly theme?: EffectQuestion["theme"] };

/** What is answered about a parameter. */
export function effectOf(text: string, name: string, { params = {}, input = inputOf(), text: written = [], theme = "dark" }: Place = {}): EffectAnswer {
  const { question } = planOf(text, name);
  if (!question) throw new Error(`Nothing is drawn of ${name}.`);
  const whole = paramsOf(params);
  const answer = ended(answerDecoding(input, whole, { ...question, text: written, theme }, envWith(whole))).result;
  if (!answer) throw new Error(`Nothing is answered about ${name}.`);
  return answer;
}

export function effectAs<K extends EffectAnswer["kind"]>(kind: K, text: string, name: string, place?: Place): Extract<EffectAnswer, { kind: K }> {
  const answer = effectOf(text, name, place);
  if (answer.kind !== kind) throw new Error(`${answer.kind} instead of ${kind}`);
  return answer as Extract<EffectAnswer, { kind: K }>;
}

/** The built-in model's logits behind a text. */
export function logitsBehind(text: string = PROMPT, more: readonly number[] = []): number[] {
  const state = tiny.model.start();
  feedAll(state, [...idsOf(text), ...more]);
  return Array.from(state.logits);
}

export const idsOf = (text: string): readonly number[] => tiny.tokenizer!.encode(text);
/** A token as pictures name it. */
export const nameOf = (id: number): string => tiny.tokenizer!.text(id).replaceAll(" ", "·");

/** Softmax by its definition; −Infinity is 0. */
export function softmax(scores: readonly number[]): number[] {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = scores.map((score) => Math.exp(score - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

export const bits = (p: readonly number[]): number => p.reduce((sum, each) => (each > 0 ? sum - each * Math.log2(each) : sum), 0);

/** Ids by falling value, of equals the lowest first. */
export const byValue = (values: readonly number[]): number[] => values.map((_, id) => id).sort((a, b) => values[b] - values[a] || a - b);

/** The scores of some tokens; the others are removed. */
export const only = (scores: readonly number[], ids: readonly number[]): number[] => scores.map((score, id) => (ids.includes(id) ? score : -Infinity));
