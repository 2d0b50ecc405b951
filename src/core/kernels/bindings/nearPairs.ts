import { blockOf } from "../ts/pairs.js";
import { nearError, type NearPairs } from "../vectors.js";
import type { Module } from "./module.js";
import { bindPanels, type PanelExports } from "./panels.js";

export type NearExports = PanelExports & {
  above(cells: number, m: number, w: number, width: number, rowLimits: number, columnLimits: number, triangle: number, places: number): number;
};

/**
 * Products are summed in runs of 16 in binary32: within 16 · 2^−24 of those of rows of length 1, and 2^−24 for the result.
 * @param module its memory is the rows' own
 */
export function bindNearPairs(module: Module<NearExports>, units: Float32Array, m: number, d: number): NearPairs {
  const { exports, arena } = module;
  const block = blockOf(m, d);
  const doubles = arena.take(8 * block * d);
  const panels = bindPanels(module, m, d, (start, count) => {
    arena.f64(doubles, count * d).set(units.subarray(start * d, (start + count) * d));
    return doubles;
  });
  const cells = arena.take(4 * block * block);
  const mirror = arena.take(4 * block * block);
  const places = arena.take(4 * block * block);
  const limitsOf = [arena.take(4 * block), arena.take(4 * block)];
  const products = new Float32Array(block * block);
  return {
    block,
    find(start, end, from, to, limits) {
      for (const [side, [first, last]] of [[start, end], [from, to]].entries()) {
        const view = arena.f32(limitsOf[side], block).fill(Infinity);
        for (let i = first; i < last; i++) view[i - first] = limits[i] - nearError;
      }
      panels.multiply(start, end, from, to, { out: cells, across: mirror, width: block, triangle: false, limit: Infinity, near: 0 });
      const found = exports.above(cells, end - start, to - from, block, limitsOf[0], limitsOf[1], start === from ? 1 : 0, places);
      const near = arena.i32(places, found);
      const all = arena.f32(cells, block * block);
      for (let n = 0; n < found; n++) products[n] = all[near[n]];
      return { places: near, products: products.subarray(0, found) };
    },
  };
}
