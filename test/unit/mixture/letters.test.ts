import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { iris, outcomeOf, traceOf } from "./helpers.js";

/** Means of the start by the first column, in the order of the letters. */
function firstColumn(rows: readonly (readonly number[])[], params: Parameters<typeof traceOf>[1]): number[] {
  const { fits, K, D } = traceOf(rows, params);
  return Array.from({ length: K }, (_, k) => fits[0].means[k * D]);
}

describe("letters", () => {
  test.each(["k-means++", "kmeans", "random_from_data"] as const)("of a fresh start go from left to right (%s)", (init_params) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 2, max: 6 }), (random_state, n_components) => {
        const means = firstColumn(iris, { init_params, random_state, n_components, max_iter: 1 });
        expect(means).toEqual([...means].sort((a, b) => a - b));
      }),
      { numRuns: 20 },
    );
  });

  test("of given means keep the reader's order", () => {
    const means_init = [[7, 3, 6, 2], [5, 3, 1.5, 0.2], [6, 3, 4.5, 1.5]];
    expect(firstColumn(iris, { init_params: "given", n_components: 3, means_init })).toEqual([7, 5, 6]);
  });
});

describe("headlines", () => {
  const titleOf = (rows: readonly (readonly number[])[], n_components: number) => outcomeOf(rows, { n_components }).problems[0].title?.text;

  test("say what is wrong with data that can't be fitted", () => {
    expect(titleOf([[1], [2], [1], [2]], 3)).toBe("No component can be fitted");
    expect(titleOf([[3], [3], [3]], 1)).toBe("The numbers do not spread");
    expect(titleOf([[3, 1], [3, 1], [3, 1]], 1)).toBe("The rows do not spread");
    expect(titleOf([[3]], 1)).toBe("One number is not enough");
    expect(titleOf([[3, 4]], 1)).toBe("One row is not enough");
    expect(titleOf([[1e200], [1], [2]], 1)).toBe("The numbers are too large");
    expect(titleOf([[1e-200], [2e-200], [3e-200]], 1)).toBe("The numbers are too close together");
  });
});
