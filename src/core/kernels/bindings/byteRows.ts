import type { ByteQuery, ByteRows } from "../vectors.js";
import type { Module } from "./module.js";
import type { NearExports } from "./nearPairs.js";

export type ByteExports = NearExports & {
  quantise(rows: number, n: number, d: number, stride: number, bytes: number, factors: number, residuals: number): void;
  bounds(
    bytes: number, stride: number, fours: number, query: number, factors: number, residuals: number,
    scale: number, slope: number, slack: number, lower: number, upper: number,
  ): void;
};

/** Rows that bounds are given of at once: they stay in the cache. */
const MOST = 16_384;
/** Numbers copied at once. */
const COPIED = 65_536;

/** @param module its memory is the rows' own: views stay, since nothing is taken later, and as fresh memory it is all zeros */
export function bindByteRows({ exports, arena }: Module<ByteExports>, n: number, d: number): ByteRows {
  const stride = 8 * Math.ceil(d / 8);
  const whole = 4 * Math.ceil(n / 4);
  const bytes = arena.take(whole * stride);
  const factors = arena.take(4 * whole);
  const residuals = arena.take(4 * whole);
  const query = arena.take(2 * stride);
  const most = Math.min(MOST, whole);
  const lower = arena.take(4 * most);
  const upper = arena.take(4 * most);
  const places = arena.take(4 * most);
  const least = arena.take(4);
  const none = arena.take(4 * most);
  const block = Math.min(whole, Math.max(4, Math.floor(COPIED / Math.max(1, d))));
  const rows = arena.take(4 * block * d);
  arena.f32(none, most).fill(NaN); // limits of columns, which nothing reaches
  return {
    byteLength: arena.mark(),
    most,
    room: { bytes: arena.bytes(bytes, whole * stride), factors: arena.f32(factors, whole), residuals: arena.f32(residuals, whole) },
    fill(values, start, end) {
      for (let from = start; from < end; from += block) {
        const m = Math.min(block, end - from);
        arena.f32(rows, m * d).set(values.subarray(from * d, (from + m) * d));
        exports.quantise(rows, m, d, stride, bytes + from * stride, factors + 4 * from, residuals + 4 * from);
      }
    },
    bounds({ shorts, scale, slope, slack }: ByteQuery, start, end) {
      arena.i16(query, d).set(shorts);
      exports.bounds(
        bytes + start * stride, stride, Math.ceil((end - start) / 4), query, factors + 4 * start, residuals + 4 * start,
        scale, slope, slack, lower, upper,
      );
      return { lower: arena.f32(lower, end - start), upper: arena.f32(upper, end - start) };
    },
    reaching(number, count) {
      arena.f32(least, 1)[0] = number;
      return arena.i32(places, exports.above(upper, 1, count, count, least, none, 0, places));
    },
  };
}
