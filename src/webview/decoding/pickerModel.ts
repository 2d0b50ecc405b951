import type { StagesAt } from "../../core/decoding/trace.js";

/** A piece of the line from 0 to 1: a listed token, or several that are not listed (`id` null). */
export type Segment = { readonly id: number | null; readonly from: number; readonly to: number; readonly count: number };

/**
 * The line that a number is thrown on: tokens in the order of their ids, each as long as its probability behind the last
 * stage. Tokens that are not listed have no place of their own; where the picked token's is known, they are gathered
 * before and behind it (in front of the listed ones, and after them), so that every border on both its sides is right.
 * @param below sum of the probabilities of the tokens with lower ids than the chosen one; NaN where nothing was drawn
 * @param leftBelow how many tokens with lower ids were left, listed or not
 */
export function segmentsOf(at: StagesAt, chosen: number | null, below: number, upTo: number, leftBelow: number): Segment[] {
  const n = at.ids.length;
  const last = at.kept.length - 1;
  const listed = Array.from(at.ids, (id, i) => ({ id, p: at.probabilities[last * n + i] })).filter(({ p }) => p > 0).sort((a, b) => a.id - b.id);
  const known = chosen !== null && !Number.isNaN(below);
  const split = known ? listed.findIndex(({ id }) => id === chosen) : -1;
  const others = at.tailKept[last];
  const segments: Segment[] = [];
  let place = 0;
  const put = (id: number | null, length: number, count = 1): void => {
    if (length <= 1e-9) return;
    segments.push({ id, from: place, to: Math.min(1, place + length), count });
    place += length;
  };
  if (split < 0) {
    for (const { id, p } of listed) put(id, p);
    put(null, Math.max(0, 1 - place), others);
    return segments;
  }
  const before = listed.slice(0, split);
  const unlisted = Math.max(0, below - before.reduce((sum, { p }) => sum + p, 0));
  const after = Math.max(0, at.tailMass[last] - unlisted);
  const listedBelow = at.ids.reduce((count, id, i) => count + (id < chosen! && at.scores[last * n + i] !== -Infinity ? 1 : 0), 0);
  const unlistedBelow = leftBelow - listedBelow;
  put(null, unlisted, unlistedBelow);
  for (const { id, p } of before) put(id, p);
  place = below;
  put(chosen, upTo - below);
  for (const { id, p } of listed.slice(split + 1)) put(id, p);
  put(null, after, others - unlistedBelow);
  return segments;
}
