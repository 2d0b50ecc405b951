import { msg, type Progress } from "../../contract/index.js";
import type { Sparse } from "../../kernels/maps.js";
import { grouped } from "../../text/numberText.js";
import type { Knn } from "./knn.js";
import { symmetric } from "./sparse.js";

/** Halvings of the search for a width: far more than doubles tell apart in practice. */
const TRIES = 64;
const TOLERANCE = 1e-5;
/** Neighbours whose widths are looked for between two yields. */
const STEP = 1 << 14;

/**
 * t-SNE's joint probabilities among nearest neighbours (van der Maaten 2014): around each point a Gaussian whose width gives
 * its neighbours the entropy log(perplexity), then (p(j|i) + p(i|j)) / 2m. They sum to 1.
 * @param perplexity at most the number of neighbours
 */
export function* affinities(knn: Knn, perplexity: number): Generator<Progress, Sparse, void> {
  const { m, k, distances } = knn;
  const said = new Float64Array(m * k);
  const block = Math.ceil(STEP / k);
  for (let i = 0; i < m; i++) {
    conditional(distances, i * k, k, Math.log(perplexity), said);
    if ((i + 1) % block !== 0) continue;
    yield { fraction: (0.5 * (i + 1)) / m, message: msg("Widths of {0} of {1} neighbourhoods", grouped(i + 1), grouped(m)) };
  }
  return yield* symmetric(knn, said, (own, other) => (own + other) / (2 * m));
}

/** Writes p(j|i) of one point's neighbours, whose entropy is `target` to 1e−5, or as near as equal distances let it. */
function conditional(distances: Float32Array, base: number, k: number, target: number, out: Float64Array): void {
  // Taking the nearest as zero changes no probability and keeps the sum from vanishing.
  const nearest = distances[base] ** 2;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let beta = 1;
  for (let tries = 0; tries < TRIES; tries++) {
    let sum = 0;
    let weighted = 0;
    for (let at = base; at < base + k; at++) {
      const gap = distances[at] ** 2 - nearest;
      const p = gap < Number.POSITIVE_INFINITY ? Math.exp(-beta * gap) : 0;
      out[at] = p;
      sum += p;
      if (p > 0) weighted += p * gap;
    }
    for (let at = base; at < base + k; at++) out[at] /= sum;
    const entropy = Math.log(sum) + (beta * weighted) / sum;
    if (Math.abs(entropy - target) < TOLERANCE) return;
    if (entropy > target) {
      low = beta;
      beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (beta + high) / 2;
    } else {
      high = beta;
      beta = (beta + low) / 2;
    }
  }
}
