import type { Window } from "../../core/formats/tensors.js";
import type { TensorWindow } from "../../core/protocol.js";
import type { Palette } from "../marks/palette.js";
import { brief } from "./cells.js";
import { cellSizes, digitsZoom, labelStep, visible, type Corner, type Extent } from "./viewport.js";

/** What is drawn; rows and columns are those of the plane. */
export type Scene = {
  readonly extent: Extent;
  readonly corner: Corner;
  readonly answer: TensorWindow | undefined;
  /** Where the colours end. */
  readonly limit: number;
  readonly cursor: { readonly row: number; readonly col: number } | null;
  readonly palette: Palette;
  /** Where the cells begin. */
  readonly left: number;
  readonly top: number;
  /** The name of a row; its number where there is none. */
  rowLabel(row: number): string;
};

/** Cells below have no room for a mark in them. */
const markSize = 8;
const gapSize = 12;
const steps = 256;

export const labelFont = (palette: Palette, bold = false): string => `${bold ? "600 " : ""}11px ${palette.font}`;

/** Paints cells, labels and cursor in CSS pixels on a cleared canvas. */
export function paint(context: CanvasRenderingContext2D, scene: Scene): void {
  const { extent, corner, answer, left, top, palette } = scene;
  const { w, h } = cellSizes[corner.zoom];
  const seen = visible(extent, corner);
  const [width, height] = [Math.min(extent.width, seen.colCount * w), Math.min(extent.height, seen.rowCount * h)];
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.fillStyle = palette.grid;
  context.fillRect(left, top, width, height);
  if (answer) {
    const picture = cellsPicture(answer, seen, scene);
    context.imageSmoothingEnabled = false;
    if (picture) context.drawImage(picture, left, top, seen.colCount * w, seen.rowCount * h);
    if (h >= markSize) paintMarks(context, answer, seen, scene);
  }
  if (h >= gapSize) paintGaps(context, seen, scene);
  context.restore();
  context.strokeStyle = palette.contrast ? palette.border : palette.axis;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  paintLabels(context, seen, scene);
  paintCursor(context, seen, scene);
}

type Table = { readonly palette: Palette; readonly colors: Uint32Array; readonly nan: number; readonly infinite: number };
let table: Table | undefined;

/** The sign scale in steps, packed as an ImageData's words on a little-endian machine. */
function tableOf(palette: Palette): Table {
  if (table?.palette === palette) return table;
  const colors = Uint32Array.from({ length: 2 * steps + 1 }, (_, i) => packed(palette.sign((i - steps) / steps, 1)));
  table = { palette, colors, nan: packed(palette.axis), infinite: packed(palette.warn) };
  return table;
}

function packed(color: string): number {
  const at = (i: number): number => parseInt(color.slice(i, i + 2), 16);
  return ((255 << 24) | (at(5) << 16) | (at(3) << 8) | at(1)) >>> 0;
}

/** The colour of a number, as `cellsPicture` paints it. */
export function colourOf(value: number, limit: number, palette: Palette): string {
  if (Number.isNaN(value)) return palette.axis;
  return Number.isFinite(value) ? palette.sign(value, limit) : palette.warn;
}

