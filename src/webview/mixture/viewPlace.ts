import { msg, type Message } from "../../core/contract/index.js";
import type { Shared } from "./shared.js";

/** The player's place in words: the iteration, and which half of it. */
export function placeOf(shared: Shared, position: number): { readonly place: Message; readonly detail?: Message } {
  const { fit, S } = shared;
  const last = 2 * (S - 1);
  const p = Math.max(0, Math.min(last, Math.round(position)));
  const total = fit.kept[S - 1];
  if (p === 0 && last > 0) return { place: msg("Start") };
  const half = p % 2 === 1;
  const iteration = half ? Math.min(fit.kept[(p - 1) / 2] + 1, total) : fit.kept[p / 2];
  const place = msg("Iteration {0} of {1}", iteration, total);
  if (half) return { place, detail: msg("E half-step") };
  if (p === last && fit.ended === "converged") return { place, detail: msg("converged") };
  return { place, detail: msg("M half-step") };
}
