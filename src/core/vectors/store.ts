import { roomOf } from "../kernels/crew.js";
import { norm } from "./similarity.js";
import { WordIndex } from "./wordIndex.js";
import { WordList, type Words } from "./wordList.js";

/** Words with their vectors, in single precision as the files hold them. Frozen once made. */
export class VectorStore {
  readonly n: number;
  private lengths: Float32Array | undefined;
  private strings: readonly string[] | undefined;

  /**
   * @param list [n]; of words that stand twice the first is found by name
   * @param values [n, d]
   * @param places where a word is found, if that is known already
   */
  constructor(
    private readonly list: Words,
    readonly values: Float32Array,
    readonly d: number,
    private readonly places = new WordIndex(list),
  ) {
    this.n = list.length;
  }

  /** How many different words there are. */
  get distinct(): number {
    return this.places.distinct;
  }

  /** The word of row i. */
  word(i: number): string {
    return this.list.at(i)!;
  }

  /** [n] all words, made at first use. */
  get words(): readonly string[] {
    const { list } = this;
    return (this.strings ??= list instanceof WordList ? Array.from({ length: this.n }, (_, i) => this.word(i)) : list);
  }

  /** The row of a word, or undefined. */
  indexOf(word: string): number | undefined {
    return this.places.find(word);
  }

  /** A view of row i, not a copy. */
  row(i: number): Float32Array {
    return this.values.subarray(i * this.d, (i + 1) * this.d);
  }

  /** [n] length of every row, computed at first use. */
  norms(): Float32Array {
    if (!this.lengths) {
      this.lengths = new Float32Array(this.n);
      for (let i = 0; i < this.n; i++) this.lengths[i] = norm(this.values, this.d, i * this.d);
    }
    return this.lengths;
  }

  /** Words close in spelling, for "did you mean": at most `limit`, nearest first, within two edits (three for long words). */
  nearestSpellings(word: string, limit = 5): string[] {
    const folded = word.toLowerCase();
    const found: { word: string; distance: number }[] = [];
    const most = word.length > 8 ? 3 : word.length > 3 ? 2 : 1;
    for (let i = 0; i < this.n; i++) {
      const candidate = this.word(i);
      if (Math.abs(candidate.length - word.length) > most) continue;
      const distance = editDistance(folded, candidate.toLowerCase(), most);
      if (distance <= most && this.places.find(candidate) === i) found.push({ word: candidate, distance });
    }
    // The sort is stable: of equally near words the earlier stays first, and files list frequent words first.
    return found.sort((a, b) => a.distance - b.distance).slice(0, limit).map((entry) => entry.word);
  }
}

/** Bytes that the garbage collector does not pass over. */
const NOTICED = 1 << 27;
let given = false;

/**
 * [n, d] zeros for the vectors of a store: where every thread reaches them if the host has such memory, so that no search copies them. Nor
 * does the first one's size make the garbage collector begin, as that of an ArrayBuffer does, which takes a tenth of a load.
 */
export function newRows(n: number, d: number): Float32Array {
  const bytes = 4 * n * d;
  // The collector does not count shared memory. A large buffer, which takes none as long as nothing is written, makes it look for the
  // vectors of stores that were dropped.
  if (given) void new ArrayBuffer(Math.min(bytes, NOTICED));
  given = true;
  return new Float32Array(roomOf(bytes, true));
}

/** Levenshtein distance, given up (as `most + 1`) once every way passes `most`. */
export function editDistance(a: string, b: string, most = Number.POSITIVE_INFINITY): number {
  let previous = Uint16Array.from({ length: b.length + 1 }, (_, j) => j);
  let current = new Uint16Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1] + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      current[j] = Math.min(substituted, previous[j] + 1, current[j - 1] + 1);
      least = Math.min(least, current[j]);
    }
    if (least > most) return most + 1;
    [previous, current] = [current, previous];
  }
  return previous[b.length];
}
