import { msg, type Progress } from "../contract/index.js";

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
    private readonly words: readonly string[],
    capacity?: number,
  ) {
    let size = 16;
    while (size < 1.5 * (capacity ?? words.length)) size *= 2;
    this.mask = size - 1;
    this.table = new Int32Array(size);
    if (capacity === undefined) for (let i = 0; i < words.length; i++) this.add(i);
  }

  /** Takes the word at a place of the list; of equal words the first that is added is found. */
  add(place: number): void {
    const word = this.words[place];
    const code = hash(word);
    const slot = this.slotOf(word, code);
    if (this.table[slot] !== 0) return;
    this.table[slot] = (code & ~this.mask) | (place + 1);
    this.distinct++;
  }

  /** The first place of a word, or undefined. */
  find(word: string): number | undefined {
    const entry = this.table[this.slotOf(word, hash(word))];
    return entry === 0 ? undefined : (entry & this.mask) - 1;
  }

  /** Where the word stands in the table, or the empty slot where it would. */
  private slotOf(word: string, code: number): number {
    const { table, mask, words } = this;
    for (let slot = code & mask; ; slot = (slot + 1) & mask) {
      const entry = table[slot];
      if (entry === 0 || (((entry ^ code) & ~mask) === 0 && words[(entry & mask) - 1] === word)) return slot;
    }
  }
}

/** Indexes words in short steps. */
export function* indexWords(words: readonly string[]): Generator<Progress, WordIndex, void> {
  const index = new WordIndex(words, words.length);
  for (let i = 0; i < words.length; i++) {
    index.add(i);
    if (i % STEP === STEP - 1) yield { fraction: 1, message: msg("Reading words") };
  }
  return index;
}

/** FNV-1a over UTF-16 units, then MurmurHash3's last mixing, so that the low bits depend on all. */
function hash(word: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
