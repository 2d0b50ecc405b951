import { kernels } from "../../kernels/current.js";
import type { Sparse, TsneForces } from "../../kernels/maps.js";
import { typescript } from "../../kernels/typescript.js";
import { EXAGGERATION, exaggeratedUntil } from "./schedule.js";

/** scikit-learn's: the angle below which a cell counts as a point. */
const THETA = 0.5;
/** The divergence is taken at every so-manieth iteration, since it costs a part of one. */
export const lossEvery = 5;

/** Momentum at first, and from which iteration on it is greater (van der Maaten and Hinton 2008). */
const MOMENTUM = [0.5, 0.8] as const;
const SLOW = 250;
const LEAST_GAIN = 0.01;
/** Standard deviation of the first layout. */
const START = 1e-4;
/** Logarithms between two yields. */
const STEP = 1 << 18;

/**
 * t-SNE of nearest neighbours (van der Maaten 2014): gradient descent with momentum and a gain for each coordinate, as Karpathy's
 * tsnejs has it and @keckelt/tsne after it, whose forces are sums over a quadtree in O(m log m) instead of over all pairs.
 */
export class SparseTsne {
  /** [m, 2] */
  readonly layout: Float64Array;
  /** Kullback–Leibler divergence of the layout that the step before began with; NaN where it was not taken. */
  lastDivergence = Number.NaN;
  private made = 0;
  private readonly pull: Float64Array; // [m, 2]
  private readonly push: Float64Array; // [m, 2]
  private readonly moves: Float64Array; // [m, 2]
  private readonly gains: Float64Array; // [m, 2]
  private readonly rate: number;

  private constructor(
    private readonly m: number,
    random: () => number,
    private readonly iterations: number,
    private readonly theta: number,
    private readonly forces: TsneForces,
    private readonly masses: Masses,
  ) {
    const normal = normals(random);
    this.layout = new Float64Array(2 * m);
    for (let i = 0; i < 2 * m; i++) this.layout[i] = START * normal();
    this.pull = new Float64Array(2 * m);
    this.push = new Float64Array(2 * m);
    this.moves = new Float64Array(2 * m);
    this.gains = new Float64Array(2 * m).fill(1);
    // scikit-learn's learning_rate="auto".
    this.rate = Math.max(50, m / EXAGGERATION / 4);
  }

  /**
   * @param p joint probabilities
   * @param random uniform in [0, 1)
   * @param iterations planned; at most half of them are exaggerated
   */
  static *of(p: Sparse, random: () => number, iterations: number, theta = THETA): Generator<void, SparseTsne, void> {
    const masses = yield* massesOf(p.values);
    return new SparseTsne(p.m, random, iterations, theta, yield* forcesOf(p), masses);
  }

  /** Kullback–Leibler divergence of the layout as it is. */
  *divergenceNow(): Generator<void, number, void> {
    return yield* this.divergence(yield* this.forces.at(this.layout, this.theta, this.pull, this.push));
  }

  /** One iteration, in steps of a few milliseconds. */
  *step(): Generator<void, void, void> {
    const { m, layout, moves, gains, pull, push, rate } = this;
    const total = yield* this.forces.at(layout, this.theta, pull, push);
    this.lastDivergence = this.made % lossEvery === 0 ? yield* this.divergence(total) : Number.NaN;
    const exaggeration = this.made < exaggeratedUntil(this.iterations) ? EXAGGERATION : 1;
    this.made++;
    const momentum = MOMENTUM[this.made < SLOW ? 0 : 1];
    const sums = [0, 0];
    for (let i = 0; i < 2 * m; i++) {
      const gradient = 4 * (exaggeration * pull[i] - push[i] / total);
      const gain = Math.sign(gradient) === Math.sign(moves[i]) ? gains[i] * 0.8 : gains[i] + 0.2;
      gains[i] = Math.max(LEAST_GAIN, gain);
      moves[i] = momentum * moves[i] - rate * gains[i] * gradient;
      layout[i] += moves[i];
      sums[i % 2] += layout[i];
    }
    for (let i = 0; i < 2 * m; i++) layout[i] -= sums[i % 2] / m;
  }

  /** @param total Σ q over all pairs of the layout that the forces were last asked for */
  private *divergence(total: number): Generator<void, number, void> {
    const { negentropy, mass } = this.masses;
    return negentropy + mass * Math.log(total) + (yield* this.forces.logDistances());
  }
}

/** Σ p log p and Σ p */
type Masses = { readonly negentropy: number; readonly mass: number };

function* massesOf(values: Float64Array): Generator<void, Masses, void> {
  let [negentropy, mass] = [0, 0];
  for (let e = 0; e < values.length; e++) {
    if (values[e] > 0) negentropy += values[e] * Math.log(values[e]);
    mass += values[e];
    if (e % STEP === STEP - 1) yield;
  }
  return { negentropy, mass };
}

function* forcesOf(p: Sparse): Generator<void, TsneForces, void> {
  try {
    return yield* kernels().maps.forces(p);
  } catch (error) {
    if (error instanceof RangeError) return yield* typescript.maps.forces(p);
    throw error;
  }
}

/** Standard normal numbers by the polar method (Marsaglia and Bray 1964). */
function normals(random: () => number): () => number {
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const u = 2 * random() - 1;
      const v = 2 * random() - 1;
      const r = u * u + v * v;
      if (r === 0 || r >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(r)) / r);
      spare = v * factor;
      return u * factor;
    }
  };
}
