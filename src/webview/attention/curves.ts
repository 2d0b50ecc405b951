import type { ScaleContinuousNumeric } from "d3";
import { drawAxis } from "../marks/axis.js";
import { setAttributes, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";

export type Curve = {
  readonly name: string;
  /** Stands at the curve's end; "" for none. */
  readonly label: string;
  /** What the curve is where the reader looks, behind its label. */
  readonly value?: string;
  readonly colour: string;
  readonly dash?: string;
  readonly thick?: boolean;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Half the height of a band around it, in y. */
  readonly band?: ArrayLike<number>;
  /** The label stands in the plot where the curve leaves it, rather than beside it. */
  readonly inside?: boolean;
  /** Points instead of a line. */
  readonly dots?: boolean;
};
export type Spot = { readonly x: number; readonly y: number; readonly label: string; readonly title: string };

export type CurvesContent = {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly fontSize: number;
  /** Scales without ranges: these come from the size. */
  readonly x: ScaleContinuousNumeric<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[] | number;
  readonly xFormat: (value: number) => string;
  readonly yFormat: (value: number) => string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  readonly spots?: readonly Spot[];
  /** A hairline where the reader looks. */
  readonly here?: number;
  /** A dotted line that says where something ends. */
  readonly border?: { readonly x: number; readonly label: string };
  readonly description: string;
  /** Room for labels at the right, where several figures share an axis. */
  readonly right?: number;
  readonly left?: number;
};

export type Curves = { readonly element: SVGSVGElement; draw(content: CurvesContent): void };

/** Narrower figures have their labels below the plot, which would have no room beside them. */
const NARROW = 460;
const LINE = 16;

/** Where the plot lies in its figure. */
function curvesBox({ width, height, right = 0, left = 46 }: Pick<CurvesContent, "width" | "height" | "right" | "left">) {
  return { left, top: 26, right: width < NARROW ? width - 14 : Math.max(left + 60, width - right), bottom: height - 40 };
}

/** The width that the curves' labels take. */
export function labelRoom(curves: readonly Curve[], { font }: Palette, fontSize: number): number {
  return 10 + Math.max(0, ...curves.filter(({ inside }) => !inside).map((curve) => textWidth(labelOf(curve), `600 ${fontSize}px ${font}`)));
}

/** Lines over one axis, each with its name at its end. A drag over the plot tells where. */
export function createCurves(look?: (x: number) => void): Curves {
  const axes = [svg("g"), svg("g")];
  const layer = svg("g");
  const element = svg("svg", { class: "curves", role: "img" }, ...axes, layer);
  let shown: CurvesContent | undefined;
  const tell = (event: PointerEvent): void => {
    if (!shown || !look) return;
    const { left, right } = curvesBox(shown);
    const at = event.clientX - element.getBoundingClientRect().left;
    look(shown.x.invert(Math.max(left, Math.min(right, at))));
  };
  if (look) {
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      tell(event);
    });
    element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && tell(event));
  }
  return {
    element,
    draw(content) {
      shown = content;
      const { width, palette, x, y, fontSize } = content;
      const below = width < NARROW ? content.curves.filter(({ label, inside }) => label !== "" && !inside) : [];
      const height = content.height + below.length * LINE;
      const box = curvesBox(content);
      x.range([box.left, box.right]);
      y.range([box.bottom, box.top]);
      setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}`, "aria-label": content.description });
      element.classList.toggle("draggable", look !== undefined);
      drawAxis(axes[0], { side: "left", scale: y, at: box.left, palette, ticks: content.yTicks, format: content.yFormat, grid: [box.left, box.right], label: content.yLabel, line: false });
      drawAxis(axes[1], { side: "bottom", scale: x, at: box.bottom, palette, ticks: apart(content.xTicks, x, content.xFormat, fontSize, palette), format: content.xFormat, label: content.xLabel });
      layer.replaceChildren(...border(content, box), ...content.curves.flatMap((curve) => area(curve, content)), ...content.curves.flatMap((curve) => drawn(curve, content)), ...here(content, box), ...spots(content), ...(below.length > 0 ? labelsBelow(below, content, box) : labels(content, box, fontSize)), ...insideLabels(content));
    },
  };
}

/** Ticks that do not touch. */
function apart(ticks: readonly number[], x: CurvesContent["x"], format: (value: number) => string, fontSize: number, { font }: Palette): number[] {
  const kept: number[] = [];
  let end = -Infinity;
  for (const tick of ticks) {
    const half = textWidth(format(tick), `${fontSize}px ${font}`) / 2;
    if (x(tick) - half < end + 6) continue;
    end = x(tick) + half;
    kept.push(tick);
  }
  return kept;
}

/** What lies under all lines: a curve's band. */
function area({ x: xs, y: ys, colour, band }: Curve, { x, y, palette }: CurvesContent): SVGElement[] {
  if (!band) return [];
  const [low, high] = [...y.domain()].sort((a, b) => a - b);
  const known = Array.from(xs, (_, i) => i).filter((i) => Number.isFinite(ys[i]));
  const edge = (sign: number): string[] => known.map((i) => `${x(xs[i]).toFixed(1)},${y(Math.max(low, Math.min(high, ys[i] + sign * band[i]))).toFixed(1)}`);
  if (known.length < 2) return [];
  return [svg("path", { class: "curve-band", d: `M${[...edge(1), ...edge(-1).reverse()].join("L")}Z`, fill: palette.tint(colour, palette.tintAmount), stroke: "none" })];
}

function drawn({ name, x: xs, y: ys, colour, dash, thick, dots }: Curve, { x, y, palette }: CurvesContent): SVGElement[] {
  if (dots) return Array.from(xs, (value, i) => svg("circle", { class: "curve-dot", "data-curve": name, cx: x(value), cy: y(ys[i]), r: 4, fill: colour, stroke: palette.paper, "stroke-width": 1 }));
  const [low, high] = [...y.domain()].sort((a, b) => a - b);
  const at = (value: number): string => y(Math.max(low, Math.min(high, value))).toFixed(1);
  let path = "";
  let open = false;
  for (let i = 0; i < xs.length; i++) {
    const value = ys[i];
    // What leaves the plot ends at its edge.
    const outside = i > 0 && (value < low || value > high) && (ys[i - 1] < low || ys[i - 1] > high);
    if (!Number.isFinite(value) || outside) {
      open = false;
      continue;
    }
    path += `${open ? "L" : "M"}${x(xs[i]).toFixed(1)},${at(value)}`;
    open = true;
  }
  return [svg("path", { class: "curve", "data-curve": name, d: path, fill: "none", stroke: colour, "stroke-width": thick ? 2.75 : 1.7, "stroke-dasharray": dash, "stroke-linejoin": "round" })];
}

type Box = ReturnType<typeof curvesBox>;

function here({ here: at, x, palette }: CurvesContent, { top, bottom }: Box): SVGElement[] {
  if (at === undefined) return [];
  return [svg("line", { class: "here", x1: x(at), x2: x(at), y1: top, y2: bottom, stroke: palette.ink, "stroke-width": 1 })];
}

function border({ border: edge, here: looked, x, palette, fontSize }: CurvesContent, { top, bottom, left, right }: Box): SVGElement[] {
  if (!edge) return [];
  const [low, high] = x.domain();
  if (edge.x <= low || edge.x >= high) return [];
  const at = x(edge.x);
  const room = textWidth(edge.label, `${fontSize}px ${palette.font}`) + 12;
  // Before the line where there is more room, but not across the line where the reader looks.
  const looks = looked === undefined ? -Infinity : x(looked);
  const first = at - left > right - at && !(looks < at && looks > at - room && right - at > room);
  return [
    svg("line", { x1: at, x2: at, y1: top, y2: bottom, stroke: palette.axis, "stroke-dasharray": "2 3" }),
    svg("text", { class: "quiet-text halo", x: at + (first ? -5 : 5), y: top + 10, "text-anchor": first ? "end" : "start" }, edge.label),
  ];
}

function spots({ spots: all = [], x, y, palette, fontSize }: CurvesContent): SVGElement[] {
  const named: Spot[] = [];
  return [...all].sort((a, b) => a.x - b.x).flatMap((each) => {
    const width = textWidth(each.label, `600 ${fontSize}px ${palette.font}`) + 6;
    const taken = named.some((other) => Math.abs(x(other.x) - x(each.x)) < width && Math.abs(y(other.y) - y(each.y)) < fontSize + 3);
    const spot = taken ? { ...each, label: "" } : each;
    if (spot.label !== "") named.push(spot);
    const ring = svg("circle", { class: "crossing", cx: x(spot.x), cy: y(spot.y), r: spot.label === "" ? 2.5 : 4.5, fill: spot.label === "" ? palette.ink : palette.paper, stroke: palette.ink, "stroke-width": 1.5 });
    ring.append(svg("title", {}, spot.title));
    return spot.label === "" ? [ring] : [ring, svg("text", { class: "halo strong-text", x: x(spot.x), y: y(spot.y) - 9, "text-anchor": "middle" }, spot.label)];
  });
}

/** Names under the plot in the order of their ends, each with a piece of its line. */
function labelsBelow(curves: readonly Curve[], { palette, height, xLabel }: CurvesContent, { left, right }: Box): SVGElement[] {
  const ends = curves.map((curve) => ({ curve, end: curve.y[curve.x.length - 1] })).sort((a, b) => b.end - a.end);
  const top = height - (xLabel === "" ? 14 : 0);
  return ends.flatMap(({ curve }, i) => {
    const y = top + (i + 0.5) * LINE;
    return [
      svg("line", { x1: left - 20, x2: left - 4, y1: y, y2: y, stroke: curve.colour, "stroke-width": curve.thick ? 2.75 : 1.7, "stroke-dasharray": curve.dash }),
      svg("text", { class: "curve-label", "data-curve": curve.name, x: left, y: y + 4, "font-weight": curve.thick ? 600 : 400 }, svg("tspan", { fill: curve.colour }, curve.label)),
      ...(curve.value ? [svg("text", { class: "curve-label", x: right, y: y + 4, "text-anchor": "end" }, svg("tspan", { fill: palette.ink }, curve.value))] : []),
    ];
  });
}

function insideLabels({ curves, x, y, palette }: CurvesContent): SVGElement[] {
  const [low, high] = [...y.domain()].sort((a, b) => a - b);
  return curves.filter(({ inside, label }) => inside && label !== "").flatMap(({ name, label, x: xs, y: ys }) => {
    let last = xs.length - 1;
    while (last >= 0 && !(ys[last] >= low && ys[last] <= high)) last--;
    if (last < 0) return [];
    return [svg("text", { class: "curve-label halo", "data-curve": name, x: x(xs[last]) - 5, y: Math.min(y(ys[last]), y(low) - 6), "text-anchor": "end" }, svg("tspan", { fill: palette.ink }, label))];
  });
}

function labelOf({ label, value }: Curve): string {
  return value ? `${label} ${value}` : label;
}

/** Names at the ends, pushed apart where they would touch. */
function labels({ curves, x, y, palette }: CurvesContent, box: Box, fontSize: number): SVGElement[] {
  const [low, high] = [...y.domain()].sort((a, b) => a - b);
  const gap = fontSize + 3;
  const ends = curves.filter(({ label, inside }) => label !== "" && !inside).flatMap((curve) => {
    let last = curve.x.length - 1;
    while (last >= 0 && !(curve.y[last] >= low && curve.y[last] <= high)) last--;
    if (last < 0) return [];
    return [{ curve, px: x(curve.x[last]), wanted: y(curve.y[last]), y: y(curve.y[last]) }];
  }).sort((a, b) => a.wanted - b.wanted);
  const step = Math.min(gap, (box.bottom - box.top) / Math.max(1, ends.length - 1));
  ends.forEach((end, i) => (end.y = Math.max(end.wanted, i > 0 ? ends[i - 1].y + step : box.top)));
  for (let i = ends.length - 1; i >= 0; i--) ends[i].y = Math.min(ends[i].y, i === ends.length - 1 ? box.bottom : ends[i + 1].y - step);
  return ends.flatMap(({ curve, px, wanted, y: at }) => {
    const moved = Math.abs(at - wanted) > 3 || box.right - px > 3;
    const name = svg("text", { class: "curve-label halo", "data-curve": curve.name, x: box.right + 8, y: at + 4, "font-weight": curve.thick ? 600 : 400 });
    name.append(svg("tspan", { fill: curve.colour }, curve.label));
    if (curve.value) name.append(svg("tspan", { fill: palette.ink }, ` ${curve.value}`));
    return [...(moved ? [svg("path", { d: `M${px},${wanted}L${box.right + 5},${at}`, stroke: palette.grid, fill: "none" })] : []), name];
  });
}
