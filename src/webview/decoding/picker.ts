import { msg, type Message } from "../../core/contract/index.js";
import type { StagesAt } from "../../core/decoding/trace.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { segmentsOf, type Segment } from "./pickerModel.js";

export type PickerState = {
  readonly at: StagesAt;
  /** The token that was taken; null where the text ended. */
  readonly chosen: number | null;
  /** NaN where nothing was drawn. */
  readonly uniform: number;
  readonly below: number;
  readonly upTo: number;
  readonly leftBelow: number;
  readonly forced: boolean;
  readonly seed: number;
  /** How many numbers were drawn up to here, this one included. */
  readonly draw: number;
  readonly width: number;
};

export type Picker = {
  readonly element: HTMLElement;
  draw(state: PickerState, pointed: number | null): void;
  pictures(): readonly SVGSVGElement[];
};

const top = 20;
const height = 20;

/** The line from 0 to 1 that the probabilities share, in the order of token ids, cut by one random number. */
export function createPicker(host: ViewHost, actions: { name(id: number): string; point(id: number | null): void }): Picker {
  const title = h("h2");
  const note = h("span", { class: "quiet small" });
  const figure = svg("svg", { class: "picker-figure", role: "img" });
  const sentence = h("p", { class: "decoding-note" });
  const element = h("section", { class: "picker", "aria-label": host.t(msg("What picks the token")) }, h("div", { class: "decoding-head" }, title, note), figure, sentence);
  let segments: readonly Segment[] = [];
  let width = 1;

  figure.addEventListener("pointermove", (event) => {
    const place = (event.clientX - figure.getBoundingClientRect().left) / width;
    const found = segments.find(({ from, to }) => from <= place && place < to);
    actions.point(found?.id ?? null);
  });
  figure.addEventListener("pointerleave", () => actions.point(null));

  return {
    element,
    draw(state, pointed) {
      width = state.width;
      segments = segmentsOf(state.at, state.chosen, state.below, state.upTo, state.leftBelow);
      const name = state.chosen === null ? "" : actions.name(state.chosen);
      const drawn = !Number.isNaN(state.uniform);
      title.replaceChildren(...titleOf(host, state, drawn, name));
      note.textContent = drawn ? host.t(msg("seed {0}, draw {1}", state.seed, state.draw)) : "";
      sentence.textContent = host.t(sentenceOf(state, drawn, name));
      setAttributes(figure, { width: state.width, height: top + height + 16, "aria-label": `${title.textContent ?? ""}. ${sentence.textContent ?? ""}` });
      figure.replaceChildren(...drawLine(host, state, segments, pointed, actions.name, drawn));
    },
    pictures: () => [figure],
  };
}

function titleOf(host: ViewHost, { chosen, forced }: PickerState, drawn: boolean, name: string): (Node | string)[] {
  const message = chosen === null ? msg("Nothing was picked here")
    : forced ? msg("You chose it:") : drawn ? msg("One number picks it:") : msg("No number, the highest:");
  return chosen === null ? [host.t(message)] : [`${host.t(message)} `, h("b", { class: "mono" }, name)];
}

function sentenceOf({ chosen, forced, uniform, below, upTo }: PickerState, drawn: boolean, name: string): Message {
  if (chosen === null) return msg("The line shows what could have come next.");
  if (forced) return msg("The line shows what there was to draw from.");
  if (!drawn) return msg("Nothing is drawn: the token with the highest score is taken.");
  return msg("{0} lies between {1} and {2}, the share of {3}; tokens stand in the order of their ids.", fixed(uniform, 3), fixed(below, 3), fixed(upTo, 3), name);
}

function drawLine(host: ViewHost, state: PickerState, segments: readonly Segment[], pointed: number | null, name: (id: number) => string, drawn: boolean): SVGElement[] {
  const palette = host.palette();
  const strong = palette.strength(0.6);
  const soft = palette.tint(strong, 0.28);
  const marks: SVGElement[] = [];
  for (const { id, from, to, count } of segments) {
    const [x, wide] = [from * state.width, (to - from) * state.width];
    const on = id !== null && id === state.chosen;
    const gap = wide > 3 ? 1 : 0;
    const fill = on ? strong : id === null ? palette.tint(palette.quiet, 0.25) : id === pointed ? palette.tint(strong, 0.5) : soft;
    const mark = svg("rect", { class: on ? "picker-chosen" : "picker-share", x: x + gap / 2, y: top, width: Math.max(0.5, wide - gap), height, fill, stroke: palette.contrast && wide > 4 ? palette.ink : null, "stroke-width": palette.contrast ? 0.5 : null });
    const words = id === null ? host.t(count === 1 ? msg("1 other token") : msg("{0} other tokens", count)) : name(id);
    mark.append(svg("title", {}, `${words}: ${fixed(to - from, 4)}`));
    marks.push(mark);
    marks.push(...label(words, id === null, on, x, wide, fill, palette, on && drawn ? state.uniform * state.width : null));
  }
  marks.push(svg("text", { class: "q", x: 0, y: top + height + 13 }, "0"), svg("text", { class: "q", x: state.width, y: top + height + 13, "text-anchor": "end" }, "1"));
  if (drawn) {
    const x = state.uniform * state.width;
    const text = `u = ${fixed(state.uniform, 3)}`;
    const right = x + 10 + textWidth(text, `600 12px ${palette.font}`) < state.width;
    marks.push(
      svg("path", { d: `M${x} ${top - 4}v${height + 8}`, stroke: palette.ink, "stroke-width": 2 }),
      svg("path", { d: `M${x} ${top - 2}l-4 -6h8z`, fill: palette.ink }),
      svg("text", { class: "t12 b", x: right ? x + 7 : x - 7, y: 12, "text-anchor": right ? "start" : "end" }, text),
    );
  }
  return marks;
}

/** A segment's name, where it fits, and where the marker does not cross it. */
function label(words: string, quiet: boolean, on: boolean, x: number, wide: number, fill: string, palette: Palette, marker: number | null): SVGElement[] {
  const font = `${on ? "700 " : ""}11px ${quiet ? palette.font : palette.mono}`;
  const size = textWidth(words, font);
  const free: [number, number] = marker === null ? [x, x + wide] : marker - x > x + wide - marker ? [x, marker - 2] : [marker + 2, x + wide];
  if (size + 6 > free[1] - free[0]) return [];
  const text = svg("text", { class: `${quiet ? "" : "m "}${on ? "b" : ""}`, x: (free[0] + free[1]) / 2, y: top + 14, "text-anchor": "middle" }, words);
  text.style.fill = palette.inkOn(fill);
  text.style.pointerEvents = "none";
  return [text];
}
