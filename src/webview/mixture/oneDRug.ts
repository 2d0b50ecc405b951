import { evaluator } from "../../core/mixture/evaluate.js";
import { svg } from "../marks/dom.js";
import { letter, type Palette } from "../marks/palette.js";
import type { Frozen, Scene } from "./oneDScene.js";
import type { Shared } from "./shared.js";
import { pathOf, px } from "./viewDom.js";

/** More ticks than this are drawn as one mean tick a pixel. */
export const tickLimit = 1500;

/** One tick a number, stacked by its shares with A at the foot; many numbers share the tick of their pixel. */
export function tickNodes(scene: Scene, shared: Shared, frozen: Frozen, palette: Palette): SVGElement[] {
  const { layout, X, shares } = scene;
  const { points, K } = shared.trace;
  const height = layout.rugBottom - layout.rugTop;
  const tick = (x: number, width: number, own: ArrayLike<number>, offset: number, point: number | null): SVGElement[] => {
    if (!shares) return [line(x, width, layout.rugTop, layout.rugBottom, palette.quiet, 0.6, point, "")];
    let foot = layout.rugBottom;
    const nodes: SVGElement[] = [];
    for (let k = 0; k < K; k++) {
      const top = foot - own[offset + k] * height;
      if (foot - top > 0.05) nodes.push(line(x, width, top, foot, palette.component(k).color, 0.85, point, letter(k)));
      foot = top;
    }
    return nodes;
  };
  if (points.length <= tickLimit) {
    return Array.from(frozen.order()).flatMap((i) => tick(X(points[i]), 1.6, shares ?? [], i * K, i));
  }
  const columns = Math.ceil(layout.right - layout.left) + 1;
  const counts = new Float64Array(columns);
  const sums = new Float64Array(columns * K);
  for (let i = 0; i < points.length; i++) {
    const c = Math.max(0, Math.min(columns - 1, Math.round(X(points[i]) - layout.left)));
    counts[c]++;
    if (shares) for (let k = 0; k < K; k++) sums[c * K + k] += shares[i * K + k];
  }
  const nodes: SVGElement[] = [];
  for (let c = 0; c < columns; c++) {
    if (counts[c] === 0) continue;
    const own = sums.subarray(c * K, (c + 1) * K).map((v) => v / counts[c]);
    nodes.push(...tick(layout.left + c, 1.05, own, 0, null));
  }
  return nodes;
}

/** The posterior r(x) as lines through the rug: the borders between the stacked shares, from the foot up. */
export function posteriorNodes(scene: Scene, palette: Palette): SVGElement[] {
  const { layout, X, shared } = scene;
  if (!shared || shared.K < 2) return [];
  const { K } = shared;
  const evaluate = evaluator(shared);
  const at = new Float64Array(1);
  const own = new Float64Array(K);
  const n = Math.round(layout.right - layout.left);
  const borders = Array.from({ length: K - 1 }, () => new Float64Array(2 * (n + 1)));
  for (let i = 0; i <= n; i++) {
    const x = layout.left + i;
    at[0] = X.invert(x);
    evaluate.responsibilities(at, 0, own);
    let below = 0;
    for (let k = 0; k < K - 1; k++) {
      below += own[k];
      borders[k][2 * i] = x;
      borders[k][2 * i + 1] = layout.rugBottom - Math.min(1, below) * (layout.rugBottom - layout.rugTop);
    }
  }
  return borders.map((points, k) => svg("path", { d: pathOf(points), fill: "none", stroke: palette.ink, "stroke-width": K > 3 ? 0.9 : 1.25, "data-posterior": letter(k) }));
}

function line(x: number, width: number, top: number, foot: number, color: string, opacity: number, point: number | null, part: string): SVGElement {
  return svg("rect", {
    x: px(x - width / 2), y: px(top), width, height: px(foot - top), fill: color, "fill-opacity": opacity, "data-tick": point, "data-part": part,
  });
}
