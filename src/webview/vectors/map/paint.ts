import { sizeCanvas } from "../../marks/canvas.js";
import { parseColour } from "../../marks/colour.js";
import type { Palette } from "../../marks/palette.js";
import { toX, toY, type Viewport } from "./viewport.js";

/** Up to here every point is a disc with an edge of paper; above, pixels are darkened by how many points fall on them. */
export const discLimit = 3000;
export const discRadius = 3.1;

export type PaintLook = {
  readonly positions: Float32Array; // [m, 2]
  readonly view: Viewport;
  readonly palette: Palette;
  /** [m] points that are drawn larger, in ink. */
  readonly marked: Uint8Array | null;
};

/** Draws all points. A hundred thousand take some milliseconds, so it is done anew for every frame of a pan. */
export function paintPoints(canvas: HTMLCanvasElement, look: PaintLook): void {
  const { positions, view, palette, marked } = look;
  const context = sizeCanvas(canvas, view.width, view.height);
  if (!context) return;
  const m = positions.length / 2;
  if (m <= discLimit) {
    discs(context, look, (i) => !marked?.[i], palette.quiet, discRadius);
  } else shades(canvas, context, look);
  if (marked) discs(context, look, (i) => marked[i] === 1, palette.ink, m <= discLimit ? 3.9 : discRadius);
}

function discs(context: CanvasRenderingContext2D, { positions, view, palette }: PaintLook, takes: (i: number) => boolean, color: string, radius: number): void {
  context.fillStyle = color;
  context.strokeStyle = palette.paper;
  context.lineWidth = 1;
  for (let i = 0; i < positions.length / 2; i++) {
    if (!takes(i)) continue;
    const x = toX(view, positions[2 * i]);
    const y = toY(view, positions[2 * i + 1]);
    if (x < -5 || y < -5 || x > view.width + 5 || y > view.height + 5) continue;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

let cover = new Float32Array(0);

/** Stamps a soft disc for every point on a sheet of numbers and turns it into ink: the strongest places hold the most points. */
function shades(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, { positions, view, palette }: PaintLook): void {
  const { width, height } = canvas;
  const density = width / view.width;
  if (cover.length < width * height) cover = new Float32Array(width * height);
  else cover.fill(0, 0, width * height);
  const m = positions.length / 2;
  const seen = countSeen(positions, view);
  // Few points on screen are drawn large and full, many small and faint, so that neither is lost.
  const room = Math.sqrt((view.width * view.height) / Math.max(1, seen));
  const radius = Math.max(0.9, Math.min(discRadius, room / 3)) * density;
  const strength = Math.max(0.3, Math.min(0.9, room / 9));
  const { offsets, weights } = stamp(radius, width);
  const reach = Math.ceil(radius) + 1;
  const scale = view.scale * density;
  const x0 = width / 2 - view.x * scale;
  const y0 = height / 2 + view.y * scale;
  for (let i = 0; i < m; i++) {
    const x = Math.round(x0 + positions[2 * i] * scale);
    const y = Math.round(y0 - positions[2 * i + 1] * scale);
    if (!(x >= reach && y >= reach && x < width - reach && y < height - reach)) continue;
    const at = y * width + x;
    for (let o = 0; o < offsets.length; o++) cover[at + offsets[o]] += weights[o];
  }
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const [r, g, b] = (parseColour(palette.ink) ?? [0, 0, 0]).map((value) => Math.round(value * 255));
  const ink = (b << 16) | (g << 8) | r;
  const alphas = alphaTable(strength);
  for (let at = 0; at < width * height; at++) {
    const amount = cover[at];
    if (amount > 0) pixels[at] = ((alphas[Math.min(alphas.length - 1, Math.round(amount * 16))] << 24) | ink) >>> 0;
  }
  context.putImageData(image, 0, 0);
}

/** Opacity by sixteenths of a point that lie on a pixel: each covers its share of what the others left. */
function alphaTable(strength: number): Uint8Array {
  return Uint8Array.from({ length: 16 * 64 }, (_, n) => Math.round(235 * (1 - (1 - strength) ** (n / 16))));
}

function countSeen(positions: Float32Array, view: Viewport): number {
  const [dx, dy] = [view.width / 2 / view.scale, view.height / 2 / view.scale];
  let seen = 0;
  for (let at = 0; at < positions.length; at += 2) if (Math.abs(positions[at] - view.x) <= dx && Math.abs(positions[at + 1] - view.y) <= dy) seen++;
  return seen;
}

/** A disc of a radius in pixels, its edge soft. */
function stamp(radius: number, width: number): { readonly offsets: Int32Array; readonly weights: Float32Array } {
  const offsets: number[] = [];
  const weights: number[] = [];
  const reach = Math.ceil(radius);
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const weight = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(x, y)));
      if (weight === 0) continue;
      offsets.push(y * width + x);
      weights.push(weight);
    }
  }
  return { offsets: Int32Array.from(offsets), weights: Float32Array.from(weights) };
}
