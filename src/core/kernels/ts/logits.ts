import { expNegative } from "../../math/exp.js";
import type { LogitsKernels } from "../logits.js";
import { newVocabulary } from "./vocabulary.js";

export const logits: LogitsKernels = { leastRow: 0, leastVocabulary: 0, logSumExp, softmax, vocabulary: newVocabulary };

function logSumExp(values: ArrayLike<number>, n: number, from: number): number {
  let most = -Infinity;
  for (let i = from; i < from + n; i++) {
    const v = values[i];
    if (v > most) most = v;
    else if (v !== v) return NaN;
  }
  if (most === -Infinity || most === Infinity) return most;
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += expNegative(values[i] - most);
  return most + Math.log(sum);
}

function softmax(values: ArrayLike<number>, out: Float32Array | Float64Array, n: number, from: number): void {
  let most = -Infinity;
  for (let i = from; i < from + n; i++) if (values[i] > most) most = values[i];
  if (most === -Infinity) {
    out.fill(0, from, from + n);
    return;
  }
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += out[i] = expNegative(values[i] - most);
  const scale = 1 / sum;
  for (let i = from; i < from + n; i++) out[i] *= scale;
}
