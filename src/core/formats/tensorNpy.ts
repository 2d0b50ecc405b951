import { msg, type Message, type Parsed, type Progress } from "../contract/index.js";
import { checkedHeader, dtypeOf } from "./npy.js";
import { opened, sizeOf, type Tensor, type TensorFile } from "./tensorFile.js";
import { attempt, guarded, refuse, type TensorBytes } from "./tensorSource.js";

/** Opens a .npy file as its one array, called as the file is. Only the header is read. */
export function* openNpy(source: TensorBytes, name: string): Generator<Progress, Parsed<TensorFile>, void> {
  return yield* attempt(open(guarded(source, name), name), name);
}

// eslint-disable-next-line require-yield -- openers are generators alike
function* open(bytes: TensorBytes, name: string): Generator<Progress, Parsed<TensorFile>, void> {
  const tensor = npyTensor(bytes, name.replace(/\.npy$/i, ""));
  return "error" in tensor ? refuse(tensor.error) : opened("npy", name, [tensor], []);
}

/** The array of .npy bytes, or why it can't be used. @throws SourceFault */
export function npyTensor(bytes: TensorBytes, name: string): Tensor | { readonly error: Message } {
  const header = checkedHeader(bytes);
  if ("error" in header) return header;
  const { shape, descr, fortranOrder, littleEndian, dataOffset } = header;
  if (shape.length > MOST_DIMENSIONS) return { error: msg("This array has {0} dimensions; at most {1} can be shown.", shape.length, MOST_DIMENSIONS) };
  return {
    name, descr, shape, littleEndian, bytes,
    dtype: dtypeOf(header),
    order: fortranOrder ? "F" : "C",
    size: sizeOf(shape),
    offset: dataOffset,
  };
}

/** As numpy has it. */
export const MOST_DIMENSIONS = 64;
