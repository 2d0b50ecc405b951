import { blockOf, dot } from "../ts/pairs.js";
import type { PairKind, RowPairs, RowSource } from "../vectors.js";
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

/** @param module its memory is the rows' own as long as they are used */
export function bindPairs(module: Module<PairExports>, rows: RowSource, n: number, d: number, kind: PairKind): RowPairs {
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

/** Rows in memory, [n, padded] at `values`, each block of them taken over when it is first needed; `place` tells where it is. */
function holdRows({ arena }: Module<PairExports>, rows: RowSource, n: number, d: number, padded: number) {
  const values = arena.take(8 * n * padded);
  const held = new Set<number>();
  const place = (start: number, m: number): number => {
    const at = values + 8 * start * padded;
    if (held.has(start)) return at;
    const view = arena.f64(at, m * padded);
    for (let r = 0; r < m; r++) {
      rows(start + r, view.subarray(r * padded, r * padded + d));
      view.fill(0, r * padded + d, (r + 1) * padded);
    }
    held.add(start);
    return at;
  };
  return { values, place };
}

/** In binary32, those near 1 and −1 in binary64. */
function cosines(module: Module<PairExports>, source: RowSource, n: number, d: number, block: number): Filler {
  const { arena } = module;
  const { values, place } = holdRows(module, source, n, d, d);
  const panels = bindPanels(module, n, d, place);
  const out = arena.take(4 * block * block);
  const across = arena.take(4 * block * block);
  const near = arena.take(4 * block * block);
  return (start, m, from, w) => {
    const triangle = from === start;
    const mirror = triangle ? out : across;
    const found = panels.multiply(start, start + m, from, from + w, { out, across: mirror, width: block, triangle, limit: NEAR, near });
    const [places, cells, mirrored] = [arena.i32(near, found), arena.f32(out, block * block), arena.f32(mirror, block * block)];
    const rows = arena.f64(values, n * d);
    for (const cell of places) {
      const [i, j] = [Math.floor(cell / block), cell % block];
      const value = Math.max(-1, Math.min(1, dot(rows, (start + i) * d, (from + j) * d, d)));
      cells[cell] = value;
      mirrored[j * block + i] = value;
    }
    return { out, across };
  };
}

/** In binary64. What is beyond 1 and −1 of cosines is rounded away. */
function doubles(module: Module<PairExports>, rows: RowSource, n: number, d: number, block: number, kind: PairKind): Filler {
  const { exports, arena } = module;
  const padded = d + (d % 2);
  // Rows go by fours; what those that are none give is left.
  const { place } = holdRows(module, rows, 4 * Math.ceil(n / 4), d, padded);
  const out = arena.take(4 * block * block);
  const across = arena.take(4 * block * block);
  const join = { cosine: exports.products, product: exports.products, euclidean: exports.euclidean, manhattan: exports.manhattan }[kind];
  return (start, m, from, w) => {
    join(place(start, m), Math.ceil(m / 2), place(from, w), Math.ceil(w / 4), 8 * padded, out, across, block);
    return { out, across };
  };
}
