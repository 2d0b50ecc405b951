import { mixtureAt, responsibilitiesOf, sharesStep, sharesStepBefore, stepsOf } from "../../core/mixture/evaluate.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";

/** With more drawn points than this, shares are not mixed while they change. */
const blendLimit = 50000;

/** Responsibilities of the drawn points of one fit, computed once a step; the last two steps asked for are kept. */
export class Shares {
  #cache = new Map<number, Float64Array>();
  #blend: { readonly position: number; readonly shares: Float64Array } | undefined;
  #undecided: { readonly shares: Float64Array; readonly point: number } | undefined;

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
