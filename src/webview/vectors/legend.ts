import { scaleLinear } from "d3";
import { svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import type { HeatmapPart } from "../../core/vectors/trace.js";
import { isDistance } from "../../core/vectors/heatmap.js";
import { significant } from "../text/number.js";
import { isBounded, type Scale } from "./heatmapScale.js";

const barWidth = 140;
const barHeight = 10;
const steps = 70;

/** The range that the key shows: from the smallest pair's value, or zero, to the scale's end. */
export function keyDomain(part: HeatmapPart, scale: Scale): readonly [number, number] {
  const values = [part.closest, part.farthest].flatMap((pair) => (pair ? [pair.value] : []));
  if (isDistance(part.metric)) return [0, scale.limit];
  const low = Math.min(0, ...values);
  if (isBounded(part.metric)) return [Math.max(-1, Math.floor(low * 10) / 10), 1];
  const high = Math.max(0, ...values);
  return high > low ? [low, high] : [0, scale.limit];
}

export type Legend = { readonly element: SVGSVGElement; draw(part: HeatmapPart, scale: Scale, name: string): { readonly left: number; readonly width: number } };

/** The key of the heatmap's colours, drawn once; gives the extent of its bar, which other controls share. */
export function createLegend(): Legend {
  const element = svg("svg", { class: "heatmap-key", role: "img" });
  return {
    element,
    draw(part, scale, name) {
      const { palette } = scale;
      const font = `12px ${palette.font}`;
      const left = Math.ceil(textWidth(name, font)) + 10;
      const domain = keyDomain(part, scale);
      const x = scaleLinear(domain, [left, left + barWidth]);
      element.setAttribute("width", String(left + barWidth + 14));
      element.setAttribute("height", "32");
      element.setAttribute("aria-label", name);
      const all = isBounded(part.metric) ? [-1, -0.5, 0, 0.5, 1].filter((v) => v >= domain[0]) : x.ticks(4);
      const ticks = [domain[0], ...all.filter((v) => v !== domain[0])];
      // Zero and the end first, then what fits between and before.
      const kept: number[] = [];
      for (const tick of [0, domain[1], ...ticks]) {
        if (tick >= domain[0] && tick <= domain[1] && kept.every((other) => Math.abs(x(other) - x(tick)) >= 28)) kept.push(tick);
      }
      element.replaceChildren(
        svg("text", { x: 0, y: 10, class: "key-name" }, name),
        ...Array.from({ length: steps }, (_, i) => svg("rect", {
          x: left + (i * barWidth) / steps, y: 1, width: barWidth / steps + 0.5, height: barHeight, fill: scale.colour(x.invert(left + ((i + 0.5) * barWidth) / steps)),
        })),
        svg("rect", { x: left, y: 1, width: barWidth, height: barHeight, fill: "none", stroke: palette.grid }),
        ...kept.sort((a, b) => a - b).flatMap((v) => [
          svg("line", { x1: x(v), x2: x(v), y1: 1 + barHeight, y2: 4 + barHeight, stroke: palette.axis }),
          svg("text", { x: x(v), y: 16 + barHeight, "text-anchor": "middle", fill: palette.quiet }, significant(v, 3)),
        ]),
      );
      return { left, width: barWidth };
    },
  };
}
