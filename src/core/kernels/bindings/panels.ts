import type { Module } from "./module.js";

export type PanelExports = {
  packRows(rows: number, m: number, d: number, panels: number): void;
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

/**
 * Rows of length 1 in panels of eight, each block of them taken over when it is first needed.
 * @param place where a block of rows is in the module's memory, [m, d]
 */
export function bindPanels({ exports, arena }: Module<PanelExports>, n: number, d: number, place: (start: number, m: number) => number): Panels {
  const size = 32 * d;
  const panels = arena.take(Math.ceil(n / 8) * size);
  const packed = new Set<number>();
  function pack(start: number, end: number): void {
    if (packed.has(start)) return;
    exports.packRows(place(start, end - start), end - start, d, panels + (start / 8) * size);
    packed.add(start);
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
