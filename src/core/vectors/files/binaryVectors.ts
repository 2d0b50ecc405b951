import { msg, type ByteSource, type Parsed, type Problem, type Progress } from "../../contract/index.js";
import { refuse } from "../../formats/tensorSource.js";
import { VectorStore } from "../store.js";
import { WordIndex } from "../wordIndex.js";
import { LONGEST_WORD, notes } from "./problems.js";
import { decodeWord } from "./utf8.js";

const CHUNK = 1 << 22;
/** Trained vectors stay far below; the bytes of numbers in the wrong order do not. */
const LARGEST = 1e9;
/** No tokenizer leaves them in a word; the bytes of numbers are full of them. */
// eslint-disable-next-line no-control-regex -- that is what is looked for
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** How many words are no words, where that are too many for a file whose first line tells the truth; else 0. */
export function garbledWords(words: readonly string[]): number {
  const garbled = words.filter((word) => CONTROLS.test(word)).length;
  return garbled > words.length / 10 ? garbled : 0;
}

/** What the first line of a word2vec .bin file promises, and where the words begin. */
export type BinaryHeader = { readonly n: number; readonly d: number; readonly start: number };

/** Reads the line "count dimensions", and refuses one that the rest of the file can't keep. */
export function binaryHeader(source: ByteSource): Parsed<BinaryHeader> {
  const head = source.read(0, Math.min(100, source.size));
  const lineEnd = head.indexOf(10);
  const match = /^(\d+) (\d+)\s*$/.exec(lineEnd < 0 ? "" : decodeWord(head, 0, lineEnd));
  if (!match) return refuse(msg("The file does not begin with a count of words and dimensions, so it is not word2vec's binary format."));
  const n = Number(match[1]);
  const d = Number(match[2]);
  // A word takes at least one byte and its space.
  const least = n * (4 * d + 2);
  if (n === 0 || d === 0) return refuse(msg("The first line promises {0} words of {1} dimensions, so the file holds no vectors. Save it again.", n, d));
  if (!Number.isSafeInteger(least) || least > source.size - lineEnd - 1) {
    return refuse(msg("The first line promises {0} words of {1} dimensions, which need {2} bytes or more, but only {3} follow. The file is cut off or its header is wrong: copy or save it again.", n, d, least, source.size - lineEnd - 1));
  }
  return { ok: true, input: { n, d, start: lineEnd + 1 }, problems: [] };
}

/**
 * Reads word2vec's binary format: a line "count dimensions", then for each word its bytes, a space and d little-endian
 * float32; Mikolov's own tool puts a line feed behind each vector, gensim none.
 */
export function* readBinaryVectors(source: ByteSource): Generator<Progress, Parsed<VectorStore>, void> {
  const header = binaryHeader(source);
  if (!header.ok) return header;
  const { n, d, start: begin } = header.input;
  const values = new Float32Array(n * d);
  const target = new Uint8Array(values.buffer);
  const words: string[] = [];
  const places = new WordIndex(words, n);
  const memory = new Uint8Array(Math.min(Math.max(CHUNK, 4 * d + LONGEST_WORD), source.size - begin));
  let at = begin;
  let strange = 0;
  let large = 0;
  while (words.length < n) {
    const bytes = source.read(at, Math.min(memory.length, source.size - at), memory);
    let i = 0;
    while (words.length < n) {
      let start = i;
      while (start < bytes.length && bytes[start] === 10) start++;
      const longest = Math.min(bytes.length, start + LONGEST_WORD + 1);
      let space = start;
      while (space < longest && bytes[space] !== 32) space++;
      if (space > start + LONGEST_WORD) {
        return refuse(msg("Word {0} of {1} is longer than {2} bytes, so the file is damaged or its first line promises the wrong number of dimensions ({3}). Copy or save it again.", words.length + 1, n, LONGEST_WORD, d));
      }
      if (space === longest || space + 1 + 4 * d > bytes.length) break;
      const row = words.length * d;
      target.set(bytes.subarray(space + 1, space + 1 + 4 * d), 4 * row);
      for (let j = row; j < row + d; j++) {
        if (Math.abs(values[j]) <= LARGEST) continue;
        if (Number.isFinite(values[j])) large++;
        else strange++;
      }
      words.push(decodeWord(bytes, start, space));
      places.add(words.length - 1);
      i = space + 1 + 4 * d;
    }
    if (i === 0) return refuse(msg("The file ends within word {0} of {1}. It is cut off: copy or save it again.", words.length + 1, n));
    at += i;
    yield { fraction: words.length / n, message: msg("{0} of {1} words read", words.length, n) };
  }
  const garbled = garbledWords(words);
  if (garbled > 0) {
    return refuse(msg("{0} of {1} words hold control characters, as when the first line promises the wrong number of dimensions ({2}). Correct it, or save the file again.", garbled, n, d));
  }
  if (strange + large > (n * d) / 100) {
    return refuse(msg("{0} of {1} numbers are absurdly large or not finite, as when the bytes of each number stand in the other order (big-endian). Save the vectors as little-endian float32.", strange + large, n * d));
  }
  const store = new VectorStore(words, values, d, places);
  const problems: Problem[] = [...notes(store, strange)];
  const left = source.size - at;
  if (left > 1) problems.push({ severity: "warning", message: msg("The first line promises {0} words, but {1} more bytes follow the last, which were left out. Its count or dimensions may be wrong.", n, left) });
  return { ok: true, input: store, problems };
}
