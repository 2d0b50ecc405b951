import { msg } from "../../core/contract/index.js";
import { rowName } from "../../core/mixture/story.js";
import { tickFormat } from "../marks/axis.js";
import { svg } from "../marks/dom.js";
import { letter, type Palette } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { bellOf, decimalsFor } from "./oneDModel.js";
import { Skyline } from "./oneDLabels.js";
import type { Scene } from "./oneDScene.js";
import type { Shared } from "./shared.js";
import { pathOf, px, textWidth } from "./viewDom.js";

/** Gridlines, axis numbers and names. */
export function axisNodes(scene: Scene, palette: Palette, names: { readonly x: string; readonly y: string }): SVGElement[] {
  const { layout, X, Y } = scene;
  const nodes: SVGElement[] = [];
  const yTicks = Y.ticks(4).filter((t) => t > 0);
  const yText = tickFormat(yTicks);
  for (const t of yTicks) {
    nodes.push(svg("line", { x1: layout.left, x2: layout.right, y1: px(Y(t)), y2: px(Y(t)), stroke: palette.grid }));
    nodes.push(svg("text", { x: layout.left - 6, y: px(Y(t) + 4), "text-anchor": "end", class: "q" }, yText(t)));
  }
  nodes.push(svg("text", { x: 0, y: layout.top - 16, class: "q" }, names.y));
  nodes.push(svg("line", { x1: layout.left, x2: layout.right, y1: layout.floor, y2: layout.floor, stroke: palette.axis }));
  const nameWidth = textWidth(names.x, 12, palette.font);
  const xTicks = X.ticks(layout.narrow ? 5 : 7);
  const xText = tickFormat(xTicks);
  for (const t of xTicks) {
    const label = xText(t);
    const half = textWidth(label, 11, palette.font) / 2;
    if (X(t) + half > layout.right - nameWidth - 8 || X(t) - half < layout.left - 6) continue;
    nodes.push(svg("line", { x1: px(X(t)), x2: px(X(t)), y1: layout.floor, y2: layout.floor + 3, stroke: palette.axis }));
    nodes.push(svg("text", { x: px(X(t)), y: layout.floor + 24, "text-anchor": "middle", class: "q" }, label));
  }
  nodes.push(svg("text", { x: layout.right, y: layout.floor + 24, "text-anchor": "end", class: "t12" }, names.x));
  return nodes;
}

/** Bars touching with one pixel of paper between them, each stacked by share. */
export function barNodes(scene: Scene, palette: Palette): SVGElement[] {
  const { bars, X, Y } = scene;
  const P = bars.parts.length / bars.count;
  const nodes: SVGElement[] = [];
  const gap = X(bars.min + bars.width) - X(bars.min) > 3 ? 0.5 : 0;
  for (let b = 0; b < bars.count; b++) {
    const x = X(bars.min + b * bars.width) + gap;
    const width = X(bars.min + (b + 1) * bars.width) - gap - x;
    let below = 0;
    for (let p = 0; p < P; p++) {
      const part = bars.parts[b * P + p];
      if (part <= 1e-9 * Y.domain()[1]) continue;
      const top = Y(below + part);
      const height = Y(below) - top;
      below += part;
      const color = scene.shares ? palette.component(p).color : palette.quiet;
      nodes.push(svg("rect", {
        x: px(x), y: px(top), width: px(width), height: px(height), fill: palette.tint(color, scene.shares ? palette.tintAmount : 0.16),
        stroke: palette.contrast ? color : null, "stroke-width": palette.contrast ? 0.75 : null,
        "data-bin": b, "data-part": scene.shares ? letter(p) : "", "data-density": part,
      }));
    }
  }
  return nodes;
}

