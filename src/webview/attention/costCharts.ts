import { scaleLog } from "d3";
import { kindLabel } from "../../core/attention/partCostCurves.js";
import type { CostPart, CostQuantity } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { costKinds, type CostKind } from "../../core/models/shape/costModel.js";
import { byteText, flopText } from "../../core/text/byteText.js";
import type { Palette } from "../marks/palette.js";
import { compact } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { createCurves, labelRoom, type Curve, type Spot } from "./curves.js";
import { nearest } from "./rangeLine.js";

const order: readonly CostKind[] = costKinds.filter((kind) => kind !== "own");

export function kindColour(palette: Palette, kind: CostKind): string {
  return kind === "own" ? palette.ink : palette.component(order.indexOf(kind)).color;
}

export function quantityText(quantity: CostQuantity, value: number): string {
  return quantity === "flops" ? flopText(value) : byteText(value);
}

const titles: { readonly [Q in CostQuantity]: Message } = {
  flops: msg("operations for one more token"),
  activations: msg("activations while a text is read"),
  cache: msg("kept of the text (KV cache or state)"),
};

export const quantities: readonly CostQuantity[] = ["flops", "activations", "cache"];

export type CostCharts = { readonly elements: readonly SVGSVGElement[]; draw(part: CostPart, width: number, fontSize: number): void };

/** Cost against sequence length, on log axes: operations, activations, and what is kept. */
export function createCostCharts(host: ViewHost, look: (length: number) => void): CostCharts {
  let lengths: Float64Array | undefined;
  const charts = quantities.map((quantity) => ({ quantity, chart: createCurves((x) => lengths && look(lengths[nearest(lengths, x)])) }));
  return {
    elements: charts.map(({ chart }) => chart.element),
    draw(part, width, fontSize) {
      lengths = part.lengths;
      const palette = host.palette();
      const last = part.lengths[part.lengths.length - 1];
      const xTicks = Array.from({ length: 21 }, (_, i) => 2 ** i).filter((tick) => tick <= last && Math.log2(tick) % 2 === 0);
      const linesOf = (quantity: CostQuantity): Curve[] => drawnCurves(part, quantity).map((curve) => ({
        name: curve.name, label: shortLabel(host, part, curve.name), value: quantityText(quantity, curve.now[quantity]), colour: kindColour(palette, curve.name), dash: curve.name === "own" ? "7 3" : "",
        thick: curve.name === part.own, x: part.lengths, y: curve[quantity],
      }));
      const right = Math.min(width * 0.5, Math.max(...quantities.map((quantity) => labelRoom(linesOf(quantity), palette, fontSize))));
      for (const { quantity, chart } of charts) {
        const curves = linesOf(quantity);
        const none = quantity === "cache" && !part.sizes.causal;
        chart.element.toggleAttribute("hidden", none);
        if (none) continue;
        const all = curves.flatMap(({ y }) => Array.from(y));
        const [least, most] = [Math.min(...all), Math.max(...all)];
        chart.draw({
          width, height: 236, palette, fontSize, right, left: 62,
          x: scaleLog().domain([1, last]), y: scaleLog().domain([least, Math.max(most, least * 10)]).nice(),
          xTicks, yTicks: decades(least, most), xFormat: lengthText, yFormat: (value) => quantityText(quantity, value).replace("FLOPs", "").replace(/\.0+(?= )/, ""),
          xLabel: quantity === "cache" ? host.t(msg("sequence length (tokens)")) : "", yLabel: host.t(quantity === "flops" && !part.sizes.causal ? msg("operations for one token of the text") : titles[quantity]),
          curves, spots: spotsOf(host, part, quantity), here: Math.min(part.length, last),
          border: quantity === "flops" ? { x: part.sizes.context, label: host.t(msg("context")) } : { x: part.sizes.context, label: "" },
          description: host.t(msg("{0} against sequence length, for each kind of attention.", titles[quantity])),
        });
      }
    },
  };
}

/** Zero has no place on a log axis. */
export function drawnCurves({ curves }: CostPart, quantity: CostQuantity): CostPart["curves"] {
  return curves.filter((curve) => curve[quantity][0] > 0);
}

export function shortLabel(host: ViewHost, part: CostPart, kind: CostKind): string {
  const name = host.t(kindLabel(kind));
  return kind === part.own ? host.t(msg("{0} (its own)", name)) : name;
}

/** Crossings with the model's own kind get their length, others a dot. */
function spotsOf(host: ViewHost, part: CostPart, quantity: CostQuantity): Spot[] {
  const drawn = new Set(drawnCurves(part, quantity).map(({ name }) => name));
  return part.crossings.filter((each) => each.quantity === quantity && drawn.has(each.cheaper) && drawn.has(each.dearer)).map(({ cheaper, dearer, length, cost }) => ({
    x: length, y: cost, label: dearer === part.own || cheaper === part.own ? compact(length) : "", title: host.t(crossingText(cheaper, dearer, length)),
  }));
}

function crossingText(cheaper: CostKind, dearer: CostKind, length: number): Message {
  return msg("From {0} tokens on {1} takes less than {2}.", compact(length), kindLabel(cheaper), kindLabel(dearer));
}

/** "1", "1k", "64k", "1M": powers of two as people call them. */
export function lengthText(length: number): string {
  if (length >= 2 ** 20) return `${length / 2 ** 20}M`;
  return length >= 1024 ? `${length / 1024}k` : String(length);
}

function decades(least: number, most: number): number[] {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const every = Math.max(1, Math.ceil((last - first) / 5));
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => 10 ** (first + i * every));
}
