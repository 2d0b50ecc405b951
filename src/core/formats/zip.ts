import { msg, type ByteSource, type Message, type Progress } from "../contract/index.js";

/** A file within a zip archive, as the archive's directory describes it. */
export type ZipEntry = {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its own header begins. */
  readonly header: number;
};

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const MOST_ENTRIES = 65536;
const LARGEST_DIRECTORY = 1 << 26;

/**
 * Reads a zip archive's directory, which stands at its end, also of zip64. Sizes come from there, so that it does not
 * matter whether an entry has them behind its data (a data descriptor).
 * Format: PKWARE, APPNOTE.TXT, 4.3 and 4.5.3.
 */
export function* readZip(source: ByteSource): Generator<Progress, readonly ZipEntry[] | { readonly error: Message }, void> {
  const place = findDirectory(source);
  if ("error" in place) return place;
  const { count, offset, length, end } = place;
  if (count > MOST_ENTRIES || length > LARGEST_DIRECTORY) return fail(msg("The archive promises {0} files; at most {1} are read. Save fewer arrays in one file.", count, MOST_ENTRIES));
  if (offset + length > end || count * 46 > length) return damaged();
  const directory = source.read(offset, length);
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > length || view.getUint32(at, true) !== ENTRY) return damaged();
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > length) return damaged();
    const entry = readEntry(directory, view, at, nameLength, extraLength);
    if (!entry || entry.header + 30 + entry.packed > offset) return damaged();
    entries.push(entry);
    at = next;
    if (entries.length % 1024 === 0) yield { fraction: entries.length / count, message: msg("Reading the archive's directory") };
  }
  return overlap(entries) ? fail(msg("Files of this archive overlap, as in a zip bomb. Do not trust it; if it is your own, save it again by np.savez.")) : entries;
}

/** Where an entry's data begin, or undefined when they are not in the archive. */
export function dataStart(source: ByteSource, { header, packed }: ZipEntry): number | undefined {
  const local = source.read(header, 30);
  if (local.length < 30) return undefined;
  const view = viewOf(local);
  const start = header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  return view.getUint32(0, true) === LOCAL && start + packed <= source.size ? start : undefined;
}

function fail(error: Message): { readonly error: Message } {
  return { error };
}

function damaged(): { readonly error: Message } {
  return fail(msg("The archive's directory is damaged. Copy or save the file again."));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

type Place = { readonly count: number; readonly offset: number; readonly length: number; readonly end: number };

function findDirectory(source: ByteSource): Place | { readonly error: Message } {
  // A comment of up to 65,535 bytes may stand behind the end record.
  const from = Math.max(0, source.size - 65557);
  const tail = source.read(from, source.size - from);
  const view = viewOf(tail);
  for (let i = tail.length - 22; i >= 0; i--) {
    if (view.getUint32(i, true) !== END || i + 22 + view.getUint16(i + 20, true) > tail.length) continue;
    const place = { count: view.getUint16(i + 10, true), length: view.getUint32(i + 12, true), offset: view.getUint32(i + 16, true), end: from + i };
    const large = place.count === 0xffff || place.length === 0xffffffff || place.offset === 0xffffffff;
    return large ? (findDirectory64(source, from + i) ?? place) : place;
  }
  return fail(msg("The archive's directory, which stands at its end, is missing. The file is cut off: copy or save it again."));
}

function findDirectory64(source: ByteSource, end: number): Place | undefined {
  if (end < 20) return undefined;
  const locator = viewOf(source.read(end - 20, 20));
  if (locator.getUint32(0, true) !== LOCATOR64) return undefined;
  const at = uint64(locator, 8);
  if (at + 56 > end) return undefined;
  const record = viewOf(source.read(at, 56));
  if (record.getUint32(0, true) !== END64) return undefined;
  return { count: uint64(record, 32), length: uint64(record, 40), offset: uint64(record, 48), end: at };
}

/** Rounded above 2^53, where no offset lies. */
function uint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true);
}

function readEntry(directory: Uint8Array, view: DataView, at: number, nameLength: number, extraLength: number): ZipEntry | undefined {
  let size = view.getUint32(at + 24, true);
  let packed = view.getUint32(at + 20, true);
  let header = view.getUint32(at + 42, true);
  // Of zip64's extra field only those numbers are there that don't fit into 32 bits.
  const extra = at + 46 + nameLength;
  for (let field = extra; field + 4 <= extra + extraLength; ) {
    const length = view.getUint16(field + 2, true);
    const stop = Math.min(field + 4 + length, extra + extraLength);
    if (view.getUint16(field, true) === 1) {
      let value = field + 4;
      const take = (small: number): number => {
        if (small !== 0xffffffff) return small;
        value += 8;
        return value <= stop ? uint64(view, value - 8) : NaN;
      };
      size = take(size);
      packed = take(packed);
      header = take(header);
      break;
    }
    field += 4 + length;
  }
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(packed) || !Number.isSafeInteger(header)) return undefined;
  let name = "";
  for (let i = at + 46; i < extra; i++) name += String.fromCharCode(directory[i]);
  return {
    name: utf8Name(name),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    packed, size, header,
  };
}

/** Python writes names in UTF-8; what is not UTF-8 stays as it is. */
function utf8Name(bytes: string): string {
  try {
    return decodeURIComponent(bytes.replace(/[%\x80-\xff]/g, (char) => `%${char.charCodeAt(0).toString(16)}`));
  } catch {
    return bytes;
  }
}

/** Whether two entries share bytes (Fifield, "A better zip bomb", 2019). */
function overlap(entries: readonly ZipEntry[]): boolean {
  const sorted = [...entries].sort((a, b) => a.header - b.header);
  return sorted.some((entry, i) => i > 0 && entry.header < sorted[i - 1].header + 30 + sorted[i - 1].packed);
}