/** Component curves cut at 0.2% of the peak, the previous ones thin, the mixture dashed on top. */
export function curveNodes(scene: Scene, palette: Palette, chosen: number | null): SVGElement[] {
  const { X, Y, now, before } = scene;
  const nodes: SVGElement[] = [];
  const line = (x: Float64Array, y: Float64Array, cut: number): string => {
    const points = new Float64Array(2 * x.length);
    for (let i = 0; i < x.length; i++) {
      points[2 * i] = X(x[i]);
      points[2 * i + 1] = y[i] >= cut ? Y(y[i]) : NaN;
    }
    return pathOf(points);
  };
  const peak = now.components.reduce((top, y) => y.reduce((a, b) => Math.max(a, b), top), 0);
  before?.components.forEach((y, k) => {
    const { color, dash } = palette.component(k);
    nodes.push(svg("path", { d: line(before.x, y, 0.002 * peak), fill: "none", stroke: color, "stroke-width": 1, "stroke-opacity": 0.45, "stroke-dasharray": dash || null, "data-before": letter(k) }));
  });
  const order = now.components.map((_, k) => k);
  if (chosen !== null) order.sort((a, b) => Number(a === chosen) - Number(b === chosen));
  for (const k of order) {
    const { color, dash } = palette.component(k);
    nodes.push(svg("path", {
      d: line(now.x, now.components[k], 0.002 * peak), fill: "none", stroke: color, "stroke-width": k === chosen ? 3.75 : 2.75,
      "stroke-dasharray": dash || null, "data-component": letter(k),
    }));
  }
  if (now.components.length > 1) {
    nodes.push(svg("path", { d: line(now.x, now.mixture, 0), fill: "none", stroke: palette.red, "stroke-width": 1.7, "stroke-dasharray": "7 6", "data-mixture": true }));
  }
  return nodes;
}

/** Direct labels of curves, the hairline of the chosen number and its dots; none covers another. */
export function labelNodes(scene: Scene, shared: Shared, host: ViewHost, hairline: number | null): SVGElement[] {
  const palette = host.palette();
  const { layout, X, Y, mixture, previous } = scene;
  const sky = skylineOf(scene);
  // The name of the y-axis stands in the corner.
  sky.add({ x0: 0, x1: textWidth(host.t(msg("density")), 11, palette.font) + 8, y0: 0, y1: layout.top - 12 });
  const limits = [layout.left, layout.right] as const;
  const nodes: SVGElement[] = [];
  const digits = decimalsFor(shared.trace.stats.std[0], layout.narrow ? 2 : 3);
  const order = Array.from({ length: mixture.K }, (_, k) => k).sort((a, b) => bellOf(mixture, a).peak - bellOf(mixture, b).peak);
  for (const k of order) {
    const { weight, mean, sd, peak } = bellOf(mixture, k);
    if (mean < X.domain()[0] || mean > X.domain()[1]) continue;
    const name = letter(k);
    const nameWidth = textWidth(name, 13, palette.font, true);
    // A peak above the axis is cut off there, and said.
    const above = Y(peak) < layout.top - 8 ? ` ${host.t(msg("peak {0} ↑", fixed(peak, decimalsFor(peak, 2))))}` : "";
    const full = `${fixed(weight, 3)} × 𝒩(μ ${fixed(mean, digits)}, σ ${fixed(sd, digits)})`;
    const short = `μ ${fixed(mean, digits)}  σ ${fixed(sd, digits)}`;
    const choices = mixture.K > 8 ? [""] : layout.narrow || mixture.K > 4 ? [short, ""] : [full, short, ""];
    for (const text of choices) {
      const rest = (text + above).trimStart();
      const box = sky.place(X(mean), nameWidth + (rest ? 6 + textWidth(rest, 12, palette.font) : 0), 15, limits, 0);
      if (!box) continue;
      const y = px(box.y1 - 3);
      const group = svg("g", { "data-label": name });
      group.append(svg("text", { x: px(box.x0), y, class: `b t13 halo c${k % 8}` }, name));
      if (rest) group.append(svg("text", { x: px(box.x0 + nameWidth + 6), y, class: "t12 halo" }, rest));
      nodes.push(group);
      break;
    }
  }
  if (mixture.K > 1) nodes.push(...mixtureLabel(scene, host, sky, hairline === null ? null : X(shared.trace.points[hairline])));
  if (previous && !layout.narrow && mixture.K <= 4) {
    const before = scene.before?.components ?? [];
    before.forEach((_, k) => {
      const was = bellOf(previous, k);
      const is = bellOf(mixture, k);
      if (Math.abs(X(was.mean) - X(is.mean)) < 16 && Math.abs(Y(was.peak) - Y(is.peak)) < 16) return;
      const side = was.mean < is.mean ? -1 : 1;
      const label = shared.shapesStep <= 1 ? host.t(msg("start")) : host.t(msg("before"));
      const width = textWidth(label, 11, palette.font);
      for (const z of [0.7, 1, 1.3, 0.45]) {
        const x = X(was.mean + side * z * was.sd) + side * 7;
        const y0 = Y(was.peak * Math.exp(-0.5 * z * z));
        const box = side < 0 ? { x0: x - width, x1: x, y0: y0 - 12, y1: y0 } : { x0: x, x1: x + width, y0: y0 - 12, y1: y0 };
        if (box.x0 < layout.left || box.x1 > layout.right || !sky.free(box) || y0 > sky.floor - 6 || overBars(scene, box)) continue;
        sky.add(box);
        nodes.push(svg("text", { x: px(box.x0), y: px(box.y1 - 2), class: "q halo" }, label));
        return;
      }
    });
  }
  // Last, so that no other label moves when another number is chosen.
  // Its line is drawn first, under the other texts.
  return hairline === null ? nodes : [...hairlineNodes(scene, shared, host, hairline, sky), ...nodes];
}

