import type { SequenceRun } from "../../core/attention/trace.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { shortened } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { paintStrip, type SignScale } from "../marks/signStrip.js";
import { labelled } from "../marks/viewport.js";
import type { SequenceLayout } from "./sequenceLayout.js";
import { characterLabel, isEnd, type SequenceModel } from "./sequenceModel.js";

export type Cell = readonly [step: number, input: number];
export type SequenceScene = {
  readonly model: SequenceModel;
  readonly layout: SequenceLayout;
  readonly palette: Palette;
  readonly scale: SignScale;
  /** The steps that the player has made. */
  readonly made: number;
  /** The step that is looked at, and the cell of it that the formula is for. */
  readonly cell: Cell;
  readonly texts: { readonly end: string; readonly attention: string; readonly changes: string; readonly fixed: string; readonly same: string };
  readonly description: string;
};
export type SequenceFigure = { readonly element: HTMLElement; readonly parts: readonly (SVGSVGElement | HTMLCanvasElement)[]; draw(scene: SequenceScene): void };
export type SequenceTargets = { hover(cell: Cell | null): void; choose(cell: Cell): void; walk(steps: number, inputs: number): boolean };

/** Side of a cell from which on its weight is printed. */
const NUMBERS = 24;
const GAP_FROM = 12;

/** The alignment, a row a step, and the context that each step gets from it; beside it the fixed one, the same at every step. */
export function createSequenceFigure(targets: SequenceTargets): SequenceFigure {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const over = svg("svg", { role: "img", tabindex: "0" });
  const element = h("div", { class: "sequence-figure" }, canvas, over);
  let scene: SequenceScene | undefined;

  const cellAt = (event: MouseEvent): Cell | null => {
    if (!scene) return null;
    const { layout, model, made } = scene;
    const rect = over.getBoundingClientRect();
    const [x, y] = [event.clientX - rect.left, event.clientY - rect.top];
    const [input, step] = [Math.floor((x - layout.left) / layout.cellWidth), Math.floor((y - layout.top) / layout.cellHeight)];
    return x >= layout.left && y >= layout.top && input < model.inputs && step < Math.min(made, model.steps) ? [step, input] : null;
  };
  over.addEventListener("pointermove", (event) => targets.hover(cellAt(event)));
  over.addEventListener("pointerleave", () => targets.hover(null));
  over.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) targets.choose(cell);
  });
  over.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !targets.walk(by[0], by[1])) return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    parts: [canvas, over],
    draw(next) {
      scene = next;
      const { layout, description } = next;
      const context = sizeCanvas(canvas, layout.total.width, layout.total.height);
      if (context) {
        paintCells(context, next);
        paintContexts(context, next);
      }
      setAttributes(over, { width: layout.total.width, height: layout.total.height, "aria-label": description });
      over.replaceChildren(
        svg("rect", { x: 0, y: 0, width: layout.total.width, height: layout.total.height, fill: "transparent", "data-export": "none" }),
        ...names(next), ...heads(next), ...place(next),
      );
    },
  };
}

function paintCells(context: CanvasRenderingContext2D, { model, layout: { left, top, cellWidth, cellHeight }, palette, made }: SequenceScene): void {
  const gapX = cellWidth >= GAP_FROM ? 0.6 : 0;
  const gapY = cellHeight >= GAP_FROM ? 0.6 : 0;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `11px ${palette.font}`;
  for (let step = 0; step < Math.min(made, model.steps); step++) {
    for (let input = 0; input < model.inputs; input++) {
      const weight = model.weight(step, input);
      const [x, y] = [left + input * cellWidth, top + step * cellHeight];
      const colour = palette.strength(weight);
      context.fillStyle = colour;
      context.fillRect(x, y, cellWidth - gapX, cellHeight - gapY);
      if (cellWidth < NUMBERS || cellHeight < 16 || weight < 0.05) continue;
      context.fillStyle = palette.inkOn(colour);
      context.fillText(weight >= 0.995 ? "1" : weight.toFixed(2).slice(1), x + cellWidth / 2, y + cellHeight / 2 + 0.5);
    }
  }
  context.strokeStyle = palette.axis;
  context.lineWidth = 0.75;
  context.strokeRect(left - 0.5, top - 0.5, cellWidth * model.inputs + 0.5, cellHeight * model.steps + 0.5);
}

/** Both runs with the column of their contexts. */
function runsOf({ model: { part } }: SequenceScene): readonly SequenceRun[] {
  return [part.attentive, ...(part.fixed ? [part.fixed] : [])];
}

