import { massQuantile, quantileWork } from "../math/massQuantile.js";
import type { Vocabulary } from "./vocabulary.js";

/** What decoding computes over a vocabulary, and attention over long rows. All implementations agree to the last bit. */
export interface LogitsKernels {
  /** Rows and vocabularies of fewer elements are better left to TypeScript: a row is copied in and out, a vocabulary has a memory of its own. */
  readonly leastRow: number;
  readonly leastVocabulary: number;
  /** As `logSumExp` of core/math. */
  logSumExp(values: ArrayLike<number>, n: number, from: number): number;
  /** As `softmax` of core/math. */
  softmax(values: ArrayLike<number>, out: Float32Array | Float64Array, n: number, from: number): void;
  /** So many arrays of `size` elements, and the functions on them. Their memory goes with the last of them. */
  vocabulary(size: number, reals: number, integers: number): Vocabulary;
}

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkLogits(own: LogitsKernels, reference: LogitsKernels): string | undefined {
  const [a, b] = [resultsOf(own), resultsOf(reference)];
  const i = a.findIndex((value, j) => !Object.is(value, b[j]));
  return i < 0 && a.length === b.length ? undefined : `number ${i} of the logits is ${a[i]}, not ${b[i]}`;
}

/** Odd, and more than the few that are sorted outright. */
const SIZE = 71;

/** What all functions make of a few logits. */
function resultsOf({ logSumExp, softmax, vocabulary: open }: LogitsKernels): readonly number[] {
  const values = Float64Array.from({ length: SIZE }, (_, i) => 9 * Math.sin(i * i) - (i % 30 === 4 ? 800 : 0));
  const results = [logSumExp(values, SIZE, 0)];
  softmax(values, values, SIZE - 2, 1);
  results.push(...values);
  const { reals: [scores, p, keys, out, zeros], integers: [members], ...vocabulary } = open(SIZE, 5, 1);
  const all = { members, listed: -1 };
  scores.set(values.map((value, i) => (i % 7 === 0 ? -Infinity : 2e3 * value)));
  const { largest, sum, weighted, kept, invalid } = vocabulary.exponentials(scores, p);
  results.push(largest, sum, weighted, kept, invalid);
  const told = (array: Float64Array) => results.push(...array);
  vocabulary.scale(p, 1 / sum, p);
  told(p);
  results.push(vocabulary.largestOf(p));
  vocabulary.surprises(scores, largest, 3, keys, all);
  told(keys);
  const at = 39; // neither −∞ nor among the largest
  const middle = scores[at];
  vocabulary.divide(scores, 3, out);
  told(out);
  vocabulary.subtract(scores, 3, out);
  told(out);
  vocabulary.keepFrom(scores, middle, out, all);
  told(out);
  vocabulary.keepBehind(scores, middle, 1 + at, out, all);
  told(out);
  vocabulary.keepProbable(scores, p, 1e-3, middle, out, all);
  told(out);
  const count = vocabulary.collect(scores, middle, members);
  results.push(count, ...members.subarray(0, count));
  vocabulary.keepNear(scores, keys, 20, out, all);
  told(out);
  const left = vocabulary.leftOf(out, p, members);
  results.push(left.kept, left.mass, left.largest, ...members.subarray(0, left.kept));
  results.push(vocabulary.share(out, p, 1.5, left.largest, zeros, members, left.kept));
  results.push(massQuantile(keys, p, 0.3, true, { ...quantileWork(SIZE), narrow: vocabulary.narrow, members }));
  told(zeros);
  return results;
}
