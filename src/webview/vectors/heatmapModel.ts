import type { ViewHost } from "../view.js";
import { valueBetween } from "../../core/vectors/derive.js";
import type { HeatmapPart, VectorsTrace } from "../../core/vectors/trace.js";
import type { Palette } from "../marks/palette.js";
import { Tree } from "./dendrogram.js";
import { histogramOf, Matrix, NO_LEVEL, orderOf, placesOf, type Order } from "./heatmapMatrix.js";
import { Scale, type ColourTable } from "./heatmapScale.js";
import { Pyramid } from "./tiles.js";

/** The parameter of the view that a threshold is kept under: each metric has its own, since their numbers have nothing in common. */
export function thresholdKey(metric: HeatmapPart["metric"]): string {
  return `threshold-${metric}`;
}

export type Ordered = {
  readonly name: Order;
  /** Place on the screen → row, and back. */
  readonly order: Int32Array;
  readonly places: Int32Array;
  readonly pyramid: Pyramid;
};

/** Pairs whose exact values are kept. */
const KEPT = 20_000;

/** What the heatmap's pieces are drawn from: everything that follows from the part, the order, the threshold and the theme. */
export class HeatmapModel {
  readonly matrix: Matrix;
  readonly tree: Tree;
  scale!: Scale;
  ordered!: Ordered;
  colours!: ColourTable;
  /** Null when all pairs are shown. */
  threshold: number | null = null;
  /** Grows when cells change their colour or place. */
  version = 0;
  #counts: Uint32Array | undefined;
  #values = new Map<number, number>();

  constructor(readonly trace: VectorsTrace, readonly part: HeatmapPart) {
    this.matrix = new Matrix(part, trace.n);
    this.tree = new Tree(part, trace.n);
  }

  /** Follows the reader's choices and the theme. */
  update(host: ViewHost, palette: Palette): void {
    const { part, trace } = this;
    const name = host.ui<Order>("order", "clustered");
    if (this.ordered?.name !== name) {
      const order = orderOf(name, part, trace.names);
      this.ordered = { name, order, places: placesOf(order), pyramid: new Pyramid({ n: trace.n, cells: part.cells, order }) };
      this.version++;
    }
    const threshold = host.ui<number | null>(thresholdKey(part.metric), null);
    if (this.scale?.palette === palette && this.threshold === threshold) return;
    if (this.scale?.palette !== palette) this.scale = new Scale(part, palette);
    this.threshold = threshold;
    this.colours = this.scale.table(part, threshold);
    this.version++;
  }

  /** The exact value of a pair of rows; NaN where there is none. */
  exact(a: number, b: number): number {
    const { trace } = this;
    const key = Math.min(a, b) * trace.n + Math.max(a, b);
    let value = this.#values.get(key);
    if (value === undefined) {
      const { n, d, values } = trace;
      value = values ? valueBetween({ n, d, values }, this.part.metric, a, b) : this.matrix.valueOf(this.matrix.level(a, b));
      if (this.#values.size > KEPT) this.#values.clear();
      this.#values.set(key, value);
    }
    return value;
  }

  /** How many pairs are as alike as the threshold asks, of all that have a value. */
  count(): { readonly pairs: number; readonly total: number } {
    this.#counts ??= histogramOf(this.matrix, this.trace.n);
    const counts = this.#counts;
    let [pairs, total] = [0, 0];
    for (let level = 0; level < NO_LEVEL; level++) {
      total += counts[level];
      if (counts[level] > 0 && this.scale.passes(this.matrix.valueOf(level), this.threshold)) pairs += counts[level];
    }
    return { pairs, total };
  }

  /** The tree belongs to the clustered order only. */
  get treeShown(): boolean {
    return this.ordered.name === "clustered" && this.tree.merges > 0;
  }
}
