import { format, msg, type Bundle } from "../../core/contract/message.js";
import { marginal, mixtureAt, project, stepsOf } from "../../core/mixture/evaluate.js";
import type { Mixture, MixtureTrace } from "../../core/mixture/trace.js";
import { percent } from "../text/number.js";
import type { ViewHost } from "../view.js";

/** Two orthonormal directions of the data that become the figure's x and y. */
export type Plane = {
  /** "pca", or the names of two columns as JSON. */
  readonly id: string;
  /** The two columns, or null for principal axes. */
  readonly pair: readonly [number, number] | null;
  readonly axes: Float64Array; // [2, D], rows of length one
  readonly origin: Float64Array; // [D]
  readonly labels: readonly [string, string];
};

/** Where every drawn point lies in a plane, in the data's units. */
export type Positions = { readonly x: Float64Array; readonly y: Float64Array }; // [M] each
export type Range = readonly [number, number];

/** Saved under this key of the view's state: the plane's id; empty while the reader has not chosen one. */
export const planeKey = "plane";

/** Columns up to which all pairs are shown. */
export const matrixLimit = 6;

/** All pairs of `D` columns, the lower one first. */
export function pairsOf(D: number): [number, number][] {
  return Array.from({ length: D }, (_, i) => Array.from({ length: D - i - 1 }, (_, j): [number, number] => [i, i + j + 1])).flat();
}

export function pairId(trace: MixtureTrace, [a, b]: readonly [number, number]): string {
  return JSON.stringify([trace.columns[a], trace.columns[b]]);
}

/**
 * How well each column parts the components: the variance of their means over the mean variance within them, at a
 * mixture's weights (Fisher's ratio of one variable).
 */
export function separations(mixture: Mixture): Float64Array {
  const { K, D, weights, means } = mixture;
  return Float64Array.from({ length: D }, (_, d) => {
    const own = marginal(mixture, [d]).covariances;
    let center = 0;
    for (let k = 0; k < K; k++) center += weights[k] * means[k * D + d];
    let between = 0;
    let within = 0;
    for (let k = 0; k < K; k++) {
      between += weights[k] * (means[k * D + d] - center) ** 2;
      within += weights[k] * own[k];
    }
    return within > 0 ? between / within : 0;
  });
}

/** The pairs of columns, those first whose columns part the best fit's components most. */
export function rankedPairs(trace: MixtureTrace): [number, number][] {
  const parted = separations(endOf(trace));
  const score = ([a, b]: readonly [number, number]) => parted[a] + parted[b];
  return pairsOf(trace.D).sort((p, q) => score(q) - score(p));
}

/** At most six columns, in their order: all, or those that occur first in the ranked pairs. */
export function matrixColumns(trace: MixtureTrace): number[] {
  const columns = new Set<number>();
  for (const pair of rankedPairs(trace)) for (const d of pair) if (columns.size < matrixLimit) columns.add(d);
  return [...columns].sort((a, b) => a - b);
}

function endOf(trace: MixtureTrace): Mixture {
  const best = Math.max(0, trace.best);
  return mixtureAt(trace, best, stepsOf(trace.fits[best]) - 1);
}

/** Automatic choices by columns, so that an edit of the data does not turn the picture round. */
const remembered = new WeakMap<ViewHost, { readonly columns: string; readonly id: string }>();

/** The plane shown: the reader's choice where its columns exist, else the pair that parts the components best. */
export function shownPlane(trace: MixtureTrace, host: ViewHost): Plane {
  const chosen = planeById(trace, host.ui(planeKey, ""), host.bundle);
  if (chosen) return chosen;
  const columns = JSON.stringify(trace.columns);
  let choice = remembered.get(host);
  if (choice?.columns !== columns) {
    choice = { columns, id: pairId(trace, rankedPairs(trace)[0]) };
    remembered.set(host, choice);
  }
  return planeById(trace, choice.id, host.bundle) ?? pairPlane(trace, [0, 1]);
}

