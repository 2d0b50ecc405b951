import { msg, type ByteSource, type FilesSource, type LeftOut, type Parsed, type Problem, type Progress, type Source, type Span } from "../contract/index.js";
import { selectionsOf } from "../formats/selection.js";
import { attempt, guarded } from "../formats/tensorSource.js";
import { isTextFile } from "../models/ngram/isTextFile.js";
import { readTextFile } from "../models/readTextFile.js";
import { decimal, grouped } from "../text/numberText.js";

/** What a source gives: a prompt, numbers, or text to count n-grams in. Which of these is wanted, the parameters say. */
export type DecodingInput = {
  readonly name: string;
  /** The whole document; n-grams are counted in it. Empty where there is none. */
  readonly text: string;
  /** What is selected in it: the prompt, or the given numbers. */
  readonly ranges: readonly Span[];
  /** Whether places in the text are places in an editor. */
  readonly inEditor: boolean;
  /** The documents that an n-gram model is trained on. */
  readonly documents: readonly { readonly name: string; readonly text: string }[];
  /** What was read of a folder. */
  readonly notes?: readonly Problem[];
};

/** Files beyond this are not read as text. */
const LARGEST = 1 << 26;
/** Bytes at the beginning of a file among which a zero tells that it is no text. */
const LOOKED_AT = 8192;

/** Never throws; what a text means is decided by the run. */
export function* parseDecoding(source: Source): Generator<Progress, Parsed<DecodingInput>, void> {
  switch (source.kind) {
    case "text": {
      const { name, text } = source;
      return { ok: true, input: { name, text, ranges: selectionsOf(source), inEditor: true, documents: [{ name, text }] }, problems: [] };
    }
    case "bytes": {
      const { name, bytes } = source;
      if (bytes.size > LARGEST) return tooLarge(name, bytes.size);
      const text = yield* attempt(whole(readTextFile(bytes, name)), name);
      if (!text.ok) return text;
      return { ok: true, input: { name, text: text.input, ranges: [], inEditor: false, documents: [{ name, text: text.input }] }, problems: [] };
    }
    case "files":
      return yield* readFolder(source);
    case "builtin":
      return { ok: true, input: { name: source.name, text: "", ranges: [], inEditor: false, documents: [] }, problems: [] };
  }
}

/** The texts of a folder, file by file. One that is no text after all, or can't be read, is left out and counted. */
function* readFolder({ name: folder, files, left = [] }: FilesSource): Generator<Progress, Parsed<DecodingInput>, void> {
  const names = [...files.keys()].filter(isTextFile).sort();
  const size = names.reduce((sum, name) => sum + files.get(name)!.size, 0);
  if (size > LARGEST) return tooLarge(folder, size);
  const documents: { name: string; text: string }[] = [];
  let [done, bytes, binary, closed] = [0, 0, 0, 0];
  for (const name of names) {
    const file = files.get(name)!;
    const begun = done;
    done += file.size;
    const text = yield* inPart(attempt(whole(readText(file, name)), name), begun / size, file.size / size);
    if (!text.ok) closed++;
    else if (text.input === undefined) binary++;
    else {
      documents.push({ name, text: text.input });
      bytes += file.size;
    }
  }
  const all = [...left, { count: binary, reason: msg("without text") }, { count: closed, reason: msg("unreadable") }].filter(({ count }) => count > 0);
  return { ok: true, input: { name: folder, text: "", ranges: [], inEditor: false, documents, notes: [folderNote(folder, documents.length, bytes, all)] }, problems: [] };
}

/** What was read of a folder, and what was not and why. */
function folderNote(folder: string, files: number, bytes: number, left: readonly LeftOut[]): Problem {
  const size = bytes < 1e6 ? msg("{0} kB", decimal(bytes / 1e3, 1)) : msg("{0} MB", decimal(bytes / 1e6, 1));
  const read = files === 1 ? msg("Counted in 1 file of {0}, {1}.", folder, size) : msg("Counted in {0} files of {1}, {2}.", grouped(files), folder, size);
  const parts = left.map(({ count, reason }) => msg("{0} {1}", grouped(count), reason));
  const told = parts.length === 0 ? read : msg("{0} Left out: {1}.", read, parts.reduce((line, part) => msg("{0}; {1}", line, part)));
  return { severity: "info", prominent: true, message: told, fixes: [{ label: msg("Choose another folder…"), params: {}, choose: "textFolder" }] };
}

/** The text of a file; undefined where it is none. */
function* readText(file: ByteSource, name: string): Generator<Progress, string | undefined, void> {
  const head = file.size === 0 ? new Uint8Array(0) : guarded(file, name).read(0, Math.min(LOOKED_AT, file.size));
  // UTF-16 has zeros in the letters of most languages, but begins with a mark.
  const marked = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return !marked && head.includes(0) ? undefined : yield* readTextFile(file, name);
}

/** A step's own progress as a part of the whole. */
function* inPart<T>(steps: Generator<Progress, T, void>, from: number, share: number): Generator<Progress, T, void> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield { ...next.value, fraction: from + share * next.value.fraction };
  }
}

function* whole<T>(reading: Generator<Progress, T, void>): Generator<Progress, Parsed<T>, void> {
  return { ok: true, input: yield* reading, problems: [] };
}

function tooLarge(name: string, size: number): Parsed<DecodingInput> {
  const message = msg("{0} holds {1} MB of text, and at most {2} MB are counted. Choose less.", name, Math.ceil(size / 2 ** 20), LARGEST / 2 ** 20);
  return { ok: false, problems: [{ severity: "error", title: msg("Too much text"), message, fixes: [{ label: msg("Choose another folder…"), params: {}, choose: "textFolder" }] }] };
}
