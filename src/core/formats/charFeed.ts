import type { ByteSource } from "../contract/index.js";

/** A stream of UTF-16 codes. */
export interface CharFeed {
  /** Writes codes into `target` from `at` and returns how many; 0 at the end. */
  fill(target: Uint16Array, at: number): number;
  /** How much was read, 0 to 1. */
  readonly fraction: number;
}

/** Feeds a text from an offset on. */
export function textFeed(text: string, from = 0): CharFeed {
  let at = from;
  return {
    fill(target, position) {
      const n = Math.min(target.length - position, text.length - at);
      for (let i = 0; i < n; i++) target[position + i] = text.charCodeAt(at + i);
      at += n;
      return n;
    },
    get fraction() {
      return text.length === 0 ? 1 : at / text.length;
    },
  };
}

export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** Feeds the text of a file by ranges of at most as many bytes as fit into the target. A byte order mark is left out. */
export function bytesFeed(source: ByteSource): CharFeed & { readonly encoding: Encoding } {
  const head = source.read(0, Math.min(3, source.size));
  const encoding: Encoding =
    head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : "utf-8";
  let at = encoding !== "utf-8" ? 2 : head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return {
    encoding,
    fill(target, position) {
      const room = target.length - position;
      const wanted = encoding === "utf-8" ? room : 2 * room;
      const bytes = source.read(at, Math.min(wanted, source.size - at));
      const last = at + bytes.length >= source.size;
      if (encoding !== "utf-8") {
        const pairs = bytes.length >> 1;
        const low = encoding === "utf-16le" ? 0 : 1;
        for (let i = 0; i < pairs; i++) target[position + i] = bytes[2 * i + low] | (bytes[2 * i + 1 - low] << 8);
        at += last ? bytes.length : 2 * pairs;
        return pairs;
      }
      const used = decodeUtf8(bytes, last, target, position);
      at += used.bytes;
      return used.chars;
    },
    get fraction() {
      return source.size === 0 ? 1 : at / source.size;
    },
  };
}

/**
 * Decodes UTF-8; what is not UTF-8 is taken byte by byte as Latin-1, which keeps numbers and separators whole. A
 * character cut at the end of `bytes` is left for the next call unless this is the last.
 */
function decodeUtf8(bytes: Uint8Array, last: boolean, target: Uint16Array, at: number): { bytes: number; chars: number } {
  const n = bytes.length;
  let i = 0;
  let o = at;
  while (i < n) {
    const b = bytes[i];
    if (b < 0x80) {
      target[o++] = b;
      i++;
      continue;
    }
    const length = b >= 0xf0 && b < 0xf8 ? 4 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xc2 && b < 0xe0 ? 2 : 1;
    if (i + length > n && !last && i > 0) break;
    let point = length === 4 ? b & 7 : length === 3 ? b & 15 : b & 31;
    let valid = length > 1 && i + length <= n;
    for (let k = 1; valid && k < length; k++) {
      valid = (bytes[i + k] & 0xc0) === 0x80;
      point = (point << 6) | (bytes[i + k] & 0x3f);
    }
    if (!valid) {
      target[o++] = b;
      i++;
    } else {
      if (point > 0xffff) {
        target[o++] = 0xd800 + ((point - 0x10000) >> 10);
        target[o++] = 0xdc00 + ((point - 0x10000) & 0x3ff);
      } else target[o++] = point;
      i += length;
    }
  }
  return { bytes: i, chars: o - at };
}
