import { parseColour } from "../marks/colour.js";
import type { Palette } from "../marks/palette.js";

/** Steps of a colour table over [0, 1]. */
const STEPS = 255;

/** How weights become colours: as they are, or by their root, so that small ones are told apart. */
export type Stretch = "linear" | "root";

export type Inks = {
  readonly palette: Palette;
  readonly stretch: Stretch;
  /** Weights 0 … 255 / 255 as 0xAABBGGRR, the layout of image data on all machines that run VS Code. */
  readonly colours: Uint32Array;
  /** Of a weight that is no number. */
  readonly none: number;
  colour(weight: number): string;
};

export function inksOf(palette: Palette, stretch: Stretch): Inks {
  const colour = (weight: number): string => palette.strength(stretched(weight, stretch));
  const pixel = (color: string): number => {
    const [r, g, b] = (parseColour(color) ?? [0, 0, 0, 1]).map((v) => Math.round(255 * v));
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  };
  return { palette, stretch, colours: Uint32Array.from({ length: STEPS + 1 }, (_, i) => pixel(colour(i / STEPS))), none: pixel(palette.red), colour };
}

function stretched(weight: number, stretch: Stretch): number {
  const share = Math.max(0, Math.min(1, weight));
  return stretch === "root" ? Math.sqrt(share) : share;
}

/** A picture with a pixel a value. */
export function pictureOf(columns: number, rows: number, ink: (i: number) => number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  const image = new ImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < rows * columns; i++) pixels[i] = ink(i);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
