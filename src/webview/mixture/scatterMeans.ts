import { select } from "d3";
import { msg, type Message } from "../../core/contract/message.js";
import type { Mixture } from "../../core/mixture/trace.js";
import { letter, type Palette } from "../marks/palette.js";
import type { ViewHost } from "../view.js";
import { moveInPlane, type Plane } from "./projection.js";
import { letterRadius } from "./scatterShapes.js";

/** A mean on its way: how far it was moved in the plane, in the data's units. */
export type Moved = { readonly component: number; readonly dx: number; readonly dy: number; readonly by: "pointer" | "keys" };

/** Runs EM from the means shown, with one of them moved. */
export function runFromMeans(host: ViewHost, mixture: Mixture, plane: Plane, { component, dx, dy }: Moved): void {
  const { K, D, means } = mixture;
  const rows = Array.from({ length: K }, (_, k) => {
    const mean = means.slice(k * D, (k + 1) * D);
    return k === component ? moveInPlane(mean, plane, dx, dy) : Array.from(mean);
  });
  const sameK = host.params()["n_components"] === K;
  host.run({ init_params: "given", means_init: rows, ...(sameK ? {} : { n_components: K }) });
}

/** What to do with the mean that is on its way. */
export function movedHint({ component, by }: Moved): Message {
  return by === "pointer"
    ? msg("Let go to start EM with {0} here; Esc puts it back.", letter(component))
    : msg("Enter starts EM with {0} here; Esc puts it back.", letter(component));
}

/** Draws the letter where it would start, with a line from where it is; null takes both away. */
export function drawMoved(g: SVGGElement, mark: { from: readonly [number, number]; to: readonly [number, number]; component: number } | null, palette: Palette): void {
  const root = select(g);
  if (!mark) {
    root.selectAll("*").remove();
    return;
  }
  const { color } = palette.component(mark.component);
  const part = (tag: "line" | "circle" | "text") => root.selectAll(tag).data([mark]).join(tag);
  part("line")
    .attr("x1", mark.from[0]).attr("y1", mark.from[1]).attr("x2", mark.to[0]).attr("y2", mark.to[1])
    .attr("stroke", palette.ink).attr("stroke-width", 1).attr("stroke-dasharray", "3 3");
  part("circle")
    .attr("cx", mark.to[0]).attr("cy", mark.to[1]).attr("r", letterRadius)
    .attr("fill", palette.paper).attr("stroke", color).attr("stroke-width", 2);
  part("text")
    .attr("x", mark.to[0]).attr("y", mark.to[1] + 4)
    .attr("class", "mixture-letter").attr("text-anchor", "middle").style("fill", color)
    .text(letter(mark.component));
}
