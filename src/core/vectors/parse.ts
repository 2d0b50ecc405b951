import { msg, type BytesSource, type Parsed, type Problem, type Progress, type Source, type Span } from "../contract/index.js";
import { binaryProblem } from "../formats/binary.js";
import { bytesFeed } from "../formats/charFeed.js";
import { makeInflater } from "../formats/inflater.js";
import { readLanguage } from "../formats/looks.js";
import { textOf as textOfCodes } from "../formats/number.js";
import { selectionsOf } from "../formats/selection.js";
import { attempt, guarded } from "../formats/tensorSource.js";
import { documentVectors } from "./document/documentVectors.js";
import { readVectorFile } from "./files/readVectorFile.js";
import type { DocumentVectors } from "./document/vectorList.js";
import type { TextWords, VectorInput } from "./input.js";
import type { VectorStore } from "./store.js";
import { statedCosines } from "./stated.js";
import { chooseVectors } from "./chooseVectors.js";
import { bareWord, textWords } from "./textWords.js";

/** A text file up to so many bytes is read as an editor's text, where it is no file of word vectors. */
const LARGEST_TEXT = 1 << 25;
/** Characters decoded between two yields. */
const SLICE = 1 << 18;

/**
 * What there is to compare in a source: the vectors of a text, or its words where it has none; the rows of a file of
 * vectors. Never throws.
 */
export function* parseVectors(source: Source): Generator<Progress, Parsed<VectorInput>, void> {
  switch (source.kind) {
    case "text": {
      const ranges = selectionsOf(source);
      const spans = ranges.length > 0 ? ranges : [{ start: 0, end: source.text.length }];
      return yield* parseText(source.text, readLanguage(source), spans, true);
    }
    case "bytes":
      return yield* parseFile(source);
    default:
      return refuse({ severity: "error", message: msg("{0} holds nothing that can be compared. Choose a text or a file of vectors.", source.name) });
  }
}

function refuse(problem: Problem): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [problem] };
}

function* parseText(text: string, languageId: string, spans: readonly Span[], inEditor: boolean): Generator<Progress, Parsed<VectorInput>, void> {
  const found = yield* documentVectors(text, languageId);
  const chosen = chooseVectors(found, spans);
  if (chosen && "problem" in chosen) return refuse(chosen.problem);
  if (chosen) {
    const stated = inEditor ? yield* statedCosines(text, chosen.vectors) : [];
    return { ok: true, input: { kind: "vectors", ...chosen, inEditor, stated }, problems: [] };
  }
  const words = yield* textWords(text, spans);
  if (words.texts.length === 0) {
    return refuse({
      severity: "error",
      title: msg("Nothing to compare"),
      message: msg("Neither vectors nor words stand here. Select lists of numbers such as {0}, rows such as {1}, or some words.", "[0.1, 0.2]", "king 0.1 0.2"),
    });
  }
  const single = onlySingles(found, words, spans);
  if (single) return refuse(single);
  const problems: Problem[] = words.cut ? [{ severity: "warning", message: msg("Only the first {0} words were read. Select fewer.", words.texts.length) }] : [];
  return { ok: true, input: { kind: "words", words, inEditor }, problems };
}

const NUMBER = /^[+\-\u2212]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What to say of a text that has nothing but lists of a single number and their names, which are no words. */
function onlySingles({ singles }: DocumentVectors, { texts }: TextWords, spans: readonly Span[]): Problem | undefined {
  const chosen = singles.filter(({ start, end }) => spans.some((span) => start < span.end && end > span.start));
  if (chosen.length === 0) return undefined;
  const names = new Set(chosen.map(({ name }) => name));
  if (texts.some((text) => !NUMBER.test(text) && !names.has(bareWord(text)))) return undefined;
  const [{ start, end, line }] = chosen;
  return {
    severity: "error",
    title: msg("One number is no vector"),
    message: msg("The lists hold one number each; a vector has two or more. Select lists such as {0}.", "[0.1, 0.2]"),
    line,
    span: { start, end },
  };
}

