import { isDistance } from "../../core/vectors/heatmap.js";
import { NO_LEVEL, type Matrix } from "./heatmapMatrix.js";

export type ListedPair = { readonly a: number; readonly b: number; readonly value: number };

/**
 * The pairs that are most alike, best first.
 * @param rows which rows may be one of the pair, and `columns` the other; null for all
 * @param exact the value to sort by and to show
 * @returns the pairs, and how many there are in all
 */
export function topPairs(
  matrix: Matrix, rows: readonly number[] | null, columns: readonly number[] | null, most: number, exact: (a: number, b: number) => number,
): { readonly pairs: readonly ListedPair[]; readonly total: number } {
  const counts = new Uint32Array(NO_LEVEL);
  let total = 0;
  eachPair(matrix.n, rows, columns, (a, b) => {
    const level = matrix.level(a, b);
    if (level === NO_LEVEL) return;
    counts[level]++;
    total++;
  });
  const distance = isDistance(matrix.part.metric);
  // The level at which enough pairs are reached; quantised equals are sorted by their exact values.
  let limit = distance ? -1 : NO_LEVEL;
  for (let seen = 0; seen < Math.min(most, total); ) seen += counts[distance ? ++limit : --limit];
  const found: ListedPair[] = [];
  eachPair(matrix.n, rows, columns, (a, b) => {
    const level = matrix.level(a, b);
    if (level === NO_LEVEL || (distance ? level > limit : level < limit) || found.length >= most + LARGEST_TIE) return;
    found.push({ a, b, value: exact(a, b) });
  });
  found.sort((p, q) => (distance ? p.value - q.value : q.value - p.value) || p.a - q.a || p.b - q.b);
  return { pairs: found.slice(0, most), total };
}

/** Pairs of one level beyond those asked for that are looked at: thousands of equal rows would all be level. */
const LARGEST_TIE = 5000;

/** Every pair a ≠ b once, of `rows` × `columns`. */
function eachPair(n: number, rows: readonly number[] | null, columns: readonly number[] | null, visit: (a: number, b: number) => void): void {
  if (!rows && !columns) {
    for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) visit(a, b);
    return;
  }
  const all = Array.from({ length: n }, (_, i) => i);
  const [first, second] = [rows ?? all, columns ?? all];
  const inFirst = new Uint8Array(n);
  const inSecond = new Uint8Array(n);
  for (const a of first) inFirst[a] = 1;
  for (const b of second) inSecond[b] = 1;
  for (const a of first) {
    for (const b of second) {
      // A pair that both choices hold either way round is taken once.
      if (a === b || (a > b && inFirst[b] && inSecond[a])) continue;
      visit(a, b);
    }
  }
}