/** Bars and curves as obstacles for labels. */
function skylineOf({ layout, bars, now, X, Y }: Scene): Skyline {
  const sky = new Skyline(layout.width, layout.floor);
  for (let b = 0; b < bars.count; b++) sky.raise(X(bars.min + b * bars.width), X(bars.min + (b + 1) * bars.width), Y(bars.heights[b]));
  for (let i = 1; i < now.x.length; i++) {
    sky.raise(X(now.x[i - 1]), X(now.x[i]), Math.max(layout.top - 8, Math.min(Y(now.mixture[i]), Y(now.mixture[i - 1]))));
  }
  return sky;
}

function overBars({ bars, X, Y }: Scene, box: { x0: number; x1: number; y0: number; y1: number }): boolean {
  for (let b = 0; b < bars.count; b++) {
    if (X(bars.min + (b + 1) * bars.width) > box.x0 && X(bars.min + b * bars.width) < box.x1 && Y(bars.heights[b]) < box.y1) return true;
  }
  return false;
}

/** The chosen number: a hairline through its curves into the rug, dots where it meets the components' curves. */
function hairlineNodes(scene: Scene, shared: Shared, host: ViewHost, point: number, sky: Skyline): SVGElement[] {
  const palette = host.palette();
  const { layout, X, Y, mixture } = scene;
  const value = shared.trace.points[point];
  const x = X(value);
  const place = host.t(rowName(shared.trace, point));
  const digits = decimalsFor(shared.trace.stats.std[0], 3);
  const label = layout.narrow ? place : `${place} · ${shared.trace.columns[0] ?? "x"} = ${fixed(value, digits)}`;
  const width = textWidth(label, 12, palette.font, true);
  const limits = [layout.left, layout.right] as const;
  const box = sky.place(x, width, 15, limits, 0, [0]) ?? sky.place(x, width, 15, limits, 0);
  const aside = box ?? besideHairline(x, width, layout, sky);
  const nodes: SVGElement[] = [
    svg("line", { x1: px(x), x2: px(x), y1: px(box ? box.y1 + 2 : layout.top - 8), y2: layout.rugBottom + 3, stroke: palette.ink, "stroke-width": 1, "data-hairline": point }),
  ];
  for (let k = 0; k < mixture.K; k++) {
    const bell = bellOf(mixture, k);
    const z = (value - bell.mean) / bell.sd;
    const density = bell.peak * Math.exp(-0.5 * z * z);
    if (mixture.K > 4 && density < 0.02 * scene.now.mixture.reduce((a, b) => Math.max(a, b), 0)) continue;
    const y = Math.max(layout.top - 8, Y(density));
    nodes.push(svg("circle", { cx: px(x), cy: px(y), r: 3.5, fill: palette.component(k).color, stroke: palette.paper, "stroke-width": 1.5, "data-dot": letter(k), "data-density": density }));
  }
  nodes.push(svg("text", { x: px(aside.x0), y: px(aside.y1 - 3), class: "t12 b halo" }, label));
  return nodes;
}

