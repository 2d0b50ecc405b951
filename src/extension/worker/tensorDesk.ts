import { msg, type ByteSource, type Parsed, type Problem, type Progress } from "../../core/contract/index.js";
import { makeInflater } from "../../core/formats/inflater.js";
import { readHalves } from "../../core/formats/integerHalves.js";
import { openNpz } from "../../core/formats/npz.js";
import { openSafetensors } from "../../core/formats/safetensors.js";
import { openNpy } from "../../core/formats/tensorNpy.js";
import type { Tensor, TensorFile } from "../../core/formats/tensorFile.js";
import type { Statistics } from "../../core/formats/tensorStatistics.js";
import { tableRefusal } from "../../core/formats/tensorTable.js";
import { dtypeSizes, type DType } from "../../core/formats/tensorTypes.js";
import { clipped } from "../../core/formats/tensorWindow.js";
import type { StoreSpec, TensorAnswer, TensorInfo, TensorQuestion, TensorWindow } from "../../core/protocol.js";
import { openBinaryTensor, type BinaryTensor } from "../../core/vectors/files/binaryTensor.js";
import { readWords } from "../../core/vectors/files/words.js";
import { FileError, memorySource, openBeside, openFile } from "./files.js";
import { Shared } from "./shared.js";

/** Windows are read from all over a file: a block of read-ahead that is larger would mostly be in vain. */
const readAhead = 1 << 16;
/** Unpacked bytes that the arrays of an archive may keep before they are let go of. */
const mostUnpacked = 2 ** 28;
/** Cells of the largest window. */
const mostCells = 2 ** 22;
/** Bytes of the largest file of words beside an array: they are read before the first window is shown. */
const mostWords = 2 ** 23;
/** Doubles above hold no longer every whole number. */
const exactBelow = 2 ** 53;

type Contents = { readonly file: TensorFile; readonly words?: BinaryTensor["words"] };
type Held = {
  readonly version: string;
  readonly size: number;
  contents: Shared<Parsed<Contents>>;
  /** The packed arrays that were read, each of which keeps what it unpacked. */
  readonly unpacked: Set<number>;
  /** Opens the contents afresh. */
  again(): Shared<Parsed<Contents>>;
  /** The words of rows, where a file of them stands beside. */
  readonly words: Shared<readonly string[] | undefined>;
  /** By tensor; what was counted goes on where it was left. */
  readonly statistics: Map<number, Shared<Parsed<Statistics>, Statistics>>;
  close(): void;
};

/** Keeps the files of arrays that are looked at, and answers questions about them. */
export type TensorDesk = {
  /** @throws FileError when the file is gone or can't be read */
  ask(spec: StoreSpec, question: TensorQuestion): Generator<Progress<Statistics>, Parsed<TensorAnswer>, void>;
  release(uri: string): void;
};

export function createTensorDesk(): TensorDesk {
  const files = new Map<string, Held>();

  function release(uri: string): void {
    files.get(uri)?.close();
    files.delete(uri);
  }

  /** The file as it is now; undefined when its bytes have to be sent. */
  function hold(spec: StoreSpec): Held | undefined {
    const held = files.get(spec.uri);
    const source = sourceOf(spec);
    if (!source || held?.version === source.version) {
      source?.close();
      return held;
    }
    release(spec.uri);
    const again = () => new Shared(openContents(source.bytes, spec.name));
    const { version, bytes, close } = source;
    const made: Held = { version, close, size: bytes.size, contents: again(), again, unpacked: new Set(), words: new Shared(wordsBeside(spec)), statistics: new Map() };
    files.set(spec.uri, made);
    return made;
  }

  function* open(spec: StoreSpec): Generator<Progress, Parsed<TensorAnswer>, void> {
    const held = hold(spec);
    if (!held) return answered({ kind: "resend" });
    const parsed = yield* held.contents.wait();
    if (!parsed.ok) return parsed;
    const { file } = parsed.input;
    const tensors = file.tensors.map(infoOf);
    return answered({ kind: "opened", format: file.format, version: held.version, size: held.size, tensors, metadata: [...file.metadata], problems: parsed.problems });
  }

  function* ask(spec: StoreSpec, question: TensorQuestion): Generator<Progress<Statistics>, Parsed<TensorAnswer>, void> {
    if (question.kind === "open") return yield* open(spec);
    const held = hold(spec);
    if (!held) return answered({ kind: "resend" });
    if (held.version !== question.version) return answered({ kind: "changed" });
    const parsed = yield* contentsFor(held, question.tensor);
    if (!parsed.ok) return parsed;
    const tensor = parsed.input.file.tensors[question.tensor];
    if (!tensor) return answered({ kind: "changed" });
    if (question.kind === "window") return yield* readWindow(parsed.input, tensor, question, held.words);
    let statistics = held.statistics.get(question.tensor);
    if (!statistics) {
      statistics = new Shared(parsed.input.file.statistics(tensor));
      held.statistics.set(question.tensor, statistics);
    }
    const counted = yield* statistics.wait();
    if (counted.ok) return answered({ kind: "statistics", statistics: counted.input });
    held.statistics.delete(question.tensor);
    return counted;
  }

  return { ask, release };
}

function answered(input: TensorAnswer): Parsed<TensorAnswer> {
  return { ok: true, input, problems: [] };
}

type Source = { readonly version: string; readonly bytes: ByteSource; close(): void };