/** One pixel a cell; cells that the answer lacks are left out. */
function cellsPicture({ window, values }: TensorWindow, seen: Window, { limit, palette }: Scene): HTMLCanvasElement | undefined {
  if (seen.rowCount === 0 || seen.colCount === 0) return undefined;
  const canvas = document.createElement("canvas");
  canvas.width = seen.colCount;
  canvas.height = seen.rowCount;
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  const image = context.createImageData(seen.colCount, seen.rowCount);
  const words = new Uint32Array(image.data.buffer);
  const { colors, nan, infinite } = tableOf(palette);
  const each = steps / limit;
  for (let r = 0; r < seen.rowCount; r++) {
    const row = seen.rowStart + r - window.rowStart;
    if (row < 0 || row >= window.rowCount) continue;
    for (let c = 0; c < seen.colCount; c++) {
      const col = seen.colStart + c - window.colStart;
      if (col < 0 || col >= window.colCount) continue;
      const value = values[row * window.colCount + col];
      const at = Math.round(value * each);
      words[r * seen.colCount + c] = value - value !== 0 ? (value !== value ? nan : infinite) : colors[steps + (at < -steps ? -steps : at > steps ? steps : at)];
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Crosses for NaN, ∞, notches in what lies beyond the scale, and numbers where there is room. */
function paintMarks(context: CanvasRenderingContext2D, { window, values }: TensorWindow, seen: Window, scene: Scene): void {
  const { corner, limit, palette, left, top } = scene;
  const { w, h } = cellSizes[corner.zoom];
  const digits = corner.zoom === digitsZoom;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `11px ${palette.font}`;
  const rowEnd = Math.min(seen.rowStart + seen.rowCount, window.rowStart + window.rowCount);
  const colEnd = Math.min(seen.colStart + seen.colCount, window.colStart + window.colCount);
  for (let row = Math.max(seen.rowStart, window.rowStart); row < rowEnd; row++) {
    for (let col = Math.max(seen.colStart, window.colStart); col < colEnd; col++) {
      const value = values[(row - window.rowStart) * window.colCount + col - window.colStart];
      const [x, y] = [left + (col - corner.col) * w, top + (row - corner.row) * h];
      const finite = value - value === 0;
      if (!digits && finite && Math.abs(value) <= limit) continue;
      const ink = palette.inkOn(colourOf(value, limit, palette));
      context.fillStyle = ink;
      context.strokeStyle = ink;
      if (digits) context.fillText(brief(value), x + w / 2, y + h / 2 + 0.5);
      else if (value !== value) cross(context, x + w / 2, y + h / 2, Math.min(4, h / 4));
      else if (!finite) {
        if (h >= 16) context.fillText(value < 0 ? "−∞" : "∞", x + w / 2, y + h / 2 + 0.5);
        else context.fillRect(x + w / 2 - 1, y + h / 2 - 1, 2, 2);
      }
      if (finite && Math.abs(value) > limit) notch(context, x + w, y, Math.max(3, Math.min(5, h / 3)), palette.paper);
    }
  }
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.stroke();
}

/** Cuts the upper right corner off. */
function notch(context: CanvasRenderingContext2D, right: number, y: number, size: number, paper: string): void {
  context.fillStyle = paper;
  context.beginPath();
  context.moveTo(right - size - 0.6, y);
  context.lineTo(right, y);
  context.lineTo(right, y + size + 0.6);
  context.fill();
}

function paintGaps(context: CanvasRenderingContext2D, seen: Window, { corner, left, top, palette }: Scene): void {
  const { w, h } = cellSizes[corner.zoom];
  context.fillStyle = palette.paper;
  for (let c = 1; c < seen.colCount; c++) context.fillRect(left + c * w - 0.3, top, 0.6, seen.rowCount * h);
  for (let r = 1; r < seen.rowCount; r++) context.fillRect(left, top + r * h - 0.3, seen.colCount * w, 0.6);
}

/** Labels as many as have room; those of the cursor's row and column always. */
function paintLabels(context: CanvasRenderingContext2D, seen: Window, scene: Scene): void {
  const { extent, corner, cursor, palette, left, top } = scene;
  const { w, h } = cellSizes[corner.zoom];
  context.textBaseline = "middle";
  context.font = labelFont(palette);
  context.fillStyle = palette.quiet;
  const own = cursor && { x: left + (cursor.col - corner.col + 0.5) * w, y: top + (cursor.row - corner.row + 0.5) * h };
  const rowStep = labelStep(h, 15);
  context.textAlign = "right";
  for (let row = Math.ceil(seen.rowStart / rowStep) * rowStep; row < seen.rowStart + seen.rowCount; row += rowStep) {
    const y = top + (row - corner.row + 0.5) * h;
    if (y > top + extent.height - 2 || (own && Math.abs(y - own.y) < 14)) continue;
    context.fillText(cut(context, scene.rowLabel(row), left - 8), left - 6, y);
  }
  const widest = context.measureText(String(Math.max(0, extent.cols - 1))).width;
  const colStep = labelStep(w, widest + 12);
  const bold = own ? context.measureText(String(cursor.col)).width + 10 : 0;
  context.textAlign = "center";
  for (let col = Math.ceil(seen.colStart / colStep) * colStep; col < seen.colStart + seen.colCount; col += colStep) {
    const x = left + (col - corner.col + 0.5) * w;
    if (x > left + extent.width || (own && Math.abs(x - own.x) < (widest + bold) / 2)) continue;
    context.fillText(String(col), x, top - 9);
  }
  if (!own) return;
  context.font = labelFont(palette, true);
  context.fillStyle = palette.ink;
  context.fillText(String(cursor.col), own.x, top - 9);
  context.textAlign = "right";
  context.fillText(cut(context, scene.rowLabel(cursor.row), left - 8), left - 6, own.y);
}

/** As much of a text as has room. */
function cut(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const points = [...text];
  let keep = points.length;
  while (keep > 0 && context.measureText(`${points.slice(0, keep).join("")}…`).width > room) keep--;
  return `${points.slice(0, keep).join("")}…`;
}

function paintCursor(context: CanvasRenderingContext2D, seen: Window, { corner, cursor, palette, left, top }: Scene): void {
  if (!cursor || cursor.row < seen.rowStart || cursor.col < seen.colStart) return;
  if (cursor.row >= seen.rowStart + seen.rowCount || cursor.col >= seen.colStart + seen.colCount) return;
  const { w, h } = cellSizes[corner.zoom];
  const [x, y] = [left + (cursor.col - corner.col) * w, top + (cursor.row - corner.row) * h];
  context.strokeStyle = palette.paper;
  context.lineWidth = 4;
  context.strokeRect(x - 1, y - 1, w + 2, h + 2);
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  context.strokeRect(x - 1, y - 1, w + 2, h + 2);
}
