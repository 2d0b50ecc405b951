import { msg, type Progress } from "../../contract/index.js";
import { crew, isShared } from "../../kernels/crew.js";
import { kernels } from "../../kernels/current.js";
import { inPieces, type Task } from "../../kernels/pieces.js";
import { meanwhile, through } from "../../kernels/through.js";
import { typescript } from "../../kernels/typescript.js";
import type { NearPairs } from "../../kernels/vectors.js";
import { grouped } from "../../text/numberText.js";
import { blockPair, blockPairs } from "../blockPairs.js";
import { Candidates, limitOf, nearestFirst } from "./candidates.js";

/** Nanoseconds of a multiplication, and those of all for which helpers are asked. */
const multiplying = () => (kernels().implementation === "typescript" ? 1 : 0.1);
const LEAST = 1e7;
/** Pairs of blocks that threads share before what they found is kept. */
const WAVE = 32;
/** Multiplications of a piece of the last choice. */
const CHOICE = 1 << 20;

/** What a wave reads and writes. */
type Room = {
  readonly limits: Float64Array; // [m] the product below which a row keeps no other
  readonly places: Int32Array; // [WAVE, block²] as `NearPairs` has them
  readonly products: Float32Array; // [WAVE, block²]
  readonly counts: Int32Array; // [WAVE]
};

type WaveInput = Room & {
  /** Tells searches apart. */
  readonly id: number;
  readonly units: Float32Array; // [m, d]
  readonly m: number;
  readonly d: number;
  readonly first: number; // pair of blocks
};

/** Pairs of points that may be near enough to be kept, and their products. A piece is a pair of blocks. */
function waveTask(open: (input: WaveInput) => NearPairs): Task<WaveInput> {
  return {
    name: "near pairs",
    open(input) {
      const { m, limits, first, places, products, counts } = input;
      const near = open(input);
      const { block } = near;
      return (piece) => {
        const [start, from] = blockPair(first + piece, Math.ceil(m / block)).map((at) => at * block);
        const found = near.find(start, Math.min(m, start + block), from, Math.min(m, from + block), limits);
        places.set(found.places, piece * block * block);
        products.set(found.products, piece * block * block);
        counts[piece] = found.places.length;
        return []; // in one step
      };
    },
  };
}

/** A helper's side: the rows are laid out once for a search. */
function helperTask(): Task<WaveInput> {
  let held: { readonly id: number; readonly near: NearPairs } | undefined;
  return waveTask(({ id, units, m, d }) => {
    if (held?.id !== id) held = { id, near: kernels().vectors.nearPairs(units, m, d) };
    return held.near;
  });
}

type ChoiceInput = Pick<Candidates, "counts" | "indices" | "products" | "room" | "m" | "k"> & {
  readonly units: Float32Array; // [m, d]
  readonly d: number;
  readonly rows: number; // of a piece
  readonly out: Int32Array; // [m, k]
  readonly distances: Float32Array; // [m, k]
};

/** Puts the nearest candidates of points in their order. A piece is some rows. */
const choiceTask: Task<ChoiceInput> = {
  name: "choose neighbours",
  open: ({ units, d, m, k, room, counts, indices, products, rows, out, distances }) => {
    const kept = new Int32Array(room);
    const scratch = new Float32Array(room);
    return (piece) => {
      for (let i = piece * rows; i < Math.min(m, (piece + 1) * rows); i++) {
        const [base, end] = [i * room, i * room + counts[i]];
        const limit = limitOf(products, base, end, k, scratch);
        let count = 0;
        for (let at = base; at < end; at++) if (products[at] >= limit) kept[count++] = indices[at];
        nearestFirst(units, d, i, kept.subarray(0, count), out.subarray(i * k, (i + 1) * k), distances.subarray(i * k, (i + 1) * k));
      }
      return []; // in one step
    };
  },
};

/** What helpers can do of it. */
export const nearTasks = [helperTask(), choiceTask] as readonly Task<never>[];

let searches = 0;

export type Nearest = {
  readonly indices: Int32Array; // [m, k] nearest first, ties by index; −1 where there is none
  readonly distances: Float32Array; // [m, k]
};

/**
 * The nearest k of all other rows, for every row, block by block in the order of the rows. Threads share waves of blocks; while
 * helpers are at one, this thread keeps what was found in the one before. The k nearest are the same whatever is found beside them, and so
 * however many threads and blocks there are.
 * @param units [m, d] rows of length 1 or zero
 */
