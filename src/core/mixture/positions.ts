/**
 * The player's positions for S kept steps: 0 … 2(S − 1). Position 2s shows the shapes of step s, just after the M-step,
 * still coloured by the shares under step s − 1 (uncoloured at the start); 2s + 1 is the E half-step: the same shapes,
 * recoloured by the shares under step s. The last position shows the final shapes with the shares under them.
 * A fractional position lies in the movement from one to the next.
 */
export function positionsOf(S: number): number {
  return 2 * (S - 1) + 1;
}

/** Position of step s after its M-step, or at its E half-step. */
export function positionOf(s: number, half: "M" | "E" = "M"): number {
  return half === "E" ? 2 * s + 1 : 2 * s;
}

/** Step of the shapes; fractional while they move (`mixtureAt` takes fractional steps). */
export function shapesStep(position: number, S: number): number {
  const p = clampPosition(position, S);
  const s = Math.floor(p / 2);
  return s + Math.max(0, p - 2 * s - 1);
}

/**
 * Step under whose parameters the shares are computed; −1 when there are none yet. Always whole: while shares change, this
 * is where they are going and `sharesStepBefore` where they come from, to be mixed by the position's fraction.
 */
export function sharesStep(position: number, S: number): number {
  const p = Math.ceil(clampPosition(position, S));
  if (p >= 2 * (S - 1)) return S - 1;
  return p % 2 === 1 ? (p - 1) / 2 : p / 2 - 1;
}

/** Step of the shares at the whole position at or before this one. */
export function sharesStepBefore(position: number, S: number): number {
  return sharesStep(Math.floor(clampPosition(position, S)), S);
}

function clampPosition(position: number, S: number): number {
  return Math.min(Math.max(position, 0), 2 * (S - 1));
}
