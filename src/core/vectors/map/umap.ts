import { findABParams } from "umap-js/dist/umap.js";
import { kernels } from "../../kernels/current.js";
import { forceCurves, type ForceCurves } from "../../kernels/forceCurves.js";
import { moveRoom, type Sparse, type UmapMoves } from "../../kernels/maps.js";
import { typescript } from "../../kernels/typescript.js";

/** Points that one is pushed away from, for each that it is drawn to. */
const PUSHES = 5;
const SPREAD = 1;
/** Half the width of the square that points are first strewn over. */
const START = 10;
/** Edges drawn together between two yields. */
const STEP = 1 << 16;

/**
 * UMAP's layout of a graph (McInnes, Healy and Melville 2018), step by step as umap-js makes it, with its curve and the same random
 * numbers: an edge is drawn together the more often the more it weighs, and one of its points is then pushed away from some others. The
 * moves of an epoch depend on one another in their order, so that threads can't share them.
 */
export class UmapLayout {
  private made = 0;
  private readonly moves: UmapMoves;
  /** Of each edge: its points, every how many epochs it is drawn together, when next, and when it is pushed next. */
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  private readonly every: Float64Array;
  private readonly next: Float64Array;
  private readonly nextPush: Float64Array;

  constructor(
    private readonly graph: Sparse,
    private readonly options: { readonly minDist: number; readonly iterations: number; readonly random: () => number },
  ) {
    const { m, starts, columns, values } = graph;
    const { minDist, iterations, random } = options;
    const { a, b } = findABParams(SPREAD, minDist);
    this.moves = movesOf(m, forceCurves(a, b));
    for (let i = 0; i < 2 * m; i++) this.layout[i] = random() * 2 * START - START;
    const most = values.reduce((max, value) => Math.max(max, value), 0);
    const counts = (value: number) => value > 0 && value >= most / iterations;
    const count = values.reduce((sum, value) => (counts(value) ? sum + 1 : sum), 0);
    this.heads = new Int32Array(count);
    this.tails = new Int32Array(count);
    this.every = new Float64Array(count);
    let edge = 0;
    for (let i = 0; i < m; i++) {
      for (let e = starts[i]; e < starts[i + 1]; e++) {
        if (!counts(values[e])) continue;
        this.heads[edge] = columns[e];
        this.tails[edge] = i;
        this.every[edge++] = iterations / ((values[e] / most) * iterations);
      }
    }
    this.next = this.every.slice();
    this.nextPush = this.every.map((epochs) => epochs / PUSHES);
  }

  /** [m, 2] */
  get layout(): Float64Array {
    return this.moves.positions;
  }

  /** One epoch, in steps of a few milliseconds. */
  *step(): Generator<void, void, void> {
    const { made, heads, tails, every, next, nextPush, graph: { m }, options: { iterations, random } } = this;
    const { edges, others, move } = this.moves;
    const rate = made === 0 ? 1 : 1 - (made - 1) / iterations;
    let [count, pushed, drawn] = [0, 0, 0];
    for (let edge = 0; edge < every.length; edge++) {
      if (next[edge] > made) continue;
      const pushEvery = every[edge] / PUSHES;
      const pushes = Math.floor((made - nextPush[edge]) / pushEvery);
      if (count === moveRoom.edges || pushed + pushes > moveRoom.others) {
        move(count, rate);
        count = pushed = 0;
      }
      edges[3 * count] = heads[edge];
      edges[3 * count + 1] = tails[edge];
      edges[3 * count++ + 2] = pushes;
      for (let push = 0; push < pushes; push++) others[pushed++] = Math.floor(random() * m);
      next[edge] += every[edge];
      nextPush[edge] += pushes * pushEvery;
      if (++drawn % STEP === 0) yield;
    }
    move(count, rate);
    this.made++;
  }
}

function movesOf(m: number, curves: ForceCurves): UmapMoves {
  try {
    return kernels().maps.moves(m, curves);
  } catch (error) {
    if (error instanceof RangeError) return typescript.maps.moves(m, curves);
    throw error;
  }
}
