import type { VectorsKernels } from "../vectors.js";
import { nearPairs } from "./nearPairs.js";
import { pairs } from "./pairs.js";

export const vectors: VectorsKernels = {
  byteRows: () => undefined,
  nearPairs,
  pairs,
};
