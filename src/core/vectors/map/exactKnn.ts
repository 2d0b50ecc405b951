import { msg, type Progress } from "../../contract/index.js";
import { crew, isShared, sharedDoubles } from "../../kernels/crew.js";
import { kernels } from "../../kernels/current.js";
import { inPieces, type Task } from "../../kernels/pieces.js";
import { through } from "../../kernels/through.js";
import { typescript } from "../../kernels/typescript.js";
import type { NearPairs } from "../../kernels/vectors.js";
import { grouped } from "../../text/numberText.js";
import { blockPair, blockPairs } from "../blockPairs.js";
import { distanceOf } from "./forest.js";
import type { Heaps } from "./heaps.js";

/** Slack for the rounding of a limit. */
const ROUNDING = 1e-12;
/** Nanoseconds of a multiplication, and those of all for which helpers are asked. */
const multiplying = () => (kernels().implementation === "typescript" ? 1 : 0.1);
const LEAST = 1e7;
/** Pairs of blocks that threads share before what they found is kept. */
const WAVE = 32;

type Found = {
  readonly places: Int32Array; // [WAVE, block²] as `NearPairs` has them
  readonly distances: Float64Array; // [WAVE, block²]
  readonly counts: Int32Array; // [WAVE]
};

type WaveInput = Found & {
  /** Tells searches apart. */
  readonly id: number;
  readonly units: Float32Array; // [m, d]
  readonly m: number;
  readonly d: number;
  readonly limits: Float64Array; // [m] the product below which a row keeps no other
  readonly first: number; // pair of blocks
};

/** Pairs of points that may be near enough to be kept, and how far apart they are. A piece is a pair of blocks. */
function waveTask(open: (input: WaveInput) => NearPairs): Task<WaveInput> {
  return {
    name: "near pairs",
    open(input) {
      const { units, m, d, limits, first, places, distances, counts } = input;
      const near = open(input);
      const { block } = near;
      return (piece) => {
        const [start, from] = blockPair(first + piece, Math.ceil(m / block)).map((at) => at * block);
        const found = near.find(start, Math.min(m, start + block), from, Math.min(m, from + block), limits);
        let at = piece * block * block;
        for (const place of found) {
          places[at] = place;
          distances[at++] = distanceOf(product(units, d, start + Math.floor(place / block), from + (place % block)));
        }
        counts[piece] = found.length;
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

/** What helpers can do of it. */
export const nearTask = helperTask() as Task<never>;

let searches = 0;

/**
 * Offers every point all others, block by block in the order of the rows. Threads share waves of blocks; what these find is
 * looked at again in that order, so that the same are kept however many threads and blocks there are.
 */
export function* allPairs(units: Float32Array, d: number, heaps: Heaps): Generator<Progress, void, void> {
  const { m } = heaps;
  const helped = crew().helpers > 0 && 0.5 * m * m * d * multiplying() >= LEAST;
  const near = nearPairsOf(units, m, d);
  const { block } = near;
  const blocks = Math.ceil(m / block);
  const pairs = blockPairs(blocks);
  const task = waveTask(() => near);
  const source = helped ? sharedUnits(units, m * d) : units;
  const id = ++searches;
  let limits: Float64Array = (helped ? sharedDoubles(m) : new Float64Array(m)).fill(-Infinity);
  let room = roomFor(helped ? WAVE : 1, block, helped);
  let first = 0;
  while (first < pairs) {
    // Rows keep anything at first: short waves, so that limits are soon known.
    const wave = helped ? Math.min(WAVE, Math.max(1, first), pairs - first) : 1;
    const progress = () => {
      const [row] = blockPair(first, blocks);
      return { fraction: first / pairs, message: msg("Neighbours of {0} of {1} points", grouped(row * block), grouped(m)) };
    };
    const found = room;
    const input = { ...found, id, units: source, m, d, limits, first };
    if (!(yield* through(inPieces(task, input, wave, helped), progress))) {
      // A late helper still reads the limits, and writes what was found.
      limits = copied(limits);
      room = roomFor(WAVE, block, true);
    }
    for (let piece = 0; piece < wave; piece++) {
      const [start, from] = blockPair(first + piece, blocks).map((at) => at * block);
      keep(found, piece, start, from, block, heaps);
      for (const at of [start, from]) for (let i = at; i < Math.min(m, at + block); i++) limits[i] = limitOf(heaps.bound(i));
      yield progress();
    }
    first += wave;
  }
}

function keep({ places, distances, counts }: Found, piece: number, start: number, from: number, block: number, heaps: Heaps): void {
  const base = piece * block * block;
  for (let at = base; at < base + counts[piece]; at++) {
    const [i, j] = [start + Math.floor(places[at] / block), from + (places[at] % block)];
    const distance = distances[at];
    if (distance < heaps.bound(i)) heaps.offer(i, j, distance);
    if (distance < heaps.bound(j)) heaps.offer(j, i, distance);
  }
}

function roomFor(wave: number, block: number, shared: boolean): Found {
  const Room = shared ? SharedArrayBuffer : ArrayBuffer;
  const size = wave * block * block;
  return { places: new Int32Array(new Room(4 * size)), distances: new Float64Array(new Room(8 * size)), counts: new Int32Array(new Room(4 * wave)) };
}

function sharedUnits(units: Float32Array, length: number): Float32Array {
  if (isShared(units)) return units;
  const shared = new Float32Array(new SharedArrayBuffer(4 * length));
  shared.set(units.subarray(0, length));
  return shared;
}

function copied(values: Float64Array): Float64Array {
  const copy = sharedDoubles(values.length);
  copy.set(values);
  return copy;
}

/** The least product of rows of length 1 that are not farther apart than so. */
function limitOf(distance: number): number {
  return 1 - (distance * distance) / 2 - ROUNDING;
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

/** Of rows i and j, with four sums at once: one would wait for each addition to finish. */
function product(units: Float32Array, d: number, i: number, j: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [a, b] = [i * d, j * d];
  for (const whole = a + d - (d % 4); a < whole; a += 4, b += 4) {
    s0 += units[a] * units[b];
    s1 += units[a + 1] * units[b + 1];
    s2 += units[a + 2] * units[b + 2];
    s3 += units[a + 3] * units[b + 3];
  }
  for (const end = (i + 1) * d; a < end; a++, b++) s0 += units[a] * units[b];
  return s0 + s1 + (s2 + s3);
}
