import type { Kernels } from "./kernels.js";
import { logits } from "./ts/logits.js";

/** The reference: clear, and everywhere to be had. */
export const typescript: Kernels = { implementation: "typescript", logits };
