import { msg, type ByteSource, type Message, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { JsonFault } from "./jsonScanner.js";
import { readSafetensorsHeader, type HeaderEntry } from "./safetensorsHeader.js";
import { opened, shapeText, sizeOf, type Tensor, type TensorFile } from "./tensorFile.js";
import { attempt, guarded, refuse, slice } from "./tensorSource.js";
import { dtypeSizes, type DType } from "./tensorTypes.js";

/** As the format's own library has it. */
export const LARGEST_HEADER = 100_000_000;
/** Of the tensors that can't be read so many are named. */
const NAMED = 20;

const TYPES: Readonly<Record<string, DType>> = {
  F64: "float64", F32: "float32", F16: "float16", BF16: "bfloat16", F8_E4M3: "float8_e4m3fn", F8_E5M2: "float8_e5m2",
  I64: "int64", I32: "int32", I16: "int16", I8: "int8", U64: "uint64", U32: "uint32", U16: "uint16", U8: "uint8", BOOL: "bool",
};

/**
 * Opens a .safetensors file: 8 bytes with the header's length, a JSON header, then the tensors' bytes, little-endian and
 * row-major. Only the header is read.
 * Format: https://github.com/huggingface/safetensors, "Format".
 */
export function* openSafetensors(source: ByteSource, name: string): Generator<Progress, Parsed<TensorFile>, void> {
  return yield* attempt(open(guarded(source, name), name), name);
}

function* open(source: ByteSource, name: string): Generator<Progress, Parsed<TensorFile>, void> {
  const length = headerLength(source);
  if (typeof length !== "number") return refuse(length);
  const start = 8 + length;
  let header;
  try {
    header = yield* readSafetensorsHeader(slice(source, 8, length));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return refuse(msg("The header of this .safetensors file can't be understood: “{0}” stands where “{1}” should. The file is damaged: copy or save it again.", error.found || msg("(the end)"), error.expected), error.line);
  }
  if ("error" in header) return refuse(header.error);
  const sorted = [...header.entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let before: HeaderEntry | undefined;
  for (const entry of sorted) {
    if (entry.begin === entry.end) continue;
    if (before && entry.begin < before.end) {
      return refuse(msg("The tensors {0} and {1} overlap in the file, so its header is wrong. Copy or save the file again.", before.name, entry.name));
    }
    before = entry;
  }
  const tensors: Tensor[] = [];
  const problems: Problem[] = [];
  let unread = 0;
  for (const entry of header.entries) {
    const fault = faultOf(entry, source.size - start);
    if (!fault) tensors.push(toTensor(entry, source, start));
    else if (unread++ < NAMED) problems.push({ severity: "warning", message: fault });
  }
  if (unread > NAMED) problems.push({ severity: "warning", message: msg("{0} more tensors can't be read either.", unread - NAMED) });
  return opened("safetensors", name, tensors, problems, header.metadata);
}

function headerLength(source: ByteSource): number | Message {
  if (source.size < 8) return msg("The file ends within the first 8 bytes, which a .safetensors file needs. Copy or save it again.");
  const head = source.read(0, Math.min(9, source.size));
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
  const swapped = view.getUint32(0, false) * 4294967296 + view.getUint32(4, false);
  if (length > source.size - 8 || length > LARGEST_HEADER) {
    if (swapped <= source.size - 8 && swapped <= LARGEST_HEADER && head[8] === 123) {
      return msg("The header's length is written big-endian ({0} bytes), but .safetensors is little-endian. Save the file again by the safetensors library.", swapped);
    }
    if (length > LARGEST_HEADER) return msg("The header claims to be {0} bytes long; at most {1} are allowed. This is no .safetensors file, or it is damaged: save it again.", length, LARGEST_HEADER);
    return msg("The header claims to be {0} bytes long, but only {1} follow. The file is cut off: copy or save it again.", length, source.size - 8);
  }
  if (head[8] !== 123) return msg("This is not a .safetensors file: its header does not begin with a brace. Save it again by the safetensors library.");
  return length;
}

function faultOf({ name, dtype, shape, begin, end }: HeaderEntry, there: number): Message | undefined {
  const type = TYPES[dtype];
  if (!type) return msg("The tensor {0} has type {1}, which can't be read. Save it as F32 or BF16.", name, dtype);
  const needed = sizeOf(shape) * dtypeSizes[type];
  if (end - begin !== needed) return msg("The tensor {0} is {1} {2}, which needs {3} bytes, but its offsets leave {4}. The header is wrong: save the file again.", name, shapeText(shape), dtype, needed, end - begin);
  if (end > there) return msg("The tensor {0} ends at byte {1} of the data, but the file has only {2}. The file is cut off: copy or save it again.", name, end, there);
  return undefined;
}

function toTensor({ name, dtype, shape, begin }: HeaderEntry, bytes: ByteSource, start: number): Tensor {
  return { name, dtype: TYPES[dtype], descr: dtype, shape, order: "C", littleEndian: true, size: sizeOf(shape), bytes, offset: start + begin };
}
