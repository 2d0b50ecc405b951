export type ContrastiveLoss = {
  /** [T, T] cosines of the hidden states. */
  readonly similarities: Float64Array;
  /** 1 / (T (T − 1)) Σ over i ≠ j of max(0, ρ − s(i, i) + s(i, j)); 0 for a single token. */
  readonly loss: number;
  /** [T, d] of the loss with respect to the hidden states. */
  readonly gradient: Float64Array;
};

/**
 * SimCTG's contrastive training loss (Su et al. 2022, eq. 2): pushes the hidden states of different tokens of a text apart
 * until their cosine is below 1 − ρ.
 * @param hidden [T, d]
 * @param margin ρ, 0.5 in the paper
 */
export function contrastiveLoss(hidden: Float32Array | Float64Array, d: number, margin = 0.5): ContrastiveLoss {
  const n = hidden.length / d;
  const lengths = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += hidden[i * d + k] ** 2;
    return Math.sqrt(sum);
  });
  const units = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) units[i * d + k] = lengths[i] > 0 ? hidden[i * d + k] / lengths[i] : 0;
  const similarities = new Float64Array(n * n);
  const gradient = new Float64Array(n * d);
  let loss = 0;
  const pairs = n * (n - 1);
  for (let i = 0; i < n; i++) {
    similarities[i * n + i] = lengths[i] > 0 ? 1 : 0;
    for (let j = 0; j < i; j++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += units[i * d + k] * units[j * d + k];
      similarities[i * n + j] = similarities[j * n + i] = s;
      const excess = margin - 1 + s;
      if (excess <= 0) continue;
      loss += (2 * excess) / pairs;
      pushApart(units, lengths, gradient, d, i, j, s, 2 / pairs);
      pushApart(units, lengths, gradient, d, j, i, s, 2 / pairs);
    }
  }
  return { similarities, loss, gradient };
}

/** Adds weight · ∂s(i, j) / ∂h_i = weight · (u_j − s u_i) / |h_i|. */
function pushApart(units: Float64Array, lengths: Float64Array, gradient: Float64Array, d: number, i: number, j: number, s: number, weight: number): void {
  if (lengths[i] === 0) return;
  const scale = weight / lengths[i];
  for (let k = 0; k < d; k++) gradient[i * d + k] += scale * (units[j * d + k] - s * units[i * d + k]);
}

/**
 * Hidden states after steps of gradient descent on the loss alone, to see what training would make of the similarity map.
 * The rate is relative to the states' mean length.
 */
export function descend(hidden: Float32Array | Float64Array, d: number, margin: number, steps: number, rate: number): Float64Array {
  const moved = Float64Array.from(hidden);
  const n = moved.length / d;
  let length = 0;
  for (let i = 0; i < n; i++) length += Math.hypot(...moved.subarray(i * d, (i + 1) * d)) / n;
  for (let step = 0; step < steps; step++) {
    const { gradient } = contrastiveLoss(moved, d, margin);
    for (let i = 0; i < moved.length; i++) moved[i] -= rate * length * length * gradient[i];
  }
  return moved;
}