/** Where no room is left above the marks: the highest free place beside the hairline. */
function besideHairline(x: number, width: number, layout: Scene["layout"], sky: Skyline): { readonly x0: number; readonly y1: number } {
  const starts = [x + 6, x - 6 - width].filter((x0) => x0 >= layout.left && x0 + width <= layout.right);
  const x0s = starts.length > 0 ? starts : [Math.max(layout.left, Math.min(layout.right - width, x - width / 2))];
  for (let y0 = 0; y0 < layout.floor - 24; y0 += 4) {
    for (const x0 of x0s) if (sky.free({ x0, x1: x0 + width, y0, y1: y0 + 15 })) return { x0, y1: y0 + 15 };
  }
  return { x0: x0s[0], y1: 15 };
}

/** The name of the dashed line, where it stands farthest above the single curves. */
function mixtureLabel(scene: Scene, host: ViewHost, sky: Skyline, hairline: number | null): SVGElement[] {
  const palette = host.palette();
  const { layout, X, Y, now, mixture } = scene;
  let at = -1;
  let most = 0;
  for (let i = 0; i < now.x.length; i++) {
    const apart = now.mixture[i] - now.components.reduce((top, y) => Math.max(top, y[i]), 0);
    if (apart > most) [at, most] = [i, apart];
  }
  if (at < 0) return [];
  const sum = mixture.K === 2 ? "A + B" : mixture.K === 3 ? "A + B + C" : host.t(msg("mixture"));
  const second = mixture.K <= 3 && !layout.narrow ? host.t(msg("mixture")) : "";
  const width = Math.max(textWidth(sum, 12, palette.font), second ? textWidth(second, 12, palette.font) : 0);
  const height = second ? 30 : 15;
  const x = X(now.x[at]);
  const y = Y(now.mixture[at]);
  const places = [[2, 26], [2, 50], [-width - 2, 26], [14, 40], [-width - 14, 40], [2, 74], [-width - 2, 74], [30, 60], [-width - 30, 60]];
  const boxes = places.map(([dx, rise]) => ({ x0: x + dx, x1: x + dx + width, y0: y - rise - height, y1: y - rise }));
  const crossed = (box: { readonly x0: number; readonly x1: number }): boolean => hairline !== null && hairline > box.x0 - 3 && hairline < box.x1 + 3;
  for (const box of [...boxes.filter((each) => !crossed(each)), ...boxes.filter(crossed)]) {
    if (box.x0 < layout.left || box.x1 > layout.right || box.y0 < 0 || !sky.free(box, 4) || overBars(scene, box) || box.y1 > sky.top(box.x0, box.x1) - 3) continue;
    sky.add(box);
    const foot = Math.max(box.x0 + 2, Math.min(box.x1 - 2, x));
    return [
      svg("line", { x1: px(foot), x2: px(x), y1: px(box.y1 + 3), y2: px(y - 3), stroke: palette.red, "stroke-width": 0.75 }),
      svg("text", { x: px(box.x0), y: px(box.y0 + 12), class: "t12 halo red" }, sum),
      ...(second ? [svg("text", { x: px(box.x0), y: px(box.y0 + 27), class: "t12 halo red" }, second)] : []),
    ];
  }
  return [];
}
