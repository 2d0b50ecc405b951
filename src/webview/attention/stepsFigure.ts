import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { shortened } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { paintStrip, type SignScale } from "../marks/signStrip.js";
import { fixed } from "../text/number.js";
import { LINE, rowsInSight, type Column, type StepsLayout } from "./stepsLayout.js";
import type { StepsModel } from "./stepsModel.js";

export type Scales = { readonly query: SignScale; readonly key: SignScale; readonly value: SignScale; readonly product: SignScale };

export type StepsScene = {
  readonly model: StepsModel;
  readonly layout: StepsLayout;
  readonly palette: Palette;
  readonly scales: Scales;
  /** 0: similarities, 1: weights too, 2: sums too. */
  readonly reveal: number;
  /** The row that the formula is written for. */
  readonly row: number;
  label(row: number): string;
  readonly texts: { readonly key: string; readonly similarity: string; readonly scaled: string; readonly weight: string; readonly value: string; readonly product: string; readonly masked: string; readonly query: string; readonly sum: string; readonly output: string };
  readonly description: string;
};

export type StepsTargets = { hover(row: number | null): void; hold(row: number): void; walk(by: number): boolean; enter(): void; scrolled(): void };
export type StepsFigure = { readonly element: HTMLElement; readonly parts: readonly (SVGSVGElement | HTMLCanvasElement)[]; draw(scene: StepsScene): void; show(row: number): void };

/** Rows of the list before it scrolls, of one line and of two. */
const ROWS = 24;
const ROWS_OF_TWO = 16;
const STRIP = 14;
const FOOT = 30;

/** A row for each key: strip, similarity, weight, value, product; the query and the output below. Rows out of sight are not drawn. */
export function createStepsFigure(targets: StepsTargets): StepsFigure {
  const head = svg("svg", { "aria-hidden": "true" });
  const canvas = h("canvas", { "aria-hidden": "true" });
  const over = svg("svg", { "aria-hidden": "true" });
  const stage = h("div", { class: "steps-stage" }, canvas, over);
  const space = h("div", {}, stage);
  const list = h("div", { class: "steps-list", role: "group", tabindex: "0" }, space);
  const footCanvas = h("canvas", { "aria-hidden": "true" });
  const footOver = svg("svg", { "aria-hidden": "true" });
  const foot = h("div", { class: "steps-foot" }, footCanvas, footOver);
  const element = h("div", { class: "steps-figure" }, head, list, foot);
  let scene: StepsScene | undefined;
  let painted: readonly unknown[] = [];

  const rowAt = (event: MouseEvent): number | null => {
    if (!scene) return null;
    const row = Math.floor((event.clientY - stage.getBoundingClientRect().top + list.scrollTop) / scene.layout.rowHeight);
    return row >= 0 && row < scene.model.n ? row : null;
  };
  list.addEventListener("pointermove", (event) => targets.hover(rowAt(event)));
  list.addEventListener("pointerleave", () => targets.hover(null));
  list.addEventListener("click", (event) => {
    const row = rowAt(event);
    if (row !== null) targets.hold(row);
  });
  list.addEventListener("scroll", () => targets.scrolled());
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = scene ? Math.max(1, rowsAtOnce(scene.layout) - 1) : 1;
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page }[event.key];
    if (event.key === "Enter") targets.enter();
    else if (by === undefined || !targets.walk(by)) return;
    event.preventDefault();
    event.stopPropagation();
  });

  function paintList(next: StepsScene): void {
    const { model, layout, palette } = next;
    const height = heightOf(model.n, layout);
    const top = Math.min(list.scrollTop, Math.max(0, model.n * layout.rowHeight - height));
    const rows = rowsInSight(top, height, layout.rowHeight, model.n);
    setAttributes(over, { width: layout.width, height });
    const asked = [model, layout, palette, next.reveal, top];
    if (!asked.every((each, i) => each === painted[i])) {
      painted = asked;
      const context = sizeCanvas(canvas, layout.width, height);
      if (context) for (let row = rows[0]; row < rows[1]; row++) paintRow(context, next, row, row * layout.rowHeight - top);
    }
    over.replaceChildren(...Array.from({ length: rows[1] - rows[0] }, (_, i) => rowMarks(next, rows[0] + i, (rows[0] + i) * layout.rowHeight - top)));
  }

  return {
    element,
    parts: [head, canvas, over, footCanvas, footOver],
    draw(next) {
      scene = next;
      const { model, layout } = next;
      setAttributes(list, { "aria-label": next.description });
      const height = heightOf(model.n, layout);
      list.style.height = `${height}px`;
      list.style.width = `${layout.width + (model.n > rowsAtOnce(layout) ? 14 : 0)}px`;
      space.style.height = `${model.n * layout.rowHeight}px`;
      stage.style.height = `${height}px`;
      drawHead(head, next);
      paintList(next);
      foot.hidden = !model.complete && model.n === 0;
      drawFoot(footCanvas, footOver, next);
    },
    show(row) {
      if (!scene) return;
      const { rowHeight } = scene.layout;
      const height = heightOf(scene.model.n, scene.layout);
      if (row * rowHeight < list.scrollTop) list.scrollTop = row * rowHeight;
      else if ((row + 1) * rowHeight > list.scrollTop + height) list.scrollTop = (row + 1) * rowHeight - height;
    },
  };
}

