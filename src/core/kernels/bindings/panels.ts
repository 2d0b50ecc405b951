import type { Module } from "./module.js";

export type PanelExports = {
  packRows(rows: number, d: number, panel: number): void;
  unitProducts(
    rows: number, rowPanels: number, columns: number, columnPanels: number, d: number,
    out: number, across: number, width: number, triangle: number, limit: number, near: number,
  ): number;
};

/** Where `unitProducts` puts what it finds: see there. */
export type PanelTarget = {
  readonly out: number;
  readonly across: number;
  readonly width: number;
  readonly triangle: boolean;
  readonly limit: number;
  readonly near: number;
};

export type Panels = {
  /** Products of rows start … end with rows from … to; start and from are multiples of a block's width. @returns how many are beyond the limit */
  multiply(start: number, end: number, from: number, to: number, target: PanelTarget): number;
};

/** Rows of length 1 in panels of eight, each block of them taken over when it is first needed. */
export function bindPanels({ exports, arena }: Module<PanelExports>, rows: Float64Array | Float32Array, n: number, d: number): Panels {
  const size = 32 * d;
  const panels = arena.take(Math.ceil(n / 8) * size);
  const eight = arena.take(64 * d);
  const packed = new Set<number>();
  function pack(start: number, end: number): void {
    if (packed.has(start)) return;
    packed.add(start);
    for (let i = start; i < end; i += 8) {
      const count = Math.min(8, n - i);
      const view = arena.f64(eight, 8 * d);
      view.set(rows.subarray(i * d, (i + count) * d));
      view.fill(0, count * d);
      exports.packRows(eight, d, panels + (i / 8) * size);
    }
  }
  return {
    multiply(start, end, from, to, { out, across, width, triangle, limit, near }) {
      pack(start, end);
      pack(from, to);
      const [a, b] = [panels + (start / 8) * size, panels + (from / 8) * size];
      return exports.unitProducts(a, Math.ceil((end - start) / 8), b, Math.ceil((to - from) / 8), d, out, across, width, triangle ? 1 : 0, limit, near);
    },
  };
}
