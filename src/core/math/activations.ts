import { erfc } from "./erf.js";
import { expNegative } from "./exp.js";

/** 1 / (1 + e^−x), without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + expNegative(-x));
  const e = expNegative(x);
  return e / (1 + e);
}

/** x · sigmoid(x). */
export function silu(x: number): number {
  return x * sigmoid(x);
}

/** GELU with tanh (Hendrycks and Gimpel 2016): x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), and (1 + tanh u)/2 = sigmoid(2u). */
export function geluTanh(x: number): number {
  return x * sigmoid(1.5957691216057308 * (x + 0.044715 * x * x * x));
}

/** GELU with the normal distribution: x Φ(x). */
export function gelu(x: number): number {
  return 0.5 * x * erfc(-x * Math.SQRT1_2);
}

export function relu(x: number): number {
  return x > 0 ? x : 0;
}
