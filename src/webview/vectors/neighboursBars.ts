import { msg } from "../../core/contract/index.js";
import type { NeighboursPart } from "../../core/vectors/trace.js";
import { setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";

export type Answer = Extract<NeighboursPart["answer"], { ok: true }>;

export type BarsActions = {
  /** The bar under the pointer or the keyboard's cursor. */
  point(index: number | null): void;
  /** A neighbour becomes the question. */
  ask(index: number): void;
  /** A neighbour gets a strip. */
  add(index: number): void;
};

export type Bars = {
  readonly element: SVGSVGElement;
  draw(answer: Pick<Answer, "names" | "scores">, width: number, method: NeighboursPart["method"]): void;
};

const widest = 640;
let figures = 0;

/** Neighbours as bars from zero, best first: one tab stop, a list for screen readers. */
export function createBars(host: ViewHost, compact: boolean, actions: BarsActions): Bars {
  const id = `neighbours-${figures++}`;
  const pitch = compact ? 19 : 22;
  const element = svg("svg", { class: "neighbours-bars", role: "listbox", tabindex: "0" });
  let at: number | null = null;
  let shown: { readonly answer: Pick<Answer, "names" | "scores">; readonly width: number; readonly plusX: number } | undefined;

  const point = (index: number | null): void => {
    if (index === at) return;
    at = index;
    actions.point(index);
    host.redraw();
  };
  const place = (event: MouseEvent): { index: number | null; x: number } => {
    const box = element.getBoundingClientRect();
    const index = Math.floor((event.clientY - box.top) / pitch);
    return { index: shown && index >= 0 && index < shown.answer.names.length ? index : null, x: event.clientX - box.left };
  };
  element.addEventListener("pointermove", (event) => point(place(event).index));
  element.addEventListener("pointerleave", () => document.activeElement !== element && point(null));
  element.addEventListener("click", (event) => {
    const { index, x } = place(event as MouseEvent);
    if (index === null || !shown) return;
    if (!compact && x > shown.plusX) actions.add(index);
    else actions.ask(index);
  });
  element.addEventListener("blur", () => point(null));
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !shown) return;
    const last = shown.answer.names.length - 1;
    const go = { ArrowDown: at === null ? 0 : Math.min(last, at + 1), ArrowUp: at === null ? last : Math.max(0, at - 1), Home: 0, End: last }[event.key];
    if (go !== undefined && last >= 0) point(go);
    else if (event.key === "Enter" && at !== null) actions.ask(at);
    else if (event.key === "+" && at !== null) actions.add(at);
    else if (event.key === "Escape" && at !== null) point(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    draw(answer, given, method) {
      const palette = host.palette();
      const { names, scores } = answer;
      if (at !== null && at >= names.length) at = null;
      const width = Math.min(given, widest);
      const labels = Math.min(compact ? 78 : width * 0.32, Math.max(30, ...names.map((name) => textWidth(name, `600 12px ${palette.font}`))));
      const plusX = compact ? width : width - 20;
      const low = Math.min(0, ...scores);
      const high = Math.max(1, ...scores);
      const [x0, x1] = [labels + 6, plusX - 42];
      const x = (v: number): number => x0 + ((v - low) / (high - low)) * (x1 - x0);
      shown = { answer, width, plusX };
      const options = names.map((name, i) => {
        const y = i * pitch;
        const middle = y + pitch / 2;
        const strong = i === 0 || i === at;
        const font = `${strong ? "600 " : ""}12px ${palette.font}`;
        const [from, to] = [x(0), x(scores[i])].sort((a, b) => a - b);
        const option = svg("g", { role: "option", id: `${id}-${i}`, "aria-selected": String(i === at), "aria-label": `${name}, ${fixed(scores[i], 3)}` });
        if (i === at) option.append(svg("rect", { x: 0, y: y + 0.5, width, height: pitch - 1, fill: palette.ink, "fill-opacity": 0.08, "data-export": "none" }));
        option.append(
          svg("line", { x1: x0, x2: x1, y1: middle, y2: middle, stroke: palette.grid }),
          svg("rect", { class: "neighbours-bar", x: from, y: middle - 5.5, width: Math.max(0, to - from), height: 11, fill: palette.strength(Math.max(-1, Math.min(1, scores[i]))), stroke: palette.contrast ? palette.ink : "none", "stroke-width": 0.75 }),
          svg("text", { x: labels, y: middle + 4, "text-anchor": "end", class: strong ? "t12 b" : "t12" }, shortened(name, labels, font)),
          svg("text", { x: plusX, y: middle + 4, "text-anchor": "end", class: strong ? "t12 b" : "t12" }, fixed(scores[i], 3)),
          svg("title", {}, compact ? host.t(msg("{0}: {1}. Click to ask for its neighbours.", name, fixed(scores[i], 6))) : `${name}: ${fixed(scores[i], 6)}`),
        );
        if (!compact) {
          option.append(svg("path", { class: "neighbours-add", d: `M${width - 5} ${middle - 4}v8m-4 -4h8`, stroke: i === at ? palette.link : palette.quiet, "stroke-width": 1.4, "data-export": "none" }));
        }
        return option;
      });
      if (low < 0) options.push(svg("line", { x1: x(0), x2: x(0), y1: 0, y2: names.length * pitch, stroke: palette.axis }));
      element.replaceChildren(...options);
      setAttributes(element, {
        width, height: Math.max(1, names.length * pitch), "aria-activedescendant": at === null ? null : `${id}-${at}`,
        "aria-label": host.t(method === "3CosMul" ? msg("Words by the product of cosines, best first") : msg("Words by their cosine, nearest first")),
      });
    },
  };
}
