// Hashes of words in UTF-8.

/** The hash of a word as wordHash.ts has it: of its UTF-16 units, U+FFFD for each byte that is no part of UTF-8. */
export function hashOf(p: usize, end: usize): i32 {
  let hash: i32 = <i32>0x811c9dc5;
  while (p < end) {
    let unit: i32 = load<u8>(p);
    if (unit < 0x80) p++;
    else {
      unit = character(p, end);
      p += unit < 0 ? 1 : unit < 0x800 ? 2 : unit < 0x10000 ? 3 : 4;
      if (unit < 0) unit = 0xfffd;
      if (unit >= 0x10000) {
        hash = (hash ^ (0xd7c0 + (unit >> 10))) * 0x01000193;
        unit = 0xdc00 | (unit & 0x3ff);
      }
    }
    hash = (hash ^ unit) * 0x01000193;
  }
  hash = (hash ^ (hash >>> 16)) * <i32>0x85ebca6b;
  hash = (hash ^ (hash >>> 13)) * <i32>0xc2b2ae35;
  return hash ^ (hash >>> 16);
}

/** The character beyond ASCII that begins at p; -1 where that is none, as in decodeWord of utf8.ts. */
function character(p: usize, end: usize): i32 {
  const first: i32 = load<u8>(p);
  const length: i32 = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || p + length > end) return -1;
  let point = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte: i32 = load<u8>(p + i);
    if ((byte & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  const least = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0;
  return point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? -1 : point;
}
