import { expNegative } from "../../math/exp.js";
import type { LogitsKernels } from "../logits.js";

export const logits: LogitsKernels = {
  expAll(x, out) {
    for (let i = 0; i < x.length; i++) out[i] = expNegative(x[i]);
  },
};
