/** Numbers in either precision. */
export type Reals = Float32Array | Float64Array;

/**
 * out[i, r] = bias[r] + Σ_j w[r, j] x[i, j] in double precision, weights as PyTorch has them: y = x Wᵀ + b. For matrices that
 * are looked at number by number; a model's own go through `linear`, whose loop must see binary32 arrays only to stay fast.
 * @param x [n, k]
 * @param w [m, k]
 * @param bias [m]
 * @returns [n, m]
 */
export function affine(x: Reals, n: number, k: number, w: Reals, m: number, bias?: Reals): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < m; r++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += w[r * k + j] * x[i * k + j];
      out[i * m + r] = bias ? sum + bias[r] : sum;
    }
  }
  return out;
}

/**
 * Σ_j weights[i, j] values[j, c]: rows mixed by weights. A weight of 0 takes nothing, also of a value that is no number.
 * @param weights [n, k]
 * @param values [k, m]
 * @returns [n, m]
 */
export function mix(weights: Reals, n: number, k: number, values: Reals, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) {
      const weight = weights[i * k + j];
      if (weight === 0) continue;
      for (let c = 0; c < m; c++) out[i * m + c] += weight * values[j * m + c];
    }
  }
  return out;
}
