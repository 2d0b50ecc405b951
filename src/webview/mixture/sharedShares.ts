import { evaluator, mixtureAt, responsibilitiesOf, sharesStep, sharesStepBefore, stepsOf, type Evaluator } from "../../core/mixture/evaluate.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";

/** With more drawn points than this, shares are not mixed while they change. */
const blendLimit = 50000;
/** Of more drawn points than this, an even sample stands for all where only a word about them is wanted. */
const crowd = 100000;

/** A trace with at most so many of its points, evenly spread, and their places among all. Itself when it has no more. */
export function thinned(trace: MixtureTrace): { readonly trace: MixtureTrace; readonly places: Int32Array | null } {
  const M = trace.lines.length;
  if (M <= crowd) return { trace, places: null };
  const { D } = trace;
  const places = Int32Array.from({ length: crowd }, (_, i) => Math.floor((i * M) / crowd));
  const points = new Float64Array(crowd * D);
  places.forEach((place, i) => {
    for (let d = 0; d < D; d++) points[i * D + d] = trace.points[place * D + d];
  });
  const { spans, lines, index } = trace;
  return {
    places,
    trace: {
      ...trace,
      points,
      lines: places.map((place) => lines[place]),
      index: places.map((place) => index[place]),
      spans: spans && Int32Array.from({ length: 2 * crowd }, (_, i) => spans[2 * places[i >> 1] + (i & 1)]),
    },
  };
}

/** Responsibilities of the drawn points of one fit, computed once a step; the last two steps asked for are kept. */
export class Shares {
  #cache = new Map<number, Float64Array>();
  #blend: { readonly position: number; readonly shares: Float64Array } | undefined;
  #undecided: { readonly shares: Float64Array; readonly point: number } | undefined;
  #evaluator: { readonly step: number; readonly made: Evaluator } | undefined;
  #thin: { readonly shares: Shares; readonly places: Int32Array } | undefined;

  constructor(readonly trace: MixtureTrace, readonly fitIndex: number) {}

  /** Under the parameters of a kept step, [M, K]. */
  under(step: number): Float64Array {
    let shares = this.#cache.get(step);
    if (!shares) {
      const { trace, fitIndex } = this;
      shares = responsibilitiesOf(mixtureAt(trace, fitIndex, step), trace.points, trace.lines.length);
      const oldest = this.#cache.size > 1 ? this.#cache.keys().next().value : undefined;
      if (oldest !== undefined) this.#cache.delete(oldest);
      this.#cache.set(step, shares);
    }
    return shares;
  }

  /** Of one point under the parameters of a kept step, [K], without those of the others. */
  of(point: number, step: number): Float64Array {
    const { trace, fitIndex } = this;
    const cached = this.#cache.get(step);
    if (cached) return cached.slice(point * trace.K, (point + 1) * trace.K);
    if (this.#evaluator?.step !== step) this.#evaluator = { step, made: evaluator(mixtureAt(trace, fitIndex, step)) };
    const own = new Float64Array(trace.K);
    this.#evaluator.made.responsibilities(trace.points, point * trace.D, own);
    return own;
  }

  /** Of one point as it is shown at a position; null before the first E-step. */
  shown(point: number, position: number): Float64Array | null {
    const { K, lines } = this.trace;
    if (lines.length <= crowd) return this.at(position)?.slice(point * K, (point + 1) * K) ?? null;
    const step = sharesStep(position, stepsOf(this.trace.fits[this.fitIndex]));
    return step < 0 ? null : this.of(point, step);
  }

  /** As they are shown at a position of the player, mixed while they change; null before the first E-step. */
  at(position: number): Float64Array | null {
    const S = stepsOf(this.trace.fits[this.fitIndex]);
    const to = sharesStep(position, S);
    if (to < 0) return null;
    const from = sharesStepBefore(position, S);
    if (from < 0 || from === to || this.trace.lines.length > blendLimit) return this.under(to);
    if (this.#blend?.position !== position) {
      const [a, b, t] = [this.under(from), this.under(to), position - Math.floor(position)];
      this.#blend = { position, shares: a.map((v, i) => v + t * (b[i] - v)) };
    }
    return this.#blend.shares;
  }

  /** The point whose largest share is smallest at a position; before the first E-step, the one it will find. */
  leastDecided(position: number): number {
    if (!this.#thin) {
      const { trace, places } = thinned(this.trace);
      if (places) this.#thin = { shares: new Shares(trace, this.fitIndex), places };
    }
    if (this.#thin) return this.#thin.places[this.#thin.shares.leastDecided(position)];
    const shares = this.at(position) ?? this.under(0);
    if (this.#undecided?.shares !== shares) this.#undecided = { shares, point: leastDecided(shares, this.trace.K) };
    return this.#undecided.point;
  }
}

function leastDecided(shares: Float64Array, K: number): number {
  let best = 0;
  let least = Infinity;
  for (let i = 0, at = 0; at < shares.length; i++, at += K) {
    let top = 0;
    for (let k = 0; k < K; k++) top = Math.max(top, shares[at + k]);
    if (top < least) {
      least = top;
      best = i;
    }
  }
  return best;
}