/** A file of word vectors of any format; a text file that is none is read as a text. */
function* parseFile(source: BytesSource): Generator<Progress, Parsed<VectorInput>, void> {
  const { name, bytes, beside, part } = source;
  const read = yield* readVectorFile({ name, bytes, beside }, { makeInflater, ...(part === undefined ? {} : { tensor: part }) });
  if (read.ok && !doubtful(read.input, name)) return fileInput(read.input, read.problems, name);
  const text = yield* attempt(textOf(source), name);
  if (!text.ok) return text;
  const parsed = text.input === undefined ? undefined : yield* parseText(text.input, languageOf(name), [{ start: 0, end: text.input.length }], false);
  if (read.ok) return parsed?.ok ? parsed : fileInput(read.input, read.problems, name);
  // Words of a file that was to hold vectors would hide what is wrong with it.
  const meant = /\.(?:vec|bin|npy|npz|safetensors|csv|tsv|json|jsonl|ndjson)$/i.test(name);
  if (!parsed?.ok || (meant && parsed.input.kind === "words")) return read;
  // So would its good lines: a header that lies, or a line that can't be read.
  const told = /\.vec$/i.test(name) || (/\.(?:txt|tsv|csv)$/i.test(name) && read.problems.some(({ line = 0 }) => line > 1));
  if (!told || parsed.input.kind !== "vectors" || parsed.input.notes.some(({ severity }) => severity === "warning")) return parsed;
  return { ...parsed, problems: [...parsed.problems, ...read.problems.map((problem): Problem => ({ ...problem, severity: "warning" }))] };
}

function fileInput(store: VectorStore, notes: readonly Problem[], name: string): Parsed<VectorInput> {
  if (store.n > 1) return { ok: true, input: { kind: "file", store, notes }, problems: [] };
  return refuse({ severity: "error", title: msg("One vector is alone"), message: msg("{0} holds one vector only. Give it at least two to compare them.", name) });
}

/** Words that are the beginning of a list, as in “king = [0.1, 0.2]”, or a number, as in rows without words. */
const BROKEN = /(?:^|[[(:=]\s*)[+-]?\d*\.\d+$|[[(:=]\s*[+-]?\d+$/;
/** A word with numbers of its vector, where lines have different lengths. */
const TAKEN = /\s[+-]?\d*\.\d+$/;
const LOOKED_AT = 20;

/** Whether a text was taken for word vectors that is better read as an editor's: lists, prose with numbers, rows without words. */
function doubtful({ words, d }: VectorStore, name: string): boolean {
  if (/\.(?:npy|npz|safetensors|bin|json|jsonl|ndjson)$/i.test(name)) return false;
  const first = words.slice(0, LOOKED_AT);
  return d === 1 || first.every((word) => BROKEN.test(word)) || first.some((word) => TAKEN.test(word));
}

/** The text of a file that is one, and not too large. */
function* textOf({ name, bytes }: BytesSource): Generator<Progress, Parsed<string | undefined>, void> {
  const none = { ok: true, input: undefined, problems: [] } as const;
  if (bytes.size > LARGEST_TEXT || bytes.size === 0) return none;
  const file = guarded(bytes, name);
  if (binaryProblem(file.read(0, Math.min(4096, file.size)), name)) return none;
  const feed = bytesFeed(file);
  const codes = new Uint16Array(SLICE);
  const pieces: string[] = [];
  for (let count = feed.fill(codes, 0); count > 0; count = feed.fill(codes, 0)) {
    pieces.push(textOfCodes(codes, 0, count));
    yield { fraction: feed.fraction, message: msg("Reading {0}", name) };
  }
  return { ok: true, input: pieces.join(""), problems: [] };
}

function languageOf(name: string): string {
  const ending = /\.([^.]*)$/.exec(name)?.[1].toLowerCase() ?? "";
  const languages: Readonly<Record<string, string>> = { py: "python", json: "json", jsonl: "jsonl", csv: "csv", tsv: "tsv", md: "markdown", r: "r", js: "javascript", ts: "typescript" };
  return languages[ending] ?? "plaintext";
}