/** How many rows are in sight at once. */
export function rowsAtOnce({ twoLines }: StepsLayout): number {
  return twoLines ? ROWS_OF_TWO : ROWS;
}

function heightOf(rows: number, layout: StepsLayout): number {
  return Math.min(rowsAtOnce(layout), rows) * layout.rowHeight;
}

function paintRow(context: CanvasRenderingContext2D, { model, layout, palette, scales, reveal }: StepsScene, row: number, y: number): void {
  const at = y + layout.second + (LINE - STRIP) / 2;
  const masked = model.isMasked(row);
  context.globalAlpha = masked ? 0.3 : 1;
  const strip = (column: Column | null, values: ArrayLike<number>, scale: SignScale): void => {
    if (!column) return;
    paintStrip(context, values, null, 0, values.length, { x: column.x, y: at, width: column.width, height: STRIP }, scale);
    frame(context, palette, column, at);
  };
  strip(layout.key, model.key(row), scales.key);
  strip(layout.value, model.value(row), scales.value);
  if (reveal >= 2 && !masked) strip(layout.product, model.product(row), scales.product);
  context.globalAlpha = 1;
}

function frame(context: CanvasRenderingContext2D, palette: Palette, column: Column, y: number): void {
  context.strokeStyle = palette.axis;
  context.lineWidth = palette.contrast ? 1 : 0.5;
  context.strokeRect(column.x + 0.5, y + 0.5, column.width - 1, STRIP - 1);
}

/** Name, numbers and bar of a row, on a ground where it is looked at. */
function rowMarks(scene: StepsScene, row: number, y: number): SVGElement {
  const { model, layout, palette, reveal } = scene;
  const { part } = model;
  const masked = model.isMasked(row);
  const own = row === part.token && model.trace.source.kind !== "matrices";
  const base = y + LINE / 2 + 4;
  const marks: SVGElement[] = [];
  if (row === scene.row) marks.push(svg("rect", { x: 0, y, width: layout.width, height: layout.rowHeight, fill: palette.ink, "fill-opacity": 0.07, "data-export": "none" }));
  marks.push(svg("line", { x1: 0, x2: layout.width, y1: y + layout.rowHeight - 0.5, y2: y + layout.rowHeight - 0.5, stroke: palette.grid }));
  const name = svg("text", { x: 0, y: base, class: `mono-text${masked ? " quiet-text struck" : own ? " strong-text" : ""}`, ...(masked ? { "text-decoration": "line-through" } : {}) }, shortened(scene.label(row), layout.name.width, `13px ${palette.mono}`));
  marks.push(name);
  const figure = (column: Column | null, text: string): void => {
    if (column) marks.push(svg("text", { x: column.x + column.width, y: base, "text-anchor": "end", class: masked ? "quiet-text" : "" }, text));
  };
  figure(layout.similarity, fixed(part.similarity[row], 3));
  figure(layout.scaled, fixed(part.scaled[row] + (part.bias?.[row] ?? 0), 3));
  const { x, width } = layout.weight;
  if (masked) marks.push(svg("text", { x, y: base, class: "quiet-text" }, scene.texts.masked));
  else if (reveal >= 1) {
    const weight = part.weights[row];
    const length = (w: number): number => Math.max(0.75, (width * Math.min(w, model.top)) / model.top);
    marks.push(svg("rect", { x, y: y + 6, width: length(weight || 0), height: LINE - 12, fill: palette.strength(0.6), ...(palette.contrast ? { stroke: palette.ink, "stroke-width": 0.75 } : {}) }));
    if (model.changed) marks.push(svg("rect", { class: "steps-ghost", x, y: y + 4, width: length(part.ownWeights[row] || 0), height: LINE - 8, fill: "none", stroke: palette.ink, "stroke-dasharray": "2 2" }));
    marks.push(svg("text", { x: x + Math.max(length(weight || 0), model.changed ? length(part.ownWeights[row] || 0) : 0) + 5, y: base, class: row === model.strongest ? "strong-text" : "" }, fixed(weight, model.decimals)));
  }
  return svg("g", { "data-row": row }, ...marks);
}

