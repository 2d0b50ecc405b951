import { msg, type Message, type Span } from "../contract/index.js";
import { dice, ngramIds } from "./metrics.js";

/** A part of a text that a filter takes out. */
export type Removal = Span & {
  /** The earlier part that it repeats. */
  readonly like: Span;
  readonly reason: Message;
};

/** Sentences with the blanks behind them: they end with a mark (and quotes behind it), or with a line. */
export function sentencesOf(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const { 0: mark, index } of text.matchAll(/(?:[.!?…]+["'”’)\]]*(?=\s|$)|[。！？]+["'”’）」』]*|\n)\s*/gu)) {
    spans.push({ start, end: index + mark.length });
    start = index + mark.length;
  }
  if (start < text.length) spans.push({ start, end: text.length });
  return spans;
}

/** Words without marks, in lower case; each character of a script without blanks is one. */
export function wordsOf(text: string, { start, end }: Span = { start: 0, end: text.length }): { readonly word: string; readonly span: Span }[] {
  const words = text.slice(start, end).matchAll(/[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|(?:(?![\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[\p{L}\p{M}\p{N}'’_-])+/gu);
  return Array.from(words, ({ 0: word, index }) => ({ word: word.toLowerCase(), span: { start: start + index, end: start + index + word.length } }));
}

/** Takes out sentences whose words stand in an earlier sentence in the same order. */
export function repeatedSentences(text: string): Removal[] {
  const seen = new Map<string, Span>();
  const removals: Removal[] = [];
  for (const span of sentencesOf(text)) {
    const key = wordsOf(text, span).map(({ word }) => word).join(" ");
    if (key === "") continue;
    const like = seen.get(key);
    if (like) removals.push({ ...span, like, reason: msg("the same sentence stands before") });
    else seen.set(key, span);
  }
  return removals;
}

/** Takes out sentences whose word counts overlap with an earlier sentence that stays by `least` or more (Dice, 0 to 1). */
export function nearDuplicates(text: string, least: number): Removal[] {
  const kept: { readonly span: Span; readonly counts: ReadonlyMap<string, number> }[] = [];
  const removals: Removal[] = [];
  for (const span of sentencesOf(text)) {
    const counts = new Map<string, number>();
    for (const { word } of wordsOf(text, span)) counts.set(word, (counts.get(word) ?? 0) + 1);
    if (counts.size === 0) continue;
    let best = { span, likeness: -1 };
    for (const other of kept) {
      const likeness = dice(counts, other.counts);
      if (likeness > best.likeness) best = { span: other.span, likeness };
    }
    if (best.likeness >= least) removals.push({ ...span, like: best.span, reason: msg("{0}% of its words stand in a sentence before", Math.round(100 * best.likeness)) });
    else kept.push({ span, counts });
  }
  return removals;
}

/** Takes out words that lie in a run of n words that occurred before, with the blanks and marks before them. */
export function repeatedNgrams(text: string, n: number): Removal[] {
  const words = wordsOf(text);
  const numbers = new Map<string, number>();
  const ids = words.map(({ word }) => {
    const id = numbers.get(word) ?? numbers.size;
    numbers.set(word, id);
    return id;
  });
  const first = new Map<number, number>();
  const removals: Removal[] = [];
  let current: { from: number; to: number; origin: number } | undefined;
  const close = () => {
    if (!current) return;
    const { from, to, origin } = current;
    const start = from === 0 ? words[0].span.start : words[from - 1].span.end;
    const like = { start: words[origin].span.start, end: words[Math.min(words.length - 1, origin + to - from)].span.end };
    removals.push({ start, end: words[to].span.end, like, reason: msg("{0} words in a row stand before", to - from + 1) });
    current = undefined;
  };
  ngramIds(ids, n).forEach((id, i) => {
    const origin = first.get(id);
    if (origin === undefined) first.set(id, i);
    else if (current && i <= current.to + 1) current.to = i + n - 1;
    else {
      close();
      current = { from: i, to: i + n - 1, origin };
    }
  });
  close();
  return removals;
}

/** The text without what was taken out. */
export function withoutRemovals(text: string, removals: readonly Span[]): string {
  let out = "";
  let at = 0;
  for (const { start, end } of removals) {
    out += text.slice(at, Math.max(at, start));
    at = Math.max(at, end);
  }
  return out + text.slice(at);
}
