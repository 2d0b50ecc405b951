import { backCanvas, inSlices, show } from "./scatterCanvas.js";
import type { PointsLook } from "./scatterPoints.js";

/** Points a slice of a frame may stamp. */
const slice = 60000;
/** Radius of a point, CSS pixels: smaller than a disc, since the crowd carries the shape. */
const radius = 1.5;
/** Opacity of a point that lies alone. */
const alone = 0.4;

/** A disc with soft edges: coverage of the pixels around the centre. */
function stampOf(r: number): { readonly dx: Int32Array; readonly dy: Int32Array; readonly cover: Float32Array } {
  const dx: number[] = [];
  const dy: number[] = [];
  const cover: number[] = [];
  const n = Math.ceil(r + 0.5);
  for (let j = -n; j <= n; j++) {
    for (let i = -n; i <= n; i++) {
      const c = Math.min(1, Math.max(0, r + 0.5 - Math.hypot(i, j)));
      if (c > 0) {
        dx.push(i);
        dy.push(j);
        cover.push(c);
      }
    }
  }
  return { dx: Int32Array.from(dx), dy: Int32Array.from(dy), cover: Float32Array.from(cover) };
}

/**
 * Draws points so that opacity tells their density: a pixel has the mean colour of the points on it and an opacity that
 * grows with the logarithm of their number, from a lone point's to full at the densest pixel. Memory is the picture's,
 * not the points'. A slice is done each frame; the finished picture replaces the old one.
 */
export function startDensity(canvas: HTMLCanvasElement, { layout, index, colorNumber, selected, palette }: PointsLook) {
  const { back, ratio } = backCanvas(canvas, layout);
  const { width, height } = back;
  const weight = new Float32Array(width * height);
  const sums = new Float32Array(3 * width * height);
  const stamp = stampOf(radius * ratio);
  const ink = Number.parseInt(palette.ink.slice(1), 16);

  const add = (i: number, color: number): void => {
    const px = Math.floor(index.x[i] * ratio);
    const py = Math.floor(index.y[i] * ratio);
    for (let s = 0; s < stamp.cover.length; s++) {
      const x = px + stamp.dx[s];
      const y = py + stamp.dy[s];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const at = y * width + x;
      const c = stamp.cover[s];
      weight[at] += c;
      sums[3 * at] += c * (color >> 16);
      sums[3 * at + 1] += c * ((color >> 8) & 255);
      sums[3 * at + 2] += c * (color & 255);
    }
  };
  return inSlices(
    index.x.length,
    slice,
    (from, to) => {
      for (let i = from; i < to; i++) add(i, selected?.[i] ? ink : colorNumber(i));
    },
    () => {
      const context = back.getContext("2d");
      if (!context) return;
      const image = context.createImageData(width, height);
      let most = 1;
      for (const w of weight) if (w > most) most = w;
      const scale = most > 1 ? (1 - alone) / Math.log(most) : 0;
      for (let at = 0; at < weight.length; at++) {
        const w = weight[at];
        if (w === 0) continue;
        for (let c = 0; c < 3; c++) image.data[4 * at + c] = sums[3 * at + c] / w;
        image.data[4 * at + 3] = 255 * (w < 1 ? alone * w : alone + scale * Math.log(w));
      }
      context.putImageData(image, 0, 0);
      show(canvas, back, layout);
    },
  );
}
