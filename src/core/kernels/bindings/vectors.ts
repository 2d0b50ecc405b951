import type { RowPairs, VectorsKernels } from "../vectors.js";
import { bindByteRows, type ByteExports } from "./byteRows.js";
import type { Module } from "./module.js";
import { bindNearPairs } from "./nearPairs.js";
import { bindPairs, type PairExports } from "./rowPairs.js";
import { bindRowProducts, type RowExports } from "./rowProducts.js";

type Exports = ByteExports & PairExports & RowExports;

/** Numbers of rows whose pairs are taken in memory that is kept for the next, 12 bytes each: new memory takes as long as preparing them. */
const KEPT = 1 << 20;

/** @param open starts the module anew, with a memory of its own that threads share, or not */
export function bindVectors(open: (shared?: boolean) => Module<Exports>): VectorsKernels {
  const kept = keep(open);
  return {
    byteRows(n, d) {
      try {
        return bindByteRows(open(true), n, d);
      } catch (error) {
        if (error instanceof RangeError) return bindByteRows(open(), n, d);
        throw error;
      }
    },
    nearPairs: (units, m, d) => bindNearPairs(open(), units, m, d),
    rowProducts: (rows, m, d) => bindRowProducts(open(), rows, m, d),
    pairs: (rows, n, d, kind) => (n * d <= KEPT ? kept((module) => bindPairs(module, rows, n, d, kind)) : bindPairs(open(), rows, n, d, kind)),
  };
}

/** One memory for pairs of rows: those that are used have it, and take their rows over anew when others have had it since. */
function keep(open: () => Module<Exports>): (bind: (module: Module<Exports>) => RowPairs) => RowPairs {
  let module: Module<Exports> | undefined;
  let empty = 0;
  let owner: object | undefined;
  return (bind) => {
    const own = {};
    const take = (): RowPairs => {
      if (!module) {
        module = open();
        empty = module.arena.mark();
      }
      module.arena.release(empty);
      owner = own;
      return bind(module);
    };
    let pairs = take();
    return {
      block: pairs.block,
      fill(start, end, from, to, out) {
        if (owner !== own) pairs = take();
        pairs.fill(start, end, from, to, out);
      },
    };
  };
}