export function planeById(trace: MixtureTrace, id: string, bundle: Bundle): Plane | null {
  if (id === "pca") return pcaPlane(trace, bundle);
  const names: unknown = id === "" ? null : JSON.parse(id);
  if (!Array.isArray(names)) return null;
  const pair = names.map((name) => trace.columns.indexOf(String(name)));
  return pair.length === 2 && pair.every((d) => d >= 0) && pair[0] !== pair[1] ? pairPlane(trace, [pair[0], pair[1]]) : null;
}

export function pairPlane(trace: MixtureTrace, pair: readonly [number, number]): Plane {
  const axes = new Float64Array(2 * trace.D);
  axes[pair[0]] = 1;
  axes[trace.D + pair[1]] = 1;
  return {
    id: pairId(trace, pair),
    pair,
    axes,
    origin: new Float64Array(trace.D),
    labels: [trace.columns[pair[0]], trace.columns[pair[1]]],
  };
}

/** The plane of the first two principal axes; null for two columns. */
export function pcaPlane(trace: MixtureTrace, bundle: Bundle): Plane | null {
  if (!trace.pca) return null;
  const { mean, axes, explained } = trace.pca;
  const label = (i: number) =>
    format(msg("principal axis {0} ({1} of the variance)", i + 1, percent(explained[i], 1)), bundle);
  return { id: "pca", pair: null, axes, origin: mean, labels: [label(0), label(1)] };
}

/** Coordinates of the drawn points in the plane. */
export function positionsIn(trace: MixtureTrace, plane: Plane): Positions {
  const { points, D } = trace;
  const M = trace.lines.length;
  const out: [Float64Array, Float64Array] = [new Float64Array(M), new Float64Array(M)];
  for (let p = 0; p < 2; p++) {
    const column = plane.pair?.[p];
    if (column !== undefined) for (let i = 0; i < M; i++) out[p][i] = points[i * D + column];
    else {
      for (let i = 0; i < M; i++) {
        let sum = 0;
        for (let d = 0; d < D; d++) sum += plane.axes[p * D + d] * (points[i * D + d] - plane.origin[d]);
        out[p][i] = sum;
      }
    }
  }
  return { x: out[0], y: out[1] };
}

/** The axes' ranges: the data's, padded; all rows' for a pair of columns, the drawn rows' for principal axes. */
export function rangesIn(trace: MixtureTrace, plane: Plane, positions: Positions): readonly [Range, Range] {
  const range = (p: 0 | 1): Range => {
    const column = plane.pair?.[p];
    if (column !== undefined) return padded(trace.stats.min[column], trace.stats.max[column]);
    const values = p === 0 ? positions.x : positions.y;
    let min = Infinity;
    let max = -Infinity;
    for (const v of values) {
      if (v < min) min = v;
      if (v > max) max = v;
    }
    return padded(min, max);
  };
  return [range(0), range(1)];
}

function padded(min: number, max: number): Range {
  if (!(max > min)) {
    const half = Math.abs(min) * 0.1 || 1;
    return [min - half, min + half];
  }
  const pad = (max - min) * 0.1;
  return [min - pad, max + pad];
}

/** A linear map from the plane to pixels, by axis: pixel = offset + factor · coordinate. */
export type ToPixels = { readonly x: readonly [number, number]; readonly y: readonly [number, number] };

/** The mixture as it lies in the picture: two dimensions, in pixels. */
export function inPixels(mixture: Mixture, plane: Plane, map: ToPixels): Mixture {
  const { D } = mixture;
  const factors = [map.x[1], map.y[1]];
  const offsets = [map.x[0], map.y[0]];
  const axes = new Float64Array(2 * D);
  const origin = plane.origin.slice();
  for (let p = 0; p < 2; p++) {
    for (let d = 0; d < D; d++) {
      axes[p * D + d] = factors[p] * plane.axes[p * D + d];
      origin[d] -= (offsets[p] / factors[p]) * plane.axes[p * D + d];
    }
  }
  return project(mixture, axes, origin);
}

/** The mean of D columns after its place in the plane moved by (dx, dy); what the plane does not show stays. */
export function moveInPlane(mean: Float64Array, plane: Plane, dx: number, dy: number): number[] {
  return Array.from(mean, (v, d) => v + dx * plane.axes[d] + dy * plane.axes[mean.length + d]);
}
