/** One more token of one head, for three ways of remembering the tokens before it, in single precision as models compute. */

/** Softmax attention: reads all keys and values. `scores` is room for one number a key. */
export function attendFull(q: Float32Array, keys: Float32Array, values: Float32Array, length: number, scores: Float32Array, out: Float32Array): void {
  const size = q.length;
  const scale = 1 / Math.sqrt(size);
  let most = -Infinity;
  for (let t = 0, at = 0; t < length; t++, at += size) {
    let dot = 0;
    for (let j = 0; j < size; j++) dot += q[j] * keys[at + j];
    scores[t] = dot * scale;
    if (scores[t] > most) most = scores[t];
  }
  let sum = 0;
  for (let t = 0; t < length; t++) sum += scores[t] = Math.exp(scores[t] - most);
  out.fill(0);
  for (let t = 0, at = 0; t < length; t++, at += size) {
    const weight = scores[t] / sum;
    for (let j = 0; j < size; j++) out[j] += weight * values[at + j];
  }
}

export type LinearState = { readonly sums: Float32Array; /* [size, size] Σ φ(k) vᵀ */ readonly norms: Float32Array /* [size] Σ φ(k) */ };

/** Linear attention with φ = elu + 1: adds the token to the state and reads it (Katharopoulos et al. 2020, equations 18 to 20). */
export function attendLinear(q: Float32Array, k: Float32Array, v: Float32Array, { sums, norms }: LinearState, out: Float32Array): void {
  const size = q.length;
  out.fill(0);
  let below = 0;
  for (let a = 0; a < size; a++) {
    const key = k[a] > 0 ? k[a] + 1 : Math.exp(k[a]);
    const query = q[a] > 0 ? q[a] + 1 : Math.exp(q[a]);
    norms[a] += key;
    below += query * norms[a];
    for (let c = 0, at = a * size; c < size; c++, at++) {
      sums[at] += key * v[c];
      out[c] += query * sums[at];
    }
  }
  for (let c = 0; c < size; c++) out[c] /= below;
}

/** [size] each: the weighted sum of values and that of weights, both divided by e^largest. Begins with 0, 0 and −∞. */
export type RecurrentState = { readonly above: Float32Array; readonly below: Float32Array; readonly largest: Float32Array };

/**
 * RWKV-4's time mixing (Peng et al. 2023, equation 16): per channel Σ_i e^(−(t−1−i)·decay + k_i) v_i over those before, and the
 * token itself with e^(bonus + k), divided by the same sum without v. Kept in the shape that can't overflow (their appendix D).
 */
export function attendRecurrent(k: Float32Array, v: Float32Array, decay: Float32Array, bonus: Float32Array, { above, below, largest }: RecurrentState, out: Float32Array): void {
  for (let c = 0; c < k.length; c++) {
    const now = bonus[c] + k[c];
    let most = Math.max(largest[c], now);
    let old = Math.exp(largest[c] - most);
    let fresh = Math.exp(now - most);
    out[c] = (old * above[c] + fresh * v[c]) / (old * below[c] + fresh);
    const faded = largest[c] - decay[c];
    most = Math.max(faded, k[c]);
    old = Math.exp(faded - most);
    fresh = Math.exp(k[c] - most);
    above[c] = old * above[c] + fresh * v[c];
    below[c] = old * below[c] + fresh;
    largest[c] = most;
  }
}
