/**
 * out[t, r] = bias[r] + Σ_j w[r, j] x[t, j] for the rows r of `w` in [from, to): a linear layer, its weights [m, k] as PyTorch
 * has them. Sums are in double precision. Four rows of weights meet two tokens at once, so that a loaded number is used
 * several times and eight sums run side by side.
 * @param x [n, k]
 * @param w [m, k]
 * @param bias [m]
 * @param out [n, m]
 */
export function linear(
  x: Float32Array,
  n: number,
  k: number,
  w: Float32Array,
  m: number,
  bias: Float32Array | undefined,
  out: Float32Array,
  from = 0,
  to = m,
): void {
  let r = from;
  for (; r + 4 <= to; r += 4) {
    const w0 = r * k;
    const w1 = w0 + k;
    const w2 = w1 + k;
    const w3 = w2 + k;
    const b0 = bias ? bias[r] : 0;
    const b1 = bias ? bias[r + 1] : 0;
    const b2 = bias ? bias[r + 2] : 0;
    const b3 = bias ? bias[r + 3] : 0;
    let t = 0;
    for (; t + 2 <= n; t += 2) {
      const xa = t * k;
      const xb = xa + k;
      let a0 = b0, a1 = b1, a2 = b2, a3 = b3;
      let c0 = b0, c1 = b1, c2 = b2, c3 = b3;
      for (let j = 0; j < k; j++) {
        const va = x[xa + j];
        const vb = x[xb + j];
        const u0 = w[w0 + j];
        const u1 = w[w1 + j];
        const u2 = w[w2 + j];
        const u3 = w[w3 + j];
        a0 += u0 * va;
        a1 += u1 * va;
        a2 += u2 * va;
        a3 += u3 * va;
        c0 += u0 * vb;
        c1 += u1 * vb;
        c2 += u2 * vb;
        c3 += u3 * vb;
      }
      const o = t * m + r;
      out[o] = a0;
      out[o + 1] = a1;
      out[o + 2] = a2;
      out[o + 3] = a3;
      out[o + m] = c0;
      out[o + m + 1] = c1;
      out[o + m + 2] = c2;
      out[o + m + 3] = c3;
    }
    for (; t < n; t++) {
      const xa = t * k;
      let a0 = b0, a1 = b1, a2 = b2, a3 = b3;
      for (let j = 0; j < k; j++) {
        const v = x[xa + j];
        a0 += w[w0 + j] * v;
        a1 += w[w1 + j] * v;
        a2 += w[w2 + j] * v;
        a3 += w[w3 + j] * v;
      }
      const o = t * m + r;
      out[o] = a0;
      out[o + 1] = a1;
      out[o + 2] = a2;
      out[o + 3] = a3;
    }
  }
  for (; r < to; r++) {
    for (let t = 0; t < n; t++) {
      let sum = bias ? bias[r] : 0;
      for (let j = 0; j < k; j++) sum += w[r * k + j] * x[t * k + j];
      out[t * m + r] = sum;
    }
  }
}
