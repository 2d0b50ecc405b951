import { sizeCanvas } from "../marks/canvas.js";
import { pixelOf, type ColourTable, type Scale } from "./heatmapScale.js";
import type { Viewport } from "../marks/viewport.js";
import { TILE, type Pyramid, type Tile } from "./tiles.js";

/** From these sizes of a cell on there is a gap between cells, a dot on the diagonal, hatching, and a number. */
export const GAP_FROM = 12;
const DOT_FROM = 6;
const HATCH_FROM = 6;
const NUMBER_FROM = 24;
const gap = 0.6;
/** Room at each side of a number, so that it can be told from the next cell's. */
const ASIDE = 2;

export type CanvasScene = {
  readonly pyramid: Pyramid;
  readonly view: Viewport;
  readonly side: number;
  readonly colours: ColourTable;
  /** Grows when the colours change. */
  readonly version: number;
  readonly scale: Scale;
  /** The rows at two places have no value. */
  isUndefined(column: number, row: number): boolean;
  /** The exact value at two places, and how it is written in a cell; undefined where nothing fits. */
  value(column: number, row: number): number;
  text(value: number, fits: (text: string) => boolean): string | undefined;
  /** Whether a value is beyond the threshold. */
  fades(value: number): boolean;
};

/** Milliseconds a frame may spend on making tiles. */
const BUDGET = 6;

/**
 * Draws what is known of the matrix and works on what is missing for a few milliseconds; true when there is more to do, which
 * the next frame does.
 */
export function drawHeatmap(canvas: HTMLCanvasElement, scene: CanvasScene): boolean {
  const { view, side, pyramid } = scene;
  const context = sizeCanvas(canvas, side, side);
  if (!context) return false;
  const density = canvas.width / side;
  const { n } = pyramid.source;
  const level = Math.max(0, Math.min(pyramid.top, Math.floor(Math.log2(1 / (view.cell * density)))));
  const shown = tilesOf(view, side, n, level);
  pyramid.want(shown);
  const end = performance.now() + BUDGET;
  pyramid.work(() => performance.now() >= end);
  const pixel = view.cell * 2 ** level; // CSS pixels of a tile's pixel
  context.imageSmoothingEnabled = pixel * density < 0.999;
  let stale = false;
  let rough = false;
  const draw = (tile: Tile, size: number, x: number, y: number): void => {
    // A recolouring takes a millisecond a tile: as many as fit, the rest in the frames to come.
    if (tile.picture && tile.picture.version !== scene.version && performance.now() > end + BUDGET) stale = true;
    else paint(tile, scene);
    const span = TILE * size;
    context.drawImage(tile.picture!.canvas, x * span - view.x * view.cell, y * span - view.y * view.cell, span, span);
  };
  for (const [l, x, y] of shown) {
    const tile = pyramid.tile(l, x, y);
    if (tile) draw(tile, pixel, x, y);
    else if (!rough && pyramid.rough) {
      // Whatever is missing shows through.
      rough = true;
      context.save();
      context.globalCompositeOperation = "destination-over";
      draw(pyramid.rough, view.cell * 2 ** pyramid.top, 0, 0);
      context.restore();
    }
  }
  context.imageSmoothingEnabled = false;
  if (view.cell >= DOT_FROM) drawCells(context, scene, n);
  canvas.dataset.level = String(level);
  canvas.dataset.ready = String(!pyramid.busy && !stale);
  return pyramid.busy || stale;
}

/** Tiles that the plot touches, from its middle outwards. */
function tilesOf(view: Viewport, side: number, n: number, level: number): (readonly [number, number, number])[] {
  const span = TILE * 2 ** level;
  const last = Math.floor((n - 1) / span);
  const range = (at: number): [number, number] => [Math.max(0, Math.floor(at / span)), Math.min(last, Math.floor((at + side / view.cell - 1e-9) / span))];
  const [[left, right], [top, bottom]] = [range(view.x), range(view.y)];
  const tiles: (readonly [number, number, number])[] = [];
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) tiles.push([level, x, y]);
  const far = ([, x, y]: readonly [number, number, number]): number => Math.hypot(x - (left + right) / 2, y - (top + bottom) / 2);
  return tiles.sort((a, b) => far(a) - far(b));
}

function paint(tile: Tile, { colours, version }: CanvasScene): void {
  if (tile.picture?.version === version) return;
  const canvas = tile.picture?.canvas ?? document.createElement("canvas");
  if (canvas.width !== TILE) canvas.width = canvas.height = TILE;
  const context = canvas.getContext("2d");
  const image = new ImageData(TILE, TILE);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixelOf(colours, tile.levels[i]);
  context?.putImageData(image, 0, 0);
  tile.picture = { canvas, version };
}

/** What large cells have beside their colour: gaps, the diagonal's dots, hatching where there is no value, and numbers. */
function drawCells(context: CanvasRenderingContext2D, scene: CanvasScene, n: number): void {
  const { view, side, scale } = scene;
  const { palette } = scale;
  const { cell } = view;
  const first = (at: number): number => Math.max(0, Math.floor(at));
  const last = (at: number): number => Math.min(n - 1, Math.ceil(at + side / cell) - 1);
  const [left, right, top, bottom] = [first(view.x), last(view.x), first(view.y), last(view.y)];
  const x = (column: number): number => (column - view.x) * cell;
  const y = (row: number): number => (row - view.y) * cell;
  if (cell >= GAP_FROM) {
    context.fillStyle = palette.paper;
    for (let column = left; column <= right + 1; column++) context.fillRect(x(column) - gap / 2, 0, gap, side);
    for (let row = top; row <= bottom + 1; row++) context.fillRect(0, y(row) - gap / 2, side, gap);
  }
  context.fillStyle = palette.axis;
  for (let place = Math.max(left, top); place <= Math.min(right, bottom); place++) {
    context.beginPath();
    context.arc(x(place + 0.5), y(place + 0.5), Math.min(1.6, cell / 8), 0, 2 * Math.PI);
    context.fill();
  }
  if (cell >= HATCH_FROM) {
    context.strokeStyle = palette.axis;
    context.lineWidth = 1;
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        if (row === column || !scene.isUndefined(column, row)) continue;
        context.beginPath();
        context.moveTo(x(column) + 0.2 * cell, y(row) + 0.8 * cell);
        context.lineTo(x(column) + 0.8 * cell, y(row) + 0.2 * cell);
        context.stroke();
      }
    }
  }
  if (cell < NUMBER_FROM) return;
  context.font = `11px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const fits = (text: string): boolean => context.measureText(text).width <= cell - 2 * ASIDE;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (row === column || scene.isUndefined(column, row)) continue;
      const value = scene.value(column, row);
      const text = scene.text(value, fits);
      const half = text === undefined ? 0 : context.measureText(text).width / 2;
      // A number that the edge would cut could be read as another.
      if (text === undefined || x(column + 0.5) < half || x(column + 0.5) > side - half || y(row + 0.5) < 6 || y(row + 0.5) > side - 6) continue;
      context.fillStyle = scene.fades(value) ? palette.quiet : palette.inkOn(scale.colour(value));
      context.fillText(text, x(column + 0.5), y(row + 0.5));
    }
  }
}
