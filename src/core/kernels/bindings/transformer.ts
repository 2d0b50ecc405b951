import type { Arena } from "../arena.js";
import { checkAttending, type Attending, type NoteWeights, type TransformerKernels } from "../transformer.js";
import type { Module } from "./module.js";

type Exports = {
  attend(
    query: number, stride: number, n: number, size: number, scale: number, keys: number, values: number, width: number,
    count: number, more: number, weights: number, row: number, out: number, outStride: number,
  ): void;
  geluTanh(x: number, n: number): void;
  gelu(x: number, n: number): void;
  silu(x: number, n: number): void;
  entropies(weights: number, rows: number, columns: number, out: number): void;
};

export function bindTransformer({ exports, arena }: Module<Exports>): TransformerKernels {
  function scratch(use: () => void): void {
    const mark = arena.mark();
    try {
      use();
    } finally {
      arena.release(mark);
    }
  }
  function inPlace(change: (x: number, n: number) => void, x: Float32Array, n: number): void {
    scratch(() => {
      const at = arena.take(4 * n);
      arena.f32(at, n).set(x.subarray(0, n));
      change(at, n);
      x.set(arena.f32(at, n));
    });
  }
  return {
    attend: (what, out, note) => scratch(() => attend(exports, arena, what, out, note)),
    geluTanh: (x, n) => inPlace(exports.geluTanh, x, n),
    gelu: (x, n) => inPlace(exports.gelu, x, n),
    silu: (x, n) => inPlace(exports.silu, x, n),
    entropies: (weights, columns, out) =>
      scratch(() => {
        const rows = out.length;
        const at = arena.take(4 * rows * columns);
        const result = arena.take(8 * rows);
        arena.f32(at, rows * columns).set(weights.subarray(0, rows * columns));
        exports.entropies(at, rows, columns, result);
        out.set(arena.f64(result, rows));
      }),
  };
}

/** Head by head. What is copied is little beside the products. */
function attend(exports: Exports, arena: Arena, what: Attending, out: Float32Array, note: NoteWeights | undefined): void {
  const { queries, stride, n, heads, kvHeads, size, scale, keys, values, count, more } = what;
  const seen = checkAttending(what, out);
  if (n === 0) return;
  const width = kvHeads * size;
  const length = (n - 1) * stride + heads * size;
  const query = arena.take(4 * length);
  // Keys go by fours.
  const rows = 4 * Math.ceil(seen / 4);
  const key = arena.take(4 * rows * width);
  const value = values ? arena.take(4 * rows * width) : 0;
  const row = note ? rows + 4 : 0;
  const weights = arena.take(4 * (rows + 4 + (n - 1) * row));
  const mixed = arena.take(values ? 4 * n * heads * size : 0);
  arena.f32(query, length).set(queries.subarray(0, length));
  copy(keys, arena.f32(key, seen * width));
  if (values) copy(values, arena.f32(value, seen * width));
  for (let h = 0; h < heads; h++) {
    const from = 4 * Math.floor((h * kvHeads) / heads) * size;
    const at = 4 * h * size;
    exports.attend(query + at, 4 * stride, n, size, scale, key + from, values ? value + from : 0, 4 * width, count, more, weights, 4 * row, mixed + at, 4 * heads * size);
    for (let t = 0; note && t < n; t++) note(h, t, arena.f32(weights + 4 * t * row, count + more * t));
  }
  if (values) out.set(arena.f32(mixed, n * heads * size));
}

function copy(pages: readonly Float32Array[], to: Float32Array): void {
  let at = 0;
  for (const page of pages) {
    if (at + page.length > to.length) {
      to.set(page.subarray(0, to.length - at), at);
      return;
    }
    to.set(page, at);
    at += page.length;
  }
}