/** @throws FileError */
function sourceOf(spec: StoreSpec): Source | undefined {
  if (spec.kind === "bytes") return spec.bytes && { version: `${spec.modified} ${spec.bytes.length}`, bytes: memorySource(spec.bytes), close() {} };
  const file = openFile(spec.path, spec.name, readAhead);
  return { version: `${file.modified} ${file.size}`, bytes: file, close: () => file.close() };
}

/** The contents, in which an archive's other arrays have let go of what they unpacked when this one needs the room. */
function* contentsFor(held: Held, tensor: number): Generator<Progress, Parsed<Contents>, void> {
  const parsed = yield* held.contents.wait();
  if (!parsed.ok || parsed.input.file.format !== "npz" || held.unpacked.has(tensor)) return parsed;
  const { tensors } = parsed.input.file;
  let bytes = 0;
  for (const each of [...held.unpacked, tensor]) if (tensors[each]) bytes += tensors[each].size * dtypeSizes[tensors[each].dtype];
  const full = held.unpacked.size > 0 && bytes > mostUnpacked;
  if (full) {
    held.unpacked.clear();
    held.contents = held.again();
  }
  held.unpacked.add(tensor);
  return full ? yield* held.contents.wait() : parsed;
}

/** Opens a file by its first bytes, or else by its name. */
function* openContents(bytes: ByteSource, name: string): Generator<Progress, Parsed<Contents>, void> {
  const simple = (parsed: Parsed<TensorFile>): Parsed<Contents> => (parsed.ok ? { ...parsed, input: { file: parsed.input } } : parsed);
  const head = bytes.read(0, Math.min(4, bytes.size));
  const begins = (...codes: number[]): boolean => codes.every((code, i) => head[i] === code);
  const ending = /\.([^.]*)$/.exec(name)?.[1].toLowerCase();
  if (bytes.size === 0) return refused({ severity: "error", message: msg("{0} is empty. Save an array into it.", name) });
  if (ending === "safetensors") return simple(yield* openSafetensors(bytes, name));
  if (begins(0x93, 0x4e, 0x55, 0x4d)) return simple(yield* openNpy(bytes, name));
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6) || ending === "npz") return simple(yield* openNpz(bytes, name, makeInflater));
  if (ending === "npy") return simple(yield* openNpy(bytes, name));
  return yield* openBinaryTensor(bytes, name);
}

function refused(problem: Problem): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [problem] };
}

/** The words that stand in a file beside one of arrays. A file that can't be read names no rows: it may be about something else. */
function* wordsBeside(spec: StoreSpec): Generator<Progress, readonly string[] | undefined, void> {
  if (spec.kind !== "file") return undefined;
  const beside = openBeside(spec);
  try {
    const [first] = beside;
    if (!first || first[1].size > mostWords) return undefined;
    const parsed = yield* readWords(first[1], first[0]);
    return parsed.ok ? parsed.input : undefined;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  } finally {
    for (const each of beside.values()) each.close();
  }
}

function* readWindow(
  { file, words }: Contents, tensor: Tensor, { plane, window }: Extract<TensorQuestion, { kind: "window" }>, beside: Held["words"],
): Generator<Progress, Parsed<TensorAnswer>, void> {
  const asked = clipped(tensor, window, plane);
  if (asked.rowCount * asked.colCount > mostCells) throw new RangeError(`A window of ${asked.rowCount} × ${asked.colCount} cells is more than can be shown.`);
  const { rowStart, rowCount, colStart, colCount } = asked;
  const single = fitsSingle(tensor.dtype);
  const read = single ? yield* file.read(tensor, rowStart, rowCount, colStart, colCount, plane) : yield* file.readDoubles(tensor, asked, plane);
  if (!read.ok) return read;
  const answer: { -readonly [K in keyof TensorWindow]: TensorWindow[K] } = { kind: "window", window: asked, values: read.input };
  if (/int64/.test(tensor.dtype) && read.input.some((value) => Math.abs(value) >= exactBelow)) {
    const halves = yield* readHalves(file, tensor, asked, plane);
    if (!halves.ok) return halves;
    answer.halves = halves.input;
  }
  // Words are those of the first axis, which may lie across.
  if (plane.rowAxis === 0 && words) {
    const labels = yield* words(rowStart, rowCount);
    if (!labels.ok) return labels;
    answer.labels = labels.input;
  } else if (plane.rowAxis === 0) {
    const labels = yield* beside.wait();
    if (labels?.length === tensor.shape[0]) answer.labels = labels.slice(rowStart, rowStart + rowCount);
  }
  return answered(answer);
}

/** Whether single precision holds every number of the type. */
function fitsSingle(dtype: DType): boolean {
  return dtypeSizes[dtype] < 4 || dtype === "float32";
}

function infoOf(tensor: Tensor): TensorInfo {
  const { name, dtype, descr, shape, order, littleEndian, size } = tensor;
  const noTable = tableRefusal(tensor);
  const noRows = rowsRefusal(tensor);
  return { name, dtype, descr, shape, order, littleEndian, size, bytes: size * dtypeSizes[dtype], ...(noTable ? { noTable } : {}), ...(noRows ? { noRows } : {}) };
}

/** Why an array's rows are no vectors; undefined when they are. */
function rowsRefusal({ name, shape, size }: Tensor): TensorInfo["noRows"] {
  if (shape.length !== 2) return msg("Vectors are the rows of an array of two dimensions; {0} has {1}. Save it as rows: x.reshape(len(x), -1).", name, shape.length);
  return size === 0 ? msg("{0} is empty, so it has no rows to compare.", name) : undefined;
}

