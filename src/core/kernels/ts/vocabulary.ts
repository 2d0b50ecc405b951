import { expNegative } from "../../math/exp.js";
import type { Exponentials, Left, Vocabulary } from "../vocabulary.js";

export function newVocabulary(size: number, reals: number, integers: number): Vocabulary {
  return {
    ...functions,
    size,
    reals: Array.from({ length: reals }, () => new Float64Array(size)),
    integers: Array.from({ length: integers }, () => new Int32Array(size)),
  };
}

/** They work on any arrays. */
export const functions: Omit<Vocabulary, "size" | "reals" | "integers"> = {
  exponentials,
  scale: (values, factor, out) => {
    for (let i = 0; i < out.length; i++) out[i] = values[i] * factor;
  },
  divide: (values, by, out) => {
    for (let i = 0; i < out.length; i++) out[i] = values[i] / by;
  },
  subtract: (values, what, out) => {
    for (let i = 0; i < out.length; i++) out[i] = values[i] - what;
  },
  largestOf,
  collect: (scores, floor, members) => {
    let count = 0;
    for (let i = 0; i < scores.length; i++) if (scores[i] >= floor) members[count++] = i;
    return count;
  },
  leftOf,
  share: (scores, masses, factor, largest, out, members, count) => {
    let weighted = 0;
    for (let m = 0; m < count; m++) {
      const i = members[m];
      const p = masses[i] * factor;
      out[i] = p;
      if (p > 0) weighted += p * (scores[i] - largest);
    }
    return weighted;
  },
  narrow: () => undefined,
  surprises: (scores, logNormaliser, expected, out, { members, listed }) => {
    const [size, all] = [listed < 0 ? scores.length : listed, listed < 0];
    for (let m = 0; m < size; m++) {
      const i = all ? m : members[m];
      out[i] = Math.abs(logNormaliser - scores[i] - expected);
    }
  },
  keepFrom: (scores, floor, out, { members, listed }) => {
    const [size, all] = [listed < 0 ? scores.length : listed, listed < 0];
    for (let m = 0; m < size; m++) {
      const i = all ? m : members[m];
      out[i] = scores[i] < floor ? -Infinity : scores[i];
    }
  },
  keepBehind: (scores, floor, from, out, { members, listed }) => {
    const [size, all] = [listed < 0 ? scores.length : listed, listed < 0];
    for (let m = 0; m < size; m++) {
      const i = all ? m : members[m];
      const score = scores[i];
      out[i] = score > floor || (score === floor && i >= from) ? score : -Infinity;
    }
  },
  keepProbable: (scores, probabilities, limit, floor, out, { members, listed }) => {
    const [size, all] = [listed < 0 ? scores.length : listed, listed < 0];
    for (let m = 0; m < size; m++) {
      const i = all ? m : members[m];
      out[i] = probabilities[i] < limit && scores[i] < floor ? -Infinity : scores[i];
    }
  },
  keepNear: (scores, keys, far, out, { members, listed }) => {
    const [size, all] = [listed < 0 ? scores.length : listed, listed < 0];
    for (let m = 0; m < size; m++) {
      const i = all ? m : members[m];
      out[i] = keys[i] <= far ? scores[i] : -Infinity;
    }
  },
};

function largestOf(values: Float64Array): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > largest) largest = values[i];
  return largest;
}

function exponentials(scores: Float64Array, out: Float64Array): Exponentials {
  const size = scores.length;
  const largest = largestOf(scores);
  let kept = size;
  let invalid = 0;
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < size; i++) {
    const x = scores[i] - largest;
    if (x >= -708) {
      const e = expNegative(x);
      out[i] = e;
      sum += e;
      weighted += e * x;
      continue;
    }
    out[i] = 0;
    // Among these are NaN and, where the largest is Infinity, all.
    const score = scores[i];
    if (score === -Infinity) kept--;
    else if (score !== score || score === Infinity) invalid++;
  }
  return { largest, sum, weighted, kept, invalid };
}

function leftOf(scores: Float64Array, masses: Float64Array, members: Int32Array): Left {
  let largest = -Infinity;
  let kept = 0;
  let mass = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i];
    if (score === -Infinity) continue;
    members[kept++] = i;
    mass += masses[i];
    if (score > largest) largest = score;
  }
  return { kept, mass, largest };
}
