import { msg, type Message } from "../../core/contract/index.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { paintStrip, signScale } from "../marks/signStrip.js";
import type { ViewHost } from "../view.js";
import { colourLimit, type StepsModel } from "./stepsModel.js";

export type StepsHeads = { readonly element: HTMLElement; readonly parts: readonly (SVGSVGElement | HTMLCanvasElement)[]; draw(model: StepsModel, width: number): void };

const STRIP = 18;
const LINE = 46;
const TOP = 34;

/** The outputs of all heads side by side, and what the projection makes of them. */
export function createStepsHeads(host: ViewHost, choose: (head: number) => void): StepsHeads {
  const t = (message: Message): string => host.t(message);
  const canvas = h("canvas", { "aria-hidden": "true" });
  const over = svg("svg", { role: "group", tabindex: "0" });
  const figure = h("div", { class: "steps-heads-figure" }, canvas, over);
  const title = h("h2");
  const said = h("p", { class: "decoding-sentence" });
  const element = h("section", { class: "steps-heads" }, title, said, figure);
  let count = 1;
  let chosen = 0;
  let span = 1;

  over.addEventListener("click", (event) => {
    const rect = over.getBoundingClientRect();
    const head = Math.floor(((event.clientX - rect.left) / span) * count);
    if (event.clientY - rect.top < TOP + STRIP && head >= 0 && head < count) choose(head);
  });
  over.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const head = Math.max(0, Math.min(count - 1, chosen + by));
    if (head !== chosen) choose(head);
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    parts: [canvas, over],
    draw(model, width) {
      const { heads, valueSize, head } = model.part;
      element.hidden = heads === null;
      if (!heads) return;
      const palette = host.palette();
      count = heads.outputs.length / Math.max(1, valueSize);
      chosen = head;
      span = Math.min(width, 900);
      const projected = heads.projected.length > 0;
      const outputs = signScale(palette, colourLimit(heads.outputs));
      const scale = projected ? signScale(palette, colourLimit(heads.projected)) : outputs;
      const lines: readonly { readonly values: Float32Array; readonly label: Message }[] = projected
        ? [
          { values: heads.projected, label: heads.bias ? msg("projected to hidden_size {0}, with the bias, shaded to ±{1}", heads.projected.length, scale.limit) : msg("projected to hidden_size {0}, shaded to ±{1}", heads.projected.length, scale.limit) },
          { values: heads.share, label: msg("this head’s share of it, in the same shades") },
        ]
        : [];
      title.textContent = t(msg("All heads side by side"));
      said.textContent = t(projected
        ? msg("{0} outputs of {1} numbers make one row of {2}; W_O turns it into the {3} numbers that attention adds to the token’s stream.", count, valueSize, count * valueSize, heads.projected.length)
        : msg("{0} outputs of {1} numbers make one row of {2}. No projection is given.", count, valueSize, count * valueSize));
      const height = TOP + STRIP + 8 + lines.length * LINE;
      const context = sizeCanvas(canvas, span, height);
      setAttributes(over, { width: span, height, "aria-label": t(msg("Outputs of {0} heads. Arrows choose a head.", count)) });
      const cell = span / count;
      const gap = cell > 8 ? 2 : 0;
      const marks: SVGElement[] = [svg("text", { x: 0, y: 11, class: "quiet-text" }, t(msg("concatenated, 1 × {0}, shaded to ±{1}", count * valueSize, outputs.limit)))];
      const every = Math.max(1, Math.ceil(16 / cell));
      for (let i = 0; i < count; i++) {
        const x = i * cell;
        if (context) paintStrip(context, heads.outputs, null, i * valueSize, (i + 1) * valueSize, { x, y: TOP, width: cell - gap, height: STRIP }, outputs);
        marks.push(svg("rect", { x: x + 0.25, y: TOP + 0.25, width: cell - gap - 0.5, height: STRIP - 0.5, fill: "none", stroke: palette.axis, "stroke-width": 0.5 }));
        if (i % every === 0 || i === head) marks.push(svg("text", { x: x + (cell - gap) / 2, y: TOP - 6, "text-anchor": "middle", class: i === head ? "strong-text" : "quiet-text" }, cell >= 56 ? t(msg("head {0}", i + 1)) : String(i + 1)));
      }
      marks.push(svg("rect", { class: "steps-chosen-head", x: head * cell - 2, y: TOP - 2, width: cell - gap + 4, height: STRIP + 4, rx: 2, fill: "none", stroke: palette.focus, "stroke-width": 2 }));
      lines.forEach(({ values, label }, i) => {
        const y = TOP + STRIP + 24 + i * LINE;
        marks.push(svg("text", { x: 0, y: y - 6, class: "quiet-text" }, t(label)), svg("rect", { x: 0.25, y: y + 0.25, width: span - 0.5, height: STRIP - 0.5, fill: "none", stroke: palette.axis, "stroke-width": 0.5 }));
        if (context) paintStrip(context, values, null, 0, values.length, { x: 0, y, width: span, height: STRIP }, scale);
      });
      over.replaceChildren(...marks);
    },
  };
}
