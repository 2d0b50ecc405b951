import { msg, type Message, type Progress } from "../../contract/index.js";
import type { Sparse } from "../../kernels/maps.js";
import { grouped } from "../../text/numberText.js";
import type { Knn } from "./knn.js";
import { symmetric } from "./sparse.js";

const TRIES = 64;
const TOLERANCE = 1e-5;
const LEAST_WIDTH = 1e-3;
/** Distances added between two yields. */
const SUMMED = 1 << 20;
/** Neighbours whose widths are looked for between two yields. */
const STEP = 1 << 14;

/**
 * UMAP's graph (McInnes, Healy and Melville 2018): point i belongs to its neighbour j with exp(−(d − ρ) / σ), ρ the distance
 * of its nearest, σ such that all its neighbours together weigh log2 of n_neighbors; the two directions are joined by
 * a + b − a·b. n_neighbors counts the point itself, as umap-learn does: it is one more than `knn.k`.
 */
export function* fuzzyGraph(knn: Knn): Generator<Progress, Sparse, void> {
  const { m, k, distances } = knn;
  const target = Math.log2(k + 1);
  const message = (done: number): Message => msg("Widths of {0} of {1} neighbourhoods", grouped(done), grouped(m));
  let total = 0;
  let finite = 0;
  for (let at = 0; at < distances.length; at++) {
    if (at % SUMMED === SUMMED - 1) yield { fraction: 0, message: message(0) };
    if (distances[at] === Number.POSITIVE_INFINITY) continue;
    total += distances[at];
    finite++;
  }
  const overall = total / Math.max(1, finite + m); // a point is at distance 0 from itself
  const said = new Float64Array(m * k);
  const block = Math.ceil(STEP / k);
  for (let i = 0; i < m; i++) {
    memberships(distances, i * k, k, target, overall, said);
    if ((i + 1) % block === 0) yield { fraction: (0.5 * (i + 1)) / m, message: message(i + 1) };
  }
  return yield* symmetric(knn, said, (own, other) => own + other - own * other);
}

function memberships(distances: Float32Array, base: number, k: number, target: number, overall: number, out: Float64Array): void {
  let rho = 0;
  let mean = 0;
  for (let at = base; at < base + k && distances[at] < Number.POSITIVE_INFINITY; at++) {
    if (rho === 0) rho = distances[at];
    mean += distances[at] / (k + 1);
  }
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let sigma = 1;
  for (let tries = 0; tries < TRIES; tries++) {
    let sum = 0;
    for (let at = base; at < base + k; at++) {
      const gap = distances[at] - rho;
      sum += gap > 0 ? Math.exp(-gap / sigma) : 1;
    }
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) {
      high = sigma;
      sigma = (low + high) / 2;
    } else {
      low = sigma;
      sigma = high === Number.POSITIVE_INFINITY ? sigma * 2 : (low + high) / 2;
    }
  }
  sigma = Math.max(sigma, LEAST_WIDTH * (rho > 0 ? mean : overall));
  for (let at = base; at < base + k; at++) {
    const gap = distances[at] - rho;
    out[at] = gap <= 0 ? 1 : Math.exp(-gap / sigma);
  }
}
