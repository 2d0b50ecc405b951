import { parseColour } from "./colour.js";
import { sizeCanvas } from "./canvas.js";
import { h, setAttributes, svg } from "./dom.js";
import { textWidth } from "./labels.js";
import { significant } from "../text/number.js";
import type { Palette } from "./palette.js";

export type Cell = readonly [row: number, column: number];

export type SimilarityScene = {
  /** [n, n] cosines, symmetric. */
  readonly values: Float32Array;
  readonly n: number;
  /** Rows and columns from here on are not there yet. */
  readonly shown: number;
  /** Pixels of the whole figure, names included. */
  readonly side: number;
  readonly palette: Palette;
  name(i: number): string;
  /** The framed row; −1 for none. */
  readonly row: number;
  /** The cell under the pointer or the keyboard's cursor, or the one that is spoken of. */
  readonly ring: Cell | null;
  /** How a value is written in a cell that has room. */
  text(value: number): string;
  readonly label: string;
};

export interface SimilarityMap {
  readonly element: HTMLElement;
  readonly parts: readonly (SVGSVGElement | HTMLCanvasElement)[];
  draw(scene: SimilarityScene): void;
}

/** A key for the colours of such maps, from the least value that occurs, or zero, to one. */
export function createSimilarityKey(): { readonly element: SVGSVGElement; draw(palette: Palette, name: string, least: number): void } {
  const element = svg("svg", { class: "similarity-key", role: "img" });
  return {
    element,
    draw(palette, name, least) {
      const low = Math.max(-1, Math.min(0, Math.floor(least * 10) / 10));
      const left = Math.ceil(textWidth(name, `11px ${palette.font}`)) + 8;
      const x = (value: number): number => left + ((value - low) / (1 - low)) * KEY;
      const steps = 60;
      const ticks = [low, ...(low < 0 && x(0) - x(low) >= 26 ? [0] : []), 1];
      setAttributes(element, { width: left + KEY + 8, height: 26, "aria-label": name });
      element.replaceChildren(
        svg("text", { x: 0, y: 10, class: "quiet-text" }, name),
        ...Array.from({ length: steps }, (_, i) => svg("rect", { x: left + (i * KEY) / steps, y: 1, width: KEY / steps + 0.5, height: 9, fill: palette.strength(low + ((i + 0.5) / steps) * (1 - low)) })),
        svg("rect", { x: left, y: 1, width: KEY, height: 9, fill: "none", stroke: palette.grid }),
        ...ticks.map((value) => svg("text", { x: x(value), y: 22, "text-anchor": "middle", class: "quiet-text" }, significant(value, 2))),
      );
    },
  };
}

/** The least value of a matrix beside its diagonal. */
export function leastOf(values: Float32Array): number {
  let least = 1;
  for (const value of values) if (value < least) least = value;
  return least;
}

const KEY = 120;
const GAP_FROM = 12;
const NUMBER_FROM = 28;
const labelRoom = 13;
const foot = 18;

/**
 * A small square heatmap of cosines on canvas, with the names of its rows; columns are named below the cell that is pointed
 * at. One tab stop; arrows walk over its cells.
 */
export function createSimilarityMap(point: (cell: Cell | null, spoken: boolean) => void): SimilarityMap {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const over = svg("svg", { role: "img", tabindex: "0" });
  const element = h("div", { class: "similarity-map" }, canvas, over);
  let scene: SimilarityScene | undefined;
  /** Where keys or the pointer are, known before it is drawn: keys may come faster than frames. */
  let cursor: Cell | null = null;
  const move = (to: Cell | null, spoken: boolean): void => {
    cursor = to;
    point(to, spoken);
  };
  let left = 0;
  let cell = 1;

  const clamp = (at: number): number => Math.max(0, Math.min((scene?.shown ?? 1) - 1, at));
  over.addEventListener("pointermove", (event) => {
    if (!scene) return;
    const box = over.getBoundingClientRect();
    const [column, row] = [Math.floor((event.clientX - box.left - left) / cell), Math.floor((event.clientY - box.top) / cell)];
    move(column >= 0 && row >= 0 && column < scene.shown && row < scene.shown ? [row, column] : null, false);
  });
  over.addEventListener("pointerleave", () => move(null, false));
  over.addEventListener("blur", () => move(null, false));
  over.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !scene) return;
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (by) {
      const [row, column] = cursor ?? scene.ring ?? [clamp(scene.row), 0];
      move([clamp(row + by[0]), clamp(column + by[1])], true);
    } else if (event.key === "Escape" && cursor) move(null, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let image: { readonly values: Float32Array; readonly palette: Palette; readonly canvas: HTMLCanvasElement } | undefined;
  function imageOf({ values, palette, n }: SimilarityScene): HTMLCanvasElement {
    if (image?.values === values && image.palette === palette) return image.canvas;
    const made = document.createElement("canvas");
    made.width = made.height = Math.max(1, n);
    const data = new ImageData(Math.max(1, n), Math.max(1, n));
    const pixels = new Uint32Array(data.data.buffer);
    const colours = Array.from({ length: 513 }, (_, i) => pixelOf(palette.strength(i / 256 - 1)));
    for (let i = 0; i < n * n; i++) pixels[i] = colours[Math.round((Math.max(-1, Math.min(1, values[i])) + 1) * 256)];
    const paper = pixelOf(palette.paper);
    for (let i = 0; i < n; i++) pixels[i * n + i] = paper;
    made.getContext("2d")?.putImageData(data, 0, 0);
    image = { values, palette, canvas: made };
    return made;
  }

  return {
    element,
    parts: [canvas, over],
    draw(next) {
      scene = next;
      const { n, shown, palette, ring } = next;
      const font = `12px ${palette.mono}`;
      left = Math.min(next.side * 0.22, 72, Math.ceil(Math.max(16, ...Array.from({ length: Math.min(n, 400) }, (_, i) => textWidth(next.name(i), font)))) + 6);
      cell = (next.side - left) / Math.max(1, n);
      const span = cell * n;
      canvas.style.left = `${left}px`;
      const context = sizeCanvas(canvas, span, span);
      if (context) paint(context, next, imageOf(next), cell);
      setAttributes(over, { width: left + span, height: span + foot, "aria-label": next.label });
      const labels = named(next, cell);
      over.replaceChildren(
        svg("rect", { x: left, y: 0, width: span, height: span, fill: "none", stroke: palette.grid }),
        ...labels.map((i) => svg("text", { x: left - 5, y: (i + 0.5) * cell + 4, "text-anchor": "end", class: i === next.row || i === ring?.[0] ? "mono-text strong-text" : "mono-text quiet-text" }, fitted(next.name(i), left - 6, font))),
        ...(next.row >= 0 ? [svg("rect", { x: left, y: next.row * cell, width: cell * shown, height: cell, fill: "none", stroke: palette.focus, "stroke-width": 1.6 })] : []),
        ...(ring ? ringed(next, ring, left, cell, span) : []),
      );
      // The pointer is over the picture, not over its lines.
      over.prepend(svg("rect", { x: 0, y: 0, width: left + span, height: span, fill: "transparent", "data-export": "none" }));
    },
  };
}

