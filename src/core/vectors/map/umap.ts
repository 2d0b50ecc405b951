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
/** Edges drawn together, and edges laid out, between two yields. */
const DRAWN = 1 << 14;
const LAID = 1 << 18;

type UmapOptions = { readonly minDist: number; readonly iterations: number; readonly random: () => number };

type Edges = {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  /** Every how many epochs an edge is drawn together, when next, and when it is pushed next. */
  readonly every: Float64Array;
  readonly next: Float64Array;
  readonly nextPush: Float64Array;
};

/**
 * UMAP's layout of a graph (McInnes, Healy and Melville 2018), step by step as umap-js makes it, with its curve and the same random
 * numbers: an edge is drawn together the more often the more it weighs, and one of its points is then pushed away from some others. The
 * moves of an epoch depend on one another in their order, so that threads can't share them.
 */
export class UmapLayout {
  private made = 0;

  private constructor(
    private readonly m: number,
    private readonly options: UmapOptions,
    private readonly moves: UmapMoves,
    private readonly edges: Edges,
  ) {
    const { random } = options;
    for (let i = 0; i < 2 * m; i++) this.layout[i] = random() * 2 * START - START;
  }

  static *of(graph: Sparse, options: UmapOptions): Generator<void, UmapLayout, void> {
    const { a, b } = findABParams(SPREAD, options.minDist);
    yield;
    const curves = forceCurves(a, b);
    yield;
    const edges = yield* edgesOf(graph, options.iterations);
    return new UmapLayout(graph.m, options, movesOf(graph.m, curves), edges);
  }

  /** [m, 2] */
  get layout(): Float64Array {
    return this.moves.positions;
  }

  /** One epoch, in steps of a few milliseconds. */
  *step(): Generator<void, void, void> {
    const { m, made, edges: { heads, tails, every, next, nextPush }, options: { iterations, random } } = this;
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
      if (++drawn % DRAWN === 0) yield;
    }
    move(count, rate);
    this.made++;
  }
}

function* edgesOf({ m, starts, columns, values }: Sparse, iterations: number): Generator<void, Edges, void> {
  let most = 0;
  for (let e = 0; e < values.length; e++) {
    most = Math.max(most, values[e]);
    if (e % LAID === LAID - 1) yield;
  }
  const counts = (value: number) => value > 0 && value >= most / iterations;
  let count = 0;
  for (let e = 0; e < values.length; e++) {
    if (counts(values[e])) count++;
    if (e % LAID === LAID - 1) yield;
  }
  const doubles = () => new Float64Array(count);
  const edges = { heads: new Int32Array(count), tails: new Int32Array(count), every: doubles(), next: doubles(), nextPush: doubles() };
  let edge = 0;
  for (let i = 0; i < m; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      if (e % LAID === LAID - 1) yield;
      if (!counts(values[e])) continue;
      const epochs = iterations / ((values[e] / most) * iterations);
      edges.heads[edge] = columns[e];
      edges.tails[edge] = i;
      edges.every[edge] = edges.next[edge] = epochs;
      edges.nextPush[edge++] = epochs / PUSHES;
    }
  }
  return edges;
}

function movesOf(m: number, curves: ForceCurves): UmapMoves {
  try {
    return kernels().maps.moves(m, curves);
  } catch (error) {
    if (error instanceof RangeError) return typescript.maps.moves(m, curves);
    throw error;
  }
}
