import { msg, type ByteSource, type Message, type Parsed, type Progress } from "../../contract/index.js";
import { binaryProblem } from "../../formats/binary.js";
import type { MakeInflater } from "../../formats/inflate.js";
import { openNpz } from "../../formats/npz.js";
import { openSafetensors } from "../../formats/safetensors.js";
import type { TensorFile } from "../../formats/tensorFile.js";
import { openNpy } from "../../formats/tensorNpy.js";
import { attempt, guarded, refuse, slice } from "../../formats/tensorSource.js";
import type { VectorStore } from "../store.js";
import { readBinaryVectors } from "./binaryVectors.js";
import { delimiterOf, readDelimitedVectors } from "./delimitedVectors.js";
import { readJsonVectors } from "./jsonVectors.js";
import { LineTooLong } from "./lines.js";
import { readMatrixVectors, type WordsFile } from "./matrixVectors.js";
import { readTextVectors } from "./textVectors.js";
import { decodeWord } from "./utf8.js";
import { wordsNames } from "./wordsNames.js";

export type VectorFormat = "npy" | "npz" | "safetensors" | "json" | "binary" | "text" | "delimited";

/** A file of vectors and those of its neighbours that may hold its words, by name. */
export type VectorFiles = {
  readonly name: string;
  readonly bytes: ByteSource;
  readonly beside?: ReadonlyMap<string, ByteSource>;
};

export type VectorFileOptions = {
  /** For the deflated arrays of .npz. */
  readonly makeInflater: MakeInflater;
  /** The array to take from a file of several. */
  readonly tensor?: string;
};

/**
 * Reads word vectors from a file of any of the formats, told by its first bytes rather than by its name. Never throws:
 * what is wrong with the file is a problem with its remedy.
 */
export function* readVectorFile(files: VectorFiles, options: VectorFileOptions): Generator<Progress, Parsed<VectorStore>, void> {
  return yield* attempt(read(files, options), files.name);
}

function* read(files: VectorFiles, options: VectorFileOptions): Generator<Progress, Parsed<VectorStore>, void> {
  const { name } = files;
  const file = guarded(files.bytes, name);
  // A byte order mark is no part of the first word.
  const marked = [0xef, 0xbb, 0xbf].every((byte, i) => file.size > 3 && file.read(0, 3)[i] === byte);
  const bytes = marked ? slice(file, 3, file.size - 3) : file;
  const format = sniffVectors(bytes, name);
  switch (format) {
    case "npy":
    case "npz":
    case "safetensors": {
      const opened = yield* openTensors(bytes, name, format, options.makeInflater);
      if (!opened.ok) return opened;
      const parsed = yield* readMatrixVectors(opened.input, wordsBeside(files), options.tensor);
      return { ...parsed, problems: [...opened.problems, ...parsed.problems] };
    }
    case "json":
      return yield* readJsonVectors(bytes);
    case "binary":
      return yield* readBinaryVectors(bytes);
    case "text":
      return yield* readTextVectors(bytes);
    case "delimited":
      return yield* readDelimitedVectors(bytes);
    default:
      return refuse(format);
  }
}

/** Opens a file of arrays whose format is known. */
export function openTensors(bytes: ByteSource, name: string, format: "npy" | "npz" | "safetensors", makeInflater: MakeInflater): Generator<Progress, Parsed<TensorFile>, void> {
  if (format === "npz") return openNpz(bytes, name, makeInflater);
  return format === "npy" ? openNpy(bytes, name) : openSafetensors(bytes, name);
}

function wordsBeside({ name, beside }: VectorFiles): WordsFile | undefined {
  for (const each of wordsNames(name)) {
    const bytes = beside?.get(each);
    if (bytes) return { name: each, bytes: guarded(bytes, each) };
  }
  return undefined;
}

/** The format of a file, or why it is none. @throws SourceFault */
export function sniffVectors(bytes: ByteSource, name: string): VectorFormat | Message {
  if (bytes.size === 0) return msg("{0} is empty. Choose a file of word vectors.", name);
  const head = bytes.read(0, Math.min(4096, bytes.size));
  const begins = (...codes: number[]): boolean => codes.every((code, i) => head[i] === code);
  const ending = /\.([^.]*)$/.exec(name)?.[1].toLowerCase();
  if (begins(0x93, 0x4e, 0x55, 0x4d) || ending === "npy") return "npy";
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6) || ending === "npz") return "npz";
  if (ending === "safetensors" || (head.length > 8 && head[8] === 0x7b && head[6] === 0 && head[7] === 0)) return "safetensors";
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) return msg("{0} is UTF-16 text. Save it as UTF-8.", name);
  if (/^\d+ \d+\s*\n/.test(decodeWord(head, 0, Math.min(64, head.length)))) return ending === "bin" || controls(head) ? "binary" : "text";
  const binary = binaryProblem(head, name);
  if (binary) return binary.message;
  if (/^(?:json|jsonl|ndjson)$/.test(ending ?? "") || looksJson(head)) return "json";
  if (ending === "csv" || ending === "tsv") return "delimited";
  // A word may be a comma: only where blanks don't separate numbers is it looked for other separators.
  if (looksBlank(head)) return "text";
  try {
    return delimiterOf(bytes) > 0 ? "delimited" : "text";
  } catch (error) {
    if (error instanceof LineTooLong) return "text";
    throw error;
  }
}

/** Whether bytes hold what text does not. */
function controls(head: Uint8Array): boolean {
  return head.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13);
}

function looksJson(head: Uint8Array): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*\{)/.test(decodeWord(head, 0, Math.min(200, head.length)));
}

/** Whether the first whole line ends in two numbers with blanks between, as in GloVe's files. */
function looksBlank(head: Uint8Array): boolean {
  const end = head.indexOf(10);
  const line = decodeWord(head, 0, end < 0 ? head.length : end);
  return /[ \t][+-]?[\d.]+(?:e[+-]?\d+)?[ \t]+[+-]?[\d.]+(?:e[+-]?\d+)?\s*$/i.test(line);
}
