import { sizeCanvas } from "../marks/canvas.js";
import { svg } from "../marks/dom.js";
import type { Viewport } from "../marks/viewport.js";
import { pictureOf, type Inks } from "./ink.js";
import { halved, type MapModel, type Plane } from "./mapModel.js";
import { cellText } from "./mapText.js";

/** Up to so many tokens cells are drawn one by one, so that an exported picture stays sharp. */
export const MOST_DRAWN = 40;
const GAP_FROM = 12;
const gap = 0.6;
/** Below it a cell is so near to paper that it needs an edge. */
const PALE = 0.03;

export type Window = { readonly view: Viewport; readonly side: number };

/** First and last row and column that a window touches. */
function touched({ view, side }: Window, model: MapModel): { rows: [number, number]; columns: [number, number] } {
  const range = (at: number, count: number): [number, number] => [Math.max(0, Math.floor(at)), Math.min(count - 1, Math.floor(at + side / view.cell - 1e-9))];
  return { rows: range(view.y, model.rows), columns: range(view.x, model.columns) };
}

/** Cells of a short text, as shapes. */
export function cellShapes(model: MapModel, window: Window, inks: Inks): SVGElement[] {
  const { view: { x, y, cell } } = window;
  const { palette } = inks;
  const { rows, columns } = touched(window, model);
  const size = cell >= GAP_FROM ? cell - gap : cell + 0.1;
  const shapes: SVGElement[] = [];
  for (let row = rows[0]; row <= rows[1]; row++) {
    for (let column = columns[0]; column <= columns[1]; column++) {
      if (model.isMasked(row, column)) continue;
      const weight = model.weight(row, column);
      const [left, top] = [(column - x) * cell, (row - y) * cell];
      if (Number.isNaN(weight)) {
        shapes.push(svg("path", { d: `M${left + 2} ${top + 2}l${cell - 4} ${cell - 4}m0 ${4 - cell}l${4 - cell} ${cell - 4}`, fill: "none", stroke: palette.red }));
        continue;
      }
      const fill = inks.colour(weight);
      const edge = cell >= GAP_FROM && weight < PALE;
      shapes.push(svg("rect", { x: left + (edge ? 0.5 : 0), y: top + (edge ? 0.5 : 0), width: size - (edge ? 1 : 0), height: size - (edge ? 1 : 0), fill, ...(edge ? { stroke: palette.grid } : {}) }));
      const text = cellText(weight, cell);
      if (!text) continue;
      const number = svg("text", { x: left + cell / 2, y: top + cell / 2 + 4, "text-anchor": "middle" }, text);
      number.style.fill = palette.inkOn(fill);
      shapes.push(number);
    }
  }
  return shapes;
}

/** Cells of any text, on a canvas: pictures of the map at its own size, half of it and so on, made when they are first needed. */
export class CellCanvas {
  readonly element: HTMLCanvasElement;
  #model: MapModel | undefined;
  #inks: Inks | undefined;
  #planes: Plane[] = [];
  #pictures: HTMLCanvasElement[] = [];

  constructor(element: HTMLCanvasElement) {
    this.element = element;
  }

  /** How many cells a side a dot of the picture stands for. */
  draw(model: MapModel, inks: Inks, window: Window): number {
    if (this.#model !== model) {
      this.#planes = [{ rows: model.rows, columns: model.columns, values: model.weights }];
      this.#pictures = [];
    }
    if (this.#inks !== inks) this.#pictures = [];
    [this.#model, this.#inks] = [model, inks];
    const { view, side } = window;
    const context = sizeCanvas(this.element, side, side);
    if (!context) return 1;
    const density = this.element.width / side;
    const level = Math.max(0, Math.ceil(Math.log2(1 / (view.cell * density)) - 0.01));
    const picture = this.#picture(level);
    const pixel = view.cell * 2 ** level;
    context.imageSmoothingEnabled = pixel * density < 0.999;
    context.drawImage(picture, -view.x * view.cell, -view.y * view.cell, picture.width * pixel, picture.height * pixel);
    if (view.cell >= GAP_FROM) this.#drawNumbers(context, model, inks, window);
    return 2 ** level;
  }

  #picture(level: number): HTMLCanvasElement {
    while (this.#planes.length <= level) this.#planes.push(halved(this.#planes[this.#planes.length - 1]));
    const { rows, columns, values } = this.#planes[level];
    const { colours, none } = this.#inks!;
    return (this.#pictures[level] ??= pictureOf(columns, rows, (i) => {
      const weight = values[i];
      return weight >= 0 ? colours[Math.min(255, Math.round(weight * 255))] : Number.isNaN(weight) ? none : colours[0];
    }));
  }

  /** Gaps between cells, and their numbers. */
  #drawNumbers(context: CanvasRenderingContext2D, model: MapModel, inks: Inks, window: Window): void {
    const { view: { x, y, cell }, side } = window;
    const { rows, columns } = touched(window, model);
    const { palette } = inks;
    context.fillStyle = palette.paper;
    for (let column = columns[0]; column <= columns[1] + 1; column++) context.fillRect((column - x) * cell - gap, 0, gap, side);
    for (let row = rows[0]; row <= rows[1] + 1; row++) context.fillRect(0, (row - y) * cell - gap, side, gap);
    if (cell < 24) return;
    context.font = `11px ${palette.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let row = rows[0]; row <= rows[1]; row++) {
      for (let column = columns[0]; column <= columns[1]; column++) {
        if (model.isMasked(row, column)) continue;
        const weight = model.weight(row, column);
        const text = cellText(weight, cell);
        if (!text) continue;
        context.fillStyle = palette.inkOn(inks.colour(weight));
        context.fillText(text, (column + 0.5 - x) * cell, (row + 0.5 - y) * cell);
      }
    }
  }
}
