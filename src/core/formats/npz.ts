import { msg, type ByteSource, type Message, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { InflatedBytes, type MakeInflater } from "./inflate.js";
import { opened, type Tensor, type TensorFile } from "./tensorFile.js";
import { npyTensor } from "./tensorNpy.js";
import { attempt, guarded, refuse, slice, SourceFault, type TensorBytes } from "./tensorSource.js";
import { dataStart, readZip, type ZipEntry } from "./zip.js";

/** Deflate packs no better than 1 : 1032; what promises more can't be true. */
const BEST_RATIO = 1032;
/** An entry above this size and ratio is taken for a zip bomb: trained weights hardly shrink at all. */
const LARGE = 1e8;
const SUSPICIOUS_RATIO = 200;
/** Of the arrays that can't be read so many are named. */
const NAMED = 20;

/** Opens a .npz archive, as np.savez and np.savez_compressed write it. Of each array only the header is read. */
export function* openNpz(source: ByteSource, name: string, makeInflater: MakeInflater): Generator<Progress, Parsed<TensorFile>, void> {
  return yield* attempt(open(guarded(source, name), name, makeInflater), name);
}

function* open(source: ByteSource, name: string, makeInflater: MakeInflater): Generator<Progress, Parsed<TensorFile>, void> {
  const entries = yield* readZip(source);
  if ("error" in entries) return refuse(entries.error);
  const arrays = entries.filter((entry) => entry.name.endsWith(".npy"));
  if (arrays.length === 0) return refuse(msg("{0} is a zip archive without numpy arrays. Save arrays by np.savez(\"x.npz\", x=x).", name));
  const tensors: Tensor[] = [];
  const problems: Problem[] = [];
  let unread = 0;
  for (const [i, entry] of arrays.entries()) {
    const tensor = openEntry(source, entry, makeInflater);
    if (!("error" in tensor)) tensors.push(tensor);
    else if (unread++ < NAMED) problems.push({ severity: "warning", message: msg("{0}: {1}", entry.name, tensor.error) });
    yield { fraction: (i + 1) / arrays.length, message: msg("{0} of {1} arrays opened", i + 1, arrays.length) };
  }
  if (unread > NAMED) problems.push({ severity: "warning", message: msg("{0} more arrays can't be read either.", unread - NAMED) });
  return opened("npz", name, tensors, problems);
}

function openEntry(source: ByteSource, entry: ZipEntry, makeInflater: MakeInflater): Tensor | { readonly error: Message } {
  try {
    const bytes = entryBytes(source, entry, makeInflater);
    return "error" in bytes ? bytes : npyTensor(guarded(bytes, entry.name), entry.name.slice(0, -4));
  } catch (error) {
    if (error instanceof SourceFault) return { error: error.problem };
    throw error;
  }
}

/** The unpacked bytes of an entry, or why they can't be had. @throws SourceFault */
export function entryBytes(source: ByteSource, entry: ZipEntry, makeInflater: MakeInflater): TensorBytes | { readonly error: Message } {
  const { name, method, encrypted, packed, size, crc } = entry;
  if (encrypted) return { error: msg("This entry is encrypted. Save the arrays again without a password.") };
  const start = dataStart(source, entry);
  if (start === undefined) return { error: msg("The archive's directory is damaged. Copy or save the file again.") };
  const data = slice(source, start, packed);
  if (method === 0) return size === packed ? data : { error: msg("The archive's directory is damaged. Copy or save the file again.") };
  if (method !== 8) return { error: msg("This entry is packed by method {0}; stored and deflated entries can be read. Save it again by np.savez.", method) };
  if (size > BEST_RATIO * packed + 1024 || (size > LARGE && size > SUSPICIOUS_RATIO * packed)) {
    const megabytes = Math.round(size / 1e6);
    return { error: msg("{0} bytes would unpack to {1} MB, as in a zip bomb; it was not unpacked. If it is your own array, save it by np.savez, which does not pack.", packed, megabytes) };
  }
  return new InflatedBytes(data, size, crc, makeInflater, name);
}
