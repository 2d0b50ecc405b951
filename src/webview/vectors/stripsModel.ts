import { isSingle, pretty } from "../../core/vectors/expressionText.js";
import { cosine } from "../../core/vectors/similarity.js";
import type { Evaluated, VectorsTrace } from "../../core/vectors/trace.js";
import { fixed, significant } from "../text/number.js";

/** One strip: a vector with its name. */
export type StripRow = {
  /** What it is known by while rows come and go. */
  readonly key: string;
  readonly label: string;
  readonly values: ArrayLike<number>; // [d]
  /** Row of the trace, or −1. */
  readonly row: number;
  /** Set where the vector was computed from others. */
  readonly sum?: Evaluated;
  /** Set for a neighbour of the question. */
  readonly near?: true;
};

/** Strips above and below the ruled line. */
export type StripRows = { readonly above: readonly StripRow[]; readonly below: readonly StripRow[]; /** Terms without a strip. */ readonly cut: number };

/** Rows shown before any is chosen. */
export const FIRST_ROWS = 8;
/** An expression's terms with a strip each. */
export const MOST_TERMS = 24;
const NEAREST_OF_ONE = 3;

/** The rows chosen by name, in that order; the first ones while none is, or none of them exists any more. */
export function chosenRows(names: readonly string[], chosen: readonly string[] | null): number[] {
  const first = names.slice(0, FIRST_ROWS).map((_, i) => i);
  if (chosen === null) return first;
  const places = new Map(names.map((name, i) => [name, i]));
  const found = chosen.flatMap((name) => places.get(name) ?? []);
  return found.length > 0 || chosen.length === 0 ? found : first;
}

/** The chosen rows of the source, and below the line the rows computed from others. */
export function rowsOfSource(trace: VectorsTrace, rows: readonly number[]): StripRows {
  const { values, d, names } = trace;
  const above = values === null ? [] : rows.map((row): StripRow => ({ key: `row ${names[row]}`, label: names[row], values: values.subarray(row * d, (row + 1) * d), row }));
  const below = (trace.strips?.rows ?? []).flatMap((each, i): StripRow[] =>
    each.ok ? [{ key: `sum ${i} ${each.text}`, label: pretty(each.text), values: each.value.values, row: -1, sum: each.value }] : []);
  return { above, below, cut: 0 };
}

/** The terms of the question, and below the line its sum and one neighbour; of a single vector its nearest three. */
export function rowsOfQuery(trace: VectorsTrace, which = 0): StripRows | null {
  const part = trace.neighbours;
  if (!part?.answer.ok) return null;
  const { asked, names, vectors, indices } = part.answer;
  const d = asked.values.length;
  const neighbour = (i: number): StripRow => ({
    key: `near ${names[i]}`, label: names[i], values: vectors.subarray(i * d, (i + 1) * d), row: part.search === "rows" ? indices[i] : -1, near: true,
  });
  const terms = asked.terms.slice(0, MOST_TERMS).map((term, i): StripRow => ({
    key: `term ${i}`, label: term.name, values: asked.parts.subarray(i * d, (i + 1) * d), row: term.at === "rows" ? term.index : -1,
  }));
  if (isSingle(asked)) return { above: terms, below: names.slice(0, NEAREST_OF_ONE).map((_, i) => neighbour(i)), cut: 0 };
  const result: StripRow = { key: "result", label: pretty(asked.text), values: asked.values, row: -1, sum: asked };
  return { above: terms, below: [result, ...(names.length > 0 ? [neighbour(Math.min(which, names.length - 1))] : [])], cut: asked.terms.length - terms.length };
}

export type Sorting = { readonly by: "given" | "value" | "spread" | "difference"; readonly a: string; readonly b: string };

/** The dimension at each place; null: as given. Equal ones keep their order. */
export function dimensionOrder(rows: readonly StripRow[], d: number, { by, a, b }: Sorting): Int32Array | null {
  if (by === "given" || rows.length === 0) return null;
  const first = rowOf(rows, a, 0).values;
  const second = rowOf(rows, b, 1).values;
  const score = Float64Array.from({ length: d }, (_, j) => {
    if (by === "value") return first[j];
    if (by === "difference") return Math.abs(first[j] - second[j]);
    const mean = rows.reduce((sum, { values }) => sum + values[j] / rows.length, 0);
    return rows.reduce((sum, { values }) => sum + (values[j] - mean) ** 2, 0);
  });
  return Int32Array.from({ length: d }, (_, j) => j).sort((i, j) => score[j] - score[i] || i - j);
}

