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
  /** Rows and columns of the map, one pair a place; several places of a row add up. */
  readonly places: { readonly [R in Role]: { readonly rows: Int32Array; readonly columns: Int32Array; /* Rows that have some. */ readonly able: number } };
};

/**
 * Where each role would put its weight.
 * @param ids of the tokens
 * @param causal no token sees those behind it
 * @param visible not 0 for tokens that count and may be attended to (no padding); all without it
 */
export function rolePlaces(ids: ArrayLike<number>, causal: boolean, visible?: ArrayLike<number>): RolePlaces {
  const open = (i: number) => !visible || Boolean(visible[i]);
  const earlier = new Map<number, number[]>();
  const all = new Map<number, number[]>();
  for (let i = 0; i < ids.length; i++) if (open(i)) push(all, ids[i], i);
  const found = { previous: new Places(), first: new Places(), self: new Places(), same: new Places(), induction: new Places() };
  for (let i = 0; i < ids.length; i++) {
    if (!open(i)) continue;
    const before = earlier.get(ids[i]) ?? [];
    if (i > 0 && open(i - 1)) found.previous.add(i, [i - 1]);
    if (i > 0 && open(0)) found.first.add(i, [0]);
    found.self.add(i, [i]);
    found.same.add(i, causal ? before : all.get(ids[i])!.filter((j) => j !== i));
    // In "a a" the token behind the first is the second itself, which is no sign of induction.
    found.induction.add(i, before.map((j) => j + 1).filter((j) => j < i && open(j)));
    push(earlier, ids[i], i);
  }
  const { previous, first, self, same, induction } = found;
  return { count: ids.length, places: { previous: previous.done(), first: first.done(), self: self.done(), same: same.done(), induction: induction.done() } };
}

/**
 * The scores of a head.
 * @param map [T, T] weights
 */
export function roleScores(map: Reals, { count, places }: RolePlaces): RoleScores {
  const score = (role: Role) => {
    const { rows, columns, able } = places[role];
    let sum = 0;
    for (let p = 0; p < rows.length; p++) sum += map[rows[p] * count + columns[p]];
    return able > 0 ? sum / able : NaN;
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

class Places {
  private readonly rows: number[] = [];
  private readonly columns: number[] = [];
  private able = 0;

  add(row: number, columns: readonly number[]): void {
    if (columns.length > 0) this.able++;
    for (const column of columns) {
      this.rows.push(row);
      this.columns.push(column);
    }
  }

  done(): { readonly rows: Int32Array; readonly columns: Int32Array; readonly able: number } {
    return { rows: Int32Array.from(this.rows), columns: Int32Array.from(this.columns), able: this.able };
  }
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
