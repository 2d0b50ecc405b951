import { norm } from "../similarity.js";

/** The vectors of a text, flat: vector i has the numbers `values[offsets[i] … offsets[i + 1])`. */
export type DocumentVectors = {
  readonly n: number;
  /** [n] "" where the text gives none. */
  readonly names: readonly string[];
  readonly values: Float64Array;
  readonly offsets: Int32Array; // [n + 1]
  readonly starts: Int32Array; // [n] UTF-16 offset of the list, or of a row's first number; rising
  readonly ends: Int32Array; // [n]
  readonly nameStarts: Int32Array; // [n] -1 where there is no name
  readonly nameEnds: Int32Array; // [n]
  readonly lines: Int32Array; // [n] 1-based
  readonly norms: Float64Array; // [n] NaN where a number is not finite
  /** The first lists of a single number, which are no vectors. */
  readonly singles: readonly Single[];
};

export type Single = { readonly name: string; readonly start: number; readonly end: number; readonly line: number };

const MOST_SINGLES = 10_000;

/** Collects vectors as they are found. */
export class VectorList {
  readonly names: string[] = [];
  private values = new Float64Array(4096);
  private count = 0;
  private readonly offsets: number[] = [0];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly nameStarts: number[] = [];
  private readonly nameEnds: number[] = [];
  private readonly lines: number[] = [];
  private readonly singles: Single[] = [];

  get n(): number {
    return this.names.length;
  }

  /** Adds a vector with the numbers `from … to` of `numbers`, and returns its index. */
  add(numbers: Float64Array, from: number, to: number, start: number, end: number, line: number): number {
    const needed = this.count + to - from;
    if (needed > this.values.length) {
      const wider = new Float64Array(Math.max(needed, 2 * this.values.length));
      wider.set(this.values.subarray(0, this.count));
      this.values = wider;
    }
    this.values.set(numbers.subarray(from, to), this.count);
    this.count = needed;
    this.offsets.push(needed);
    this.starts.push(start);
    this.ends.push(end);
    this.lines.push(line);
    this.names.push("");
    this.nameStarts.push(-1);
    this.nameEnds.push(-1);
    return this.n - 1;
  }

  name(i: number, name: string, start: number, end: number): void {
    this.names[i] = name;
    this.nameStarts[i] = start;
    this.nameEnds[i] = end;
  }

  /** A list of one number was passed over. */
  single(single: Single): void {
    if (this.singles.length < MOST_SINGLES) this.singles.push(single);
  }

  finish(): DocumentVectors {
    const { n } = this;
    const values = this.values.slice(0, this.count);
    const offsets = Int32Array.from(this.offsets);
    const norms = Float64Array.from({ length: n }, (_, i) => {
      const length = norm(values, offsets[i + 1] - offsets[i], offsets[i]);
      return Number.isFinite(length) && allFinite(values, offsets[i], offsets[i + 1]) ? length : NaN;
    });
    return {
      n,
      names: this.names,
      values,
      offsets,
      starts: Int32Array.from(this.starts),
      ends: Int32Array.from(this.ends),
      nameStarts: Int32Array.from(this.nameStarts),
      nameEnds: Int32Array.from(this.nameEnds),
      lines: Int32Array.from(this.lines),
      norms,
      singles: this.singles,
    };
  }
}

function allFinite(values: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** A view of the numbers of vector i. */
export function vectorAt({ values, offsets }: DocumentVectors, i: number): Float64Array {
  return values.subarray(offsets[i], offsets[i + 1]);
}

/** The vector whose numbers or name are at an offset of the text, or -1. */
export function indexAt({ n, starts, ends, nameStarts, nameEnds }: DocumentVectors, offset: number): number {
  let low = 0;
  let high = n - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (offset < starts[middle]) high = middle - 1;
    else if (offset > ends[middle]) low = middle + 1;
    // Between two lists that touch, the one that begins here.
    else return offset === ends[middle] && middle + 1 < n && starts[middle + 1] === offset ? middle + 1 : middle;
  }
  for (let i = 0; i < n; i++) if (offset >= nameStarts[i] && offset <= nameEnds[i] && nameStarts[i] >= 0) return i;
  return -1;
}
