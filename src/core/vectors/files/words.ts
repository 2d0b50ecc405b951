import { msg, type ByteSource, type Parsed, type Progress } from "../../contract/index.js";
import { JsonFault, JsonScanner } from "../../formats/jsonScanner.js";
import { refuse } from "../../formats/tensorSource.js";
import { lineChunks, LineTooLong } from "./lines.js";
import { LONGEST_WORD } from "./problems.js";
import { decodeWord } from "./utf8.js";

/** More words have no place in a map of places. */
const MOST_WORDS = 1 << 24;

/** Reads words: one a line, or a JSON map of words to row numbers, as tokenizers' vocab.json is. */
export function* readWords(bytes: ByteSource, name: string): Generator<Progress, Parsed<readonly string[]>, void> {
  try {
    return /\.json$/i.test(name) ? yield* readMap(bytes, name) : yield* readLines(bytes, name);
  } catch (error) {
    if (error instanceof LineTooLong) return refuse(msg("{0}, line {1}: this is longer than a word. The file must hold one word a line.", name, error.line), error.line);
    if (error instanceof JsonFault) return refuse(msg("{0}, line {1}: “{2}” stands where “{3}” should. Correct the JSON.", name, error.line, error.found || msg("(the end)"), error.expected), error.line);
    throw error;
  }
}

function* readLines(source: ByteSource, name: string): Generator<Progress, Parsed<readonly string[]>, void> {
  const words: string[] = [];
  let skip = hasMark(source) ? 3 : 0;
  for (const { bytes, end, fraction } of lineChunks(source)) {
    for (let start = skip; start < end; ) {
      let stop = bytes.indexOf(10, start);
      if (stop < 0 || stop >= end) stop = end;
      const to = stop > start && bytes[stop - 1] === 13 ? stop - 1 : stop;
      if (to - start > LONGEST_WORD) return refuse(msg("{0}, line {1}: this is longer than a word. The file must hold one word a line.", name, words.length + 1), words.length + 1);
      words.push(decodeWord(bytes, start, to));
      if (words.length > MOST_WORDS) return refuse(msg("{0} has more than {1} words. Keep the first ones, and as many rows.", name, MOST_WORDS));
      start = stop + 1;
    }
    skip = 0;
    yield { fraction, message: msg("Reading words") };
  }
  // A blank line at the end is no word; one between words is kept, since each line stands for a row.
  while (words.length > 0 && words[words.length - 1] === "") words.pop();
  return { ok: true, input: words, problems: [] };
}

function hasMark(source: ByteSource): boolean {
  const head = source.read(0, Math.min(3, source.size));
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

function* readMap(source: ByteSource, name: string): Generator<Progress, Parsed<readonly string[]>, void> {
  const json = new JsonScanner(source);
  const found: string[] = [];
  const places: number[] = [];
  json.expect("{");
  for (let first = true; !json.took("}"); first = false) {
    if (!first) json.expect(",");
    const word = json.string();
    json.expect(":");
    const place = json.number();
    if (!(Number.isInteger(place) && place >= 0 && place < MOST_WORDS)) {
      return refuse(msg("{0}, line {1}: {2} has no row number. The map must give each word the number of its row, from 0.", name, json.line, word), json.line);
    }
    found.push(word);
    places.push(place);
    if (found.length % 4096 === 0) yield { fraction: json.fraction, message: msg("Reading words") };
  }
  const words = new Array<string>(found.length).fill("");
  const taken = new Uint8Array(found.length);
  for (const [i, place] of places.entries()) {
    if (place >= found.length || taken[place]) {
      return refuse(msg("{0}: the row numbers of its {1} words are not 0 to {2}, each once. Correct them.", name, found.length, found.length - 1));
    }
    taken[place] = 1;
    words[place] = found[i];
  }
  return { ok: true, input: words, problems: [] };
}
