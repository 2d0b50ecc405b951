import { deflateRawSync } from "node:zlib";

export type ZipFile = {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  /** What the archive says instead of the truth. */
  readonly method?: number;
  readonly flags?: number;
  readonly size?: number;
  readonly crc?: number;
  readonly header?: number;
  readonly packed?: Uint8Array;
};

/** CRC-32 by long division, bit by bit. */
export function checksum(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Writes a zip archive by PKWARE's APPNOTE, and lies where it is told to. */
export function zip(files: readonly ZipFile[], { zip64 = false, count = files.length } = {}): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const directory: number[] = [];
  const little = (value: number, length: number): number[] => Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) % 256);
  const parts: Uint8Array[] = [];
  let at = 0;
  const add = (part: Uint8Array): void => {
    parts.push(part);
    at += part.length;
  };
  for (const { name, data, deflate = false, method = deflate ? 8 : 0, flags = 0, size = data.length, crc = checksum(data), header, packed = deflate ? deflateRawSync(data) : data } of files) {
    const place = header ?? at;
    const text = [...new TextEncoder().encode(name)];
    const common = [...little(20, 2), ...little(flags, 2), ...little(method, 2), ...little(0, 4), ...little(crc, 4)];
    add(Uint8Array.from([0x50, 0x4b, 3, 4, ...common, ...little(packed.length, 4), ...little(size, 4), ...little(text.length, 2), ...little(0, 2), ...text]));
    add(new Uint8Array(packed));
    const extra = zip64 ? [...little(1, 2), ...little(24, 2), ...little(size, 8), ...little(packed.length, 8), ...little(place, 8)] : [];
    const numbers = zip64 ? new Array<number>(8).fill(255) : [...little(packed.length, 4), ...little(size, 4)];
    const where = zip64 ? new Array<number>(4).fill(255) : little(place, 4);
    directory.push(0x50, 0x4b, 1, 2, ...little(20, 2), ...common, ...numbers, ...little(text.length, 2), ...little(extra.length, 2), ...little(0, 2), ...little(0, 8), ...where, ...text, ...extra);
  }
  const start = at;
  add(Uint8Array.from(directory));
  const end = at;
  if (zip64) {
    bytes.push(0x50, 0x4b, 6, 6, ...little(44, 8), ...little(45, 2), ...little(45, 2), ...little(0, 8), ...little(count, 8), ...little(count, 8), ...little(directory.length, 8), ...little(start, 8));
    bytes.push(0x50, 0x4b, 6, 7, ...little(0, 4), ...little(end, 8), ...little(1, 4));
  }
  const small = zip64 ? new Array<number>(12).fill(255) : [...little(count, 2), ...little(count, 2), ...little(directory.length, 4), ...little(start, 4)];
  bytes.push(0x50, 0x4b, 5, 6, ...little(0, 4), ...small, ...little(0, 2));
  add(Uint8Array.from(bytes));
  const archive = new Uint8Array(at);
  let offset = 0;
  for (const part of parts) {
    archive.set(part, offset);
    offset += part.length;
  }
  return archive;
}
