import { msg } from "../../core/contract/index.js";
import type { TrainingPart } from "../../core/decoding/trace.js";
import { niceStep } from "../marks/axis.js";
import { setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { unlikelihoodTerm, type Level } from "./trainingModel.js";

export type TermsScene = {
  readonly part: TrainingPart;
  readonly level: Level;
  readonly width: number;
  readonly chosen: number;
  readonly hovered: number | null;
  name(id: number): string;
};

export interface TermBars {
  readonly element: SVGSVGElement;
  draw(scene: TermsScene): void;
  /** The place under an x of the picture. */
  placeAt(x: number): number | null;
  /** The x-extent of a place. */
  extent(place: number): readonly [number, number];
}

const left = 34;
const top = 16;
const tall = 150;
const labels = 78;

/** −log p of each token upwards, and what unlikelihood adds downwards, on one scale. */
export function createTermBars(host: ViewHost): TermBars {
  const element = svg("svg", { class: "training-bars", role: "img", tabindex: "0" });
  let pitch = 1;
  let count = 0;
  let drawn: Omit<TermsScene, "name"> & { readonly palette: object } | undefined;
  return {
    element,
    placeAt(x) {
      const place = Math.floor((x - left) / pitch);
      return place >= 0 && place < count ? place : null;
    },
    extent: (place) => [left + place * pitch, left + (place + 1) * pitch],
    draw(scene) {
      const { part, level, width, chosen, hovered } = scene;
      const palette = host.palette();
      if (drawn && drawn.part === part && drawn.level === level && drawn.width === width && drawn.chosen === chosen && drawn.hovered === hovered && drawn.palette === palette) return;
      drawn = { part, level, width, chosen, hovered, palette };
      count = part.ids.length;
      pitch = Math.max(11, Math.min(30, (width - left - 4) / Math.max(1, count)));
      const span = count * pitch;
      const terms = Array.from({ length: count }, (_, t) => unlikelihoodTerm(part, level, t));
      const finite = (values: ArrayLike<number>): number => Math.max(0, ...Array.from(values).filter(Number.isFinite));
      const [up, down] = [finite(part.likelihood), finite(terms)];
      const unit = tall / Math.max(up + down, 0.5);
      const zero = top + up * unit;
      const floor = zero + Math.max(down * unit, 18);
      const height = floor + labels;
      const marks: SVGElement[] = [];
      const step = niceStep(Math.max(up + down, 0.5) / 6);
      for (let v = Math.ceil(-down / step) * step; v <= up + 1e-9; v += step) {
        const y = zero - v * unit;
        marks.push(svg("line", { x1: left, x2: left + span, y1: y, y2: y, stroke: Math.abs(v) < 1e-9 ? palette.axis : palette.grid }), svg("text", { x: left - 5, y: y + 4, "text-anchor": "end", class: "quiet-text" }, fixed(Math.abs(v), step < 1 ? 1 : 0)));
      }
      if (part.promptLength > 0 && part.promptLength < count) {
        const x = left + part.promptLength * pitch;
        marks.push(svg("line", { x1: x, x2: x, y1: top - 12, y2: floor, stroke: palette.axis, "stroke-dasharray": "2 3" }), svg("text", { x: x + 4, y: top - 4, class: "quiet-text" }, host.t(msg("from here on generated"))));
      }
      marks.push(svg("text", { x: left, y: top - 4, class: "quiet-text" }, host.t(part.promptLength * pitch > 150 || part.promptLength === 0 ? msg("−log p, in nats") : msg("−log p"))));
      for (const at of new Set([chosen, hovered ?? chosen])) {
        marks.push(svg("rect", { x: left + at * pitch, y: top, width: pitch, height: floor - top, fill: palette.ink, "fill-opacity": 0.08, ...(at === chosen ? { stroke: palette.focus, "stroke-width": 1.4 } : { "data-export": "none" }) }));
      }
      const gap = pitch > 8 ? 1 : 0.4;
      for (let t = 0; t < count; t++) {
        const x = left + t * pitch + gap;
        const bar = pitch - 2 * gap;
        // Nothing predicts the first token, and what the model can't read: no bar. What is impossible costs all there is room for.
        if (Number.isNaN(part.likelihood[t])) continue;
        const cost = Math.min(part.likelihood[t], up);
        const term = Math.min(terms[t], down);
        marks.push(svg("rect", { x, y: zero - cost * unit, width: bar, height: cost * unit, fill: t < part.promptLength ? palette.fill : palette.quiet, stroke: palette.contrast ? palette.ink : "none", "stroke-width": 0.75 }));
        // Hair-thin bars at every token would look like a line of their own.
        if (term * unit >= 0.25) marks.push(svg("rect", { class: "unlikelihood", x, y: zero, width: bar, height: Math.max(1, term * unit), fill: palette.red }));
      }
      const every = Math.max(1, Math.ceil(13 / pitch));
      const font = `12px ${palette.mono}`;
      for (let t = 0; t < count; t++) {
        const emphasised = t === chosen || t === hovered;
        if (!emphasised && (t % every !== 0 || [chosen, hovered].some((at) => at !== null && Math.abs(at - t) * pitch < 13))) continue;
        const x = left + (t + 0.5) * pitch + 4;
        marks.push(svg("text", { x, y: floor + 6, transform: `rotate(-90 ${x} ${floor + 6})`, "text-anchor": "end", class: `mono-text${emphasised ? " strong-text" : " quiet-text"}` }, shortened(scene.name(part.ids[t]), labels - 8, font)));
      }
      const below = host.t(level === "token" ? msg("unlikelihood of the tokens before") : msg("unlikelihood of repeated n-grams"));
      if (textWidth(below, `11px ${palette.font}`) < span && down > 0) marks.push(svg("text", { class: "quiet-text halo", x: left + 4, y: floor - 4 }, below));
      setAttributes(element, { width: left + span + 2, height, "aria-label": host.t(msg("−log p of {0} tokens upwards, unlikelihood downwards. Arrow keys walk through them.", count)) });
      element.replaceChildren(...marks);
    },
  };
}
