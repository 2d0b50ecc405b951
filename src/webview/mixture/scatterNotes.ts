import { select } from "d3";
import { msg, type Message } from "../../core/contract/message.js";
import type { Mixture } from "../../core/mixture/trace.js";
import { textWidth, type Box } from "../marks/labels.js";
import { letter, type Palette } from "../marks/palette.js";
import { compact, fixed, percent, shares as roundedShares } from "../text/number.js";
import type { Layout } from "./scatterAxes.js";
import type { PointIndex } from "./scatterIndex.js";
import { edgePoint, placeAll, placeBox } from "./scatterLabels.js";
import { letterRadius, outlineOf, type Trail } from "./scatterShapes.js";

/** What the notes on the plot need to know. `t` renders a message. */
export type NotesLook = {
  readonly layout: Layout;
  readonly index: PointIndex;
  readonly palette: Palette;
  readonly t: (message: Message) => string;
  /** Places and covers that notes must leave free. */
  readonly taken: readonly Box[];
};

/** Above so many components, or below this width, a label is one short line. */
const longLimit = 5;
const longWidth = 420;
const lineHeight = 15;
const barLength = 76;
/** Shares drawn in the callout at most. */
const calloutShares = 3;

/** The plot's inside as the bounds of notes. */
export function boundsOf(layout: Layout): Box {
  const { left, right, top, bottom } = layout;
  return { x: left + 4, y: top, width: right - left - 4, height: bottom - top - 4 };
}

export function boxesOfLetters(now: Mixture): Box[] {
  const r = letterRadius + 2;
  return Array.from({ length: now.K }, (_, k) => ({ x: now.means[2 * k] - r, y: now.means[2 * k + 1] - r, width: 2 * r, height: 2 * r }));
}

/** Small boxes along the trails, so that no label lies on them. */
export function boxesOfTrails(trails: readonly Trail[]): Box[] {
  return trails.flatMap((trail) => {
    const every = Math.max(1, Math.floor(trail.length / 12));
    return trail.filter((_, i) => i % every === 0 || i === trail.length - 1).flatMap(([x, y], i, kept) => {
      const [nextX, nextY] = kept[i + 1] ?? [x, y];
      const pieces = Math.min(12, Math.ceil(Math.hypot(nextX - x, nextY - y) / 10)) || 1;
      return Array.from({ length: pieces }, (_, j) => ({
        x: x + (j / pieces) * (nextX - x) - 3, y: y + (j / pieces) * (nextY - y) - 3, width: 6, height: 6,
      }));
    });
  });
}

type Label = { readonly k: number; readonly share: string; readonly points: string; readonly width: number; readonly height: number };

function labelsOf(weights: Float64Array, counts: Float64Array, look: NotesLook): Label[] {
  const percents = roundedShares(weights);
  const long = weights.length <= longLimit && look.layout.width >= longWidth;
  return percents.map((p, k) => {
    const share = long ? look.t(msg("{0} of the mix", percent(p / 100))) : percent(p / 100);
    const points = long && Number.isFinite(counts[k]) ? look.t(msg("{0} points", countOf(counts[k]))) : "";
    const width = letterSpace(k) + Math.max(textWidth(share, `12px ${look.palette.font}`), textWidth(points, `12px ${look.palette.font}`));
    return { k, share, points, width, height: points === "" ? 16 : 16 + lineHeight };
  });
}

/** An effective count: to a tenth where that is seen. */
const countOf = (n: number): string => (n < 10000 ? fixed(n, 1) : compact(Math.round(n)));

const letterSpace = (k: number): number => 4 + 10 * letter(k).length;

/** Where the labels stand for shapes given in pixels. */
export function placeLabels(at: Mixture, weights: Float64Array, counts: Float64Array, look: NotesLook): (Box | null)[] {
  const labels = labelsOf(weights, counts, look);
  const room = { bounds: boundsOf(look.layout), crowd: look.index.crowd, taken: [...look.taken, ...boxesOfLetters(at)] };
  return placeAll(labels.map(({ width, height, k }) => ({ outline: outlineOf(at, k, 2), width, height })), room);
}

/** Draws "A 17% of the mix, 25.1 points" for every component that has a place. */
export function drawLabels(
  g: SVGGElement,
  places: readonly (Box | null)[],
  weights: Float64Array,
  counts: Float64Array,
  look: NotesLook,
): void {
  const { palette } = look;
  const labels = labelsOf(weights, counts, look).filter((label) => places[label.k]);
  const place = ({ k }: Label) => places[k] as Box;
  select(g)
    .selectAll<SVGGElement, Label>("g")
    .data(labels, (d) => (d ? String(d.k) : ""))
    .join((enter) => {
      const mark = enter.append("g").attr("class", "mixture-label");
      for (const name of ["mixture-label-letter", "mixture-label-share", "mixture-label-points"]) {
        mark.append("text").attr("class", `${name} mixture-halo`);
      }
      return mark;
    })
    .attr("data-component", (d) => d.k)
    .attr("transform", (d) => `translate(${place(d).x},${place(d).y})`)
    .each(function (d) {
      const mark = select(this);
      mark.selectAll("text").attr("stroke", palette.paper);
      mark.select(".mixture-label-letter").attr("y", 12).style("fill", palette.component(d.k).color).text(letter(d.k));
      mark.select(".mixture-label-share").attr("x", letterSpace(d.k)).attr("y", 12).style("fill", palette.ink).text(d.share);
      mark.select(".mixture-label-points").attr("x", letterSpace(d.k)).attr("y", 12 + lineHeight).style("fill", palette.quiet).text(d.points);
    });
}