function paint(context: CanvasRenderingContext2D, { n, shown, palette, values, text }: SimilarityScene, image: HTMLCanvasElement, cell: number): void {
  const span = cell * n;
  const known = cell * shown;
  context.imageSmoothingEnabled = cell * (window.devicePixelRatio || 1) < 1;
  context.drawImage(image, 0, 0, n, n, 0, 0, span, span);
  context.fillStyle = palette.paper;
  context.fillRect(known, 0, span - known, span);
  context.fillRect(0, known, span, span - known);
  if (cell >= GAP_FROM) {
    for (let i = 1; i < shown; i++) {
      context.fillRect(i * cell - 0.3, 0, 0.6, known);
      context.fillRect(0, i * cell - 0.3, known, 0.6);
    }
  }
  if (cell >= 5) {
    context.fillStyle = palette.axis;
    for (let i = 0; i < shown; i++) {
      context.beginPath();
      context.arc((i + 0.5) * cell, (i + 0.5) * cell, Math.min(1.6, cell / 8), 0, 2 * Math.PI);
      context.fill();
    }
  }
  if (cell < NUMBER_FROM) return;
  context.font = `11px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < shown; i++) {
    for (let j = 0; j < shown; j++) {
      if (i === j) continue;
      const value = values[i * n + j];
      context.fillStyle = palette.inkOn(palette.strength(Math.max(-1, Math.min(1, value))));
      context.fillText(text(value), (j + 0.5) * cell, (i + 0.5) * cell);
    }
  }
}

/** The rows that are named: the framed and the pointed one, and of the others as many as have room. */
function named({ shown, row, ring }: SimilarityScene, cell: number): number[] {
  const kept: number[] = [];
  const free = (i: number): boolean => kept.every((other) => Math.abs(other - i) * cell >= labelRoom);
  for (const i of [ring?.[0] ?? -1, row]) if (i >= 0 && i < shown && free(i)) kept.push(i);
  const every = Math.max(1, Math.ceil(labelRoom / cell));
  for (let i = 0; i < shown; i += every) if (free(i)) kept.push(i);
  return kept;
}

/** The cell in an ink ring, with a line down to its column's name. */
function ringed({ palette, name }: SimilarityScene, [row, column]: Cell, left: number, cell: number, span: number): SVGElement[] {
  const x = left + (column + 0.5) * cell;
  const [r, y] = [Math.max(3.5, cell / 2), (row + 0.5) * cell];
  const text = name(column);
  const half = textWidth(text, `600 12px ${palette.mono}`) / 2;
  return [
    svg("line", { x1: x, x2: x, y1: y + r, y2: span + 3, stroke: palette.ink, "stroke-dasharray": "2 2" }),
    svg("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, rx: Math.min(3, r), fill: "none", stroke: palette.ink, "stroke-width": 2 }),
    svg("text", { x: Math.max(half, Math.min(left + span - half, x)), y: span + 14, "text-anchor": "middle", class: "mono-text strong-text" }, text),
  ];
}

function fitted(text: string, width: number, font: string): string {
  let short = text;
  while (short.length > 1 && textWidth(short === text ? short : `${short}\u2026`, font) > width) short = short.slice(0, -1);
  return short === text ? text : `${short}\u2026`;
}

/** A colour as 0xAABBGGRR, the layout of image data on all machines that run VS Code. */
function pixelOf(color: string): number {
  const [r, g, b] = (parseColour(color) ?? [0, 0, 0, 1]).map((v) => Math.round(255 * v));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
