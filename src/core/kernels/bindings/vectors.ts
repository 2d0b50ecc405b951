import type { VectorsKernels } from "../vectors.js";
import { bindByteRows, type ByteExports } from "./byteRows.js";
import type { Module } from "./module.js";
import { bindNearPairs } from "./nearPairs.js";
import { bindPairs, type PairExports } from "./rowPairs.js";

type Exports = ByteExports & PairExports;

/** @param open starts the module anew, with a memory of its own */
export function bindVectors(open: () => Module<Exports>): VectorsKernels {
  return {
    byteRows: (n, d) => bindByteRows(open(), n, d),
    nearPairs: (units, m, d) => bindNearPairs(open(), units, m, d),
    pairs: (rows, n, d, kind) => bindPairs(open(), rows, n, d, kind),
  };
}
