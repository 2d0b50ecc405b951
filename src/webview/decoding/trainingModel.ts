import type { TrainingPart } from "../../core/decoding/trace.js";

export type Level = "token" | "sequence";

/** Whether the model predicts a place: nothing predicts the first token, nor what lies beyond its context. */
export function isPredicted(part: TrainingPart, t: number): boolean {
  return !Number.isNaN(part.likelihood[t]);
}

/** −log(1 − p) of the token that stands there, where it lies in a repeated n-gram; 0 elsewhere. */
export function sequenceTerm(part: TrainingPart, t: number): number {
  if (part.sequenceMask[t] === 0 || !isPredicted(part, t)) return 0;
  // −expm1(−nll) is 1 − p without cancellation.
  return -Math.log(-Math.expm1(-part.likelihood[t]));
}

/** What unlikelihood adds at a place. */
export function unlikelihoodTerm(part: TrainingPart, level: Level, t: number): number {
  return level === "token" ? part.unlikelihood[t] : sequenceTerm(part, t);
}

/** The tokens that should become less likely at a place. */
export function candidatesAt(part: TrainingPart, level: Level, t: number): readonly number[] {
  return level === "token" ? part.candidates[t] : part.sequenceMask[t] === 1 ? [part.ids[t]] : [];
}

/** The place where unlikelihood costs most: what is looked at first. */
export function costliest(part: TrainingPart, level: Level): number {
  let best = Math.min(part.ids.length - 1, part.promptLength);
  for (let t = 0; t < part.ids.length; t++) {
    if (!isPredicted(part, t)) continue;
    const term = unlikelihoodTerm(part, level, t);
    if (Number.isFinite(term) && term > unlikelihoodTerm(part, level, best)) best = t;
  }
  return Math.max(0, best);
}

/** Gradients at a place, by magnitude: positive ones are pushed down by a step of descent. */
export function gradientsAt(part: TrainingPart, level: Level, t: number): readonly { readonly id: number; readonly value: number }[] {
  const at = part.gradients[t];
  if (!at) return [];
  const values = level === "token" ? at.token : at.sequence;
  return Array.from(at.ids, (id, i) => ({ id, value: values[i] })).sort((a, b) => Number(b.id === part.ids[t]) - Number(a.id === part.ids[t]) || Math.abs(b.value) - Math.abs(a.value));
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** How many places a mask marks. */
export function countOf(mask: Uint8Array): number {
  return sumOf(mask);
}
