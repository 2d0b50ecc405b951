import { affine, mix, type Reals } from "../math/affine.js";
import type { HeadShape } from "./scaledDotProduct.js";

/** The feature map of linear attention (Katharopoulos et al. 2020, equation 7): elu(x) + 1, which is above 0. */
function featureMap(x: Reals): Float64Array {
  return Float64Array.from(x, (value) => (value > 0 ? value + 1 : Math.exp(value)));
}

export type LinearSteps = {
  readonly phiQ: Float64Array; // [queries, size]
  readonly phiK: Float64Array; // [keys, size]
  /** φ(q) · φ(k), 0 where hidden. [queries, keys] */
  readonly similarity: Float64Array;
  readonly weights: Float64Array; // [queries, keys]
  readonly output: Float64Array; // [queries, valueSize]
};

/** Linear attention with all weights written out, in O(T N): what it is, not how one computes it. */
export function linearAttention(q: Reals, k: Reals, v: Reals, { queries, keys, size, valueSize }: HeadShape, causal: boolean): LinearSteps {
  const phiQ = featureMap(q);
  const phiK = featureMap(k);
  const similarity = affine(phiQ, queries, size, phiK, keys);
  const weights = new Float64Array(queries * keys);
  for (let i = 0; i < queries; i++) {
    let sum = 0;
    for (let j = 0; j < keys; j++) {
      if (causal && j > i) similarity[i * keys + j] = 0;
      sum += similarity[i * keys + j];
    }
    for (let j = 0; j < keys; j++) weights[i * keys + j] = similarity[i * keys + j] / sum;
  }
  return { phiQ, phiK, similarity, weights, output: mix(weights, queries, keys, v, valueSize) };
}

export type RecurrentSteps = {
  /** S = Σ φ(k) vᵀ behind each key read. [keys, size, valueSize] */
  readonly states: Float64Array;
  /** z = Σ φ(k) behind each key read. [keys, size] */
  readonly norms: Float64Array;
  readonly output: Float64Array; // [queries, valueSize]
};

/**
 * The same output in O(T + N): keys and values are summed up once into a state of fixed size, from which each query reads
 * φ(q) S / φ(q)·z (Katharopoulos et al. 2020, equations 16 to 20). Causal: query i reads the state behind key i.
 */
export function recurrentAttention(q: Reals, k: Reals, v: Reals, { queries, keys, size, valueSize }: HeadShape, causal: boolean): RecurrentSteps {
  const phiQ = featureMap(q);
  const phiK = featureMap(k);
  const cell = size * valueSize;
  const states = new Float64Array(keys * cell);
  const norms = new Float64Array(keys * size);
  for (let t = 0; t < keys; t++) {
    for (let a = 0; a < size; a++) {
      const phi = phiK[t * size + a];
      norms[t * size + a] = phi + (t > 0 ? norms[(t - 1) * size + a] : 0);
      for (let c = 0; c < valueSize; c++) {
        const at = t * cell + a * valueSize + c;
        states[at] = phi * v[t * valueSize + c] + (t > 0 ? states[at - cell] : 0);
      }
    }
  }
  const output = new Float64Array(queries * valueSize);
  for (let i = 0; i < queries; i++) {
    const t = causal ? Math.min(i, keys - 1) : keys - 1;
    let below = 0;
    for (let a = 0; a < size; a++) below += phiQ[i * size + a] * norms[t * size + a];
    for (let c = 0; c < valueSize; c++) {
      let above = 0;
      for (let a = 0; a < size; a++) above += phiQ[i * size + a] * states[t * cell + a * valueSize + c];
      output[i * valueSize + c] = above / below;
    }
  }
  return { states, norms, output };
}
