/**
 * Cholesky factor of a symmetric positive definite matrix (row-major, [n, n]; the lower triangle is read).
 * Writes the lower factor L, with A = L Lᵀ, over the lower triangle of `out`; the upper triangle is set to zero.
 * `out` may be `a`.
 * @param tolerance a pivot at or below this share of its diagonal entry is made of rounding errors
 * @returns the index of the first pivot that is not positive beyond rounding, or -1 when the factor is complete
 */
export function cholesky(a: Float64Array, n: number, out: Float64Array, tolerance = 4 * Number.EPSILON): number {
  for (let j = 0; j < n; j++) {
    const diagonal = a[j * n + j];
    let pivot = diagonal;
    for (let p = 0; p < j; p++) pivot -= out[j * n + p] * out[j * n + p];
    if (!(pivot > tolerance * diagonal) || pivot === Infinity) return j;
    const root = Math.sqrt(pivot);
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j];
      for (let p = 0; p < j; p++) sum -= out[i * n + p] * out[j * n + p];
      out[i * n + j] = sum / root;
    }
    out[j * n + j] = root;
    for (let i = 0; i < j; i++) out[i * n + j] = 0;
  }
  return -1;
}

/** Inverse of a lower triangular matrix [n, n] by forward substitution; `out` must not be `l`. */
export function invertLower(l: Float64Array, n: number, out: Float64Array): void {
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) out[i * n + j] = 0;
    out[j * n + j] = 1 / l[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let p = j; p < i; p++) sum -= l[i * n + p] * out[p * n + j];
      out[i * n + j] = sum / l[i * n + i];
    }
  }
}
