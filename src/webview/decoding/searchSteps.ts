import type { DecodingTrace } from "../../core/decoding/trace.js";

/** The player's steps while a search is shown: one for each new token. */
export function searchSteps({ search }: DecodingTrace): number {
  return search === undefined || search.kind === "none" ? 1 : Math.max(1, search.steps.length);
}

/** The step that the player stands at, as a whole number within the search. */
export function stepWithin(step: number, steps: number): number {
  return Math.max(0, Math.min(steps - 1, Math.round(step)));
}
