import { logSumExp } from "../math/logSumExp.js";
import { argmax } from "./distribution.js";

export type Repetition = {
  /** n-grams in all, and different ones. */
  readonly count: number;
  readonly distinct: number;
};

/** A number for each different n-gram, in the order of first occurrence: [length − n + 1]. */
export function ngramIds(sequence: ArrayLike<number>, n: number): Int32Array {
  const places = Math.max(0, sequence.length - n + 1);
  const ids = new Int32Array(places);
  if (n === 0 || places === 0) return ids;
  // An n-gram is the pair of the (n − 1)-gram that begins it and its last token.
  const shorter = n === 1 ? undefined : ngramIds(sequence, n - 1);
  const seen = new Map<number, Map<number, number>>();
  let next = 0;
  for (let i = 0; i < places; i++) {
    const head = shorter ? shorter[i] : 0;
    const tail = sequence[i + n - 1];
    let row = seen.get(head);
    if (!row) seen.set(head, (row = new Map()));
    let id = row.get(tail);
    if (id === undefined) row.set(tail, (id = next++));
    ids[i] = id;
  }
  return ids;
}

export function repetition(sequence: ArrayLike<number>, n: number): Repetition {
  const ids = ngramIds(sequence, n);
  return { count: ids.length, distinct: new Set(ids).size };
}

/** seq-rep-n: 1 − different n-grams / n-grams (Welleck et al. 2020); null for a text without n-grams. */
export function seqRep(sequence: ArrayLike<number>, n: number): number | null {
  const { count, distinct } = repetition(sequence, n);
  return count === 0 ? null : 1 - distinct / count;
}

/** distinct-n: different n-grams / n-grams (Li et al. 2016); null for a text without n-grams. */
export function distinctN(sequence: ArrayLike<number>, n: number): number | null {
  const { count, distinct } = repetition(sequence, n);
  return count === 0 ? null : distinct / count;
}

/** Π over n = 2, 3, 4 of (1 − seq-rep-n) (Su et al. 2022); null for a text of fewer than 4 tokens. */
export function diversity(sequence: ArrayLike<number>): number | null {
  if (sequence.length < 4) return null;
  return [2, 3, 4].reduce((product, n) => product * (1 - seqRep(sequence, n)!), 1);
}

/** uniq-seq: how many different tokens texts use together (Welleck et al. 2020). */
export function uniqSeq(sequences: readonly ArrayLike<number>[]): number {
  const seen = new Set<number>();
  for (const sequence of sequences) for (let i = 0; i < sequence.length; i++) seen.add(sequence[i]);
  return seen.size;
}

/** 1 where a token lies in an n-gram that occurred earlier: every place of the later occurrence. [length] */
export function repeatMask(sequence: ArrayLike<number>, n: number): Uint8Array {
  const mask = new Uint8Array(sequence.length);
  let next = 0;
  ngramIds(sequence, n).forEach((id, i) => {
    if (id === next) next++;
    else mask.fill(1, i, i + n);
  });
  return mask;
}

/** What a model makes of a given text, place by place. */
export type Prediction = {
  /** [T] −log p of each token. */
  readonly nll: Float64Array;
  /** [T] the token that the model finds most probable. */
  readonly argmax: Int32Array;
};

/** @param logitsAt [V] logits that predict the token at t; may return the same buffer each time */
export function predict(targets: ArrayLike<number>, logitsAt: (t: number) => ArrayLike<number>): Prediction {
  const nll = new Float64Array(targets.length);
  const best = new Int32Array(targets.length);
  for (let t = 0; t < targets.length; t++) {
    const logits = logitsAt(t);
    nll[t] = logSumExp(logits) - logits[targets[t]];
    best[t] = argmax(logits);
  }
  return { nll, argmax: best };
}

/** exp of the mean −log p; NaN for no token. */
export function perplexity(nll: Float64Array): number {
  return Math.exp(mean(nll));
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * rep/l and wrep/l (Welleck et al. 2020): the share of places where the most probable token is among the `window` tokens
 * before, and where it is also wrong. NaN for no token.
 */
export function tokenRepetition(targets: ArrayLike<number>, best: ArrayLike<number>, window: number): { readonly rep: number; readonly wrep: number } {
  let rep = 0;
  let wrep = 0;
  for (let t = 0; t < targets.length; t++) {
    let found = false;
    for (let j = Math.max(0, t - window); j < t && !found; j++) found = targets[j] === best[t];
    if (!found) continue;
    rep++;
    if (best[t] !== targets[t]) wrep++;
  }
  return { rep: rep / targets.length, wrep: wrep / targets.length };
}

/** The share of places where the most probable token is the one that stands there. */
export function accuracy(targets: ArrayLike<number>, best: ArrayLike<number>): number {
  let hits = 0;
  for (let t = 0; t < targets.length; t++) if (best[t] === targets[t]) hits++;
  return hits / targets.length;
}

/**
 * How alike texts are: over all pairs, the mean Dice overlap of their n-grams (as multisets), 1 for equal texts. The third and
 * fourth kind of the repeater problem: samples of one prompt, and texts of different prompts. NaN for fewer than two texts.
 */
export function likeness(sequences: readonly ArrayLike<number>[], n = 1): number {
  const counts = sequences.map((sequence) => {
    const count = new Map<string, number>();
    for (let i = 0; i + n <= sequence.length; i++) {
      const key = Array.prototype.slice.call(sequence, i, i + n).join(" ");
      count.set(key, (count.get(key) ?? 0) + 1);
    }
    return count;
  });
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < counts.length; a++) {
    for (let b = a + 1; b < counts.length; b++) {
      sum += dice(counts[a], counts[b]);
      pairs++;
    }
  }
  return sum / pairs;
}

/** 2 Σ min / Σ of both; 1 for two empty multisets. */
export function dice(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let shared = 0;
  let total = 0;
  for (const [key, count] of a) {
    shared += Math.min(count, b.get(key) ?? 0);
    total += count;
  }
  for (const count of b.values()) total += count;
  return total === 0 ? 1 : (2 * shared) / total;
}
