import { evaluator, mixtureAt, sharesStep, sharesStepBefore, shapesStep } from "../../core/mixture/evaluate.js";
import type { Mixture, MixtureTrace } from "../../core/mixture/trace.js";
import { mixColours } from "../marks/colour.js";
import type { Palette } from "../marks/palette.js";
import { inPixels, positionsIn, rangesIn, type Plane } from "./projection.js";
import { layoutOf, type Layout } from "./scatterAxes.js";
import { pointIndex, type PointIndex } from "./scatterIndex.js";
import { thinned, type Trail } from "./scatterShapes.js";
import type { Shared } from "./shared.js";

/** Above so many points, shares are computed where they are needed. */
const storedLimit = 50000;

/** What does not change while a trace is played: the plane, its axes, and where the points are. */
export type Scene = {
  readonly trace: MixtureTrace;
  readonly plane: Plane;
  readonly layout: Layout;
  readonly index: PointIndex;
};

export function sceneOf(trace: MixtureTrace, plane: Plane, width: number, height: number): Scene {
  const positions = positionsIn(trace, plane);
  const layout = layoutOf(rangesIn(trace, plane, positions), width, height);
  const { map } = layout;
  const index = pointIndex({
    x: positions.x.map((v) => map.x[0] + map.x[1] * v),
    y: positions.y.map((v) => map.y[0] + map.y[1] * v),
  }, width, height);
  return { trace, plane, layout, index };
}

/** A mixture of the trace as it lies in the picture. */
export function shapesIn(scene: Scene, mixture: Mixture): Mixture {
  return inPixels(mixture, scene.plane, scene.layout.map);
}

/** Where each mean went from the start to the position, thinned, in pixels. */
export function trailsOf(scene: Scene, shared: Shared): Trail[] {
  const whole = Math.floor(shapesStep(shared.position, shared.S));
  const means = thinned(whole).map((s) => shapesIn(scene, mixtureAt(scene.trace, shared.fitIndex, s)).means);
  const now = shapesIn(scene, shared.mixture).means;
  return Array.from({ length: scene.trace.K }, (_, k) => [...means, now].map((m) => [m[2 * k], m[2 * k + 1]] as const));
}

/** Whether the position lies in an E-step, where the shares change. */
export function sharesMove({ position, S }: Shared): boolean {
  return sharesStepBefore(position, S) !== sharesStep(position, S);
}

/** Colours of points as the position asks: while the first E-step recolours, between none and its shares. */
export function colourer(shared: Shared, palette: Palette): (point: number) => string {
  const { position, S, trace: { K } } = shared;
  const [before, after] = [sharesStepBefore(position, S), sharesStep(position, S)];
  if (before === after || before >= 0) return (i) => shared.color(i);
  const t = position - Math.floor(position);
  const to = shared.sharesUnder(after);
  return (i) => mixColours([palette.quiet, palette.mix(to, i * K, K)], [1 - t, t]);
}

/** Colours of points under the shares that the position has or is going to: canvases do not fade. */
export function settledColourer(shared: Shared, palette: Palette): (point: number) => string {
  if (shared.sharesStep < 0) return () => palette.quiet;
  if (shared.M > storedLimit) {
    const color = numberColourer(shared, palette);
    return (i) => `#${color(i).toString(16).padStart(6, "0")}`;
  }
  const { K } = shared.trace;
  const shares = shared.sharesUnder(shared.sharesStep);
  return (i) => palette.mix(shares, i * K, K);
}

/** Colours of points as numbers, computed from the parameters when asked, so that no [M, K] array is needed. */
export function numberColourer(shared: Shared, palette: Palette): (point: number) => number {
  const { trace, sharesStep: step } = shared;
  if (step < 0) {
    const quiet = Number.parseInt(palette.quiet.slice(1), 16);
    return () => quiet;
  }
  const { K, D, points } = trace;
  const evaluate = evaluator(mixtureAt(trace, shared.fitIndex, step));
  const row = new Float64Array(K);
  return (i) => {
    evaluate.responsibilities(points, i * D, row);
    return palette.mixNumber(row, 0, K);
  };
}
