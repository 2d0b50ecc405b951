import { covariancesLength } from "./covariance.js";
import type { CovarianceType } from "./params.js";
import type { Mixture } from "./trace.js";

type Step = { readonly iteration: number; readonly mixture: Mixture; readonly counts: Float64Array };

/** The kept steps of a fit, flat, as in `Fit`. */
export type Recorded = {
  readonly kept: Int32Array;
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
  readonly counts: Float64Array;
};

/** How many steps are kept at most: the first and the last whatever they take. */
export function keptWithin(bytes: number, type: CovarianceType, K: number, D: number): number {
  return Math.max(2, Math.floor(bytes / (8 * (2 * K + K * D + covariancesLength(type, K, D)))));
}

/**
 * Keeps every m-th step of a fit, the first and the last, within a budget: m starts at 1 and doubles whenever the budget is
 * full. The first and the last step are kept whatever they take.
 */
export class Recorder {
  readonly #steps: Step[] = [];
  readonly #capacity: number;
  #every = 1;
  #last: Step | undefined;

  /** @param bytes budget of all kept steps */
  constructor(type: CovarianceType, K: number, D: number, bytes: number) {
    this.#capacity = keptWithin(bytes, type, K, D);
  }

  /** Only every so many iterations are kept; 1 while all are. */
  get every(): number {
    return this.#every;
  }

  get last(): Mixture | undefined {
    return this.#last?.mixture;
  }

  /** Takes the arrays over: they must not be written to again. Iterations come in order, from 0. */
  add(iteration: number, mixture: Mixture, counts: Float64Array): void {
    this.#last = { iteration, mixture, counts };
    if (iteration % this.#every !== 0) return;
    this.#steps.push(this.#last);
    // One place is left for the last step, which may lie between two kept ones.
    while (this.#steps.length > 1 && this.#steps.length >= this.#capacity) {
      this.#every *= 2;
      const kept = this.#steps.filter((step) => step.iteration % this.#every === 0);
      this.#steps.splice(0, this.#steps.length, ...kept);
    }
  }

  /** The kept steps, copied. */
  snapshot(): Recorded {
    const steps = this.#last && this.#steps.at(-1) !== this.#last ? [...this.#steps, this.#last] : this.#steps;
    const gather = (part: (step: Step) => Float64Array) => {
      const length = part(steps[0]).length;
      const out = new Float64Array(steps.length * length);
      steps.forEach((step, s) => out.set(part(step), s * length));
      return out;
    };
    return {
      kept: Int32Array.from(steps, (step) => step.iteration),
      weights: gather((step) => step.mixture.weights),
      means: gather((step) => step.mixture.means),
      covariances: gather((step) => step.mixture.covariances),
      counts: gather((step) => step.counts),
    };
  }
}
