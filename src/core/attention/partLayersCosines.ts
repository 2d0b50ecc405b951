/** Words whose pairs are compared to tell what a cosine means in a layer. */
export const MOST_WORDS = 64;

/** Cosines of all pairs [n, n]; NaN where one has no direction. */
export function cosinesOf(vectors: readonly Float64Array[]): Float64Array {
  const n = vectors.length;
  const lengths = vectors.map((vector) => Math.sqrt(dot(vector, vector)));
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const both = lengths[i] * lengths[j];
      const value = both === 0 ? NaN : i === j ? 1 : Math.max(-1, Math.min(1, dot(vectors[i], vectors[j]) / both));
      out[i * n + j] = out[j * n + i] = value;
    }
  }
  return out;
}

/**
 * The mean cosine of pairs of different words: in many models all states point much the same way, so that a cosine of 0.9 may
 * say little (Ethayarajh 2019). NaN where no two differ.
 */
export function meanOfOthers(vectors: readonly Float64Array[], words: readonly string[]): number {
  const all = cosinesOf(vectors);
  let [sum, count] = [0, 0];
  for (let i = 0; i < words.length; i++) {
    for (let j = 0; j < i; j++) {
      const value = all[i * words.length + j];
      if (words[i] === words[j] || Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  return count === 0 ? NaN : sum / count;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