function drawHead(head: SVGSVGElement, { layout, palette, texts, model }: StepsScene): void {
  setAttributes(head, { width: layout.width, height: layout.headHeight });
  const low = layout.headHeight - 7;
  const text = (x: number, y: number, words: string, end = false): SVGElement => svg("text", { x, y, class: "quiet-text", ...(end ? { "text-anchor": "end" } : {}) }, words);
  const right = (column: Column): number => column.x + column.width;
  const marks: SVGElement[] = [svg("line", { x1: 0, x2: layout.width, y1: layout.headHeight - 0.5, y2: layout.headHeight - 0.5, stroke: palette.axis })];
  const { key, similarity, scaled, weight, value, product, twoLines } = layout;
  const first = twoLines ? 12 : low - 16;
  const second = twoLines ? 12 : low;
  if (similarity && !twoLines) marks.push(text(right(similarity), first, texts.similarity, true));
  if (similarity) marks.push(text(right(similarity), second, twoLines ? "1 · q · k" : "q · k", true));
  if (scaled && !twoLines) marks.push(text(right(scaled), first, texts.scaled, true));
  if (scaled) marks.push(text(right(scaled), second, divisor(model), true));
  marks.push(text(weight.x, second, model.complete ? texts.weight : texts.weight.replace(/^.*· /, "")));
  for (const [column, words] of [[key, texts.key], [value, texts.value], [product, texts.product]] as const) if (column) marks.push(text(column.x, low, words));
  head.replaceChildren(...marks);
}

/** What similarities are scaled by, in symbols. */
export function divisor({ part: { scale, size, bias } }: StepsModel): string {
  const by = Math.abs(scale - 1 / Math.sqrt(size)) < 1e-9 ? `÷ √${size}` : `× ${fixed(scale, 4)}`;
  return bias ? `${by} + b` : by;
}

/** The query and the output, with what the weights sum to. */
function drawFoot(canvas: HTMLCanvasElement, over: SVGSVGElement, { model, layout, palette, scales, reveal, texts, label }: StepsScene): void {
  const { part } = model;
  const two = layout.twoLines;
  const height = two ? FOOT + 22 : FOOT;
  const context = sizeCanvas(canvas, layout.width, height);
  const at = two ? 26 : 9;
  const strip = (column: Column | null, values: ArrayLike<number>, scale: SignScale): void => {
    if (!context || !column || values.length === 0) return;
    paintStrip(context, values, null, 0, values.length, { x: column.x, y: at, width: column.width, height: STRIP + 2 }, scale);
    context.strokeStyle = palette.axis;
    context.strokeRect(column.x + 0.5, at + 0.5, column.width - 1, STRIP + 1);
  };
  strip(layout.key, part.query, scales.query);
  if (reveal >= 2) strip(layout.product, part.output, scales.product);
  setAttributes(over, { width: layout.width, height });
  const marks: SVGElement[] = [];
  const text = (x: number, y: number, words: string, end = false): SVGElement => svg("text", { x, y, ...(end ? { "text-anchor": "end" } : {}) }, words);
  if (!two) marks.push(svg("text", { x: 0, y: 21, class: "mono-text strong-text" }, shortened(label(part.token), layout.name.width, `600 13px ${palette.mono}`)));
  if (layout.key) marks.push(two ? text(layout.key.x, 18, texts.query) : text(layout.key.x + layout.key.width + 8, 21, texts.query));
  if (reveal >= 1) marks.push(text(layout.weight.x, two ? 18 : 21, `${texts.sum} ${fixed(model.sum, 3)}`));
  if (layout.product && reveal >= 2) marks.push(two ? text(layout.product.x, 18 + 34, texts.output) : text(layout.product.x - 6, 21, `${texts.output} =`, true));
  over.replaceChildren(...marks);
}
