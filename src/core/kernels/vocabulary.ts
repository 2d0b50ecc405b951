import type { Among, Narrowed } from "../math/massQuantile.js";

/** What `exponentials` finds. */
export type Exponentials = {
  /** −Infinity when there is no score above it. */
  readonly largest: number;
  /** Σ e^x and Σ e^x x, x counted from the largest. */
  readonly sum: number;
  readonly weighted: number;
  /** Scores that are not −Infinity. */
  readonly kept: number;
  /** Scores that are NaN or +Infinity. */
  readonly invalid: number;
};

/** What is left of the tokens. */
export type Left = { readonly kept: number; readonly mass: number; readonly largest: number };

/**
 * Functions on arrays over one vocabulary [V]: they take those of `reals` and `integers` only. The output may be the input.
 * Where tokens are listed, only these are read and written.
 */
export interface Vocabulary {
  readonly size: number;
  /** [V] each, zeros at first. */
  readonly reals: readonly Float64Array[];
  readonly integers: readonly Int32Array[];

  /** out[i] = e^(scores[i] − the largest), 0 where that is below e^−708. */
  exponentials(scores: Float64Array, out: Float64Array): Exponentials;
  /** values[i] *= factor. */
  scale(values: Float64Array, factor: number, out: Float64Array): void;
  divide(values: Float64Array, by: number, out: Float64Array): void;
  subtract(values: Float64Array, what: number, out: Float64Array): void;
  /** NaN passed over; −Infinity when there is none. */
  largestOf(values: Float64Array): number;

  /** The tokens whose score is at least `floor`, ascending. @returns how many */
  collect(scores: Float64Array, floor: number, members: Int32Array): number;
  /** Lists the tokens that are not removed, and sums their masses. */
  leftOf(scores: Float64Array, masses: Float64Array, members: Int32Array): Left;
  /** out[i] = masses[i] · factor of the first `count` members. @returns Σ p x, x counted from the largest */
  share(scores: Float64Array, masses: Float64Array, factor: number, largest: number, out: Float64Array, members: Int32Array, count: number): number;

  /** The first step of `massQuantile` over all; undefined where it has to go through them itself. */
  narrow(keys: Float64Array, masses: Float64Array | undefined, goal: number, reach: boolean, members: Int32Array): Narrowed | undefined;
  /** out[i] = |logNormaliser − scores[i] − expected|. */
  surprises(scores: Float64Array, logNormaliser: number, expected: number, out: Float64Array, among: Among): void;

  /** Keeps what is not below `floor`. */
  keepFrom(scores: Float64Array, floor: number, out: Float64Array, among: Among): void;
  /** Keeps what is above `floor`, and what equals it from the token `from` on. */
  keepBehind(scores: Float64Array, floor: number, from: number, out: Float64Array, among: Among): void;
  /** Removes what is less probable than `limit` and below `floor`. */
  keepProbable(scores: Float64Array, probabilities: Float64Array, limit: number, floor: number, out: Float64Array, among: Among): void;
  /** Keeps what has a key of at most `far`. */
  keepNear(scores: Float64Array, keys: Float64Array, far: number, out: Float64Array, among: Among): void;
}
