import type { ThemeKind } from "../math/signScale.js";
import { pieceOf } from "../models/tokenPieces.js";
import type { Tokenizer } from "../models/tokenizer.js";
import { decimal, grouped } from "../text/numberText.js";
import { tokenName } from "../text/tokenName.js";
import { argmax, type Distribution } from "./distribution.js";
import { barsPicture, type Line } from "./effectPicture.js";
import type { CandidatesEffect, DistributionEffect, EffectPlace, EffectRow, LengthsEffect } from "./effectTypes.js";
import { percent } from "./storyWords.js";

/** Tokens that are drawn by name. */
export const LISTED = 8;
/** A search with more shows the first of them. */
const MOST_CANDIDATES = 12;

/** A distribution as it is shown: probabilities [V], and which tokens are left. */
export type Shown = Pick<Distribution, "probabilities" | "kept" | "entropy"> & { isKept(id: number): boolean };

export type Naming = {
  readonly tokenizer: Tokenizer;
  /** Tokens from this id on stand for what the source does not name. */
  readonly named: number;
};

export function shownOf(distribution: Distribution): Shown {
  const { probabilities, kept, entropy, scores } = distribution;
  return { probabilities, kept, entropy, isKept: (id) => scores[id] !== -Infinity };
}

/** Greedy search as a distribution: all on the token that it takes. */
export function greedyOf(distribution: Distribution): Shown {
  const best = argmax(distribution.scores);
  const probabilities = new Float64Array(distribution.scores.length);
  if (best >= 0) probabilities[best] = 1;
  return { probabilities, kept: best < 0 ? 0 : 1, entropy: 0, isKept: (id) => id === best };
}

type Setting = Naming & { readonly place: EffectPlace; readonly labels: readonly [string, string]; readonly theme: ThemeKind; /** Tokens to list whatever they have. */ readonly marked: readonly number[] };

/** What one distribution is before and after: numbers, and bars of its most probable tokens. */
export function compareDistributions(before: Shown, after: Shown, { tokenizer, named, place, labels, theme, marked }: Setting): DistributionEffect {
  const [p, q] = [before.probabilities, after.probabilities];
  const size = p.length;
  const foremost = [...marked].sort((a, b) => p[b] - p[a] || a - b);
  const shown = foremost.slice(0, LISTED / 2);
  const ids = listed(Math.min(size, named), LISTED, shown, (id) => Math.max(p[id], q[id])).sort((a, b) => p[b] - p[a] || q[b] - q[a] || a - b);
  const name = (id: number) => tokenName(pieceOf(tokenizer, id));
  const rows = ids.map((id): EffectRow => ({ name: name(id), before: p[id], after: q[id], struck: before.isKept(id) && !after.isKept(id) }));
  let keptMass = 0;
  let [left, right] = [before.kept, after.kept];
  for (let id = 0; id < size; id++) if (after.isKept(id)) keptMass += p[id];
  for (const id of ids) {
    if (before.isKept(id)) left--;
    if (after.isKept(id)) right--;
  }
  const rest = { before: sumBeside(p, ids), after: sumBeside(q, ids), keptBefore: left, keptAfter: right };
  const same = before.kept === after.kept && p.every((each, id) => Math.abs(each - q[id]) < 1e-12);
  return {
    kind: "distribution", place, labels, rows, rest, same,
    vocabularySize: Math.min(size, named),
    kept: [before.kept, after.kept],
    keptMass: Math.min(1, keptMass),
    entropy: [before.entropy / Math.LN2, after.entropy / Math.LN2],
    best: [name(argmax(p)), name(argmax(q))],
    marked: foremost.map(name),
    picture: distributionPicture(rows, rest, labels, same, theme),
  };
}

function distributionPicture(rows: readonly EffectRow[], rest: DistributionEffect["rest"], labels: readonly [string, string], same: boolean, theme: ThemeKind) {
  const most = Math.max(...rows.map(({ before, after }) => Math.max(before, after)));
  const bar = (share: number, struck = false, length = share) => ({ share: most > 0 ? length / most : 0, text: struck || share === 0 ? "" : `${percent(share)}%`, struck });
  const lines = rows.map(({ name, before, after, struck }): Line => ({ name, struck, bars: same ? [bar(after)] : [bar(before), struck ? bar(0, true, before) : bar(after)] }));
  if (rest.keptBefore > 0 || rest.keptAfter > 0) {
    const gone = rest.keptAfter === 0;
    const sum = (share: number) => bar(share, false, 0);
    const all = [sum(rest.before), gone ? bar(0, true, 0) : sum(rest.after)];
    lines.push({ name: `+${grouped(Math.max(rest.keptBefore, rest.keptAfter))}`, rest: true, bars: same ? [sum(rest.after)] : all });
  }
  return barsPicture(same ? [{ label: labels[1], strong: true }] : [{ label: labels[0], strong: false }, { label: labels[1], strong: true }], lines, theme);
}

