import { fractions } from "../../math/exp.js";
import { BUCKETS } from "../../math/massQuantile.js";
import { functions as typescript } from "../ts/vocabulary.js";
import type { Vocabulary } from "../vocabulary.js";
import type { Module } from "./module.js";

/** Places are numbers of bytes. */
export type LogitsExports = {
  resultsAt(): number;
  exponentials(scores: number, out: number, n: number, fractions: number): void;
  scale(values: number, factor: number, out: number, n: number): void;
  divide(values: number, by: number, out: number, n: number): void;
  subtract(values: number, what: number, out: number, n: number): void;
  largestOf(values: number, n: number): number;
  collect(scores: number, floor: number, members: number, n: number): number;
  leftOf(scores: number, masses: number, members: number, n: number): number;
  share(scores: number, masses: number, factor: number, largest: number, out: number, members: number, count: number): number;
  narrow(keys: number, masses: number, goal: number, reach: boolean, members: number, buckets: number, sums: number, n: number): number;
  surprises(scores: number, logNormaliser: number, expected: number, out: number, n: number): void;
  keepFrom(scores: number, floor: number, out: number, n: number): void;
  keepBehind(scores: number, floor: number, from: number, out: number, n: number): void;
  keepProbable(scores: number, probabilities: number, limit: number, floor: number, out: number, n: number): void;
  keepNear(scores: number, keys: number, far: number, out: number, n: number): void;
};

/**
 * Arrays that lie in the memory of a module of their own, whose size stays as it is.
 * @throws RangeError when there is no such memory
 */
export function bindVocabulary({ exports, arena }: Module<LogitsExports>, size: number, reals: number, integers: number): Vocabulary {
  const table = arena.take(8 * fractions.length);
  const buckets = arena.take(2 * size);
  const sums = arena.take(8 * (BUCKETS + 2));
  const realPlaces = Array.from({ length: reals }, () => arena.take(8 * size));
  const integerPlaces = Array.from({ length: integers }, () => arena.take(4 * size));
  arena.f64(table, fractions.length).set(fractions);
  const results = arena.f64(exports.resultsAt(), 8);
  const { buffer } = results;
  const at = (array: Float64Array | Int32Array): number => {
    if (array.buffer !== buffer) throw new TypeError("the array is not of this vocabulary");
    return array.byteOffset;
  };
  return {
    size,
    reals: realPlaces.map((place) => arena.f64(place, size)),
    integers: integerPlaces.map((place) => arena.i32(place, size)),
    exponentials(scores, out) {
      exports.exponentials(at(scores), at(out), size, table);
      const [largest, sum, weighted, removed, odd] = [results[0], results[1], results[2], results[3], results[4]];
      return { largest, sum, weighted, kept: size - removed, invalid: odd ? invalidOf(scores) : 0 };
    },
    scale: (values, factor, out) => exports.scale(at(values), factor, at(out), size),
    divide: (values, by, out) => exports.divide(at(values), by, at(out), size),
    subtract: (values, what, out) => exports.subtract(at(values), what, at(out), size),
    largestOf: (values) => exports.largestOf(at(values), size),
    collect: (scores, floor, members) => exports.collect(at(scores), floor, at(members), size),
    leftOf(scores, masses, members) {
      const kept = exports.leftOf(at(scores), at(masses), at(members), size);
      return { kept, mass: results[0], largest: results[1] };
    },
    share: (scores, masses, factor, largest, out, members, count) => exports.share(at(scores), at(masses), factor, largest, at(out), at(members), count),
    narrow(keys, masses, goal, reach, members) {
      const count = exports.narrow(at(keys), masses ? at(masses) : 0, goal, reach, at(members), buckets, sums, size);
      return count < 0 ? undefined : { count, below: results[0], least: results[1], most: results[2] };
    },
    surprises(scores, logNormaliser, expected, out, among) {
      if (among.listed < 0) exports.surprises(at(scores), logNormaliser, expected, at(out), size);
      else typescript.surprises(scores, logNormaliser, expected, out, among);
    },
    keepFrom(scores, floor, out, among) {
      if (among.listed < 0) exports.keepFrom(at(scores), floor, at(out), size);
      else typescript.keepFrom(scores, floor, out, among);
    },
    keepBehind(scores, floor, from, out, among) {
      if (among.listed < 0) exports.keepBehind(at(scores), floor, from, at(out), size);
      else typescript.keepBehind(scores, floor, from, out, among);
    },
    keepProbable(scores, probabilities, limit, floor, out, among) {
      if (among.listed < 0) exports.keepProbable(at(scores), at(probabilities), limit, floor, at(out), size);
      else typescript.keepProbable(scores, probabilities, limit, floor, out, among);
    },
    keepNear(scores, keys, far, out, among) {
      if (among.listed < 0) exports.keepNear(at(scores), at(keys), far, at(out), size);
      else typescript.keepNear(scores, keys, far, out, among);
    },
  };
}

function invalidOf(scores: Float64Array): number {
  let invalid = 0;
  for (const score of scores) if (score !== score || score === Infinity) invalid++;
  return invalid;
}
