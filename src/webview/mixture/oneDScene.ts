import { scaleLinear, type ScaleLinear } from "d3";
import { evaluator, mixtureAt } from "../../core/mixture/evaluate.js";
import type { Mixture } from "../../core/mixture/trace.js";
import { tickFormat } from "../marks/axis.js";
import type { Frame, ViewHost } from "../view.js";
import { barsOf, bellOf, binsOf, curvesOf, gridOf, lowerBound, paddedRange, type Bars, type BinChoice, type Curves } from "./oneDModel.js";
import type { Shared } from "./shared.js";
import { textWidth } from "./viewDom.js";

/** Where things stand in the figure, CSS pixels. */
export type Layout = {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly floor: number; // y of the axis
  readonly rugTop: number;
  readonly rugBottom: number;
  readonly height: number;
  readonly narrow: boolean;
};

/** All that the 1-D figure shows at a position. */
export type Scene = {
  readonly layout: Layout;
  readonly X: ScaleLinear<number, number>;
  readonly Y: ScaleLinear<number, number>;
  readonly bars: Bars;
  readonly now: Curves;
  readonly before: Curves | null;
  readonly mixture: Mixture;
  readonly previous: Mixture | null;
  /** The mixture under which the numbers are shared out; null before the first E-step. */
  readonly shared: Mixture | null;
  readonly shares: Float64Array | null;
};

/** What stays the same while the player moves: axes, order, heights. */
export type Frozen = {
  readonly domain: readonly [number, number];
  readonly top: number;
  /** Values of the drawn points, sorted. */
  readonly sorted: Float64Array;
  /** Drawn points by value; made when it is first asked for, since millions take their time. */
  order(): Int32Array;
};

/** Axis ranges of a fit: the data's, padded, and high enough for every step's curves, up to 2.5 times the tallest bar. */
export function freeze(shared: Shared, rule: BinChoice): Frozen {
  const { trace } = shared;
  const domain = paddedRange(trace.stats.min[0], trace.stats.max[0]);
  const tallest = Math.max(...barsOf(trace, binsOf(trace, rule), null, shared.end).heights);
  let peak = 0;
  for (let s = 0; s < shared.S; s++) {
    const mixture = mixtureAt(trace, shared.fitIndex, s);
    const at = new Float64Array(1);
    const evaluate = evaluator(mixture);
    const own = new Float64Array(trace.K);
    for (let k = 0; k < trace.K; k++) {
      at[0] = bellOf(mixture, k).mean;
      peak = Math.max(peak, Math.exp(evaluate.logJoint(at, 0, own)));
    }
  }
  let order: Int32Array | undefined;
  return {
    domain,
    top: Math.max(tallest, Math.min(peak, 2.5 * tallest)) * 1.06 || 1,
    sorted: trace.points.slice().sort(),
    order: () => (order ??= Int32Array.from(trace.lines.keys()).sort((a, b) => trace.points[a] - trace.points[b])),
  };
}

export function sceneOf(shared: Shared, host: ViewHost, frame: Frame, frozen: Frozen, rule: BinChoice): Scene {
  const { trace, mixture, shares } = shared;
  const { width } = frame;
  const narrow = width < 480;
  const Y = scaleLinear([0, frozen.top], [0, 1]);
  const size = 11;
  const widest = Math.max(textWidth("100%", size, host.palette().font), ...Y.ticks(4).map((t) => textWidth(tickFormat(Y.ticks(4))(t), size, host.palette().font)));
  const plot = Math.round(Math.max(180, Math.min(300, 150 + width * 0.12)));
  const labelRoom = trace.K > 3 ? 44 : 30;
  const floor = labelRoom + plot;
  const layout: Layout = {
    width, left: Math.max(34, Math.ceil(widest) + 7), right: width - 4, top: labelRoom, floor, rugTop: floor + 38, rugBottom: floor + 94, height: floor + 114, narrow,
  };
  const X = scaleLinear([...frozen.domain], [layout.left, layout.right]);
  Y.range([floor, labelRoom]);
  const shown = shares ? mixtureAt(trace, shared.fitIndex, shared.sharesStep) : null;
  const { previous } = shared;
  const n = Math.round(width / 2);
  return {
    layout, X, Y, mixture, previous, shares, shared: shown,
    bars: barsOf(trace, binsOf(trace, rule), shares, shown ?? mixture),
    now: curvesOf(mixture, gridOf(frozen.domain, n, mixture)),
    before: previous ? curvesOf(previous, gridOf(frozen.domain, n, previous)) : null,
  };
}

/** The drawn point nearest to a value, or null where none is within `reach`. */
export function nearest(frozen: Frozen, value: number, reach: number): number | null {
  const at = lowerBound(frozen.sorted, value);
  const candidates = [at - 1, at].filter((i) => i >= 0 && i < frozen.sorted.length);
  let best: number | null = null;
  let distance = reach;
  for (const i of candidates) {
    const d = Math.abs(frozen.sorted[i] - value);
    if (d <= distance) [best, distance] = [frozen.order()[i], d];
  }
  return best;
}
