import { scaleLog } from "d3";
import { msg } from "../../core/contract/index.js";
import { shortByteText } from "../../core/text/byteText.js";
import { oneHotMemory } from "../../core/vectors/oneHot.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { compact } from "../text/number.js";
import type { ViewHost } from "../view.js";

const sizes = [1000, 10_000, 100_000, 1_000_000];
const PITCH = 30;
const TOP = 24;
const wordsSteps = steps(1000, 1_000_000, [1, 1.5, 2, 3, 4, 5, 7]);
const numbersSteps = [2, 3, 5, 10, 20, 25, 50, 64, 100, 128, 200, 256, 300, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];

function steps(from: number, to: number, digits: readonly number[]): number[] {
  const found: number[] = [];
  for (let decade = from; decade <= to; decade *= 10) for (const digit of digits) if (digit * decade <= to) found.push(Math.round(digit * decade));
  return found;
}

export type MemoryChoice = { readonly V: number; readonly d: number };
export type MemoryFigure = { readonly element: HTMLElement; readonly svg: SVGSVGElement; draw(choice: MemoryChoice, width: number): void };

/** Memory of one-hot rows against dense ones at several sizes of a vocabulary, as dots: a log scale has no zero for bars. */
export function createMemory(host: ViewHost, choose: (choice: MemoryChoice) => void): MemoryFigure {
  const sentence = h("p", { class: "onehot-sentence" });
  const figure = svg("svg", { role: "img" });
  let choice: MemoryChoice = { V: 10_000, d: 100 };
  const slider = (label: string, list: readonly number[], take: (value: number) => MemoryChoice): { element: HTMLElement; put(value: number, text: string): void } => {
    const range = h("input", { type: "range", class: "track", min: 0, max: list.length - 1, step: 1, "aria-label": label });
    const text = h("output");
    range.addEventListener("input", () => choose(take(list[Number(range.value)])));
    return {
      element: h("label", { class: "onehot-slider" }, h("span", { class: "quiet" }, label), range, text),
      put(value, shown) {
        range.value = String(list.reduce((best, each, i) => (Math.abs(Math.log(each / value)) < Math.abs(Math.log(list[best] / value)) ? i : best), 0));
        range.style.setProperty("--filled", `${(100 * Number(range.value)) / (list.length - 1)}%`);
        setAttributes(range, { "aria-valuetext": shown });
        text.textContent = shown;
      },
    };
  };
  const words = slider(host.t(msg("words")), wordsSteps, (V) => ({ ...choice, V }));
  const numbers = slider(host.t(msg("numbers a word")), numbersSteps, (d) => ({ ...choice, d }));
  const element = h("div", { class: "onehot-memory" }, h("h2", {}, host.t(msg("Memory")), " ", h("span", {}, host.t(msg("four bytes a number")))),
    sentence, h("div", { class: "onehot-sliders small" }, words.element, numbers.element), figure);

  return {
    element, svg: figure,
    draw(next, given) {
      choice = next;
      const { V, d } = choice;
      words.put(V, compact(V));
      numbers.put(d, compact(d));
      const { oneHot, dense, zeros } = oneHotMemory(V, d);
      const text = host.t(msg("{0} words: {1} as one-hot rows against {2} as dense ones; {3} of {4} numbers a word are 0.", compact(V), shortByteText(oneHot), shortByteText(dense), compact(zeros), compact(V)));
      sentence.textContent = text;
      const width = Math.min(640, given);
      setAttributes(figure, { width, ...drawDots(figure, host, choice, width), "aria-label": text });
    },
  };
}

/** A line a size, with a dot for each kind of rows; the chosen size among them. */
function drawDots(figure: SVGSVGElement, host: ViewHost, { V, d }: MemoryChoice, width: number): { readonly height: number } {
  const palette = host.palette();
  const list = [...new Set([...sizes, V])].sort((a, b) => a - b);
  const strong = `600 12px ${palette.font}`;
  const labels = Math.max(...list.map((each) => textWidth(compact(each), strong))) + 10;
  const all = [oneHotMemory(1000, d), oneHotMemory(1_000_000, d), oneHotMemory(1_000_000, 1000)].flatMap(({ oneHot, dense }) => [oneHot, dense]);
  const x = scaleLog([Math.min(...all), Math.max(...all)], [labels + 26, width - 34]);
  const bottom = TOP + list.length * PITCH + 16;
  const parts: SVGElement[] = [];
  for (const bytes of [1e3, 1e6, 1e9, 1e12]) {
    if (bytes < x.domain()[0] || bytes > x.domain()[1]) continue;
    parts.push(svg("line", { x1: x(bytes), x2: x(bytes), y1: TOP - 4, y2: bottom + 2, stroke: palette.grid }), svg("text", { x: x(bytes), y: bottom + 14, "text-anchor": "middle", class: "q" }, shortByteText(bytes)));
  }
  list.forEach((size, i) => {
    const y = TOP + (i + 0.5) * PITCH + 4;
    const chosen = size === V;
    const { oneHot, dense } = oneHotMemory(size, d);
    const className = chosen ? "t12 b" : "t12";
    parts.push(svg("text", { x: labels - 8, y: y + 4, "text-anchor": "end", class: className }, compact(size)));
    parts.push(svg("line", { x1: x(Math.min(oneHot, dense)), x2: x(Math.max(oneHot, dense)), y1: y, y2: y, stroke: chosen ? palette.ink : palette.axis, "stroke-width": chosen ? 1.5 : 1 }));
    parts.push(...dots(palette, x(dense), x(oneHot), y, chosen));
    const [left, right] = [Math.min(x(dense), x(oneHot)), Math.max(x(dense), x(oneHot))];
    const near = right - left < 70;
    const first = x(dense) <= x(oneHot) ? dense : oneHot;
    const second = first === dense ? oneHot : dense;
    const tag = (at: number, text: string): SVGElement => svg("text", { x: Math.max(labels + 20, Math.min(width - 24, at)), y: y - 8, "text-anchor": "middle", class: chosen ? "b" : "q" }, text);
    if (near) parts.push(tag((left + right) / 2, `${shortByteText(first)} \u00b7 ${shortByteText(second)}`));
    else parts.push(tag(left, shortByteText(first)), tag(right, shortByteText(second)));
  });
  // Names stand below the dots of the largest size, which are the farthest apart.
  const last = oneHotMemory(list[list.length - 1], d);
  const name = (bytes: number, text: string): SVGElement => svg("text", { x: Math.min(width - 24, x(bytes)), y: bottom - 6, "text-anchor": "middle", class: "t12" }, text);
  parts.push(name(last.dense, host.t(msg("dense"))), name(last.oneHot, host.t(msg("one-hot"))));
  parts.push(svg("text", { x: labels - 8, y: 10, "text-anchor": "end", class: "q" }, host.t(msg("words"))));
  figure.replaceChildren(...parts);
  return { height: bottom + 20 };
}

/** A full dot for dense rows, a ring for one-hot ones. */
function dots(palette: Palette, dense: number, oneHot: number, y: number, chosen: boolean): SVGElement[] {
  const r = chosen ? 5 : 3.5;
  const color = chosen ? palette.ink : palette.quiet;
  return [
    svg("circle", { cx: oneHot, cy: y, r, fill: palette.paper, stroke: color, "stroke-width": 1.75 }),
    svg("circle", { cx: dense, cy: y, r, fill: color }),
  ];
}
