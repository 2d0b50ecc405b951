import type { Span } from "../contract/index.js";
import type { Tokenizer } from "./tokenizer.js";

const UNKNOWN = "\ufffd";
/** A character has at most so many bytes, each of which may be a token. */
const MOST_BYTES = 8;
/** Characters that are passed over at most to find a token again. */
const REACH = 200;

const known = new WeakMap<Tokenizer, Map<number, string>>();

/** A token's text for lists; a byte that is no character on its own is written "<0xE4>". */
export function pieceOf(tokenizer: Tokenizer, id: number): string {
  let texts = known.get(tokenizer);
  if (!texts) known.set(tokenizer, (texts = new Map()));
  let text = texts.get(id);
  if (text === undefined) texts.set(id, (text = spelled(tokenizer, id)));
  return text;
}

function spelled(tokenizer: Tokenizer, id: number): string {
  const text = tokenizer.text(id);
  if (!text.includes(UNKNOWN)) return text;
  const spelling = tokenizer.spelling?.(id);
  if (spelling === undefined) return text;
  if (/^<0x[0-9A-F]{2}>$/.test(spelling)) return spelling;
  const bytes = Array.from(spelling, (character) => byteOf(character.codePointAt(0)!));
  return bytes.every((byte) => byte >= 0) ? fromBytes(bytes) : text;
}

/** GPT-2's alphabet of bytes: printable ones stand for themselves, the others follow from U+0100 on in their order. */
function byteOf(code: number): number {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  if (code < 256) return printable(code) ? code : -1;
  let rank = code - 256;
  for (let byte = 0; byte < 256; byte++) if (!printable(byte) && rank-- === 0) return byte;
  return -1;
}

/** Characters where the bytes make some, and bytes in hexadecimal where they do not. */
function fromBytes(bytes: readonly number[]): string {
  let out = "";
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i];
    const length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    const tail = bytes.slice(i + 1, i + length);
    let code = length === 1 ? lead : lead & (0xff >> (length + 1));
    for (const byte of tail) code = (code << 6) | (byte & 0x3f);
    const overlong = (length === 3 && code < 0x800) || (length === 4 && code < 0x10000) || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
    if (length > 0 && tail.length === length - 1 && tail.every((byte) => (byte & 0xc0) === 0x80) && !overlong) {
      out += String.fromCodePoint(code);
      i += length;
    } else {
      out += `<0x${lead.toString(16).toUpperCase().padStart(2, "0")}>`;
      i++;
    }
  }
  return out;
}

/** A text of tokens, and where each ends in it. */
export type Joined = { readonly text: string; readonly ends: Int32Array };

/**
 * The text of tokens with the length of it behind each, as it is joined behind `before`. Where several tokens make one character,
 * it belongs to the last of them. Tokens are decoded a few at a time: what a tokenizer does with a token depends on the one before.
 */
export function joinTokens(tokenizer: Tokenizer, ids: ArrayLike<number>, before: readonly number[] = []): Joined {
  const ends = new Int32Array(ids.length);
  let text = "";
  let anchor = before.slice(-MOST_BYTES);
  for (let from = 0; from < ids.length; ) {
    const head = anchor.length > 0 ? tokenizer.decode(anchor) : "";
    let to = from;
    let piece = "";
    const group: number[] = [];
    while (to < ids.length) {
      group.push(ids[to++]);
      const whole = tokenizer.decode([...anchor, ...group]);
      // An unfinished character at the anchor's end may be completed by the group.
      piece = whole.startsWith(head) ? whole.slice(head.length) : whole.slice(commonLength(whole, head));
      if (!piece.endsWith(UNKNOWN) || group.length === MOST_BYTES) break;
      ends[to - 1] = text.length;
    }
    text += piece;
    ends[to - 1] = text.length;
    anchor = group;
    from = to;
  }
  return { text, ends };
}

function commonLength(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}

/** Where tokens stand in a text: exactly where they make it up, else where each is next found; empty where it is not. */
export function placesIn(text: string, tokenizer: Tokenizer, ids: readonly number[]): Span[] {
  const joined = joinTokens(tokenizer, ids);
  if (joined.text === text) return ids.map((_, i) => ({ start: i > 0 ? joined.ends[i - 1] : 0, end: joined.ends[i] }));
  let at = 0;
  return ids.map((id) => {
    const piece = pieceOf(tokenizer, id).trim();
    const start = piece === "" ? -1 : text.indexOf(piece, at);
    if (start < 0 || start > at + REACH) return { start: at, end: at };
    at = start + piece.length;
    return { start, end: at };
  });
}
