import { msg } from "../../core/contract/index.js";
import { shortened } from "../marks/labels.js";
import { setAttributes, svg } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { columnsIn, spotOf, type Layout } from "./beamsLayout.js";
import { same, type BeamCandidate, type BeamsModel, type Place } from "./beamsModel.js";

export type LanesScene = {
  readonly model: BeamsModel;
  readonly layout: Layout;
  readonly palette: Palette;
  /** The player's step: what comes later is pale. */
  readonly step: number;
  /** The part of the picture's width that is seen. */
  readonly window: readonly [number, number];
  /** The path in the focus colour: that of the text that is returned, or the one chosen in the table. */
  readonly path: readonly Place[];
  /** The candidate pointed at, and how the beam came there. */
  readonly pointed: Place | null;
  readonly prompt: string;
  name(candidate: BeamCandidate): string;
};

const LATER = 0.22;
/** Width of an edge whose token is certain. */
const WIDEST = 5;
const LEAST = 0.7;

type Tone = (typeof tones)[number];

/** Draws beams as ranked lanes: a column a step, a row a rank, a rule under what goes on. Only what the window shows. */
export function drawLanes(root: SVGSVGElement, host: ViewHost, scene: LanesScene): void {
  let base = root.querySelector<SVGGElement>(":scope > .base");
  if (!base) root.replaceChildren((base = svg("g", { class: "base" })), svg("g", { class: "over" }));
  const { model, layout, palette, window, step } = scene;
  const columns = columnsIn(layout, model.steps, ...window);
  const last = drawn.get(base);
  const path = scene.path.at(-1);
  const key = [...columns, window[0] < layout.left, step, layout.size.column, layout.left, layout.width, layout.height, path?.step, path?.group, path?.index, scene.prompt].join();
  if (last?.key !== key || last.model !== model || last.palette !== palette) {
    drawn.set(base, { key, model, palette });
    setAttributes(root, { width: layout.width, height: layout.height });
    drawBase(base, host, scene, columns);
  }
  drawTrail(base.nextElementSibling as SVGGElement, scene);
}

const drawn = new WeakMap<SVGGElement, { readonly key: string; readonly model: BeamsModel; readonly palette: Palette }>();

function drawBase(root: SVGGElement, host: ViewHost, scene: LanesScene, [first, last]: readonly [number, number]): void {
  const { model, layout, palette, window } = scene;
  const { size } = layout;
  const edges = svg("g", { fill: "none" });
  const marks = svg("g");
  for (let step = first; step <= last; step++) {
    const opacity = step > scene.step ? LATER : 1;
    const [lines, column] = [svg("g", { opacity }), svg("g", { opacity, "data-step": step })];
    column.append(...heading(host, scene, step));
    const [thin, dots] = [new Map<Tone, string[]>(), new Map<Tone, string[]>()];
    model.part.steps[step].forEach((_, group) => {
      const candidates = model.candidates(step, group);
      candidates.forEach((candidate, index) => {
        const place = { step, group, index };
        const tone = toneOf(scene, place, candidate);
        const d = edgeOf(scene, place);
        if (size.text === "none") {
          // So small, the edges of what is cut would only be a grey cloud.
          if (tone !== "cut") add(thin, tone, d);
          add(dots, tone, dotOf(scene, place));
        } else {
          lines.append(svg("path", { d, stroke: edgeColour(palette, tone), "stroke-width": edgeWidth(tone, candidate) }));
          column.append(...box(scene, place, candidate, tone, false));
        }
      });
      const kept = model.kept(step, group);
      if (kept < candidates.length && kept > 0) column.append(rule(scene, step, group, kept));
    });
    for (const tone of tones) {
      if (thin.has(tone)) lines.append(svg("path", { d: thin.get(tone)!.join(""), stroke: edgeColour(palette, tone), "stroke-width": tone === "path" ? 1.8 : 0.6 }));
      if (dots.has(tone)) column.append(svg("path", { d: dots.get(tone)!.join(""), fill: edgeColour(palette, tone) }));
    }
    edges.append(lines);
    marks.append(column);
  }
  root.replaceChildren(edges, ...bands(host, scene), marks, ...(window[0] < layout.left ? promptLabel(scene) : []));
}

/** How the beam came to the candidate that is pointed at. */
function drawTrail(root: SVGGElement, scene: LanesScene): void {
  const { model, palette, pointed, layout } = scene;
  if (!pointed) return root.replaceChildren();
  const trail = model.path(pointed);
  root.replaceChildren(
    ...trail.map((place) => svg("path", { d: edgeOf(scene, place), fill: "none", stroke: palette.ink, "stroke-width": 2 })),
    ...trail.flatMap((place) => {
      const candidate = model.at(place);
      if (!candidate) return [];
      if (layout.size.text === "none") return [svg("path", { d: dotOf(scene, place), fill: palette.ink, stroke: palette.ink, "stroke-width": same(place, pointed) ? 2 : 0.5 })];
      return box(scene, place, candidate, toneOf(scene, place, candidate), true);
    }),
  );
}

const tones = ["cut", "kept", "path"] as const;

function toneOf({ path }: LanesScene, place: Place, { fate }: BeamCandidate): Tone {
  if (path[place.step] !== undefined && same(path[place.step], place)) return "path";
  return fate === "running" || fate === "finished" ? "kept" : "cut";
}

function dotOf({ model, layout }: LanesScene, place: Place): string {
  const { width, height } = layout.size;
  const { x, y } = spotOf(layout, model, place);
  return `M${x} ${y - height / 2}h${width}v${height}h${-width}z`;
}

