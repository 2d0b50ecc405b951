import { msg, type Message } from "../../core/contract/message.js";
import type { Fit } from "../../core/mixture/trace.js";
import { fixed } from "../text/number.js";
import { decimalsOfGain } from "./likelihoodScale.js";

/** The log-likelihood at the end of a start. */
export function finalOf(fit: Fit): number {
  return fit.logLikelihood[fit.logLikelihood.length - 1];
}

/** The figure of the starts in a sentence. */
export function figureSentence(fits: readonly Fit[], shown: number): Message {
  const end = fixed(finalOf(fits[shown]), 3);
  return fits.length === 1
    ? msg("Log-likelihood of one start over its iterations; it ends at {0}.", end)
    : msg("Log-likelihood of {0} starts over their iterations; start {1} is shown and ends at {2}.", fits.length, shown + 1, end);
}

export function isCollapsed(fit: Fit): boolean {
  return fit.collapsed.includes(1);
}

/** Starts that end at the same log-likelihood, to a tenth. */
export type Group = { readonly value: number; readonly fits: readonly number[] };

/** Groups of starts by where they end, the highest first. */
export function groupsOf(fits: readonly Fit[]): Group[] {
  const groups = new Map<number, number[]>();
  fits.forEach((fit, i) => {
    const key = Math.round(finalOf(fit) * 10);
    if (Number.isFinite(key)) groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return Array.from(groups.values(), (members) => ({ value: Math.max(...members.map((i) => finalOf(fits[i]))), fits: members }))
    .sort((a, b) => b.value - a.value);
}

/**
 * The range of log-likelihood worth seeing: all the ends, and below them as much of the climb as leaves the ends apart.
 * Starts lie far below; the figure cuts them and says where.
 */
export function rangeOf(fits: readonly Fit[]): readonly [number, number] {
  const ends = fits.map(finalOf).filter(Number.isFinite);
  if (ends.length === 0) return [-1, 0];
  // A curve that fell began above its end.
  const peaks = fits.filter((fit) => fit.fell.length > 0).map((fit) => fit.logLikelihood.reduce((a, b) => Math.max(a, b)));
  const [low, high] = [Math.min(...ends), Math.max(...ends, ...peaks)];
  const first = fits.map((fit) => fit.logLikelihood[Math.min(1, fit.iterations)]).filter(Number.isFinite);
  const climb = high - Math.min(high, ...first);
  const room = Math.max(2 * (high - low), 0.8 * climb, 1e-6 * Math.abs(high), 1e-9);
  return [low - room, high];
}

/** Decimals that tell the ends of a range apart: a tenth is enough where that can be seen. */
export function decimalsOfRange(low: number, high: number): number {
  const range = high - low;
  return range > 0 && range < 0.2 ? decimalsOfGain(range) : 1;
}

/** Vertices [iteration, log-likelihood] of a curve, at most `limit`, dense where it climbs; values below `low` are cut to it. */
export function curveOf(fit: Fit, low: number, limit = 300): [number, number][] {
  const last = fit.logLikelihood.length - 1;
  const head = Math.min(last, limit / 2);
  const indices = new Set<number>();
  for (let i = 0; i <= head; i++) indices.add(i);
  for (let j = 0; j <= limit / 2; j++) indices.add(Math.round(head + (j / (limit / 2)) * (last - head)));
  return Array.from(indices, (i): [number, number] => [i, Math.max(low, fit.logLikelihood[i])]).filter(([, v]) => Number.isFinite(v));
}

/** y of labels pushed down so that they stand at least `gap` apart and end above `bottom`. */
export function spread(ys: readonly number[], gap: number, bottom: number): number[] {
  const out: number[] = [];
  for (const y of ys) out.push(Math.max(y, (out[out.length - 1] ?? -Infinity) + gap));
  for (let i = out.length - 1, limit = bottom; i >= 0; i--, limit -= gap) out[i] = Math.min(out[i], limit);
  return out;
}
