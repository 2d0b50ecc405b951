import type { VectorsKernels } from "../vectors.js";
import { nearPairs } from "./nearPairs.js";
import { pairs } from "./pairs.js";
import { rowProducts } from "./rowProducts.js";

export const vectors: VectorsKernels = {
  byteRows: () => undefined,
  nearPairs,
  pairs,
  rowProducts,
};
