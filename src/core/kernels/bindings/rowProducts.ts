import { mostOthers, type RowProducts } from "../vectors.js";
import type { Module } from "./module.js";

export type RowExports = {
  rowProducts(rows: number, stride: number, row: number, others: number, count: number, products: number): void;
};

/** Rows that are multiplied at once. */
const GROUP = 4;
/** Numbers of rows copied at once. */
const COPIED = 1 << 20;

/** @param module its memory is the rows' own: views stay, since nothing is taken later, and as fresh memory it is all zeros */
export function bindRowProducts({ exports, arena }: Module<RowExports>, rows: Float32Array, m: number, d: number): RowProducts {
  const padded = 4 * Math.ceil(d / 4);
  const [row, others, products] = [arena.take(8 * padded), arena.take(4 * (mostOthers + GROUP)), arena.take(8 * (mostOthers + GROUP))];
  const held = arena.take(4 * m * padded);
  const copy = arena.f32(held, m * padded);
  if (padded === d) for (let at = 0; at < m * d; at += COPIED) copy.set(rows.subarray(at, Math.min(m * d, at + COPIED)), at);
  else for (let i = 0; i < m; i++) copy.set(rows.subarray(i * d, (i + 1) * d), i * padded);
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