export function* exactNeighbours(units: Float32Array, m: number, d: number, k: number): Generator<Progress, Nearest, void> {
  const helped = crew().helpers > 0 && 0.5 * m * m * d * multiplying() >= LEAST;
  const source = helped ? sharedUnits(units, m * d) : units;
  const candidates = new Candidates(units, d, m, k, helped);
  yield* collect(candidates, source, d, helped);
  const Room = helped ? SharedArrayBuffer : ArrayBuffer;
  const out = new Int32Array(new Room(4 * m * k)).fill(-1);
  const distances = new Float32Array(new Room(4 * m * k)).fill(Infinity);
  const { counts, indices, products, room } = candidates;
  const rows = Math.max(1, Math.floor(CHOICE / (room * d + 1)));
  const input = { units: source, d, m, k, room, counts, indices, products, rows, out, distances };
  const choice = inPieces(choiceTask, input, Math.ceil(m / rows), helped);
  yield* through(choice, (piece) => {
    const done = Math.min(m, piece * rows);
    return { fraction: 1, message: msg("Neighbours of {0} of {1} points", grouped(done), grouped(m)) };
  });
  return { indices: out, distances };
}

function* collect(candidates: Candidates, units: Float32Array, d: number, helped: boolean): Generator<Progress, void, void> {
  const { m } = candidates;
  const near = nearPairsOf(units, m, d);
  const { block } = near;
  const blocks = Math.ceil(m / block);
  const pairs = blockPairs(blocks);
  const task = waveTask(() => near);
  const id = ++searches;
  const most = helped ? WAVE : 1;
  const rooms = [roomFor(most, m, block, helped), roomFor(most, m, block, helped)];
  let keeping = keep(candidates, rooms[1], 0, 0, block);
  let first = 0;
  for (let turn = 0; first < pairs; turn = 1 - turn) {
    // Rows keep anything at first: short waves, so that limits are soon known.
    const wave = Math.min(most, Math.max(1, first), pairs - first);
    const progress = () => {
      const [row] = blockPair(first, blocks);
      return { fraction: first / pairs, message: msg("Neighbours of {0} of {1} points", grouped(row * block), grouped(m)) };
    };
    const room = rooms[turn];
    room.limits.set(candidates.limits);
    const finding = inPieces(task, { ...room, id, units, m, d, first }, wave, helped);
    const [inTime] = yield* through(meanwhile(finding, keeping), progress);
    keeping = keep(candidates, room, first, wave, block);
    // A late helper still reads the limits, and writes what it finds.
    if (!inTime) rooms[turn] = roomFor(most, m, block, helped);
    first += wave;
  }
  for (const _ of keeping) yield { fraction: 1, message: msg("Neighbours of {0} of {1} points", grouped(m), grouped(m)) };
}

/** Offers what a wave found to both points of each pair. */
function* keep(candidates: Candidates, { places, products, counts }: Room, first: number, wave: number, block: number): Generator<void, void, void> {
  const { m, limits } = candidates;
  const blocks = Math.ceil(m / block);
  for (let piece = 0; piece < wave; piece++) {
    const [start, from] = blockPair(first + piece, blocks).map((at) => at * block);
    const base = piece * block * block;
    let row = 0;
    for (let at = base; at < base + counts[piece]; at++) {
      while (places[at] >= (row + 1) * block) row++;
      const [i, j] = [start + row, from + places[at] - row * block];
      const product = products[at];
      if (product >= limits[i]) candidates.offer(i, j, product);
      if (product >= limits[j]) candidates.offer(j, i, product);
    }
    yield;
  }
}

function roomFor(wave: number, m: number, block: number, shared: boolean): Room {
  const Room = shared ? SharedArrayBuffer : ArrayBuffer;
  const size = wave * block * block;
  return {
    limits: new Float64Array(new Room(8 * m)),
    places: new Int32Array(new Room(4 * size)),
    products: new Float32Array(new Room(4 * size)),
    counts: new Int32Array(new Room(4 * wave)),
  };
}

function sharedUnits(units: Float32Array, length: number): Float32Array {
  if (isShared(units)) return units;
  const shared = new Float32Array(new SharedArrayBuffer(4 * length));
  shared.set(units.subarray(0, length));
  return shared;
}

/** Which pairs are looked at is left to the kernels, and what is kept is not: helpers may have others. */
function nearPairsOf(units: Float32Array, m: number, d: number): NearPairs {
  try {
    return kernels().vectors.nearPairs(units, m, d);
  } catch (error) {
    if (error instanceof RangeError) return typescript.vectors.nearPairs(units, m, d);
    throw error;
  }
}
