import type { CostPart } from "../../core/attention/trace.js";
import { msg } from "../../core/contract/index.js";
import { setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import { compact, percent } from "../text/number.js";
import type { ViewHost } from "../view.js";

const row = 20;

/** Parameters by part as bars from zero, with their counts and shares. */
export function createCostBars(host: ViewHost): { readonly element: SVGSVGElement; draw(part: CostPart, width: number, fontSize: number): void } {
  const element = svg("svg", { class: "cost-bars", role: "img" });
  return {
    element,
    draw({ parts, parameters }, width, fontSize) {
      const palette = host.palette();
      const font = `${fontSize}px ${palette.font}`;
      const names = parts.map(({ label }) => host.t(label));
      const counts = parts.map(({ count }) => `${compact(count)} · ${percent(count / parameters, 1)}`);
      const left = Math.min(width * 0.34, Math.max(...names.map((name) => textWidth(name, font)))) + 10;
      const room = Math.max(...counts.map((text) => textWidth(text, font))) + 10;
      const bar = Math.max(20, width - left - room);
      const most = Math.max(...parts.map(({ count }) => count));
      setAttributes(element, { width, height: parts.length * row + 4, "aria-label": host.t(msg("Parameters by part, {0} in all.", compact(parameters))) });
      element.replaceChildren(...parts.map(({ count, formula }, i) => {
        const y = i * row;
        const length = Math.max(1, (count / most) * bar);
        const group = svg("g", {},
          svg("text", { x: left - 10, y: y + 14, "text-anchor": "end" }, shortened(names[i], left - 10, font)),
          svg("rect", { x: left, y: y + 3, width: length, height: row - 6, fill: palette.strength(0.6) }),
          svg("text", { x: left + length + 6, y: y + 14, class: "quiet-text" }, counts[i]));
        group.append(svg("title", {}, `${names[i]}: ${formula} = ${compact(count)}`));
        return group;
      }));
    },
  };
}
