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

/** Complementary error function: a Chebyshev fit of the scaled function, relative error below 1.2e-7 (Numerical Recipes, 2nd ed., §6.2). */
function erfc(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + 0.5 * z);
  const series = [1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  let polynomial = 0;
  for (let i = series.length - 1; i >= 0; i--) polynomial = polynomial * t + series[i];
  const value = t * Math.exp(-z * z - 1.26551223 + t * polynomial);
  return x >= 0 ? value : 2 - value;
}
