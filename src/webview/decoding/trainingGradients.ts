import { msg } from "../../core/contract/index.js";
import { setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import { signed } from "../text/number.js";
import type { ViewHost } from "../view.js";

export type GradientRow = { readonly name: string; readonly value: number; readonly self: boolean };

const pitch = 22;
const head = 18;

export interface GradientBars {
  readonly element: SVGSVGElement;
  draw(rows: readonly GradientRow[], width: number): void;
}

/** Gradients on the logits of one place as signed bars: what a step of descent pushes down, and what up. */
export function createGradientBars(host: ViewHost): GradientBars {
  const element = svg("svg", { class: "training-gradients", role: "img" });
  return {
    element,
    draw(rows, width) {
      const palette = host.palette();
      const font = `12px ${palette.mono}`;
      const names = Math.min(width * 0.3, Math.max(40, ...rows.map(({ name }) => textWidth(name, `600 ${font}`)))) + 10;
      const digits = 54;
      const span = width - names - digits;
      const most = Math.max(...rows.map(({ value }) => Math.abs(value)), 1e-12);
      const [low, high] = [Math.min(0, ...rows.map(({ value }) => value)), Math.max(0, ...rows.map(({ value }) => value))];
      const unit = span / Math.max(high - low, 1e-12);
      const zero = names - low * unit;
      const height = head + rows.length * pitch + 2;
      const [up, down] = [`\u2190 ${host.t(msg("pushed up"))}`, `${host.t(msg("pushed down"))} \u2192`];
      const marks: SVGElement[] = [svg("line", { x1: zero, x2: zero, y1: head - 4, y2: height, stroke: palette.axis })];
      if (low < 0) marks.push(svg("text", { x: Math.max(names, zero - textWidth(up, `11px ${palette.font}`) - 6), y: 10, class: "quiet-text" }, up));
      if (high > 0) marks.push(svg("text", { x: Math.min(width, Math.max(zero + 6, low < 0 ? names + textWidth(up, `11px ${palette.font}`) + 16 : 0)), y: 10, class: "quiet-text" }, down));
      rows.forEach(({ name, value, self }, i) => {
        const y = head + i * pitch + pitch / 2;
        const [from, to] = [zero, zero + value * unit].sort((a, b) => a - b);
        marks.push(
          svg("text", { x: names - 8, y: y + 4, "text-anchor": "end", class: self ? "mono-text strong-text" : "mono-text" }, shortened(name, names - 8, font)),
          svg("rect", { x: from, y: y - 5.5, width: Math.max(0.75, to - from), height: 11, fill: palette.sign((value / most) * 2), stroke: palette.contrast ? palette.ink : palette.axis, "stroke-width": 0.5 }),
          svg("text", { x: width, y: y + 4, "text-anchor": "end", class: self ? "strong-text" : "" }, signed(value, 4)),
        );
      });
      setAttributes(element, { width, height, "aria-label": host.t(msg("Gradients on the logits: {0}", rows.map(({ name, value }) => `${name} ${signed(value, 4)}`).join(", "))) });
      element.replaceChildren(...marks);
    },
  };
}
