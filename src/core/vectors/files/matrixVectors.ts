import { msg, type ByteSource, type Message, type Parsed, type Problem, type Progress } from "../../contract/index.js";
import { shapeText, type Tensor, type TensorFile } from "../../formats/tensorFile.js";
import { refuse } from "../../formats/tensorSource.js";
import { newRows, VectorStore } from "../store.js";
import { indexWords } from "../wordIndex.js";
import { countStrange, MOST_VALUES, notes } from "./problems.js";
import { readWords } from "./words.js";

/** Elements read at once. */
const SLICE = 1 << 20;

/** The words beside a matrix, and the name of their file. */
export type WordsFile = { readonly name: string; readonly bytes: ByteSource };

/**
 * A 2-D tensor's rows as the vectors of words, one a line of `beside` or an entry of its JSON map. Without a words file,
 * or with one of a general name that does not fit and so may belong to another file, rows are called by their number.
 * @param named the tensor to take; without it the only 2-D one, or the one that has as many rows as there are words
 */
export function* readMatrixVectors(file: TensorFile, beside: WordsFile | undefined, named?: string): Generator<Progress, Parsed<VectorStore>, void> {
  const problems: Problem[] = [];
  let words: readonly string[] | undefined;
  const general = beside !== undefined && /^(?:words\.txt|vocab\.(?:txt|json))$/.test(beside.name);
  if (beside) {
    const parsed = yield* readWords(beside.bytes, beside.name);
    if (!parsed.ok && !general) return parsed;
    if (parsed.ok) words = parsed.input;
    problems.push(...parsed.problems.map((problem): Problem => (parsed.ok ? problem : { ...problem, severity: "warning" })));
  }
  const tensor = choose(file, named, words?.length);
  if ("text" in tensor) return refuse(tensor);
  const [n, d] = tensor.shape;
  if (n === 0 || d === 0) return refuse(msg("The array {0} is empty: its shape is {1}. Choose one that holds numbers.", tensor.name, shapeText(tensor.shape)));
  if (words && beside && words.length !== n && general) {
    problems.push({ severity: "warning", message: msg("{0} has {1} words and the array {2} has {3} rows, so its rows are called by their number.", beside.name, words.length, tensor.name, n) });
    words = numbered(n);
  }
  if (words && beside && words.length !== n) {
    return refuse(msg("{0} has {1} words, but the array {2} has {3} rows. They must be as many: one word for each row, in the same order.", beside.name, words.length, tensor.name, n));
  }
  if (n * d > MOST_VALUES) return refuse(msg("{0} vectors of {1} dimensions are more than fit into memory at once. Save the first rows to a file of their own.", n, d));
  if (!words) {
    problems.push({ severity: "warning", message: msg("{0} has no words, so its rows are called by their number. Put words.txt beside the file: one word a line, {1} lines.", tensor.name, n) });
    words = numbered(n);
  }
  const values = newRows(n, d);
  const rows = tensor.order === "F" ? n : Math.max(1, Math.floor(SLICE / d));
  const cols = tensor.order === "F" ? Math.max(1, Math.floor(SLICE / n)) : d;
  let strange = 0;
  for (let row = 0; row < n; row += rows) {
    for (let col = 0; col < d; col += cols) {
      const whole = cols === d ? values.subarray(row * d) : undefined;
      const part = yield* file.read(tensor, row, rows, col, cols, undefined, whole);
      if (!part.ok) return part;
      strange += countStrange(part.input);
      if (part.input.buffer !== values.buffer) place(part.input, values, row * d + col, Math.min(cols, d - col), d);
      yield { fraction: Math.min(1, (row + (rows * (col + cols)) / d) / n), message: msg("Reading the array") };
    }
  }
  const store = new VectorStore(words, values, d, yield* indexWords(words));
  return { ok: true, input: store, problems: [...problems, ...notes(store, strange)] };
}

function numbered(n: number): string[] {
  return Array.from({ length: n }, (_, i) => String(i));
}

/** Copies rows of `width` into a matrix of rows of d. */
function place(part: Float32Array, values: Float32Array, at: number, width: number, d: number): void {
  if (width === d) values.set(part, at);
  else for (let r = 0; r * width < part.length; r++) values.set(part.subarray(r * width, (r + 1) * width), at + r * d);
}

function choose({ tensors }: TensorFile, named: string | undefined, words: number | undefined): Tensor | Message {
  if (named !== undefined) {
    const tensor = tensors.find(({ name }) => name === named);
    if (!tensor) return msg("The file has no array {0}. Choose one of: {1}.", named, listOf(tensors));
    return tensor.shape.length === 2 ? tensor : msg("The array {0} has shape {1}, but word vectors are rows: an array of two dimensions. Choose another.", named, shapeText(tensor.shape));
  }
  const matrices = tensors.filter(({ shape }) => shape.length === 2);
  if (matrices.length === 0) return msg("The file has no array of two dimensions, a row for each word. Its arrays: {0}.", listOf(tensors));
  const fitting = matrices.filter(({ shape }) => shape[0] === words);
  const candidates = fitting.length > 0 ? fitting : matrices;
  const embedding = candidates.filter(({ name }) => /embed|wte|word_vec|vectors/i.test(name));
  const best = candidates.length === 1 ? candidates : embedding;
  if (best.length === 1) return best[0];
  return msg("The file has {0} arrays of two dimensions, so it is not clear which holds the vectors. Choose one of: {1}.", candidates.length, listOf(candidates));
}

function listOf(tensors: readonly Tensor[]): string {
  const shown = tensors.slice(0, 8).map(({ name, shape }) => `${name} ${shapeText(shape)}`);
  return shown.join(", ") + (tensors.length > shown.length ? " …" : "");
}
