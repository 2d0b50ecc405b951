import type { VectorsKernels } from "../vectors.js";

export const vectors: VectorsKernels = {
  byteRows: () => undefined,
};
