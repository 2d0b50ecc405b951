import { msg, type Message } from "../../core/contract/index.js";
import { h, svg } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { significant } from "../text/number.js";

export interface Key {
  readonly element: HTMLElement;
  draw(limit: number, palette: Palette, seen: { readonly nan: number; readonly infinite: number; readonly clipped: boolean }): void;
}

const width = 140;
const parts = 35;

/** The colour scale, once, and what the marks beside it mean where there are any. */
export function createKey(t: (message: Message) => string): Key {
  const swatches = svg("g");
  const labels = [svg("text", { x: 0, y: 24, "text-anchor": "start" }), svg("text", { x: width / 2, y: 24, "text-anchor": "middle" }), svg("text", { x: width, y: 24, "text-anchor": "end" })];
  const picture = svg("svg", { width, height: 28, role: "img" }, swatches, ...labels);
  const marks = h("span", { class: "tensor-marks small quiet" });
  const element = h("div", { class: "tensor-key" }, picture, marks);
  return {
    element,
    draw(limit, palette, { nan, infinite, clipped }) {
      swatches.replaceChildren(
        ...Array.from({ length: parts }, (_, i) => svg("rect", { x: (i * width) / parts, y: 1, width: width / parts + 0.5, height: 10, fill: palette.sign(((2 * i + 1) / parts - 1) * limit, limit) })),
        svg("rect", { x: 0, y: 1, width, height: 10, fill: "none", stroke: palette.axis }),
      );
      const end = significant(limit, 4);
      [`−${end}`, "0", `+${end}`].forEach((text, i) => (labels[i].textContent = text));
      picture.setAttribute("aria-label", t(msg("Colours from −{0}, blue, over 0, paper, to {0}, red.", end)));
      const swatch = (color: string, mark: string, name: string): HTMLElement => {
        const box = h("span", { class: "tensor-swatch", "aria-hidden": "true" }, mark);
        box.style.background = color;
        box.style.color = palette.inkOn(color);
        return h("span", { class: "tensor-mark" }, box, name);
      };
      marks.replaceChildren(
        ...(nan > 0 ? [swatch(palette.axis, "×", t(msg("NaN")))] : []),
        ...(infinite > 0 ? [swatch(palette.warn, "∞", t(msg("infinite")))] : []),
        ...(clipped ? [h("span", { class: "tensor-mark" }, t(msg("◥ beyond the scale")))] : []),
      );
    },
  };
}