export type Callout = {
  readonly point: number;
  readonly title: string;
  /** Shares of the point, or null before the first E-step. */
  readonly shares: Float64Array | null;
};

/** Draws the ring around the chosen point and its shares, or takes both away for null. */
export function drawCallout(g: SVGGElement, callout: Callout | null, look: NotesLook): void {
  const root = select(g);
  if (!callout) {
    root.selectAll("*").remove();
    return;
  }
  const { palette, layout, index, t } = look;
  const rows = callout.shares ? strongest(callout.shares) : [];
  const texts = rows.map(({ k, percents }) => `${letter(k)} ${percents}`);
  const none = rows.length === 0 ? t(msg("not shared out yet")) : "";
  const width = Math.max(
    textWidth(callout.title, `600 12px ${palette.font}`),
    textWidth(none, `12px ${palette.font}`),
    ...rows.map(({ share }, i) => barOf(share) + 5 + textWidth(texts[i], `12px ${palette.font}`)),
  );
  const at = { x: index.x[callout.point], y: index.y[callout.point] };
  const box = placeBox({ ...at, rx: 24, ry: 24, angle: 0 }, width, 16 + 16 * Math.max(1, rows.length), {
    bounds: boundsOf(layout), crowd: index.crowd, taken: look.taken, leader: true,
  });
  const part = <K extends keyof SVGElementTagNameMap>(tag: K, name: string, count = 1) =>
    root.selectAll<SVGElementTagNameMap[K], number>(`${tag}.${name}`).data(Array.from({ length: count }, (_, i) => i)).join(tag).classed(name, true);
  const shown = box ? 1 : 0;
  const end = box ? edgePoint(box, at) : at;
  const length = Math.hypot(end.x - at.x, end.y - at.y) || 1;
  part("line", "mixture-leader", shown)
    .attr("x1", at.x + (8 / length) * (end.x - at.x))
    .attr("y1", at.y + (8 / length) * (end.y - at.y))
    .attr("x2", end.x)
    .attr("y2", end.y)
    .attr("stroke", palette.ink)
    .attr("stroke-width", 0.75);
  part("circle", "mixture-ring-edge")
    .attr("cx", at.x).attr("cy", at.y).attr("r", 8)
    .attr("fill", "none").attr("stroke", palette.paper).attr("stroke-width", 4).attr("stroke-opacity", 0.7);
  part("circle", "mixture-ring")
    .attr("cx", at.x).attr("cy", at.y).attr("r", 8)
    .attr("fill", "none").attr("stroke", palette.ink).attr("stroke-width", 1.5);
  const left = box?.x ?? 0;
  const top = box?.y ?? 0;
  part("text", "mixture-callout-title", shown)
    .classed("mixture-halo", true)
    .attr("x", left).attr("y", top + 12)
    .style("fill", palette.ink).attr("stroke", palette.paper)
    .text(callout.title);
  part("text", "mixture-callout-none", box && none !== "" ? 1 : 0)
    .classed("mixture-halo", true)
    .attr("x", left).attr("y", top + 28)
    .style("fill", palette.quiet).attr("stroke", palette.paper)
    .text(none);
  part("rect", "mixture-share", shown * rows.length)
    .attr("data-component", (i) => rows[i].k)
    .attr("x", left).attr("y", (i) => top + 20 + 16 * i)
    .attr("width", (i) => barOf(rows[i].share)).attr("height", 9)
    .attr("fill", (i) => palette.component(rows[i].k).color);
  part("text", "mixture-share-text", shown * rows.length)
    .classed("mixture-halo", true)
    .attr("x", (i) => left + barOf(rows[i].share) + 5)
    .attr("y", (i) => top + 28 + 16 * i)
    .style("fill", palette.ink).attr("stroke", palette.paper)
    .text((i) => texts[i]);
}

const barOf = (share: number): number => Math.max(1, share * barLength);

/** The largest shares of a point, rounded so that all of them would sum to 100. */
export function strongest(point: Float64Array): { readonly k: number; readonly share: number; readonly percents: string }[] {
  const rounded = roundedShares(point, 1);
  return Array.from(point, (share, k) => ({ k, share, percents: percent(rounded[k] / 100, 1) }))
    .sort((a, b) => b.share - a.share)
    .filter(({ k }, i) => i === 0 || (i < calloutShares && rounded[k] > 0));
}
