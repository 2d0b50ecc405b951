import { msg } from "../../../core/contract/index.js";
import { exaggeratedUntil } from "../../../core/vectors/map/schedule.js";
import type { MapPart } from "../../../core/vectors/trace.js";
import { h, setAttributes, svg } from "../../marks/dom.js";
import { freeHeight, textWidth, type Box } from "../../marks/labels.js";
import { fixed } from "../../text/number.js";
import type { ViewHost } from "../../view.js";

const height = 72;
const floor = height - 16;
const roof = 14;

/** t-SNE's divergence over the iterations: the ruler of the player. */
export function createLoss(host: ViewHost): {
  readonly element: HTMLElement;
  readonly figure: SVGSVGElement;
  /** Draws and returns the curve's extent, which the player's range shares. `planned`: iterations in all. */
  draw(map: MapPart, step: number, planned: number, width: number): { readonly left: number; readonly width: number };
} {
  const figure = svg("svg", { class: "map-loss", role: "img" });
  const element = h("div", { class: "map-loss-box" },
    h("h2", {}, host.t(msg("Divergence")), " ", h("span", {}, host.t(msg("Kullback–Leibler: how far these neighbours are from the true ones")))), figure);
  let extent = { left: 0, width: 1 };
  let steps = 1;
  let held = false;
  const seek = (event: PointerEvent): void => {
    const x = event.clientX - figure.getBoundingClientRect().left - extent.left;
    host.setStep(Math.max(0, Math.min(steps - 1, Math.round((x / extent.width) * (steps - 1)))));
  };
  figure.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || steps < 2) return;
    held = true;
    figure.setPointerCapture(event.pointerId);
    seek(event);
  });
  figure.addEventListener("pointermove", (event) => {
    if (held) seek(event);
  });
  for (const end of ["pointerup", "pointercancel"] as const) figure.addEventListener(end, () => (held = false));

  return {
    element,
    figure,
    draw(map, step, planned, width) {
      const palette = host.palette();
      const { loss, lossAt, iterations } = map;
      steps = iterations.length;
      const endText = fixed(loss[loss.length - 1] ?? 0, 3);
      const right = textWidth(endText, `600 12px ${palette.font}`) + 16;
      extent = { left: 6, width: Math.max(60, width - 6 - right) };
      // As the player has it: a kept layout a step. While it runs, by iterations planned.
      const X = (iteration: number): number => extent.left + extent.width * (steps > 1 ? positionOf(iterations, iteration) / (steps - 1) : iteration / planned);
      const top = Math.max(...loss);
      const Y = (value: number): number => floor - (value / (top || 1)) * (floor - roof);
      setAttributes(figure, { width, height, viewBox: `0 0 ${width} ${height}`, "aria-label": host.t(msg("Divergence from {0} to {1} over {2} iterations", fixed(loss[0] ?? 0, 3), endText, lossAt[lossAt.length - 1] ?? 0)) });
      const nodes: SVGElement[] = [
        svg("rect", { width, height, fill: "transparent", "data-export": "none" }),
        svg("line", { x1: extent.left, x2: extent.left + extent.width, y1: floor, y2: floor, stroke: palette.axis }),
      ];
      const until = exaggeratedUntil(planned);
      const last = steps > 1 ? iterations[steps - 1] : planned;
      if (until > 0 && until < last) nodes.push(svg("line", { x1: X(until), x2: X(until), y1: roof, y2: floor, stroke: palette.grid }));
      for (const iteration of [0, last]) nodes.push(svg("text", { x: X(iteration), y: height - 2, "text-anchor": iteration === 0 ? "start" : "end", class: "q" }, String(iteration)));
      nodes.push(svg("path", { d: Array.from(loss, (value, i) => `${i === 0 ? "M" : "L"}${X(lossAt[i]).toFixed(1)} ${Y(value).toFixed(1)}`).join(""), fill: "none", stroke: palette.ink, "stroke-width": 1.5, "stroke-linejoin": "round" }));
      const end = X(lossAt[lossAt.length - 1] ?? 0);
      const values: Box[] = [];
      const putValue = (x: number, y: number, text: string): void => {
        values.push({ x, y: y - 12, width: textWidth(text, `600 12px ${palette.font}`), height: 16 });
        nodes.push(svg("text", { x, y, class: "t12 b halo" }, text));
      };
      if (loss.length > 0) putValue(end + 8, Math.max(roof, Math.min(floor - 4, Y(loss[loss.length - 1]) + 4)), endText);
      if (steps > 1) {
        const iteration = iterationAt(iterations, step);
        const x = X(iteration);
        const value = valueAt(lossAt, loss, iteration);
        nodes.push(svg("line", { x1: x, x2: x, y1: Y(value), y2: floor, stroke: palette.ink, "stroke-width": 1.25 }), svg("circle", { cx: x, cy: Y(value), r: 3.4, fill: palette.ink }));
        if (step < steps - 1) {
          const text = fixed(value, 3);
          const wide = textWidth(text, `600 12px ${palette.font}`);
          putValue(x + 8 + wide < end ? x + 8 : x - 8 - wide, Math.max(roof, Y(value) - 4), text);
        }
      }
      if (until > 0 && until < last) {
        const note = host.t(msg("until iteration {0} neighbours pull four times as hard", until));
        const [x, width] = [X(until) + 6, textWidth(note, `11px ${palette.font}`)];
        const free = freeHeight([roof - 7, roof + 9, floor - 17], { x, width, height: 14 }, values);
        if (free !== undefined && x + width < extent.left + extent.width) nodes.push(svg("text", { x, y: free + 11, class: "q halo" }, note));
      }
      figure.replaceChildren(...nodes);
      return extent;
    },
  };
}

/** Where an iteration lies among the kept layouts, fractional between two. */
function positionOf(iterations: Int32Array, iteration: number): number {
  let at = 0;
  while (at < iterations.length - 1 && iterations[at + 1] <= iteration) at++;
  if (at === iterations.length - 1) return at;
  return at + (iteration - iterations[at]) / (iterations[at + 1] - iterations[at]);
}

function iterationAt(iterations: Int32Array, step: number): number {
  const low = Math.floor(step);
  const high = Math.min(iterations.length - 1, Math.ceil(step));
  return iterations[low] + (iterations[high] - iterations[low]) * (step - low);
}

function valueAt(lossAt: Int32Array, loss: Float64Array, iteration: number): number {
  let at = 0;
  while (at < lossAt.length - 1 && lossAt[at + 1] <= iteration) at++;
  if (at === lossAt.length - 1) return loss[at];
  return loss[at] + ((loss[at + 1] - loss[at]) * (iteration - lossAt[at])) / (lossAt[at + 1] - lossAt[at]);
}
