import type { Arena } from "../arena.js";
import type { ForceCurves } from "../forceCurves.js";
import type { WasmMemory } from "../host.js";
import { moveRoom, type MapsKernels, type Sparse, type TsneForces, type UmapMoves } from "../maps.js";
import { inPieces, type Task } from "../pieces.js";
import { PlaneTree } from "../planeTree.js";
import { meanwhile, through } from "../../steps.js";
import { keepJoined } from "./joined.js";
import type { Module } from "./module.js";

export type MapsExports = {
  repel(
    x: number, y: number, cells: number, boxes: number, links: number, groups: number, from: number, to: number, scratch: number,
    sums: number, pushX: number, pushY: number,
  ): void;
  attract(starts: number, columns: number, values: number, positions: number, from: number, to: number, pull: number): void;
  logDistances(starts: number, columns: number, values: number, positions: number, from: number, to: number): number;
  move(
    positions: number, edges: number, count: number, others: number, first: number, parts: number, pulls: number, pushes: number, rate: number,
  ): void;
};

/** Bytes of a walk: as wasm/maps.ts has it. */
const SCRATCH = 8192;
/** Points and entries of a piece, an entry being a tenth of a point: that of about a millisecond. */
const workOfPiece = 2000;
const mostPieces = 32;
/** Fewer pieces are not worth waking a helper for. */
const leastPieces = 4;
/** Numbers copied between two yields. */
const STEP = 1 << 19;
/** Rooms for what changes: a helper that was late may still write in each but the newest. Then this thread goes on alone. */
const mostRooms = 8;

/**
 * @param open a new memory, with the module on it
 * @param join the module on another thread's memory
 */
export function bindMaps(open: () => Module<MapsExports>, join: (memory: WasmMemory) => MapsExports): MapsKernels {
  return {
    forces: function* (p) {
      const module = open();
      return new Forces(module, p, yield* layRows(module.arena, p));
    },
    moves: (m, curves) => bindMoves(open(), m, curves),
    tasks: [taskWith(keepJoined(join)) as Task<never>],
  };
}

/** Addresses of a sparse matrix: see Sparse. */
type Rows = {
  readonly starts: number; // int32 [m + 1]
  readonly columns: number; // int32 [entries]
  readonly values: number; // [entries]
};

/** Addresses of all that the module works on. */
type Laid = Rows & {
  readonly positions: number; // [m, 2]
  readonly pull: number; // [m, 2]
  /** Of the tree: see TreeRoom. */
  readonly order: number;
  readonly x: number;
  readonly y: number;
  readonly cells: number;
  readonly boxes: number;
  readonly links: number;
  readonly groups: number;
  /** [m] in its order. */
  readonly sums: number;
  readonly pushX: number;
  readonly pushY: number;
  /** Of each piece. */
  readonly scratch: number;
  readonly logs: number;
};

type ForcesInput = {
  readonly memory: WasmMemory;
  readonly id: number;
  readonly laid: Laid;
  readonly pieces: number;
  readonly m: number;
  readonly groups: number;
  readonly what: "pull" | "push" | "logs";
};

/** A part of the rows of p in each piece, or of the groups of the tree. */
function taskWith(exportsOf: (input: ForcesInput) => MapsExports): Task<ForcesInput> {
  return {
    name: "forces",
    open(input) {
      const { memory, laid, pieces, m, groups, what } = input;
      const { starts, columns, values, positions, x, y, cells, boxes, links, sums, pushX, pushY } = laid;
      const logs = new Float64Array(memory.buffer, laid.logs, pieces);
      const exports = exportsOf(input);
      return (piece) => {
        const part = (count: number, of: number) => Math.floor((count * of) / pieces);
        const [from, to] = [part(m, piece), part(m, piece + 1)];
        if (what === "logs") logs[piece] = exports.logDistances(starts, columns, values, positions, from, to);
        else if (what === "pull") exports.attract(starts, columns, values, positions, from, to, laid.pull);
        else {
          const scratch = laid.scratch + SCRATCH * piece;
          const [first, last] = [part(groups, piece), part(groups, piece + 1)];
          exports.repel(x, y, cells, boxes, links, laid.groups, first, last, scratch, sums, pushX, pushY);
        }
        return []; // in one step
      };
    },
  };
}

class Forces implements TsneForces {
  private readonly m: number;
  private readonly pieces: number;
  private laid: Laid;
  private tree: PlaneTree;
  /** Parts of the work that were given up or done here because helpers were late, who may still write. */
  private unfinished = 0;
  private rooms = 1;

  constructor(
    private readonly module: Module<MapsExports>,
    p: Sparse,
    rows: Rows,
  ) {
    this.m = p.m;
    this.pieces = Math.max(1, Math.min(mostPieces, Math.floor((p.m + p.columns.length / 10) / workOfPiece)));
    this.laid = this.lay(rows);
    this.tree = this.treeIn(this.laid);
  }

