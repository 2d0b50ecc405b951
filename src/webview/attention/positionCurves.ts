import { scaleLinear, scaleSymlog } from "d3";
import { ropeScores, sinusoidalScores } from "../../core/attention/distance.js";
import type { PositionCurve, PositionPart } from "../../core/attention/trace.js";
import { msg } from "../../core/contract/index.js";
import type { Palette } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { createCurves, labelRoom, type Curve, type CurvesContent } from "./curves.js";
import { nearest } from "./rangeLine.js";

/** The least bias that is drawn: e^−10 leaves nothing of a weight. */
const LEAST = -10;
/** Heads that are named at their curves. */
const NAMED = 8;

const order: readonly PositionCurve["name"][] = ["plain", "linear", "ntk", "sinusoidal", "learned"];

/** The colour of a way to encode positions, the same in all pictures. */
export function schemeColour(palette: Palette, name: PositionCurve["name"]): string {
  return name === "alibi" ? palette.ink : palette.component(order.indexOf(name)).color;
}

export type PositionCurves = { readonly elements: readonly SVGSVGElement[]; draw(part: PositionPart, distance: number, width: number, fontSize: number): void };

/** Similarity against distance, and under it on the same axis the biases of ALiBi's heads. */
export function createPositionCurves(host: ViewHost, look: (distance: number) => void): PositionCurves {
  const similarity = createCurves(look);
  const bias = createCurves(look);
  const t = host.t.bind(host);
  return {
    elements: [similarity.element, bias.element],
    draw(part, distance, width, fontSize) {
      const palette = host.palette();
      const lines = part.curves.filter(({ kind }) => kind === "similarity").map((curve) => ({ ...lineOf(curve, palette, t(curve.label)), value: valueAt(part, curve, distance, 3), thick: curve.name === "plain" }));
      const all = part.curves.filter(({ kind }) => kind === "bias");
      const every = Math.ceil(all.length / NAMED);
      const heads = all.map((curve, head) => ({ ...lineOf(curve, palette, head % every === 0 ? String(head + 1) : ""), name: `alibi-${head}`, inside: true }));
      const longest = Math.max(part.trained, part.target) - 1;
      const ticks = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7].filter((tick) => tick <= longest);
      const right = Math.min(width * 0.42, labelRoom([...lines, ...heads], palette, fontSize));
      const lowest = Math.min(-0.2, ...lines.flatMap(({ y }) => Array.from(y).filter((value) => Number.isFinite(value))));
      const common = {
        width, palette, fontSize, right, left: 40, xTicks: ticks, xFormat: (value) => fixed(value, 0), here: Math.min(distance, longest),
      } as const satisfies Partial<CurvesContent>;
      similarity.draw({
        ...common, height: 270, x: scaleSymlog().domain([0, longest]), y: scaleLinear().domain([lowest, 1]), yTicks: [-1, -0.5, 0, 0.5, 1], yFormat: (value) => fixed(value, 1),
        border: { x: part.trained, label: t(msg("trained length")) },
        xLabel: "", yLabel: t(msg("score, 1 at distance 0")), curves: lines, description: t(msg("Score of two positions against their distance, for each way to encode positions.")),
      });
      bias.draw({
        ...common, height: 210, x: scaleSymlog().domain([0, longest]), y: scaleLinear().domain([LEAST, 0]), yTicks: [-10, -5, 0], yFormat: (value) => fixed(value, 0),
        border: { x: part.trained, label: "" },
        xLabel: t(msg("distance (positions)")), yLabel: t(msg("ALiBi, added to the score, by head")), curves: heads, description: t(msg("What ALiBi adds to the score against distance, for each head.")),
      });
    },
  };
}

function lineOf({ name, distances, scores, smooth, deviation }: PositionCurve, palette: Palette, label: string): Curve {
  return { name, label, colour: schemeColour(palette, name), dash: name === "alibi" ? "" : palette.component(order.indexOf(name)).dash, x: distances, y: smooth ?? scores, band: deviation };
}

/** The curve at a distance; learned positions that far apart may not have been compared. */
export function valueAt({ hiddenSize, schemes }: PositionPart, { name, distances, scores }: PositionCurve, distance: number, digits: number): string {
  const scheme = schemes.find((each) => each.name === name);
  if (scheme) return fixed(ropeScores(scheme.frequencies, [distance])[0], digits);
  if (name === "sinusoidal") return fixed(sinusoidalScores(hiddenSize, [distance])[0], digits);
  const at = nearest(distances, distance);
  return distances[at] === distance ? fixed(scores[at], digits) : distance > distances[distances.length - 1] ? "\u2013" : `~${fixed(scores[at], 2)}`;
}
