import { hashOf } from "./lib/wordHash";
import { CR, found, isBlank, LF, number } from "./text/number";
import { fours, pairs } from "./text/several";

export { heapBase } from "./lib/memory";

/** Where the last scan stopped. */
const stopped = memory.data(4);
/** The highest blank, which is loaded, not written: V8 would build it in every round of a loop. */
const blanks = memory.data<u8>([32]);

/** Where `scan` stopped, in bytes from the text's begin. */
export function next(): i32 {
  return load<i32>(stopped);
}

/**
 * How many lines of text[0 … end] hold more than a line break. The bytes before and behind the text are overwritten: line feeds there
 * make its bounds like any other.
 */
export function countLines(text: usize, end: i32): i32 {
  if (end === 0) return 0;
  store<u16>(text - 2, 0x0a0a);
  const last = text + <usize>end;
  for (let p = last; p < last + 16; p++) store<u8>(p, <u8>LF);
  const lf = i8x16.splat(<i8>LF);
  const cr = i8x16.splat(<i8>CR);
  let count: i32 = 0;
  // The line feed behind the last line ends it, or follows the file's own.
  for (let p = text; p <= last; p += 16) {
    const before = v128.load(p - 1);
    const empty = v128.or(i8x16.eq(before, lf), v128.and(i8x16.eq(before, cr), i8x16.eq(v128.load(p - 2), lf)));
    count += popcnt(i8x16.bitmask(v128.andnot(i8x16.eq(v128.load(p), lf), empty)));
  }
  return count;
}

/**
 * Reads lines of a word and d numbers from text[from … end], at most `most`, up to the first that is written in another way or holds a
 * number beyond float32. values: [most, d] float32; words: their bytes, one word behind the other, and 16 bytes more that may be written;
 * ends: [most] int32 where each ends; hashes: [most] int32; breaks: [d + 2048] int32 for the places of blanks. What stands at `end` is
 * overwritten with a line feed. @returns how many
 */
export function scan(
  text: usize, from: i32, end: i32, d: i32, most: i32, values: usize, words: usize, ends: usize, hashes: usize, breaks: usize,
): i32 {
  store<u8>(text + <usize>end, <u8>LF);
  const last = text + <usize>end;
  const row = <usize>d << 2;
  let p = text + <usize>from;
  let seen = p; // what stands before has been looked at for blanks
  let here = breaks; // the place of the first blank from p on,
  let known = breaks; // and where the places end
  let rows: i32 = 0;
  let letters: i32 = 0;
  while (rows < most && p < last) {
    if (here + row >= known && seen <= last) {
      memory.copy(breaks, here, known - here);
      known -= here - breaks;
      here = breaks;
      for (const enough = max(here + row + 4, breaks + 4 * 1024); known < enough && seen <= last; seen += 64) known = findBlanks(seen, known);
    }
    let stop: usize = 0;
    let wordEnd: usize = 0;
    if (here + row < known) {
      wordEnd = load<u32>(here);
      stop = between(here, d, values);
    }
    if (stop !== 0) here += row;
    else {
      wordEnd = p;
      while (!isBlank(load<u8>(wordEnd))) wordEnd++;
      stop = numbers(wordEnd, d, values);
      if (stop === 0) break;
    }
    let byte: i32;
    while (isBlank(byte = load<u8>(stop)) && byte !== LF) stop++;
    if (byte !== LF) break;
    store<i32>(hashes + (rows << 2), hashOf(p, wordEnd));
    const length = <i32>(wordEnd - p);
    for (let i = 0; i < length; i += 16) v128.store(words + letters + i, v128.load(p + i));
    letters += length;
    store<i32>(ends + (rows << 2), letters);
    p = stop + 1;
    while (here < known && load<u32>(here) < <u32>p) here += 4;
    seen = max(seen, p);
    rows++;
    values += row;
  }
  store<i32>(stopped, <i32>(p - text));
  return rows;
}

/** Adds the places of all blanks of 64 bytes to a list, behind which sixteen more may be written, and returns its end. */
@inline
function findBlanks(p: usize, out: usize): usize {
  const blank = v128.load8_splat(blanks);
  let mask: u64 =
    <u64><u32>i8x16.bitmask(i8x16.le_u(v128.load(p), blank)) |
    (<u64><u32>i8x16.bitmask(i8x16.le_u(v128.load(p, 16), blank)) << 16) |
    (<u64><u32>i8x16.bitmask(i8x16.le_u(v128.load(p, 32), blank)) << 32) |
    (<u64><u32>i8x16.bitmask(i8x16.le_u(v128.load(p, 48), blank)) << 48);
  const end = out + (<usize>popcnt(mask) << 2);
  do {
    // Eight at a time whether they are there or not: most windows hold as many.
    mask = take(mask, p, out, 0);
    mask = take(mask, p, out, 4);
    mask = take(mask, p, out, 8);
    mask = take(mask, p, out, 12);
    mask = take(mask, p, out, 16);
    mask = take(mask, p, out, 20);
    mask = take(mask, p, out, 24);
    mask = take(mask, p, out, 28);
    out += 32;
  } while (mask !== 0);
  return end;
}

/** Writes the place of the first byte of a mask, and returns the mask without it. */
@inline
function take(mask: u64, p: usize, out: usize, offset: usize): u64 {
  store<u32>(out + offset, <u32>p + <u32>ctz(mask));
  return mask & (mask - 1);
}

/** Reads d numbers that stand each between two blanks of a list, and returns where the last ends; 0 when anything else stands there. */
@inline
function between(places: usize, d: i32, out: usize): usize {
  const last = places + (<usize>d << 2);
  if (!areApart(places, last)) return 0;
  out -= places;
  while ((places = fours(places, last, out + places)) !== last) {
    // Of four that are not all short, two at a time may be of a usual length.
    const few = min(places + 16, last);
    places = pairs(places, few, out + places);
    if (places === few) continue;
    const end: usize = load<u32>(places, 4);
    if (number(load<u32>(places) + 1) !== end) return 0;
    store<u32>(out + places, load<u32>(found));
    places += 4;
  }
  return load<u32>(last);
}

/** Whether the blanks of a list, but the last, are spaces and tabs. They are where no byte among them is below a space. */
@inline
function areApart(places: usize, last: usize): bool {
  const end: usize = load<u32>(last);
  let p: usize = load<u32>(places);
  let least = v128.load(end - 16);
  for (; p + 64 < end; p += 64) {
    const first = i8x16.min_u(v128.load(p), v128.load(p, 16));
    const second = i8x16.min_u(v128.load(p, 32), v128.load(p, 48));
    least = i8x16.min_u(least, i8x16.min_u(first, second));
  }
  for (; p + 16 < end; p += 16) least = i8x16.min_u(least, v128.load(p));
  if (i8x16.all_true(i8x16.ge_u(least, v128.load8_splat(blanks)))) return true;
  for (; places < last; places += 4) {
    const byte: i32 = load<u8>(load<u32>(places));
    if (byte !== 32 && byte !== 9) return false;
  }
  return true;
}

/** Reads d numbers with blanks before each, and returns where the last ends; 0 when anything else stands there. */
function numbers(p: usize, d: i32, out: usize): usize {
  for (const all = out + (<usize>d << 2); out < all; out += 4) {
    const begin = p;
    let blank: i32;
    while ((blank = load<u8>(p)) === 32 || blank === 9) p++;
    if (p === begin) return 0;
    p = number(p);
    if (p === 0) return 0;
    store<u32>(out, load<u32>(found));
  }
  return p;
}
