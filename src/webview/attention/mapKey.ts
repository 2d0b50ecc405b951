import { msg } from "../../core/contract/index.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import { significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import type { Inks, Stretch } from "./ink.js";

const bar = 130;
const steps = 65;

/** The key of the map's colours, with the choice of how weights become colours. */
export function createMapKey(host: ViewHost): { readonly element: HTMLElement; readonly picture: SVGSVGElement; draw(inks: Inks): void } {
  const picture = svg("svg", { class: "map-key", role: "img" });
  const box = h("input", { type: "checkbox" });
  box.addEventListener("change", () => host.setUi("mapStretch", (box.checked ? "root" : "linear") satisfies Stretch));
  const label = h("label", { class: "small", title: host.t(msg("Colours by the root of the weight, so that small weights are told apart. Numbers stay as they are.")) }, box, host.t(msg("stretch small weights")));
  return {
    element: h("div", { class: "map-key-line" }, picture, label),
    picture,
    draw({ palette, stretch, colour }) {
      box.checked = stretch === "root";
      const name = host.t(msg("weight"));
      const left = Math.ceil(textWidth(name, `11px ${palette.font}`)) + 8;
      // The bar is even in colour, so that its ticks are not even in weight where they are stretched.
      const weightAt = (share: number): number => (stretch === "root" ? share * share : share);
      const ticks = stretch === "root" ? [0, 0.5, 1] : [0, 1];
      setAttributes(picture, { width: left + bar + 8, height: 26, "aria-label": name });
      picture.replaceChildren(
        svg("text", { x: 0, y: 10, class: "quiet-text" }, name),
        ...Array.from({ length: steps }, (_, i) => svg("rect", { x: left + (i * bar) / steps, y: 1, width: bar / steps + 0.5, height: 9, fill: colour(weightAt((i + 0.5) / steps)) })),
        svg("rect", { x: left, y: 1, width: bar, height: 9, fill: "none", stroke: palette.grid }),
        ...ticks.map((share) => svg("text", { x: left + share * bar, y: 22, "text-anchor": "middle", class: "quiet-text" }, significant(weightAt(share), 2))),
      );
    },
  };
}
