import { line, scaleLinear } from "d3";
import { msg, type Message } from "../../core/contract/index.js";
import type { SequencePart } from "../../core/attention/trace.js";
import { drawAxis } from "../marks/axis.js";
import { setAttributes, svg } from "../marks/dom.js";
import { percent } from "../text/number.js";
import type { ViewHost } from "../view.js";

type Point = SequencePart["accuracy"][number];
export type Accuracy = { readonly element: SVGSVGElement; draw(part: SequencePart, width: number): void };

const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 40;
const TOP = 22;

/** Share of right answers by the length of the input: attention and the fixed context as two lines, named at their ends. */
export function createAccuracy(host: ViewHost, hover: (length: number | null) => void): Accuracy {
  const t = (message: Message): string => host.t(message);
  const horizontal = svg("g");
  const vertical = svg("g");
  const marks = svg("g");
  const element = svg("svg", { class: "sequence-accuracy", role: "img" }, horizontal, vertical, marks);
  let invert: ((x: number) => number) | undefined;
  element.addEventListener("pointermove", (event) => hover(invert ? Math.round(invert(event.clientX - element.getBoundingClientRect().left)) : null));
  element.addEventListener("pointerleave", () => hover(null));
  return {
    element,
    draw(part, width) {
      const { accuracy, trainedLength, input } = part;
      const palette = host.palette();
      const lengths = accuracy.map(({ length }) => length);
      const names = { attentive: t(msg("attention")), fixed: t(msg("fixed context")) };
      const right = 96;
      const x = scaleLinear().domain([Math.min(...lengths), Math.max(...lengths)]).range([LEFT, Math.max(LEFT + 60, width - right)]);
      const y = scaleLinear().domain([0, 1]).range([HEIGHT - BOTTOM, TOP]);
      invert = (px) => x.invert(px);
      setAttributes(element, { width, height: HEIGHT, "aria-label": t(msg("Share of right answers by the length of the input, with attention and with one fixed context.")) });
      drawAxis(horizontal, { side: "bottom", scale: x, at: HEIGHT - BOTTOM, palette, ticks: 6, label: t(msg("length of the input (characters)")), format: String });
      drawAxis(vertical, { side: "left", scale: y, at: LEFT, palette, ticks: [0, 0.5, 1], format: (value) => percent(value), grid: [LEFT, x.range()[1]] });
      const path = (of: "attentive" | "fixed"): string => line<Point>().defined((point) => !Number.isNaN(point[of])).x(({ length }) => x(length)).y((point) => y(point[of]))([...accuracy]) ?? "";
      const last = accuracy.at(-1);
      const [ya, yf] = last ? apart(y(last.attentive), y(last.fixed)) : [0, 0];
      const edge = x.range()[1];
      const here = Math.max(Math.min(input.length, lengths.at(-1) ?? 0), lengths[0] ?? 0);
      const point = accuracy.find(({ length }) => length === here);
      const trained = trainedLength > 0 && trainedLength < (lengths.at(-1) ?? 0);
      marks.replaceChildren(
        ...(trained ? [
          svg("line", { x1: x(trainedLength), x2: x(trainedLength), y1: TOP, y2: HEIGHT - BOTTOM, stroke: palette.axis, "stroke-dasharray": "2 3" }),
          svg("text", { x: x(trainedLength) - 4, y: TOP - 8, "text-anchor": "end", class: "quiet-text" }, t(msg("trained up to {0}", trainedLength))),
        ] : []),
        ...(point ? [
          svg("line", { x1: x(here), x2: x(here), y1: TOP, y2: HEIGHT - BOTTOM, stroke: palette.ink, "stroke-width": 0.75 }),
          svg("circle", { cx: x(here), cy: y(point.attentive), r: 3.5, fill: palette.component(0).color }), svg("circle", { cx: x(here), cy: y(point.fixed), r: 3.5, fill: palette.component(1).color }),
        ] : []),
        svg("path", { class: "sequence-fixed", d: path("fixed"), fill: "none", stroke: palette.component(1).color, "stroke-width": 2, "stroke-dasharray": "6 3" }),
        svg("path", { class: "sequence-attentive", d: path("attentive"), fill: "none", stroke: palette.component(0).color, "stroke-width": 2.5 }),
        svg("text", { x: edge + 6, y: ya + 4, fill: palette.component(0).color }, names.attentive),
        svg("text", { x: edge + 6, y: yf + 4, fill: palette.component(1).color }, names.fixed),
      );
      // The style sheet's colour of text would win over the attribute.
      marks.querySelectorAll<SVGTextElement>("text[fill]").forEach((text) => (text.style.fill = text.getAttribute("fill") ?? ""));
    },
  };
}

/** Heights of two labels, at least a line apart. */
function apart(a: number, b: number): readonly [number, number] {
  if (Math.abs(a - b) >= 14) return [a, b];
  const middle = (a + b) / 2;
  return a <= b ? [middle - 7, middle + 7] : [middle + 7, middle - 7];
}
