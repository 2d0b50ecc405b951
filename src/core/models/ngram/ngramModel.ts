import { msg, type Parsed, type Problem, type Progress } from "../../contract/index.js";
import type { LanguageModel, ModelState, Recorder } from "../languageModel.js";
import type { Tokenizer } from "../tokenizer.js";
import { KneserNey, NgramCounter } from "./kneserNey.js";
import { Units, type UnitKind } from "./units.js";

export const HIGHEST_ORDER = 5;
/** UTF-16 units counted between two pauses. */
const STEP = 1 << 15;
/** More n-grams than this would not fit into memory. */
const MOST_NGRAMS = 8_000_000;

export type NgramModel = {
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  readonly smoothing: KneserNey;
  /** Units and different n-grams counted. */
  readonly units: number;
  readonly ngrams: number;
};

/**
 * Trains an n-gram model with interpolated Kneser-Ney smoothing.
 * @param texts each with its name; n-grams do not reach from one into the next
 * @param order from 1 to 5
 */
export function* trainNgrams(
  texts: readonly { readonly name: string; readonly text: string }[],
  kind: UnitKind,
  order: number,
): Generator<Progress, Parsed<NgramModel>, void> {
  if (!Number.isInteger(order) || order < 1 || order > HIGHEST_ORDER) {
    return { ok: false, problems: [{ severity: "error", message: msg("The order of an n-gram model must be a whole number from 1 to {0}, not {1}.", HIGHEST_ORDER, order) }] };
  }
  const units = new Units(kind);
  const all = texts.reduce((sum, { text }) => sum + text.length, 0);
  const counter = new NgramCounter(order, Math.min(all / 4, MOST_NGRAMS));
  const problems: Problem[] = [];
  let done = 0;
  for (const { name, text } of texts) {
    counter.begin();
    for (let at = 0; at < text.length; ) {
      const next = units.cut(text, at, Math.min(text.length, at + STEP), true, (id) => counter.add(id));
      done += next - at;
      at = next;
      yield { fraction: done / all, message: msg("Counting n-grams") };
      if (counter.trie.size < MOST_NGRAMS) continue;
      problems.push({ severity: "warning", message: msg("There are more than {0} million different n-grams: the text was counted up to {1} % ({2}). Lower the order, or choose less text.", MOST_NGRAMS / 1e6, Math.floor((100 * done) / all), name) });
      break;
    }
    if (problems.length > 0) break;
  }
  if (counter.units === 0) {
    return { ok: false, problems: [{ severity: "error", message: msg("There is no text to count n-grams in. Choose a document or folder with text.") }] };
  }
  const smoothing = yield* KneserNey.of(counter, units.size);
  return { ok: true, input: { model: modelOf(smoothing), tokenizer: units, smoothing, units: counter.units, ngrams: counter.trie.size - 2 }, problems };
}

function modelOf(smoothing: KneserNey): LanguageModel {
  return { vocabularySize: smoothing.vocabularySize, contextLength: Infinity, hiddenSize: 0, start: () => new NgramState(smoothing, [], 0, new Float64Array(0)) };
}

class NgramState implements ModelState {
  readonly hidden = new Float64Array(0);

  constructor(
    private readonly smoothing: KneserNey,
    private recent: number[],
    public length: number,
    public logits: Float64Array,
  ) {}

  fork(): ModelState {
    return new NgramState(this.smoothing, [...this.recent], this.length, this.logits.slice());
  }

  *feed(tokens: ArrayLike<number>, recorder: Recorder = {}): Generator<Progress, void, void> {
    const { vocabularySize, order } = this.smoothing;
    for (let i = 0; i < tokens.length; i++) {
      if (!(tokens[i] >= 0 && tokens[i] < vocabularySize)) throw new RangeError(`no unit ${tokens[i]} in a vocabulary of ${vocabularySize}`);
    }
    if (this.logits.length === 0) this.logits = new Float64Array(vocabularySize);
    for (let i = 0; i < tokens.length; i++) {
      this.recent.push(tokens[i]);
      if (this.recent.length >= order) this.recent = this.recent.slice(this.recent.length - order + 1);
      this.length++;
      if (i < tokens.length - 1 && !recorder.logits) continue;
      this.smoothing.predict(this.recent, this.logits);
      for (let j = 0; j < vocabularySize; j++) this.logits[j] = Math.log(this.logits[j]);
      recorder.logits?.(this.length - 1, this.logits);
      if (i % 16 === 15) yield { fraction: (i + 1) / tokens.length, message: msg("Reading the text with the model") };
    }
  }
}
