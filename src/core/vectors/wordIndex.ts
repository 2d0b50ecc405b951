import { msg, type Progress } from "../contract/index.js";
import { hashOf } from "./wordHash.js";
import type { Words } from "./wordList.js";

/** Words between two steps. */
const STEP = 1 << 15;

/**
 * Finds the first place of a word in a list: a table with open addressing, a third of the memory of a Map and quicker to
 * fill, which tells for hundreds of thousands of words.
 */
export class WordIndex {
  /** How many different words there are. */
  distinct = 0;
  /** place + 1 in the low bits, the hash's high bits above them; 0 where empty. Few words are compared that are not equal. */
  private readonly table: Int32Array;
  private readonly mask: number;

  /** @param capacity room for so many words, which are then all added by their owner; without it those of the list are taken */
  constructor(
    private readonly words: Words,
    capacity?: number,
  ) {
    let size = 16;
    while (size < 1.5 * (capacity ?? words.length)) size *= 2;
    this.mask = size - 1;
    this.table = new Int32Array(size);
    if (capacity === undefined) for (let i = 0; i < words.length; i++) this.add(i);
  }

  /** Takes the word at a place of the list, whose hash may be known; of equal words the first that is added is found. */
  add(place: number, code = hashOf(this.words.at(place)!)): void {
    let slot = this.slotFrom(code, code);
    while (this.table[slot] !== 0) {
      if (this.words.at(this.placeIn(slot)) === this.words.at(place)) return;
      slot = this.slotFrom(slot + 1, code);
    }
    this.table[slot] = (code & ~this.mask) | (place + 1);
    this.distinct++;
  }

  /** Takes the words at places from … to. A loop is compiled sooner than what it would call for each word. @param codes their hashes, by place */
  addAll(from: number, to: number, codes: Int32Array): void {
    const { table, mask } = this;
    for (let place = from; place < to; place++) {
      const code = codes[place];
      let slot = code & mask;
      while (table[slot] !== 0 && ((table[slot] ^ code) & ~mask) !== 0) slot = (slot + 1) & mask;
      if (table[slot] !== 0) this.add(place, code);
      else {
        table[slot] = (code & ~mask) | (place + 1);
        this.distinct++;
      }
    }
  }

  /** The first place of a word, or undefined. */
  find(word: string): number | undefined {
    const code = hashOf(word);
    for (let slot = this.slotFrom(code, code); this.table[slot] !== 0; slot = this.slotFrom(slot + 1, code)) {
      if (this.words.at(this.placeIn(slot)) === word) return this.placeIn(slot);
    }
    return undefined;
  }

  /** The first slot from one on that is empty, or whose word may have a hash. */
  private slotFrom(from: number, code: number): number {
    const { table, mask } = this;
    for (let slot = from & mask; ; slot = (slot + 1) & mask) {
      const entry = table[slot];
      if (entry === 0 || ((entry ^ code) & ~mask) === 0) return slot;
    }
  }

  private placeIn(slot: number): number {
    return (this.table[slot] & this.mask) - 1;
  }
}

/** Indexes words in short steps. @param hashes [words] if they are known */
export function* indexWords(words: Words, hashes?: Int32Array): Generator<Progress, WordIndex, void> {
  const index = new WordIndex(words, words.length);
  for (let from = 0; from < words.length; from += STEP) {
    const to = Math.min(from + STEP, words.length);
    if (hashes) index.addAll(from, to, hashes);
    else for (let place = from; place < to; place++) index.add(place);
    yield { fraction: 1, message: msg("Reading words") };
  }
  return index;
}
