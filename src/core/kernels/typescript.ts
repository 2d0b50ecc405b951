import type { Kernels } from "./kernels.js";
import { decode } from "./ts/decode.js";
import { em } from "./ts/em.js";
import { logits } from "./ts/logits.js";
import { maps } from "./ts/maps.js";
import { matrix } from "./ts/matrix.js";
import { text } from "./ts/text.js";
import { transformer } from "./ts/transformer.js";
import { vectors } from "./ts/vectors.js";

/** The reference: clear, and everywhere to be had. */
export const typescript: Kernels = { implementation: "typescript", decode, em, logits, text, maps, matrix, vectors, transformer };
