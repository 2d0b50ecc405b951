export { heapBase } from "./lib/memory";
export { use } from "./lib/em/work";
import { logDensitiesDiagonal, squaredDistances, statisticsDiagonal } from "./lib/em/diagonal";
import { logDensitiesFull, statisticsFull } from "./lib/em/full";
import { logDensities1, logDensities2, statistics1, statistics2 } from "./lib/em/small";
import { fromLogarithms, fromLogarithmsLessLargest, harden, invert, nearestOf, someTooSmall } from "./lib/em/shares";
import { block, places, shares, totals, weights } from "./lib/em/work";

/** The kinds of kernel. */
const one = 0;
const two = 1;
const diagonal = 2;

/** Lays down the log2 of the densities. */
function logDensities(kind: i32, x: usize, bytes: usize, shares: usize): void {
  if (kind === one) logDensities1(x, bytes, shares);
  else if (kind === two) logDensities2(x, bytes, shares);
  else if (kind === diagonal) logDensitiesDiagonal(x, bytes, shares);
  else logDensitiesFull(x, bytes, shares);
}

function statistics(kind: i32, x: usize, n: i32): void {
  const bytes = <usize>((n + 7) & -8) << 3;
  if (kind === one) statistics1(x, bytes, shares, totals);
  else if (kind === two) statistics2(x, bytes, shares, totals);
  else if (kind === diagonal) statisticsDiagonal(x, n, shares, totals);
  else statisticsFull(x, n, shares, totals);
}

/** Responsibilities of n rows, at most a block. */
function expect(kind: i32, x: usize, n: i32, shares: usize, totals: usize): void {
  const padded = (n + 7) & -8;
  const bytes = <usize>padded << 3;
  memory.fill(totals, 0, bytes);
  logDensities(kind, x, bytes, shares);
  fromLogarithms(shares, totals, bytes);
  let twos: f64 = 0;
  if (someTooSmall(totals, padded)) {
    logDensities(kind, x, bytes, shares);
    twos = fromLogarithmsLessLargest(shares, totals, n, padded);
  }
  invert(totals, n, twos);
}

/** Gives n rows, at most a block, to the nearest of the means. */
function assign(x: usize, n: i32, shares: usize, totals: usize): void {
  const padded = <usize>((n + 7) & -8) << 3;
  squaredDistances(x, padded, shares);
  nearestOf(shares, places, weights, padded);
  harden(places, shares, totals, padded);
  for (let at = <usize>n << 3; at < padded; at += 8) store<f64>(totals + at, 0);
}

/** The nearest of the means to each of n rows, laid down in `places`, and its squared distance, in `weights`. */
export function nearest(x: usize, n: i32): void {
  for (let i = 0; i < n; i += block) {
    const at = <usize>i << 3;
    const padded = <usize>((min(block, n - i) + 7) & -8) << 3;
    squaredDistances(x + at, padded, shares);
    nearestOf(shares, places + (at >> 1), weights + at, padded);
  }
}

/**
 * Both steps over n rows of columns at x, which are repeated up to a multiple of eight.
 * @param span rows whose shares are kept for the statistics
 * @param hard whether each row goes wholly to its nearest mean
 */
export function pass(kind: i32, x: usize, n: i32, span: i32, hard: bool): void {
  for (let start = 0; start < n; start += span) {
    const m = min(span, n - start);
    const from = x + (<usize>start << 3);
    for (let i = 0; i < m; i += block) {
      const at = <usize>i << 3;
      const rows = min(block, m - i);
      if (hard) assign(from + at, rows, shares + at, totals + at);
      else expect(kind, from + at, rows, shares + at, totals + at);
    }
    statistics(kind, from, m);
  }
}