function paintContexts(context: CanvasRenderingContext2D, scene: SequenceScene): void {
  const { model, layout: { strips }, palette, scale, made } = scene;
  runsOf(scene).forEach((run, i) => {
    const x = strips.x + i * (strips.width + strips.gap);
    const gap = strips.rowHeight >= GAP_FROM ? Math.min(4, strips.rowHeight / 5) : 0;
    for (let step = 0; step < Math.min(made, run.output.length); step++) {
      const box = { x, y: strips.y + step * strips.rowHeight + gap / 2, width: strips.width, height: strips.rowHeight - gap };
      paintStrip(context, model.context(run, step), null, 0, run.hiddenSize, box, scale);
      context.strokeStyle = palette.axis;
      context.lineWidth = 0.5;
      if (gap > 0) context.strokeRect(box.x + 0.25, box.y + 0.25, box.width - 0.5, box.height - 0.5);
    }
  });
}

/** The output down the side, with its probability where there is room, and the input along the top. */
function names(scene: SequenceScene): SVGElement[] {
  const { model, layout, made, cell: [at, pointed], texts } = scene;
  const { left, top, cellWidth, cellHeight, strips } = layout;
  const marks: SVGElement[] = [];
  const named = labelled(0, model.inputs - 1, cellWidth, 11, [pointed]);
  const long = model.part.input.some((each) => [...each].length > 2);
  for (const input of named) {
    const x = left + (input + 0.5) * cellWidth;
    const own = input === pointed ? "mono-text strong-text" : "mono-text";
    marks.push(long
      ? svg("text", { transform: `translate(${x + 3},${top - 5}) rotate(-50)`, class: own }, characterLabel(model.part.input[input]))
      : svg("text", { x, y: top - 6, "text-anchor": "middle", class: own }, characterLabel(model.part.input[input])));
  }
  runsOf(scene).forEach((run, i) => {
    const beside = layout.beside;
    const fixed = i === 1;
    const [height, from] = fixed || !beside ? [strips.rowHeight, strips.y] : [cellHeight, top];
    const xs = fixed ? [strips.x + strips.width + strips.gap - 8] : beside ? [left - 6] : [left - 6, left - 6];
    xs.forEach((x, k) => {
      const [rowHeight, begin] = !fixed && !beside && k === 0 ? [cellHeight, top] : [height, from];
      const shown = labelled(0, run.output.length - 1, rowHeight, 11, [at]).filter((step) => step < made);
      for (const step of shown) {
        const right = model.isRight(run, step);
        const end = isEnd(run.output[step]);
        const wrong = right === false;
        const text = end ? texts.end : characterLabel(run.output[step]);
        marks.push(svg("text", {
          x, y: begin + (step + 0.5) * rowHeight + 4, "text-anchor": "end", "data-step": step,
          class: `${end ? "quiet-text" : "mono-text"}${step === at ? " strong-text" : ""}${wrong ? " wrong-text" : ""}`, ...(wrong ? { "text-decoration": "underline" } : {}),
        }, wrong ? `× ${text}` : text));
      }
    });
  });
  return marks;
}

/** What stands above the strips. */
function heads({ model: { part }, layout: { strips }, texts, palette }: SequenceScene): SVGElement[] {
  const at = (i: number): number => strips.x + i * (strips.width + strips.gap);
  const line = (i: number, title: string, below: string): SVGElement[] => [
    svg("text", { x: at(i), y: strips.y - 24, class: "strong-text" }, shortened(title, strips.width + 8, `600 13px ${palette.font}`)),
    svg("text", { x: at(i), y: strips.y - 9, class: "quiet-text" }, shortened(below, strips.width + 8, `12px ${palette.font}`)),
  ];
  return [...line(0, texts.attention, texts.changes), ...(part.fixed ? line(1, texts.fixed, texts.same) : [])];
}

/** The step, in a frame, and the cell in a ring. */
function place({ model, layout: { left, top, cellWidth, cellHeight, strips }, palette, cell: [step, input], made }: SequenceScene): SVGElement[] {
  if (step >= made || step >= model.steps) return [];
  const y = top + step * cellHeight;
  return [
    svg("rect", { class: "sequence-row", x: left - 2, y: y - 2, width: cellWidth * model.inputs + 3, height: Math.max(3, cellHeight) + 3, rx: 2, fill: "none", stroke: palette.focus, "stroke-width": 2 }),
    svg("rect", { class: "sequence-cell", x: left + input * cellWidth, y, width: Math.max(3, cellWidth), height: Math.max(3, cellHeight), fill: "none", stroke: palette.ink, "stroke-width": 2 }),
    svg("rect", { x: strips.x - 2, y: strips.y + step * strips.rowHeight - 1, width: strips.width + 4, height: strips.rowHeight + 1, rx: 2, fill: "none", stroke: palette.focus, "stroke-width": 1.5 }),
  ];
}
