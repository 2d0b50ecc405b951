import { msg, type ByteSource, type Message, type Parsed, type Progress } from "../contract/index.js";
import { doublesToShare } from "../kernels/crew.js";
import { readNpyHeader, type NpyHeader } from "./npyHeader.js";
import { decode, type DType } from "./tensorTypes.js";

export { readNpyHeader, type NpyHeader } from "./npyHeader.js";

/** An array of any number of dimensions. */
export type NpyArray = {
  readonly header: NpyHeader;
  /** In row-major order whatever the file's order. 64-bit integers are rounded to doubles. */
  readonly values: Float64Array;
};
/** An array of one or two dimensions by columns. */
export type NpyColumns = { readonly header: NpyHeader; readonly rows: number; readonly columns: readonly Float64Array[] };

/** Bytes read and converted between two yields. */
const SLICE = 1 << 20;

/**
 * Reads a .npy file of one or two dimensions as columns (a 1-D array is one column). Memory is the columns and one slice
 * of the file. What can't be read is one problem with its remedy.
 */
export function* readNpy(bytes: ByteSource): Generator<Progress, Parsed<NpyColumns>, void> {
  const header = checkedHeader(bytes);
  if ("error" in header) return refuse(header.error);
  const { shape } = header;
  if (shape.length === 0) {
    return refuse(msg("This array is a single number (0-D). Save at least two numbers: np.save(\"x.npy\", np.atleast_1d(x))."));
  }
  if (shape.length > 2) {
    return refuse(
      msg("This array has {0} dimensions, {1}; one or two can be read. Save it as rows: np.save(\"x.npy\", x.reshape(len(x), -1)).", shape.length, shapeText(shape)),
    );
  }
  const rows = shape[0];
  const width = shape[1] ?? 1;
  if (rows * width === 0) return refuse(msg("This array is empty: its shape is {0}. Save one that holds numbers.", shapeText(shape)));
  if (width > MOST_COLUMNS) {
    return refuse(msg("This array has {0} columns; at most {1} can be read. Save fewer: np.save(\"x.npy\", x[:, :100]), or its transpose x.T.", width, MOST_COLUMNS));
  }
  const columns = Array.from({ length: width }, () => doublesToShare(rows));
  let row = 0;
  let column = 0;
  yield* convert(bytes, header, (values, count) => {
    if (width === 1 || header.fortranOrder) {
      for (let i = 0; i < count; ) {
        const n = Math.min(count - i, rows - row);
        columns[column].set(values.subarray(i, i + n), row);
        i += n;
        row += n;
        if (row === rows) {
          row = 0;
          column++;
        }
      }
      return;
    }
    for (let i = 0; i < count; i++) {
      columns[column][row] = values[i];
      if (++column === width) {
        column = 0;
        row++;
      }
    }
  });
  return { ok: true, input: { header, rows, columns }, problems: [] };
}

/** More columns than this are refused by every reader. */
export const MOST_COLUMNS = 20_000;

/** Reads a .npy file of any shape, 0-D too, into one row-major array. */
export function* readNpyArray(bytes: ByteSource): Generator<Progress, Parsed<NpyArray>, void> {
  const header = checkedHeader(bytes);
  if ("error" in header) return refuse(header.error);
  const { shape } = header;
  const size = shape.reduce((product, length) => product * length, 1);
  const values = new Float64Array(size);
  let at = 0;
  // In Fortran order the first index runs fastest: walk the indices and place each value.
  const index = new Array<number>(shape.length).fill(0);
  yield* convert(bytes, header, (read, count) => {
    for (let i = 0; i < count; i++) {
      let place = at;
      if (header.fortranOrder) {
        place = 0;
        for (let d = 0; d < shape.length; d++) place = place * shape[d] + index[d];
        for (let d = 0; d < shape.length && ++index[d] === shape[d]; d++) index[d] = 0;
      }
      values[place] = read[i];
      at++;
    }
  });
  return { ok: true, input: { header, values }, problems: [] };
}

function refuse(message: Message): { readonly ok: false; readonly problems: readonly [{ readonly severity: "error"; readonly message: Message }] } {
  return { ok: false, problems: [{ severity: "error", message }] };
}

function shapeText(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** The header, when the file is as long as it says, or why not. */
export function checkedHeader(bytes: ByteSource): NpyHeader | { readonly error: Message } {
  const header = readNpyHeader(bytes);
  if ("error" in header) return header;
  const { shape, itemSize, dataOffset } = header;
  const needed = shape.reduce((product, length) => product * length, itemSize);
  const there = bytes.size - dataOffset;
  if (there >= needed) return header;
  return {
    error: msg(
      "The header says {0}, which needs {1} bytes, but only {2} follow. The file is cut off or its header is wrong: copy or save it again.",
      `${shapeText(shape)} ${header.descr}`,
      needed,
      there,
    ),
  };
}

/** Reads the numbers slice by slice, in the file's order, as doubles. */
function* convert(bytes: ByteSource, header: NpyHeader, take: (values: Float64Array, count: number) => void): Generator<Progress, void, void> {
  const { shape, itemSize, dataOffset } = header;
  const total = shape.reduce((product, length) => product * length, 1);
  const perSlice = SLICE / 8;
  const values = new Float64Array(Math.min(perSlice, total));
  for (let done = 0; done < total; ) {
    const count = Math.min(perSlice, total - done);
    const raw = bytes.read(dataOffset + done * itemSize, count * itemSize);
    if (raw.length < count * itemSize) throw new RangeError("The file became shorter while it was read.");
    decode(raw, values, { dtype: dtypeOf(header), littleEndian: header.littleEndian, from: 0, stride: itemSize, count, at: 0, outStride: 1 });
    take(values, count);
    done += count;
    yield { fraction: done / total, message: msg("Reading the array") };
  }
}

/** The type of the numbers. */
export function dtypeOf({ kind, itemSize }: NpyHeader): DType {
  return kind === "b" ? "bool" : (`${kind === "f" ? "float" : kind === "i" ? "int" : "uint"}${8 * itemSize}` as DType);
}
