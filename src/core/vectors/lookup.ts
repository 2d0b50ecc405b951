import { msg, type Message, type Problem, type Progress, type WordVectors } from "../contract/index.js";
import { grouped } from "../text/numberText.js";
import type { TextWords } from "./input.js";
import { bareWord, scriptRuns, spellingsOf } from "./textWords.js";

/** A word of a text and its row in a store, −1 when the store does not have it. `name` is as the store spells it. */
export type Found = { readonly name: string; readonly index: number; readonly start: number; readonly end: number; readonly line: number };

export type Lookup = {
  /** Different words in the order of the text. */
  readonly found: readonly Found[];
  readonly missing: readonly Found[];
  /** How often a word stood there again, and the first such words: one more than are named, so that it shows that there are more. */
  readonly repeats: number;
  readonly repeated: readonly string[];
};

/** Words looked up between two yields. */
const SLICE = 5000;
const NAMED = 5;

/**
 * Looks the words of a text up. A run of Han characters is a word if the store has it, else its characters are words;
 * others are looked for as they are written, without punctuation, in lower case, and without 's.
 */
export function* lookUpWords(words: TextWords, store: Pick<WordVectors, "indexOf" | "word"> | undefined): Generator<Progress, Lookup, void> {
  const found: Found[] = [];
  const missing: Found[] = [];
  const rows = new Set<number>();
  const strange = new Set<string>();
  const repeated = new Set<string>();
  let repeats = 0;
  for (const [i, token] of words.texts.entries()) {
    const line = words.lines[i];
    for (const piece of piecesOf(token, words.spans[2 * i], store)) {
      const known = piece.index >= 0;
      if (known ? rows.has(piece.index) : strange.has(piece.name)) {
        repeats++;
        if (repeated.size <= NAMED) repeated.add(piece.name);
        continue;
      }
      if (known) rows.add(piece.index);
      else strange.add(piece.name);
      (known ? found : missing).push({ ...piece, line });
    }
    if (i % SLICE === SLICE - 1) yield { fraction: i / words.texts.length, message: msg("{0} of {1} words looked up", i + 1, words.texts.length) };
  }
  return { found, missing, repeats, repeated: [...repeated] };
}

type Piece = Omit<Found, "line">;

function piecesOf(token: string, start: number, store: Pick<WordVectors, "indexOf" | "word"> | undefined): Piece[] {
  const whole = find(token, store);
  if (whole) return [{ ...whole, start, end: start + token.length }];
  return scriptRuns(token).flatMap(({ text, start: at, han }) => {
    const from = start + at;
    const found = find(text, store);
    if (found) return [{ ...found, start: from, end: from + text.length }];
    if (!han) {
      const name = bareWord(text);
      return name === "" ? [] : [{ name, index: -1, start: from, end: from + text.length }];
    }
    let offset = from;
    return [...text].map((name) => {
      const piece = { name, index: store?.indexOf(name) ?? -1, start: offset, end: offset + name.length };
      offset = piece.end;
      return piece;
    });
  });
}

function find(token: string, store: Pick<WordVectors, "indexOf" | "word"> | undefined): { readonly name: string; readonly index: number } | undefined {
  if (!store || bareWord(token) === "") return undefined;
  for (const form of spellingsOf(token)) {
    const index = store.indexOf(form);
    if (index !== undefined) return { name: store.word(index), index };
  }
  return undefined;
}

/** What is said of words that were left out, with spellings that the store has. */
export function* lookupNotes({ found, missing, repeats, repeated }: Lookup, store: WordVectors, inEditor: boolean): Generator<Progress, Problem[], void> {
  const notes: Problem[] = [];
  if (repeats > 0) {
    notes.push({ severity: "info", message: repeated.length === 1 && repeats === 1
      ? msg("The word {0} stands twice; it is shown once.", repeated[0])
      : msg("Words that stand again were left out {0} times: {1}.", repeats, repeated.slice(0, NAMED).join(", ") + (repeated.length > NAMED ? " …" : "")) });
  }
  if (missing.length === 0) return notes;
  const [first] = missing;
  const named: Message[] = [];
  for (const { name } of missing.slice(0, NAMED)) {
    yield { fraction: NaN, message: msg("Looking for words spelt like {0}", name) };
    const spellings = store.nearestSpellings(name, 2);
    named.push(spellings.length > 0 ? msg("{0} (did you mean {1}?)", name, spellings.join(", ")) : msg("{0}", name));
  }
  const list = named.reduce((text, each) => msg("{0}, {1}", text, each));
  const words = missing.length > NAMED ? msg("{0} …", list) : list;
  notes.push({
    severity: found.length === 0 ? "error" : "warning",
    ...(found.length === 0 ? { title: msg("None of the words has a vector") } : {}),
    message:
      found.length === 0 ? msg("The word vectors in use ({0} words) have none of these words: {1}. Select others, or use another file of word vectors.", grouped(store.n), words)
      : missing.length === 1 ? msg("One word is not in the word vectors and was left out: {0}.", words)
      : msg("{0} of {1} words are not in the word vectors and were left out: {2}.", grouped(missing.length), grouped(found.length + missing.length), words),
    ...(inEditor ? { span: { start: first.start, end: first.end } } : {}),
    line: first.line,
  });
  return notes;
}
