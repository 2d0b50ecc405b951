/** An array of each length, so that a file of words leaves no views behind to be collected. */
const CODES = Array.from({ length: 32 }, (_, length) => new Array<number>(length).fill(0));

/**
 * Decodes one word. Bytes that are not UTF-8 become U+FFFD, as in every decoder; word-vector files cut from corpora
 * hold some.
 */
export function decodeWord(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let plain = true;
  for (let i = from; i < to && plain; i++) plain = bytes[i] < 0x80;
  if (plain && to - from < CODES.length) {
    const codes = CODES[to - from];
    for (let i = from; i < to; i++) codes[i - from] = bytes[i];
    return String.fromCharCode.apply(null, codes);
  }
  if (plain && to - from < 1024) return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  for (let i = from; i < to; ) {
    const b = bytes[i];
    const length = b < 0x80 ? 1 : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
    let point = length === 1 ? b : length === 2 ? b & 31 : length === 3 ? b & 15 : b & 7;
    let valid = length > 0 && i + length <= to;
    for (let k = 1; valid && k < length; k++) {
      valid = (bytes[i + k] & 0xc0) === 0x80;
      point = (point << 6) | (bytes[i + k] & 0x3f);
    }
    // Overlong forms and surrogates are no characters either.
    const least = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0;
    if (!valid || point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
      text += "\ufffd";
      i++;
    } else {
      text += String.fromCodePoint(point);
      i += length;
    }
  }
  return text;
}