/** The tokens with which a search begins: the most probable ones. `ended`: a beam does not begin with the end of the text. */
export function candidatesOf(shown: Shown, taken: number, looked: number, ended: readonly number[], setting: Omit<Setting, "labels" | "marked"> & { readonly label: string }): CandidatesEffect {
  const { tokenizer, named, place, theme, label } = setting;
  const p = shown.probabilities;
  const most = Math.min(p.length, named);
  const ids = listed(most, Math.max(taken + ended.length, LISTED), [], (id) => (shown.isKept(id) ? p[id] : 0)).sort((a, b) => p[b] - p[a] || a - b);
  const chosen = ids.filter((id) => !ended.includes(id) && shown.isKept(id)).slice(0, taken);
  const rows = ids.slice(0, Math.max(LISTED, Math.min(taken, MOST_CANDIDATES))).map((id) => ({ name: tokenName(pieceOf(tokenizer, id)), probability: p[id], taken: chosen.includes(id) }));
  const longest = Math.max(...rows.map(({ probability }) => probability));
  const others = shown.kept - rows.length;
  const rest = 1 - rows.reduce((sum, { probability }) => sum + probability, 0);
  const bar = (share: number, length = share) => ({ share: longest > 0 ? length / longest : 0, text: `${percent(Math.max(0, share))}%` });
  const lines = rows.map(({ name, probability, taken: own }): Line => ({ name, chosen: own, bars: [bar(probability)] }));
  if (others > 0) lines.push({ name: `+${grouped(others)}`, rest: true, bars: [bar(rest, 0)] });
  return {
    kind: "candidates", place, rows, taken: chosen.length, looked,
    vocabularySize: most,
    mass: chosen.reduce((sum, id) => sum + p[id], 0),
    picture: barsPicture([{ label, strong: false }], lines, theme),
  };
}

const SUM = -12;
const LENGTHS = [10, 20, 40];

/** One sum of log-probabilities over texts of three lengths: sum / length ** penalty, as beam search compares them. */
export function lengthsOf(penalty: number, theme: ThemeKind): LengthsEffect {
  const rows = LENGTHS.map((length) => ({ length, score: SUM / length ** penalty, byDefault: SUM / length }));
  const column = (read: (row: (typeof rows)[number]) => number) => {
    const most = Math.max(...rows.map((row) => Math.abs(read(row))));
    return (row: (typeof rows)[number]) => ({ share: Number.isFinite(most) && most > 0 ? Math.abs(read(row)) / most : NaN, text: scoreText(read(row)) });
  };
  const [plain, own] = [column((row) => row.byDefault), column((row) => row.score)];
  const lines = rows.map((row): Line => ({ name: String(row.length), bars: penalty === 1 ? [own(row)] : [plain(row), own(row)] }));
  const head = (value: number, strong: boolean) => ({ label: `length_penalty ${String(value).replace("-", "\u2212")}`, strong });
  return { kind: "lengths", penalty, sum: SUM, rows, picture: barsPicture(penalty === 1 ? [head(1, true)] : [head(1, false), head(penalty, true)], lines, theme) };
}

/** A score with as many digits as tell it from the others. */
export function scoreText(score: number): string {
  const size = Math.abs(score);
  if (!Number.isFinite(score)) return score < 0 ? "\u2212∞" : "∞";
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return score.toExponential(2).replaceAll("-", "\u2212").replace("+", "");
  return decimal(score, size !== 0 && size < 0.1 ? 4 : 2);
}

/** Beyond so many, sorting all is quicker than keeping a list of the best. */
const MOST_KEPT = 64;

/** The ids of the highest weights, of equals the lowest id, and `also`, which are few, among them. */
export function listed(size: number, count: number, also: readonly number[], weight: (id: number) => number): number[] {
  if (count > MOST_KEPT) {
    const all = Array.from({ length: size }, (_, id) => id).filter((id) => weight(id) > 0);
    return all.sort((a, b) => weight(b) - weight(a) || a - b).slice(0, count);
  }
  const best = also.filter((id) => id < size);
  const fixed = best.length;
  const room = Math.min(count, size);
  for (let id = 0; id < size; id++) {
    const own = weight(id);
    if (!(own > 0) || (fixed > 0 && also.includes(id))) continue;
    if (best.length === room && (room === fixed || !(own > weight(best[room - 1])))) continue;
    let at = best.length;
    while (at > fixed && weight(best[at - 1]) < own) at--;
    best.splice(at, 0, id);
    if (best.length > room) best.pop();
  }
  return best;
}

/** The sum over all but these. Counted anew rather than taken from 1, whose digits would be few. */
function sumBeside(values: Float64Array, ids: readonly number[]): number {
  const beside = new Set(ids);
  let sum = 0;
  for (let id = 0; id < values.length; id++) if (!beside.has(id)) sum += values[id];
  return sum;
}
