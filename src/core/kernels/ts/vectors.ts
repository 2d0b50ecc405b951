import type { VectorsKernels } from "../vectors.js";
import { pairs } from "./pairs.js";

export const vectors: VectorsKernels = {
  byteRows: () => undefined,
  pairs,
};
