import { msg, type Progress } from "../../contract/index.js";
import { isBlank } from "../../formats/cell.js";
import { isWord } from "../../formats/literalScan.js";
import { isCode } from "../../formats/looks.js";
import { textOf } from "../../formats/number.js";
import { ListScanner } from "./listScanner.js";
import { RowScanner } from "./rowScanner.js";
import { csvVectors } from "./csvVectors.js";
import { VectorList, type DocumentVectors } from "./vectorList.js";

/** Characters looked at between two yields: about a millisecond. */
const SLICE = 1 << 16;
const HASH_COMMENTS = new Set(["python", "r", "julia", "ruby", "perl", "yaml", "shellscript", "toml"]);

/**
 * Finds the vectors of a document: lists of numbers in programs and JSON, rows of tables in CSV and TSV, both in plain
 * text and Markdown. Linear in the text; no text is an error. A vector has two numbers or more.
 */
export function* documentVectors(text: string, languageId: string): Generator<Progress, DocumentVectors, void> {
  const chars = yield* codesOf(text);
  const found = new VectorList();
  const code = isCode(languageId) || languageId.startsWith("json");
  const table = /\b[ct]sv\b/.test(languageId);
  if (table) yield* csvVectors(text, chars, found);
  // A table without rows of numbers may still be lists, one a line.
  if (!table || found.n === 0) {
    const lists = new ListScanner(chars, found, { code, hash: HASH_COMMENTS.has(languageId) });
    const rows = code || table ? undefined : new RowScanner(chars, found);
    for (let pause = SLICE, fresh = true; lists.pos < chars.length; ) {
      if (lists.pos >= pause) {
        pause = lists.pos + SLICE;
        yield { fraction: lists.pos / chars.length, message: msg("Reading line {0}", lists.line) };
      }
      if (rows && fresh && takeRow(chars, lists, rows)) continue;
      const code = chars[lists.pos];
      fresh = code === 10 || code === 13;
      lists.step();
    }
  }
  return found.finish();
}

/** Reads the line that begins here as a row, unless it is a part of a list. */
function takeRow(chars: Uint16Array, lists: ListScanner, rows: RowScanner): boolean {
  if (!lists.outside) return false;
  const start = lists.pos;
  let end = start;
  while (end < chars.length && chars[end] !== 10 && chars[end] !== 13) end++;
  if (lists.line === 1 && isCount(chars, start, end)) {
    lists.pos = end;
    return true;
  }
  if (beginsList(chars, start, end) || !rows.read(start, end, lists.line)) return false;
  lists.drop();
  lists.pos = end;
  return true;
}

/** Whether a first line only counts what follows: "400000 300", as word2vec writes it before the words. */
function isCount(chars: Uint16Array, start: number, end: number): boolean {
  return end - start < 24 && /^\d+ \d+\s*$/.test(textOf(chars, start, end)) && isLetter(chars[end + (chars[end] === 13 ? 2 : 1)]);

  function isLetter(code: number | undefined): boolean {
    return code !== undefined && code > 64 && isWord(code);
  }
}

/**
 * Whether a line opens a list that goes on, as numpy prints it: "[ 0.1 0.2" with more numbers below. A word vector may be
 * the one of a bracket too: "[ 0.1 0.2" with another word below.
 */
function beginsList(chars: Uint16Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && isBlank(chars[i])) i++;
  if (chars[i] !== 91 && chars[i] !== 40 && chars[i] !== 123) return false;
  for (let k = i + 1; k < end; k++) if (chars[k] === 93 || chars[k] === 41 || chars[k] === 125 || chars[k] === 91) return true;
  let next = end;
  while (next < chars.length && (chars[next] === 10 || chars[next] === 13 || isBlank(chars[next]))) next++;
  if (next >= chars.length) return true;
  let stop = next;
  while (stop < chars.length && chars[stop] !== 10 && chars[stop] !== 13) stop++;
  return /^(?:[+\-\u2212]?\.?\d|\](?![ \t]*[+\-\u2212]?\.?\d))/.test(textOf(chars, next, Math.min(stop, next + 40)));
}

function* codesOf(text: string): Generator<Progress, Uint16Array, void> {
  const chars = new Uint16Array(text.length);
  for (let from = 0; from < text.length; ) {
    const to = Math.min(text.length, from + 4 * SLICE);
    for (let i = from; i < to; i++) chars[i] = text.charCodeAt(i);
    from = to;
    yield { fraction: 0, message: msg("Reading line {0}", 1) };
  }
  return chars;
}
