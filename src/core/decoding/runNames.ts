import type { DecodingTrace } from "./trace.js";

/** The ids of all tokens that parts of a trace name, rising. */
export function namedTokens(prompt: readonly number[], { explore, search, compare, training }: Pick<DecodingTrace, "explore" | "search" | "compare" | "training">): Int32Array {
  const named = new Set(prompt);
  const add = (ids: ArrayLike<number>) => {
    for (let i = 0; i < ids.length; i++) named.add(ids[i]);
  };
  if (explore) {
    add(explore.ids);
    for (const { ids } of explore.at) add(ids);
    if (explore.other) [explore.other.onlyHere, explore.other.onlyThere].forEach(add);
  }
  if (search?.kind === "beams") {
    for (const step of search.steps) for (const { candidates } of step) for (const { token } of candidates) named.add(token);
    for (const { ids } of search.finished) add(ids);
  }
  if (search?.kind === "contrastive") {
    add(search.ids);
    for (const { token } of search.steps) add(token);
  }
  for (const { ids } of compare?.strategies ?? []) add(ids);
  if (training) {
    add(training.ids);
    for (const { ids } of training.gradients) add(ids);
  }
  return Int32Array.from(named).sort();
}