function add(map: Map<Tone, string[]>, tone: Tone, d: string): void {
  const list = map.get(tone);
  if (list) list.push(d);
  else map.set(tone, [d]);
}

function edgeColour(palette: Palette, tone: Tone): string {
  return tone === "path" ? palette.focus : tone === "kept" ? palette.axis : palette.fill;
}

function edgeWidth(tone: Tone, { logProbability }: BeamCandidate): number {
  const width = Math.max(LEAST, WIDEST * Math.exp(logProbability));
  return tone === "cut" ? Math.min(width, 1.4) : tone === "path" ? Math.max(width, 1.6) : width;
}

function edgeOf({ model, layout }: LanesScene, place: Place): string {
  const { x, y } = spotOf(layout, model, place);
  const parent = model.parent(place);
  const from = parent ? spotOf(layout, model, parent) : { x: layout.left - layout.size.width - 22, y: promptY(layout) };
  const x0 = from.x + layout.size.width;
  const bend = (x - x0) / 2;
  const f = (v: number): string => v.toFixed(1);
  return `M${f(x0)} ${f(from.y)}C${f(x0 + bend)} ${f(from.y)} ${f(x - bend)} ${f(y)} ${f(x)} ${f(y)}`;
}

function promptY({ groupTops, size }: Layout): number {
  return groupTops[0] + 0.5 * size.row;
}

/** The end of the prompt, from which all begins. */
function promptLabel({ layout, palette, prompt }: LanesScene): SVGElement[] {
  const room = layout.left - 28;
  return [svg("text", { x: layout.left - 26, y: promptY(layout) + 4, "text-anchor": "end", class: "mono-text" }, shortened(prompt, room, `12px ${palette.mono}`))];
}

function bands(host: ViewHost, { model, layout, palette, window }: LanesScene): SVGElement[] {
  if (model.part.groups < 2) return [];
  return layout.groupTops.flatMap((top, group) => [
    ...(group > 0 ? [svg("line", { x1: 0, x2: layout.width, y1: top - 21, y2: top - 21, stroke: palette.border })] : []),
    svg("text", { class: "quiet-text halo", x: Math.max(0, window[0]), y: top - 4 }, host.t(msg("group {0}", group + 1))),
  ]);
}

function heading(host: ViewHost, { layout, step: now }: LanesScene, step: number): SVGElement[] {
  const { size, left } = layout;
  const every = size.column >= 60 ? 1 : size.column >= 24 ? 5 : 10;
  if (every > 1 && step !== 0 && (step + 1) % every !== 0 && step !== now) return [];
  // The step that is shown has its number, whatever is beside it.
  if (every > 1 && step !== now && Math.abs(step - now) * size.column < 26) return [];
  const text = size.text === "name and sum" ? host.t(msg("step {0}", step + 1)) : fixed(step + 1, 0);
  return [svg("text", { x: left + step * size.column + size.width / 2, y: 12, "text-anchor": "middle", class: step === now ? "strong-text" : "quiet-text" }, text)];
}

function rule({ layout, palette }: LanesScene, step: number, group: number, kept: number): SVGElement {
  const { size, left, groupTops } = layout;
  const x = left + step * size.column;
  const y = groupTops[group] + kept * size.row - (size.text === "none" ? 0.5 : 0);
  const over = size.text === "none" ? 1 : 4;
  return svg("line", { class: "beams-rule", x1: x - over, x2: x + size.width + over, y1: y, y2: y, stroke: palette.axis, "stroke-width": size.text === "none" ? 1 : 1.6 });
}

function box(scene: LanesScene, place: Place, candidate: BeamCandidate, tone: Tone, trailed: boolean): SVGElement[] {
  const { model, layout, palette } = scene;
  const { size } = layout;
  const { x, y } = spotOf(layout, model, place);
  const ended = candidate.fate === "finished" || candidate.fate === "dropped";
  const top = y - size.height / 2;
  const pointed = same(scene.pointed, place);
  const solid = candidate.fate === "finished" && tone === "path";
  const fill = solid ? palette.focus : palette.paper;
  const stroke = trailed ? palette.ink : tone === "path" ? palette.focus : palette.axis;
  const frame = { x, y: top, width: size.width, height: size.height };
  const quiet = tone === "cut" && !trailed;
  const sum = size.text === "name and sum" ? fixed(candidate.sum, 2) : "";
  const sumWidth = sum === "" ? 0 : 42;
  const name = shortened(scene.name(candidate), size.width - 12 - sumWidth, `12px ${palette.mono}`);
  const shape: SVGElement[] = [];
  if (tone !== "cut" || trailed) shape.push(svg("rect", { ...frame, rx: 3, fill, stroke, "stroke-width": tone === "path" || pointed ? 2 : 1 }));
  // An ended text has a stop at its right.
  if (ended) shape.push(svg("line", { class: "beams-end", x1: x + size.width - 1.5, x2: x + size.width - 1.5, y1: top + 1, y2: top + size.height - 1, stroke: solid ? palette.inkOn(palette.focus) : tone === "cut" ? palette.axis : tone === "path" ? palette.focus : palette.ink, "stroke-width": 3 }));
  const texts = [
    svg("text", { x: x + 7, y: y + 4, class: quiet ? "mono-text quiet-text" : "mono-text", "text-decoration": candidate.fate === "dropped" ? "line-through" : null }, name),
    ...(sum === "" ? [] : [svg("text", { x: x + size.width - 7, y: y + 4, "text-anchor": "end", class: quiet ? "quiet-text" : null }, sum)]),
  ];
  // The style sheet gives text its colour: an attribute would not count.
  if (solid) for (const text of texts) text.style.fill = palette.inkOn(palette.focus);
  return [...shape, ...texts];
}
