import type { PositionPart } from "../../core/attention/trace.js";
import { msg } from "../../core/contract/index.js";
import { roving } from "../controls/roving.js";
import { setAttributes, svg } from "../marks/dom.js";
import { number } from "../marks/math.js";
import type { Palette } from "../marks/palette.js";
import { fixed, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { schemeColour } from "./positionCurves.js";

const cell = 92;
const line = 15;
const radius = 33;
const most = 8;

export type Clocks = { readonly element: SVGSVGElement; draw(part: PositionPart, other: number, chosen: number, width: number): void; dispose(): void };

/** Pairs that are drawn, from the fastest to the slowest. */
export function drawnPairs(pairs: number, width: number): number[] {
  const columns = Math.max(3, Math.min(most, Math.floor(width / cell)));
  const count = Math.min(pairs, columns >= 6 ? columns : 2 * columns);
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round((i * (pairs - 1)) / Math.max(1, count - 1))))];
}

/** The pairs of numbers that RoPE turns, as hands: at the position, under each scheme, and at the other position. */
export function createClocks(host: ViewHost, choose: (pair: number) => void): Clocks {
  const element = svg("svg", { class: "clocks", role: "img" });
  let pairs: readonly number[] = [];
  let at = 0;
  const away = roving(element, {
    size: () => pairs.length,
    index: () => pairs.indexOf(at),
    move: (index) => index !== null && choose(pairs[index]),
  });
  element.addEventListener("click", (event) => {
    const pair = (event.target as Element).closest<SVGElement>("[data-pair]")?.dataset.pair;
    if (pair !== undefined) choose(Number(pair));
  });
  return {
    element,
    draw(part, other, chosen, width) {
      const palette = host.palette();
      pairs = drawnPairs(part.schemes[0].frequencies.length, width);
      at = pairs.includes(chosen) ? chosen : pairs[0];
      const columns = Math.max(3, Math.min(most, Math.floor(width / cell), pairs.length));
      const step = Math.min(width / columns, cell + 20);
      const height = 2 * radius + 14 + 4 * line + 12;
      setAttributes(element, { width: columns * step, height: Math.ceil(pairs.length / columns) * height, "aria-label": host.t(msg("Pairs of numbers as hands, turned by position {0}. Arrows choose a pair.", part.position)) });
      element.replaceChildren(...pairs.map((pair, i) => face(part, pair, other, pair === chosen, [(i % columns) * step, Math.floor(i / columns) * height, step], palette, host)));
    },
    dispose: away,
  };
}

function face(part: PositionPart, pair: number, other: number, chosen: boolean, [left, top, width]: readonly [number, number, number], palette: Palette, host: ViewHost): SVGElement {
  const [cx, cy] = [left + width / 2, top + radius + 6];
  const hand = (angle: number, length: number): [number, number] => [cx + length * Math.cos(angle), cy - length * Math.sin(angle)];
  const dotted = hand(part.schemes[0].frequencies[pair] * other, radius - 2);
  const hands = part.schemes.map(({ name, angles }, i) => {
    const colour = schemeColour(palette, name);
    // The longer is drawn first, so that hands that point the same way are all seen.
    const [x2, y2] = hand(angles[pair], radius - 2 - 8 * i);
    return svg("g", {}, svg("line", { x1: cx, y1: cy, x2, y2, stroke: colour, "stroke-width": 2 + i, "stroke-linecap": "round" }), svg("circle", { cx: x2, cy: y2, r: 2.5 + i / 2, fill: colour }));
  });
  const names = [msg("RoPE"), msg("linear"), msg("NTK")];
  const text = (row: number, content: string, classes: string, fill?: string): SVGElement => svg("text", { x: cx, y: cy + radius + 8 + line * (row + 1), "text-anchor": "middle", class: classes }, svg("tspan", { fill }, content));
  const group = svg("g", { class: "clock", "data-pair": pair },
    svg("rect", { x: left + 2, y: top, width: width - 4, height: 2 * radius + 10 + 4 * line + 10, fill: "transparent", stroke: chosen ? palette.focus : "none", "stroke-width": 2 }),
    svg("circle", { cx, cy, r: radius, fill: "none", stroke: palette.axis, "stroke-width": 1 }),
    ...[0, 1, 2, 3].map((quarter) => {
      const [[x1, y1], [x2, y2]] = [hand((quarter * Math.PI) / 2, radius), hand((quarter * Math.PI) / 2, radius - 4)];
      return svg("line", { x1, y1, x2, y2, stroke: palette.axis });
    }),
    svg("line", { x1: cx, y1: cy, x2: dotted[0], y2: dotted[1], stroke: palette.ink, "stroke-width": 1.5, "stroke-dasharray": "2 3" }),
    ...hands,
    text(0, host.t(msg("pair {0}", pair)), "strong-text"),
    ...part.schemes.map(({ name, angles }, i) => text(i + 1, `${host.t(names[i])} ${radians(angles[pair])}`, "", schemeColour(palette, name))),
  );
  group.append(svg("title", {}, host.t(msg("Pair {0} turns by {1} radians a position, once in {2} positions.", pair, significant(part.schemes[0].frequencies[pair], 4), significant((2 * Math.PI) / part.schemes[0].frequencies[pair], 4)))));
  return group;
}

function radians(angle: number): string {
  return angle === 0 ? "0" : angle >= 1000 ? fixed(angle, 0) : significant(angle, 3);
}

/** θ of a pair, and its angle at the position, with their numbers. */
export function pairTex({ base, hiddenSize, position, schemes }: PositionPart, pair: number): readonly [string, string] {
  const { frequencies, angles } = schemes[0];
  const turned = ((angles[pair] % (2 * Math.PI)) * 180) / Math.PI;
  return [`\\theta_{${pair}} = ${number(significant(base, 6))}^{-2 \\cdot ${pair} / ${hiddenSize}} = ${number(significant(frequencies[pair], 4))}`, `m\\,\\theta_{${pair}} = ${position} \\cdot ${number(significant(frequencies[pair], 4))} = \\class{result}{${number(significant(angles[pair], 4))}} \\;\\text{rad} = ${number(fixed(turned, 1))}^{\\circ}`];
}
