import { blockOf, dot } from "../ts/pairs.js";
import type { PairKind, RowPairs } from "../vectors.js";
import type { Module } from "./module.js";
import { bindPanels, type PanelExports } from "./panels.js";

type Join = (rows: number, twos: number, columns: number, fours: number, stride: number, out: number, across: number, width: number) => void;

export type PairExports = PanelExports & {
  products: Join;
  euclidean: Join;
  manhattan: Join;
};

/** Shorter rows are joined in binary64: there are few numbers to average their roundings out, and the time goes elsewhere. */
const SINGLE = 64;
/** Cosines beyond it are taken in binary64: there the difference from 1 counts, and equal rows have none. */
const NEAR = 0.999;

/** Rows in memory, block by block as they are needed first; a filled block lies at `out`, [m, block], and mirrored at `across`. */
type Filler = (start: number, m: number, from: number, w: number) => { readonly out: number; readonly across: number };

/** @param module its memory is the rows' own, and as fresh memory is all zeros */
export function bindPairs(module: Module<PairExports>, rows: Float64Array, n: number, d: number, kind: PairKind): RowPairs {
  const { arena } = module;
  const block = blockOf(n, d);
  const filler = kind === "cosine" && d >= SINGLE ? cosines(module, rows, n, d, block) : doubles(module, rows, n, d, block, kind);
  return {
    block,
    fill(start, end, from, to, values) {
      const [m, w] = [end - start, to - from];
      const { out, across } = filler(start, m, from, w);
      copy(arena.f32(out, block * block), m, w, start, from);
      if (from !== start) copy(arena.f32(across, block * block), w, m, from, start);

      function copy(cells: Float32Array, count: number, length: number, row: number, column: number): void {
        for (let r = 0; r < count; r++) values.set(cells.subarray(r * block, r * block + length), (row + r) * n + column);
      }
    },
  };
}

/** In binary32, those near 1 and −1 in binary64. */
function cosines(module: Module<PairExports>, rows: Float64Array, n: number, d: number, block: number): Filler {
  const { arena } = module;
  const panels = bindPanels(module, rows, n, d, block);
  const out = arena.take(4 * block * block);
  const across = arena.take(4 * block * block);
  const near = arena.take(4 * block * block);
  return (start, m, from, w) => {
    const triangle = from === start;
    const mirror = triangle ? out : across;
    const found = panels.multiply(start, start + m, from, from + w, { out, across: mirror, width: block, triangle, limit: NEAR, near });
    const [places, cells, mirrored] = [arena.i32(near, found), arena.f32(out, block * block), arena.f32(mirror, block * block)];
    for (const place of places) {
      const [i, j] = [Math.floor(place / block), place % block];
      const value = Math.max(-1, Math.min(1, dot(rows, (start + i) * d, (from + j) * d, d)));
      cells[place] = value;
      mirrored[j * block + i] = value;
    }
    return { out, across };
  };
}

/** In binary64. What is beyond 1 and −1 of cosines is rounded away. */
function doubles({ exports, arena }: Module<PairExports>, rows: Float64Array, n: number, d: number, block: number, kind: PairKind): Filler {
  const padded = d + (d % 2);
  const stride = 8 * padded;
  const values = arena.take((Math.ceil(n / 4) * 4) * stride);
  const out = arena.take(4 * block * block);
  const across = arena.take(4 * block * block);
  const join = { cosine: exports.products, product: exports.products, euclidean: exports.euclidean, manhattan: exports.manhattan }[kind];
  const held = new Set<number>();
  const hold = (start: number, m: number): void => {
    if (held.has(start)) return;
    held.add(start);
    const view = arena.f64(values + start * stride, m * padded);
    if (padded === d) view.set(rows.subarray(start * d, (start + m) * d));
    else for (let r = 0; r < m; r++) view.set(rows.subarray((start + r) * d, (start + r + 1) * d), r * padded);
  };
  return (start, m, from, w) => {
    hold(start, m);
    hold(from, w);
    join(values + start * stride, Math.ceil(m / 2), values + from * stride, Math.ceil(w / 4), stride, out, across, block);
    return { out, across };
  };
}
