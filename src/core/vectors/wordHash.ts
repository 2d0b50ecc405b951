import { decodeWord } from "./files/utf8.js";

const start = 0x811c9dc5;

/** FNV-1a over UTF-16 units, then MurmurHash3's last mixing, so that the low bits depend on all. */
export function hashOf(word: string): number {
  let h = start;
  for (let i = 0; i < word.length; i++) h = withUnit(h, word.charCodeAt(i));
  return mixed(h);
}

/** The same of a word that `decodeWord` finds in bytes from … to, without a string where it is in ASCII. */
export function hashOfBytes(bytes: Uint8Array, from: number, to: number): number {
  let h = start;
  let all = 0;
  for (let i = from; i < to; i++) {
    all |= bytes[i];
    h = withUnit(h, bytes[i]);
  }
  return all < 0x80 ? mixed(h) : hashOf(decodeWord(bytes, from, to));
}

function withUnit(h: number, unit: number): number {
  return Math.imul(h ^ unit, 0x01000193);
}

function mixed(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
