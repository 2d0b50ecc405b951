import { msg, type Progress } from "../../contract/index.js";
import { norm } from "../similarity.js";
import { VectorStore } from "../store.js";
import type { MapPoints } from "./points.js";

/** Numbers scaled between two yields. */
const STEP = 1 << 21;

/**
 * The chosen points scaled to length 1, in single precision: their Euclidean distances order pairs as their cosines do. A point
 * without direction stays zero.
 */
export function* directionsOf({ d, values, names }: MapPoints, indices: Int32Array): Generator<Progress, VectorStore, void> {
  const m = indices.length;
  const units = new Float32Array(m * d);
  const block = Math.ceil(STEP / Math.max(1, d));
  for (let start = 0; start < m; start += block) {
    const end = Math.min(m, start + block);
    for (let i = start; i < end; i++) {
      const from = indices[i] * d;
      const length = norm(values, d, from);
      if (length > 0) for (let j = 0; j < d; j++) units[i * d + j] = values[from + j] / length;
    }
    yield { fraction: NaN, message: msg("Scaling {0} of {1} vectors to length 1", end, m) };
  }
  return new VectorStore(Array.from(indices, (i) => names[i]), units, d);
}