/** The row of that name; without it the one at `fallback`, or the last. */
export function rowOf(rows: readonly StripRow[], label: string, fallback: number): StripRow {
  return rows.find((row) => row.label === label) ?? rows[Math.min(fallback, rows.length - 1)];
}

/** The dimension where the rows agree most strongly: the largest sum, whatever its sign. */
export function agreement(rows: readonly StripRow[], d: number): number {
  let [best, most] = [0, -1];
  for (let j = 0; j < d; j++) {
    let sum = 0;
    for (const { values } of rows) sum += values[j];
    if (Math.abs(sum) > most) [best, most] = [j, Math.abs(sum)];
  }
  return best;
}

export function largest(rows: readonly StripRow[]): number {
  let most = 0;
  for (const { values } of rows) for (let j = 0; j < values.length; j++) most = Math.max(most, Math.abs(values[j]));
  return most;
}

/** A round limit that no number of these rows exceeds; 1 where all are zero. */
export function fittedScale(rows: readonly StripRow[]): number {
  const most = largest(rows);
  if (!(most > 0) || !Number.isFinite(most)) return 1;
  const unit = 10 ** (Math.floor(Math.log10(most)) - 1);
  return Number((Math.ceil(most / unit - 1e-9) * unit).toPrecision(3));
}

/** How many numbers lie beyond ±limit. */
export function clippedIn(rows: readonly StripRow[], limit: number): number {
  let count = 0;
  for (const { values } of rows) for (let j = 0; j < values.length; j++) if (Math.abs(values[j]) > limit) count++;
  return count;
}

/** Decimals that give the largest of the numbers three figures. */
export function decimalsOf(most: number): number {
  return most > 0 && Number.isFinite(most) ? Math.max(0, Math.min(8, 2 - Math.floor(Math.log10(most)))) : 2;
}

/**
 * A computed number spelled out from those of its terms: "(−2.32) − (−2.25) + (−2.00) = −2.07"; ≈ where the rounded ones
 * do not add up. Undefined where the vector is no plain sum of its terms.
 */
export function spelledOut({ terms, parts, values }: Evaluated, j: number, decimals: number): string | undefined {
  const d = values.length;
  if (terms.length === 0 || terms.length > MOST_TERMS) return undefined;
  let [sum, size, rounded] = [0, 0, 0];
  const pieces = terms.map(({ weight }, t) => {
    const part = parts[t * d + j];
    sum += weight * part;
    size += Math.abs(weight * part);
    rounded += weight * Number(part.toFixed(decimals));
    const factor = Math.abs(weight) === 1 ? "" : `${significant(Math.abs(weight))} \u00d7 `;
    const sign = weight < 0 ? (t === 0 ? "\u2212" : "\u2212 ") : t === 0 ? "" : "+ ";
    return `${sign}${factor}(${fixed(part, decimals)})`;
  });
  if (Math.abs(sum - values[j]) > 1e-6 * (size + Number.MIN_VALUE)) return undefined;
  const equal = Math.abs(rounded - Number(values[j].toFixed(decimals))) < 0.25 * 10 ** -decimals ? "=" : "\u2248";
  return `${pieces.join(" ")} ${equal} ${fixed(values[j], decimals)}`;
}

/** Cosines of all rows with one of them; NaN where a row has no direction. */
export function cosinesTo(reference: ArrayLike<number>, rows: readonly StripRow[]): number[] {
  return rows.map(({ values }) => cosine(reference, values));
}

/** Part of the places that is shown, from … to; all of them where nothing sensible is kept. */
export type Window = { readonly d: number; readonly from: number; readonly to: number };

export function windowOf(kept: Window | null, d: number): Window {
  if (kept === null || kept.d !== d) return { d, from: 0, to: d };
  const from = Math.max(0, Math.min(d - 1, Math.round(kept.from)));
  return { d, from, to: Math.max(from + 1, Math.min(d, Math.round(kept.to))) };
}

/** The window made `factor` times as wide about a place, within what there is. */
export function zoomed({ d, from, to }: Window, about: number, factor: number): Window {
  const count = Math.max(Math.min(d, 4), Math.min(d, Math.round((to - from) * factor)));
  const share = (about + 0.5 - from) / (to - from);
  const start = Math.max(0, Math.min(d - count, Math.round(about + 0.5 - share * count)));
  return { d, from: start, to: start + count };
}
