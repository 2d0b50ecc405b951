import { msg, type ByteSource, type Message, type Parsed, type Progress } from "../contract/index.js";
import { openBinaryTensor } from "../vectors/files/binaryTensor.js";
import { doublesToShare } from "../kernels/crew.js";
import { makeInflater } from "./inflater.js";
import { MOST_COLUMNS } from "./npy.js";
import { arrayTable } from "./npyTable.js";
import { openNpz } from "./npz.js";
import { openSafetensors } from "./safetensors.js";
import type { Table } from "./table.js";
import { shapeText, type Tensor, type TensorFile } from "./tensorFile.js";
import { refuse } from "./tensorSource.js";

/** Elements read at once. */
const SLICE = 1 << 18;
/** Numbers that a table may hold: 2 GB in double precision. */
const MOST_NUMBERS = 2 ** 28;

/**
 * Reads one array of a .npz, .safetensors or word2vec .bin file as a table: one dimension is one column. Without a name
 * the file's only array of one or two dimensions.
 */
export function* readTensorTable(bytes: ByteSource, name: string, part: string | undefined): Generator<Progress, Parsed<Table>, void> {
  const opened = yield* open(bytes, name);
  if (!opened.ok) return opened;
  const tensor = choose(opened.input, part);
  if ("text" in tensor) return refuse(tensor);
  const refusal = tableRefusal(tensor);
  if (refusal) return refuse(refusal);
  const columns = yield* readColumns(opened.input, tensor);
  if (!columns.ok) return columns;
  return yield* arrayTable(tensor.shape[0], columns.input, opened.input.format);
}

function* open(bytes: ByteSource, name: string): Generator<Progress, Parsed<TensorFile>, void> {
  if (/\.npz$/i.test(name)) return yield* openNpz(bytes, name, makeInflater);
  if (/\.safetensors$/i.test(name)) return yield* openSafetensors(bytes, name);
  const opened = yield* openBinaryTensor(bytes, name);
  return opened.ok ? { ...opened, input: opened.input.file } : opened;
}

/** Why an array is no table; undefined when it is one. */
export function tableRefusal({ name, shape, size }: Pick<Tensor, "name" | "shape" | "size">): Message | undefined {
  const dimensions = shape.length;
  if (dimensions === 0) return msg("{0} is a single number (0-D). A table needs two numbers at least.", name);
  if (dimensions > 2) return msg("{0} has {1} dimensions, {2}; a table has one or two. Save it as rows: x.reshape(len(x), -1).", name, dimensions, shapeText(shape));
  if (size === 0) return msg("{0} is empty: its shape is {1}. Choose an array that holds numbers.", name, shapeText(shape));
  if (size < 2) return msg("{0} has only one number. A table needs two at least.", name);
  if (size > MOST_NUMBERS) return msg("{0} has {1} numbers; at most {2} fit into memory as a table. Save fewer rows: x[:100000].", name, size, MOST_NUMBERS);
  const width = shape[1] ?? 1;
  if (width > MOST_COLUMNS) return msg("{0} has {1} columns; at most {2} can be read. Save fewer: x[:, :100], or its transpose x.T.", name, width, MOST_COLUMNS);
  return undefined;
}

function choose({ tensors }: TensorFile, part: string | undefined): Tensor | Message {
  const names = (list: readonly Tensor[]): string => {
    const shown = list.slice(0, 8).map(({ name, shape }) => `${name} ${shapeText(shape)}`);
    return shown.join(", ") + (list.length > shown.length ? " …" : "");
  };
  if (part !== undefined) return tensors.find(({ name }) => name === part) ?? msg("The file has no array {0}. Choose one of: {1}.", part, names(tensors));
  const fitting = tensors.filter((tensor) => tableRefusal(tensor) === undefined);
  if (fitting.length === 1) return fitting[0];
  if (tensors.length === 1) return tensors[0];
  if (fitting.length === 0) return msg("The file has no array of one or two dimensions. Its arrays: {0}.", names(tensors));
  return msg("The file has {0} arrays, so it is not clear which is meant. Choose one of: {1}.", fitting.length, names(fitting));
}

/** The columns in double precision, read along the file's own order. */
function* readColumns(file: TensorFile, tensor: Tensor): Generator<Progress, Parsed<Float64Array[]>, void> {
  const rows = tensor.shape[0];
  const width = tensor.shape[1] ?? 1;
  const columns = Array.from({ length: width }, () => doublesToShare(rows));
  const plane = { rowAxis: 0, colAxis: tensor.shape.length === 1 ? -1 : 1, index: tensor.shape.map(() => 0) };
  const byColumn = tensor.order === "F";
  const rowStep = byColumn ? rows : Math.max(1, Math.floor(SLICE / width));
  const colStep = byColumn ? Math.max(1, Math.floor(SLICE / rows)) : width;
  for (let rowStart = 0; rowStart < rows; rowStart += rowStep) {
    for (let colStart = 0; colStart < width; colStart += colStep) {
      const rowCount = Math.min(rowStep, rows - rowStart);
      const colCount = Math.min(colStep, width - colStart);
      const read = yield* file.readDoubles(tensor, { rowStart, rowCount, colStart, colCount }, plane);
      if (!read.ok) return read;
      const values = read.input;
      for (let c = 0; c < colCount; c++) {
        const column = columns[colStart + c];
        for (let r = 0; r < rowCount; r++) column[rowStart + r] = values[r * colCount + c];
      }
      yield { fraction: Math.min(1, (rowStart + rowCount * ((colStart + colCount) / width)) / rows), message: msg("Reading the array") };
    }
  }
  return { ok: true, input: columns, problems: [] };
}
