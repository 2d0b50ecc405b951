import type { AttentionTrace, StepsPart } from "../../core/attention/trace.js";

/** Colours end at so many times the mean magnitude, four standard deviations of a normal distribution, or at the largest. */
const TIMES = 5;
/** One row of weight × value may be asked for often: the last ones are kept. */
const KEPT = 64;

/** What the view asks about the three steps of one token. n keys, of size d; values of size v. */
export class StepsModel {
  readonly n: number;
  /** Queries, keys and values are known, not the weights alone. */
  readonly complete: boolean;
  readonly masked: number;
  /** Where colours of the query, of keys, of values, and of weighted values end. */
  readonly limits: { readonly query: number; readonly key: number; readonly value: number; readonly product: number };
  /** Where bars of weights end. */
  readonly top: number;
  readonly sum: number;
  /** The key that weighs most, by which the formula is written until another is pointed at. */
  readonly strongest: number;
  /** The query or the temperature was changed, so that the model's own weights are others. */
  readonly changed: boolean;
  readonly #products = new Map<number, Float64Array>();
  #contributions: { readonly dimension: number; readonly rows: readonly { readonly row: number; readonly term: number }[] } | undefined;

  constructor(readonly trace: AttentionTrace, readonly part: StepsPart) {
    const { weights, ownWeights, keys, values, query, ownQuery, output, size } = part;
    this.n = weights.length;
    this.complete = size > 0;
    this.masked = part.masked.reduce((sum, each) => sum + each, 0);
    let most = 0;
    for (let i = 0; i < this.n; i++) most = Math.max(most, weights[i] || 0, ownWeights[i] || 0);
    this.top = most > 0.5 ? 1 : niceLimit(most);
    this.sum = weights.reduce((sum, weight) => sum + weight, 0);
    this.strongest = strongestOf(weights);
    this.changed = weights.some((weight, i) => Math.abs(weight - ownWeights[i]) > 1e-9);
    let largest = largestOf(output);
    const v = part.valueSize;
    for (let i = 0; i < this.n; i++) {
      if (weights[i] > 0) for (let j = 0; j < v; j++) largest = Math.max(largest, Math.abs(weights[i] * values[i * v + j]) || 0);
    }
    this.limits = { query: niceLimit(Math.max(largestOf(query), largestOf(ownQuery))), key: niceLimit(largestOf(keys)), value: niceLimit(largestOf(values)), product: niceLimit(largest) };
  }

  isMasked(row: number): boolean {
    return this.part.masked[row] === 1;
  }

  key(row: number): Float32Array {
    const { keys, size } = this.part;
    return keys.subarray(row * size, (row + 1) * size);
  }

  value(row: number): Float32Array {
    const { values, valueSize } = this.part;
    return values.subarray(row * valueSize, (row + 1) * valueSize);
  }

  /** Weight × value of a row. [v] */
  product(row: number): Float64Array {
    let found = this.#products.get(row);
    if (!found) {
      if (this.#products.size >= KEPT) this.#products.clear();
      const weight = this.part.weights[row];
      // A masked key takes no part, whatever its value is.
      found = Float64Array.from(this.value(row), (value) => (weight === 0 ? 0 : weight * value));
      this.#products.set(row, found);
    }
    return found;
  }

  /** Digits of a weight behind the point, so that the largest of many small ones has some. */
  get decimals(): number {
    return this.top > 0.1 ? 3 : this.top > 0.01 ? 4 : 5;
  }

  /** The number of the output that is largest. */
  get strongestOutput(): number {
    return strongestOf(this.part.output.map(Math.abs));
  }

  /** Keys by what they add to one number of the output, the most first; masked ones and those that add nothing left out. */
  contributions(dimension: number): readonly { readonly row: number; readonly term: number }[] {
    if (this.#contributions?.dimension === dimension) return this.#contributions.rows;
    const { weights, values, valueSize } = this.part;
    const rows = Array.from(weights, (weight, row) => ({ row, term: weight * values[row * valueSize + dimension] }))
      .filter(({ row, term }) => weights[row] > 0 && !Number.isNaN(term))
      .sort((a, b) => Math.abs(b.term) - Math.abs(a.term) || a.row - b.row);
    this.#contributions = { dimension, rows };
    return rows;
  }
}

function strongestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best] || Number.isNaN(values[best])) best = i;
  return best;
}

/** Places of the query whose products with a key are the largest. */
export function largestTerms(a: ArrayLike<number>, b: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: a.length }, (_, i) => i).sort((i, j) => Math.abs(a[j] * b[j]) - Math.abs(a[i] * b[i]) || i - j).slice(0, count).sort((i, j) => i - j);
}

/** The least of 1, 2, 4, 5 and 8 times a power of ten that is not below a magnitude; 1 for none. */
export function niceLimit(largest: number): number {
  if (!(largest > 0) || !Number.isFinite(largest)) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 2, 4, 5, 8, 10].find((each) => each * unit >= largest * (1 - 1e-12)) ?? 10;
  return Number((step * unit).toPrecision(6));
}

/** Where colours of many numbers end: at the largest, but where few are far beyond the others, whose colours would all be pale. */
export function colourLimit(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    sum += Math.abs(values[i]);
    count++;
  }
  return niceLimit(Math.min(largestOf(values), (TIMES * sum) / Math.max(1, count)));
}

function largestOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** `query_edit` with one place set; null takes the change of that place back. */
export function withEdit(edit: string, place: number, value: number | null): string {
  const kept = edit.split(/\s+/).filter((each) => each !== "" && each.split(":")[0] !== String(place));
  return [...kept, ...(value === null ? [] : [`${place}:${Number(value.toPrecision(6))}`])].join(" ");
}

/** The places that `query_edit` sets. */
export function editedPlaces(edit: string): ReadonlySet<number> {
  return new Set(edit.split(/\s+/).filter((each) => /^\d+:/.test(each)).map((each) => Number(each.split(":")[0])));
}