  *at(positions: Float64Array, theta: number, pull: Float64Array, push: Float64Array): Generator<void, number, void> {
    const { m, module: { arena } } = this;
    if (this.unfinished > 0) {
      this.laid = this.lay(this.laid);
      this.tree = this.treeIn(this.laid);
      this.unfinished = 0;
      this.rooms++;
    }
    const { laid } = this;
    arena.f64(laid.positions, 2 * m).set(positions);
    // What draws points together needs no tree: helpers are at it while the tree is built.
    yield* meanwhile(this.share("pull"), this.push(positions, theta));
    pull.set(arena.f64(laid.pull, 2 * m));
    const order = arena.i32(laid.order, m);
    const [sums, pushX, pushY] = [laid.sums, laid.pushX, laid.pushY].map((at) => arena.f64(at, m));
    const inOrder = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      push[2 * order[i]] = pushX[i];
      push[2 * order[i] + 1] = pushY[i];
      inOrder[order[i]] = sums[i];
    }
    return inOrder.reduce((total, sum) => total + sum, 0);
  }

  *logDistances(): Generator<void, number, void> {
    yield* through(this.share("logs"), () => undefined);
    return this.module.arena.f64(this.laid.logs, this.pieces).reduce((total, log) => total + log, 0);
  }

  private *push(positions: Float64Array, theta: number): Generator<unknown, void, void> {
    yield;
    this.tree.build(positions, theta);
    yield;
    yield* this.share("push");
  }

  private *share(what: ForcesInput["what"]): Generator<unknown, void, void> {
    const { module: { memory, id, exports }, laid, pieces, m, tree: { groups } } = this;
    const task = taskWith(() => exports);
    const input = { memory, id, laid, pieces, m, groups, what };
    const helped = pieces >= leastPieces && this.rooms < mostRooms && !(memory.buffer instanceof ArrayBuffer);
    this.unfinished++;
    if (yield* inPieces(task, input, pieces, helped)) this.unfinished--;
  }

  /** All that changes from step to step, beside rows that do not. */
  private lay({ starts, columns, values }: Rows): Laid {
    const { m, pieces, module: { arena } } = this;
    const doubles = (count: number) => arena.take(8 * count);
    const integers = (count: number) => arena.take(4 * count);
    return {
      starts, columns, values, positions: doubles(2 * m), pull: doubles(2 * m),
      order: integers(m), x: doubles(m), y: doubles(m), cells: doubles(8 * m), boxes: doubles(8 * m), links: integers(8 * m), groups: integers(m),
      sums: doubles(m), pushX: doubles(m), pushY: doubles(m), scratch: arena.take(SCRATCH * pieces), logs: doubles(pieces),
    };
  }

  private treeIn(laid: Laid): PlaneTree {
    const { m, module: { arena } } = this;
    return new PlaneTree(m, {
      order: arena.i32(laid.order, m), x: arena.f64(laid.x, m), y: arena.f64(laid.y, m),
      cells: arena.f64(laid.cells, 8 * m), boxes: arena.f64(laid.boxes, 8 * m),
      links: arena.i32(laid.links, 8 * m), groups: arena.i32(laid.groups, m),
    });
  }
}

/** Copies a sparse matrix in, in steps of a few milliseconds. */
function* layRows(arena: Arena, { m, starts, columns, values }: Sparse): Generator<void, Rows, void> {
  const rows = { starts: arena.take(4 * (m + 1)), columns: arena.take(4 * columns.length), values: arena.take(8 * values.length) };
  arena.i32(rows.starts, m + 1).set(starts);
  const [toColumns, toValues] = [arena.i32(rows.columns, columns.length), arena.f64(rows.values, values.length)];
  for (let from = 0; from < columns.length; from += STEP) {
    toColumns.set(columns.subarray(from, from + STEP), from);
    toValues.set(values.subarray(from, from + STEP), from);
    yield;
  }
  return rows;
}

/** @param module its memory is the moves' own: views stay, since nothing is taken later */
function bindMoves({ exports, arena }: Module<MapsExports>, m: number, { first, parts, pull, push }: ForceCurves): UmapMoves {
  const places = { positions: arena.take(16 * m), edges: arena.take(12 * moveRoom.edges), others: arena.take(4 * moveRoom.others) };
  const [pulls, pushes] = [arena.take(8 * pull.length), arena.take(8 * push.length)];
  arena.f64(pulls, pull.length).set(pull);
  arena.f64(pushes, push.length).set(push);
  return {
    positions: arena.f64(places.positions, 2 * m),
    edges: arena.i32(places.edges, 3 * moveRoom.edges),
    others: arena.i32(places.others, moveRoom.others),
    move: (count, rate) => exports.move(places.positions, places.edges, count, places.others, first, parts, pulls, pushes, rate),
  };
}
