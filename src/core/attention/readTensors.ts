import { msg, type BytesSource, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { makeInflater } from "../formats/inflater.js";
import { openNpz } from "../formats/npz.js";
import { openSafetensors } from "../formats/safetensors.js";
import { shapeText, type Tensor, type TensorFile } from "../formats/tensorFile.js";
import { openNpy } from "../formats/tensorNpy.js";
import { refuse } from "../formats/tensorSource.js";
import { wordsNames } from "../vectors/files/wordsNames.js";
import { readWords } from "../vectors/files/words.js";
import type { Holdings, NamedArray } from "./readArrays.js";

/** Numbers that are read at most: 1 GB in single precision. */
export const MOST_NUMBERS = 2 ** 28;
/** More dimensions no array of attention has: layers, texts, heads, queries, keys. */
const MOST_DIMENSIONS = 5;

/**
 * The arrays of a .npy, .npz or .safetensors file, or the one that `part` names. Tokens come from the notes of a .safetensors
 * file (`save_file(…, metadata={"tokens": json.dumps(tokens)})`), or from a file of words beside.
 */
export function* readTensors(source: BytesSource): Generator<Progress, Parsed<Holdings>, void> {
  const { bytes, name, part, beside } = source;
  const opened = /\.npy$/i.test(name) ? yield* openNpy(bytes, name)
    : /\.npz$/i.test(name) ? yield* openNpz(bytes, name, makeInflater)
    : yield* openSafetensors(bytes, name);
  if (!opened.ok) return opened;
  const file = opened.input;
  const chosen = part === undefined ? file.tensors : file.tensors.filter((tensor) => tensor.name === part);
  if (chosen.length === 0) return refuse(msg("{0} has no array {1}. It has: {2}.", name, part ?? "", listed(file.tensors)));
  const wanted = chosen.filter(({ shape, size }) => size > 0 && shape.length > 0 && shape.length <= MOST_DIMENSIONS);
  if (wanted.length === 0) return refuse(msg("{0} has no array of one to {1} dimensions with numbers in it. It has: {2}.", name, MOST_DIMENSIONS, listed(chosen)));
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST_NUMBERS) return refuse(msg("{0} has {1} numbers; at most {2} fit into memory here. Save fewer layers, such as x[:4], or a shorter text.", name, total, MOST_NUMBERS));
  const arrays: NamedArray[] = [];
  for (const tensor of wanted) {
    const values = yield* readAll(file, tensor);
    if (!values.ok) return values;
    // A .npy file's array is called as the file is, which says nothing about what it is.
    arrays.push({ name: file.format === "npy" ? "" : tensor.name, shape: tensor.shape, values: values.input });
  }
  const words = new Map<string, readonly string[]>();
  const problems: Problem[] = [...opened.problems];
  for (const [key, note] of file.metadata) {
    const list = textsIn(note);
    if (list) words.set(key.toLowerCase(), list);
  }
  for (const each of words.has("tokens") ? [] : wordsNames(name)) {
    const found = beside?.get(each);
    if (!found) continue;
    const read = yield* readWords(found, each);
    if (read.ok) words.set("tokens", read.input);
    else problems.push(...read.problems.map((problem) => ({ ...problem, severity: "warning" as const })));
    break;
  }
  return { ok: true, input: { arrays, words, flags: new Map() }, problems };
}

/** A whole array, plane by plane. */
function* readAll(file: TensorFile, tensor: Tensor): Generator<Progress, Parsed<Float32Array>, void> {
  const { shape, size } = tensor;
  const columns = shape[shape.length - 1];
  const rows = shape.length > 1 ? shape[shape.length - 2] : 1;
  const values = new Float32Array(size);
  const index = shape.map(() => 0);
  for (let at = 0; at < size; at += rows * columns) {
    const plane = { rowAxis: shape.length - 2, colAxis: shape.length - 1, index: [...index] };
    const read = yield* readPlane(file, tensor, rows, columns, plane);
    if (!read.ok) return read;
    values.set(read.input, at);
    for (let axis = shape.length - 3; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
    yield { fraction: (at + rows * columns) / size, message: msg("Reading the array") };
  }
  return { ok: true, input: values, problems: [] };
}

/** A plane may be larger than one window of a file. */
function* readPlane(file: TensorFile, tensor: Tensor, rows: number, columns: number, plane: { rowAxis: number; colAxis: number; index: number[] }): Generator<Progress, Parsed<Float32Array>, void> {
  const perPiece = Math.max(1, Math.floor(2 ** 24 / columns));
  if (rows <= perPiece) return yield* file.read(tensor, 0, rows, 0, columns, plane);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += perPiece) {
    const read = yield* file.read(tensor, row, Math.min(perPiece, rows - row), 0, columns, plane);
    if (!read.ok) return read;
    values.set(read.input, row * columns);
  }
  return { ok: true, input: values, problems: [] };
}

/** A JSON list of texts in a note. */
function textsIn(note: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(note);
    return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

function listed(tensors: readonly Pick<Tensor, "name" | "shape">[]): string {
  const shown = tensors.slice(0, 8).map(({ name, shape }) => `${name} ${shapeText(shape)}`);
  return shown.join(", ") + (tensors.length > shown.length ? " …" : "");
}
