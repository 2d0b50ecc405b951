import { kernels, useKernels } from "../../../src/core/kernels/current.js";
import type { Kernels } from "../../../src/core/kernels/kernels.js";
import { seededRandom } from "../../../src/core/math/random.js";

/** What something gives with an implementation. */
export function under<T>(implementation: Kernels, make: () => T): T {
  const before = kernels();
  useKernels(implementation);
  try {
    return make();
  } finally {
    useKernels(before);
  }
}

/** Rows in groups, as words are; a few of them equal, zero, or with numbers that are not finite, very large or very small. */
export function oddRows(n: number, d: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const values = Float32Array.from({ length: n * d }, (_, i) => random() - 0.5 + Math.sin((i % d) * (1 + (Math.floor(i / d) % 5))));
  const odd = [NaN, Infinity, -Infinity, 0, -0, 1e-42, 3e38, -3e38, 1e-20, 1e20];
  for (let r = 0; r < n; r++) {
    const kind = random();
    if (kind < 0.04) values.fill(0, r * d, (r + 1) * d);
    else if (kind < 0.08 && r > 0) values.copyWithin(r * d, 0, d);
    else if (kind < 0.12 && d > 0) values[r * d + Math.floor(random() * d)] = odd[Math.floor(random() * odd.length)];
    else if (kind < 0.16) for (let j = r * d; j < (r + 1) * d; j++) values[j] *= kind < 0.14 ? 1e-30 : 1e25;
    else if (kind < 0.2) for (let j = r * d; j < (r + 1) * d; j++) values[j] = j === r * d ? 1 : 0;
    else if (kind < 0.24 && r > 0) for (let j = 0; j < d; j++) values[r * d + j] = -values[j];
  }
  return values;
}
