import { mostOthers, type RowProducts } from "../vectors.js";
import type { Module } from "./module.js";

export type RowExports = {
  rowProducts(rows: number, stride: number, row: number, others: number, count: number, products: number): void;
};

/** Rows that are multiplied at once. */
const GROUP = 4;
/** Numbers copied between two yields. */
const COPIED = 1 << 20;

/** @param module its memory is the rows' own: views stay, since nothing is taken later, and as fresh memory it is all zeros */
export function* bindRowProducts(
  { exports, arena }: Module<RowExports>,
  rows: Float32Array,
  m: number,
  d: number,
): Generator<void, RowProducts, void> {
  const padded = 4 * Math.ceil(d / 4);
  const [row, others, products] = [arena.take(8 * padded), arena.take(4 * (mostOthers + GROUP)), arena.take(8 * (mostOthers + GROUP))];
  const held = arena.take(4 * m * padded);
  const copy = arena.f32(held, m * padded);
  const block = Math.max(1, Math.floor(COPIED / Math.max(1, d)));
  for (let from = 0; from < m; from += block) {
    const to = Math.min(m, from + block);
    if (padded === d) copy.set(rows.subarray(from * d, to * d), from * d);
    else for (let i = from; i < to; i++) copy.set(rows.subarray(i * d, (i + 1) * d), i * padded);
    yield;
  }
  const places = arena.i32(others, mostOthers + GROUP);
  return {
    row: arena.f64(row, d),
    others: places.subarray(0, mostOthers),
    products: arena.f64(products, mostOthers),
    multiply(count) {
      // The last group is filled with what is there anyway.
      places.fill(places[0], count, count + GROUP - 1);
      exports.rowProducts(held, 4 * padded, row, others, count, products);
    },
  };
}
