import type { Data } from "../../src/core/mixture/data.js";
import { kMeans, type KMeansState } from "../../src/core/mixture/kmeans.js";
import { nearnessOf, pickByDistance, potentialOf } from "../../src/core/mixture/plusPlus.js";
import type { Operation, Topic } from "./runner.js";
import { flatNumbers, nested, toNumber, type Json } from "./schema.js";

/** Rows in a line, [n, D]. */
export function pointsOf(X: Json): { readonly x: Float64Array; readonly n: number; readonly D: number } {
  const n = (X as readonly Json[]).length;
  const x = flatNumbers(X);
  return { x, n, D: x.length / n };
}

function dataOf(X: Json): Data {
  const { x, n: N, D } = pointsOf(X);
  return { columns: Array.from({ length: D }, (_, d) => Float64Array.from({ length: N }, (_, i) => x[i * D + d])), N, D };
}

export function finish<T>(generator: Generator<unknown, T, void>): T {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
}

const fit: Operation = ({ input, expected }) => {
  const data = dataOf(input.X);
  const run = (maxIter: number, tol: number): KMeansState => finish(kMeans(data, flatNumbers(input.init), maxIter, tol));
  const state = run(toNumber(input.max_iter), toNumber(input.tol));
  const steps = (expected.per_iteration as readonly Json[] | undefined) ?? [];
  return {
    values: {
      centers: nested(state.centres, data.D),
      labels: state.labels,
      inertia: state.inertia,
      n_iter: state.iterations,
      per_iteration: steps.map((_, i) => {
        const { centres, inertia } = run(i + 1, 0);
        return { centers: nested(centres, data.D), inertia };
      }),
    },
  };
};

const plusPlusProbabilities: Operation = ({ input }) => {
  const data = dataOf(input.X);
  const uniforms = flatNumbers(input.uniforms);
  let nearest = new Float64Array(data.N).fill(Infinity);
  const steps = Array.from(flatNumbers(input.chosen_indices_in_order), (chosen, i) => {
    const [nearness] = finish(nearnessOf(data, [chosen], nearest, {}));
    const potential = potentialOf(nearness);
    nearest = nearness.distances.slice();
    return { potential, probability: nearest.map((d) => d / potential), next: pickByDistance(nearness, uniforms[i]) };
  });
  return {
    values: {
      min_sq_distance_after_last: nearest,
      probability_of_next_after_each: steps.map((step) => step.probability),
      potential_after_each: steps.map((step) => step.potential),
      next_index_by_inverse_cdf_after_each: steps.map((step) => step.next),
    },
  };
};

export const kmeans: Topic = { operations: { "kmeans.fit": fit, "kmeans.plusplus_probabilities": plusPlusProbabilities } };
