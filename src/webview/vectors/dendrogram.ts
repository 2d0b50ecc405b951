import type { HeatmapPart } from "../../core/vectors/trace.js";
import { setAttributes, svg } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import type { Viewport } from "../marks/viewport.js";

/** The tree of a clustering, laid out along the clustered order. */
export class Tree {
  readonly merges: number;
  readonly highest: number;
  /** [n + merges] middle of each cluster, in places; its first and last place. */
  readonly middle: Float64Array;
  readonly first: Int32Array;
  readonly last: Int32Array;

  constructor(readonly part: HeatmapPart, readonly n: number) {
    const { left, right, height, clustered } = part;
    this.merges = left.length;
    this.middle = new Float64Array(n + this.merges);
    this.first = new Int32Array(n + this.merges);
    this.last = new Int32Array(n + this.merges);
    clustered.forEach((row, place) => {
      this.middle[row] = place + 0.5;
      this.first[row] = this.last[row] = place;
    });
    for (let m = 0; m < this.merges; m++) {
      const [a, b] = [left[m], right[m]];
      this.middle[n + m] = (this.middle[a] + this.middle[b]) / 2;
      this.first[n + m] = Math.min(this.first[a], this.first[b]);
      this.last[n + m] = Math.max(this.last[a], this.last[b]);
    }
    this.highest = this.merges > 0 ? Math.max(...[height[this.merges - 1], height[0]].filter(Number.isFinite), 0) : 0;
  }

  /** Height of a cluster, 0 of a row. */
  heightOf(cluster: number): number {
    return cluster < this.n ? 0 : this.part.height[cluster - this.n];
  }

  /** Rows under a merge, in the order of the screen. */
  rowsOf(merge: number): number[] {
    return Array.from(this.part.clustered.subarray(this.first[this.n + merge], this.last[this.n + merge] + 1));
  }

  /** The merge that joins a cluster with another; undefined of the whole. */
  parentOf(cluster: number): number | undefined {
    for (let m = 0; m < this.merges; m++) if (this.part.left[m] === cluster || this.part.right[m] === cluster) return m;
    return undefined;
  }
}

export type TreeScene = {
  readonly tree: Tree;
  readonly view: Viewport;
  readonly side: number;
  readonly top: number;
  readonly width: number;
  readonly palette: Palette;
  /** What stands at both ends of its scale: that of the rows, and that of the whole. */
  readonly ends: readonly [string, string];
  /** The merge that is pointed at. */
  readonly chosen: number | null;
};

/** Brackets less high than this are left out: they could not be told apart. */
const LEAST = 1.5;

type Bracket = { readonly merge: number; readonly x: number; readonly y1: number; readonly y2: number; readonly x1: number; readonly x2: number };

export interface Dendrogram {
  readonly element: SVGSVGElement;
  draw(scene: TreeScene): void;
  /** The merge nearest to a place of the element, within a few pixels. */
  at(x: number, y: number): number | null;
}

/** The tree at the right of the heatmap: as far from the rows as what they join is unlike. */
export function createDendrogram(): Dendrogram {
  const path = svg("path", { fill: "none", class: "tree-branches" });
  const chosen = svg("path", { fill: "none", class: "tree-chosen", "stroke-width": 2 });
  const [near, far] = ["start", "end"].map((anchor) => svg("text", { "text-anchor": anchor, class: "tree-end" }));
  const element = svg("svg", { class: "heatmap-tree" }, path, chosen, near, far);
  let brackets: Bracket[] = [];
  let offset = 0;
  return {
    element,
    draw({ tree, view, side, top, width, palette, ends, chosen: held }) {
      offset = top;
      const height = top + side + 18;
      setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}` });
      [near, far].forEach((text, i) => {
        text.textContent = ends[i];
        setAttributes(text, { x: i === 0 ? 0 : width, y: top + side + 15, fill: palette.quiet });
      });
      brackets = bracketsOf(tree, view, side, width);
      path.setAttribute("d", brackets.map((bracket) => pathOf(bracket, top)).join(""));
      path.setAttribute("stroke", palette.axis);
      const under = held === null ? [] : brackets.filter(({ merge }) => tree.first[tree.n + merge] >= tree.first[tree.n + held] && tree.last[tree.n + merge] <= tree.last[tree.n + held]);
      chosen.setAttribute("d", under.map((bracket) => pathOf(bracket, top)).join(""));
      chosen.setAttribute("stroke", palette.ink);
    },
    at(x, y) {
      let best: number | null = null;
      let least = 7;
      for (const { merge, x: stem, y1, y2, x1, x2 } of brackets) {
        const [a, b] = [y1 + offset, y2 + offset];
        const upright = Math.hypot(x - stem, Math.max(0, a - y, y - b));
        const upper = Math.hypot(y - a, Math.max(0, x1 - x, x - stem));
        const lower = Math.hypot(y - b, Math.max(0, x2 - x, x - stem));
        const away = Math.min(upright, upper, lower);
        if (away < least) [best, least] = [merge, away];
      }
      return best;
    },
  };
}

function bracketsOf(tree: Tree, view: Viewport, side: number, width: number): Bracket[] {
  const { n, part, middle, first, last } = tree;
  const reach = Math.max(1, width - 4);
  const x = (cluster: number): number => 1 + (tree.highest > 0 ? Math.min(1, tree.heightOf(cluster) / tree.highest) * reach : 0);
  const y = (place: number): number => (place - view.y) * view.cell;
  const made: Bracket[] = [];
  for (let m = 0; m < tree.merges; m++) {
    // What is above or below the plot, or too small to see, is left out.
    if (last[n + m] + 1 < view.y || first[n + m] > view.y + side / view.cell) continue;
    const [a, b] = middle[part.left[m]] <= middle[part.right[m]] ? [part.left[m], part.right[m]] : [part.right[m], part.left[m]];
    const [y1, y2] = [y(middle[a]), y(middle[b])];
    if (y2 - y1 < LEAST || y2 < 0 || y1 > side) continue;
    made.push({ merge: m, x: x(n + m), y1, y2, x1: x(a), x2: x(b) });
  }
  return made.map((bracket) => clip(bracket, side));
}

/** Of a bracket that begins above the plot or ends below it, what is inside. */
function clip(bracket: Bracket, side: number): Bracket {
  const { x, y1, y2, x1, x2 } = bracket;
  return { ...bracket, y1: Math.max(0, y1), y2: Math.min(side, y2), x1: y1 < 0 ? x : x1, x2: y2 > side ? x : x2 };
}

function pathOf({ x, y1, y2, x1, x2 }: Bracket, top: number): string {
  const f = (v: number): string => String(Math.round(v * 10) / 10);
  return `M${f(x1)} ${f(y1 + top)}H${f(x)}V${f(y2 + top)}H${f(x2)}`;
}
