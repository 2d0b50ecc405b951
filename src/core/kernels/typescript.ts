import type { Kernels } from "./kernels.js";
import { logits } from "./ts/logits.js";
import { matrix } from "./ts/matrix.js";
import { text } from "./ts/text.js";
import { vectors } from "./ts/vectors.js";

/** The reference: clear, and everywhere to be had. */


/** The reference: clear, and everywhere to be had. */
export const typescript: Kernels = { implementation: "typescript", logits, text, matrix, vectors };
