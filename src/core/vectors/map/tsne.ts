import { TSNE } from "@keckelt/tsne";
import { Quadtree } from "./quadtree.js";
import { EXAGGERATION, exaggeratedUntil } from "./schedule.js";
import type { Sparse } from "./sparse.js";

/** scikit-learn's: the angle below which a cell counts as a point. */
const THETA = 0.5;
/** The divergence is taken at every so-manieth iteration, since it costs a third of one. */
export const lossEvery = 5;

/**
 * t-SNE by @keckelt/tsne, whose start, gains and momentum it takes, with two of its public methods put in place of its own:
 * random numbers come from the seed, and cost and gradient from nearest neighbours and a quadtree (van der Maaten 2014) in
 * O(m log m) instead of O(m²), so that thousands of points are laid out in steps of some ten milliseconds.
 */
export class SparseTsne extends TSNE {
  private made = 0;
  private divergence = Number.NaN;
  private readonly tree = new Quadtree();
  private readonly flat: Float64Array;
  private readonly forces: Float64Array; // [m, 2]
  private readonly gradient: number[][];
  private spare = Number.NaN;

  /**
   * @param p joint probabilities
   * @param random uniform in [0, 1)
   * @param iterations planned; at most half of them are exaggerated
   */
  constructor(
    private readonly p: Sparse,
    private readonly uniform: () => number,
    private readonly iterations: number,
    private readonly theta = THETA,
  ) {
    // scikit-learn's learning_rate="auto".
    super({ dim: 2, epsilon: Math.max(50, p.m / EXAGGERATION / 4) });
    this.flat = new Float64Array(2 * p.m);
    this.forces = new Float64Array(2 * p.m);
    this.gradient = Array.from({ length: p.m }, () => [0, 0]);
    // The library has no other way in that does not build all m² distances.
    Reflect.set(this, "N", p.m);
    this.initSolution();
  }

  get layout(): readonly (readonly number[])[] {
    return this.getSolution() as number[][];
  }

  /** Kullback–Leibler divergence of the layout that the step before began with; NaN where it was not taken. */
  get lastDivergence(): number {
    return this.divergence;
  }

  /** Kullback–Leibler divergence of the layout as it is. */
  divergenceNow(): number {
    this.evaluate(this.layout, true);
    return this.divergence;
  }

  /** Standard normal by the polar method (Marsaglia and Bray 1964). */
  override gaussRandom(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = Number.NaN;
      return value;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const r = u * u + v * v;
      if (r === 0 || r >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(r)) / r);
      this.spare = v * factor;
      return u * factor;
    }
  }

  /** Gradient of the divergence, with p exaggerated at first. */
  override costGrad(layout: readonly (readonly number[])[]): { cost: number; grad: number[][] } {
    this.evaluate(layout, this.made % lossEvery === 0);
    this.made++;
    return { cost: this.divergence, grad: this.gradient };
  }

  private evaluate(layout: readonly (readonly number[])[], withCost: boolean): void {
    const { p, flat, forces, gradient } = this;
    const exaggeration = this.made < exaggeratedUntil(this.iterations) ? EXAGGERATION : 1;
    for (let i = 0; i < p.m; i++) {
      flat[2 * i] = layout[i][0];
      flat[2 * i + 1] = layout[i][1];
    }
    this.tree.build(flat);
    forces.fill(0);
    let total = 0;
    const force = new Float64Array(2);
    for (let i = 0; i < p.m; i++) {
      force.fill(0);
      total += this.tree.repulsion(flat[2 * i], flat[2 * i + 1], this.theta, force);
      forces[2 * i] = force[0];
      forces[2 * i + 1] = force[1];
    }
    let cost = 0;
    for (let i = 0; i < p.m; i++) {
      let fx = 0;
      let fy = 0;
      for (let e = p.starts[i]; e < p.starts[i + 1]; e++) {
        const j = p.columns[e];
        const dx = flat[2 * i] - flat[2 * j];
        const dy = flat[2 * i + 1] - flat[2 * j + 1];
        const q = 1 / (1 + dx * dx + dy * dy);
        const value = p.values[e];
        fx += value * q * dx;
        fy += value * q * dy;
        if (withCost && value > 0) cost += value * Math.log((value * total) / q);
      }
      gradient[i][0] = 4 * (exaggeration * fx - forces[2 * i] / total);
      gradient[i][1] = 4 * (exaggeration * fy - forces[2 * i + 1] / total);
    }
    this.divergence = withCost ? cost : Number.NaN;
  }
}
