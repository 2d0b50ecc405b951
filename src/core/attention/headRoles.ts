import type { Reals } from "../math/affine.js";
import type { Role } from "./trace.js";

/**
 * What a head attends to, as the mean over the tokens that can of the weight that goes
 * - previous: to the token before (Elhage et al. 2021, "previous token heads"),
 * - first: to the first token, from those behind it (attention sinks, Xiao et al. 2024),
 * - self: to the token itself,
 * - same: to equal tokens elsewhere that it may see (Wang et al. 2023, "duplicate token heads"),
 * - induction: to tokens that follow an earlier equal token (Olsson et al. 2022, "prefix matching score").
 * NaN where no token can: a text of one token has no token before, one without repetition nothing equal.
 */
export type RoleScores = { readonly [R in Role]: number };

/** The places that a role is about, found once for a text and used for all its heads. */
export type RolePlaces = {
  readonly count: number;
  readonly places: { readonly [R in Role]: readonly RowPlaces[] };
};

/**
 * The places of a row that has some: the first `end` of a list of columns, moved by `shift`, but for the row itself. Rows of equal
 * tokens share their list, since a text of one word has half a million pairs of them.
 */
type RowPlaces = { readonly row: number; readonly columns: readonly number[]; readonly end: number; readonly shift: 0 | 1 };

/**
 * Where each role would put its weight.
 * @param ids of the tokens
 * @param causal no token sees those behind it
 * @param visible not 0 for tokens that count and may be attended to (no padding); all without it
 */
export function rolePlaces(ids: ArrayLike<number>, causal: boolean, visible?: ArrayLike<number>): RolePlaces {
  const open = (i: number) => !visible || Boolean(visible[i]);
  /** Equal tokens, and those of them that an open one follows. */
  const all = new Map<number, number[]>();
  const followed = new Map<number, number[]>();
  for (let i = 0; i < ids.length; i++) {
    if (!open(i)) continue;
    push(all, ids[i], i);
    if (i + 1 < ids.length && open(i + 1)) push(followed, ids[i], i);
  }
  const found = { previous: [] as RowPlaces[], first: [] as RowPlaces[], self: [] as RowPlaces[], same: [] as RowPlaces[], induction: [] as RowPlaces[] };
  const seen = new Map<number, number>();
  const copied = new Map<number, number>();
  for (let i = 0; i < ids.length; i++) {
    if (!open(i)) continue;
    const id = ids[i];
    const equal = all.get(id)!;
    const before = seen.get(id) ?? 0;
    // In "a a" the token behind the first is the second itself, which is no sign of induction.
    const behind = followed.get(id) ?? [];
    let end = copied.get(id) ?? 0;
    while (end < behind.length && behind[end] + 1 < i) end++;
    if (i > 0 && open(i - 1)) found.previous.push({ row: i, columns: [i - 1], end: 1, shift: 0 });
    if (i > 0 && open(0)) found.first.push({ row: i, columns: [0], end: 1, shift: 0 });
    found.self.push({ row: i, columns: [i], end: 1, shift: 0 });
    if (causal ? before > 0 : equal.length > 1) found.same.push({ row: i, columns: equal, end: causal ? before : equal.length, shift: 0 });
    if (end > 0) found.induction.push({ row: i, columns: behind, end, shift: 1 });
    seen.set(id, before + 1);
    copied.set(id, end);
  }
  return { count: ids.length, places: found };
}

/**
 * The scores of a head.
 * @param map [T, T] weights
 */
export function roleScores(map: Reals, { count, places }: RolePlaces): RoleScores {
  const score = (role: Role) => {
    let sum = 0;
    for (const { row, columns, end, shift } of places[role]) {
      const from = row * count + shift;
      for (let p = 0; p < end; p++) if (role !== "same" || columns[p] !== row) sum += map[from + columns[p]];
    }
    return places[role].length > 0 ? sum / places[role].length : NaN;
  };
  return { previous: score("previous"), first: score("first"), self: score("self"), same: score("same"), induction: score("induction") };
}

/** The scores of a head that attends evenly to all that it may see: what a score must exceed to mean something. */
export function evenScores(ids: ArrayLike<number>, causal: boolean, visible?: ArrayLike<number>): RoleScores {
  const n = ids.length;
  const even = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const sees = (j: number) => (!visible || Boolean(visible[j])) && (!causal || j <= i);
    let count = 0;
    for (let j = 0; j < n; j++) if (sees(j)) count++;
    for (let j = 0; j < n; j++) if (sees(j)) even[i * n + j] = 1 / count;
  }
  return roleScores(even, rolePlaces(ids, causal, visible));
}

/** A score from which on a head is called by a role. */
export const NAMED_FROM = 0.3;

/** The role that a head plays most, if it puts `from` of its weight or more there and twice what an even head would. */
export function roleOf(scores: RoleScores, even: RoleScores, from = NAMED_FROM): { readonly role: Role; readonly score: number } | undefined {
  // Of equal scores the more telling role: induction and same first, as the token before may be an equal one, too.
  const roles: readonly Role[] = ["induction", "same", "previous", "first", "self"];
  let best: { role: Role; score: number } | undefined;
  for (const role of roles) {
    const score = scores[role];
    if (score >= from && score >= 2 * even[role] && (!best || score > best.score)) best = { role, score };
  }
  return best;
}

/**
 * Random tokens, repeated: on them a head that attends to what followed a token the last time can't be guided by meaning
 * (Elhage et al. 2021; Olsson et al. 2022, section "Prefix matching score"). No token occurs twice in a round where the
 * vocabulary allows it, so that each place has one place to copy from.
 * @param random uniform in [0, 1)
 * @param allowed ids to draw from: leave out special tokens
 * @returns [rounds · length] ids
 */
export function repeatedTokens(random: () => number, allowed: readonly number[], length: number, rounds = 2): Int32Array {
  const pool = [...allowed];
  const drawn = Array.from({ length }, (_, i) => {
    // Fisher and Yates, from the front; begins anew once all were drawn.
    const at = i % pool.length;
    const other = at + Math.floor(random() * (pool.length - at));
    [pool[at], pool[other]] = [pool[other], pool[at]];
    return pool[at];
  });
  return Int32Array.from({ length: rounds * length }, (_, i) => drawn[i % length]);
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
