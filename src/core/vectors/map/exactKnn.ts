import { msg, type Progress } from "../../contract/index.js";
import { crew, isShared, roomOf, valuesToShare } from "../../kernels/crew.js";
import { kernels } from "../../kernels/current.js";
import { inPieces, type Task } from "../../kernels/pieces.js";
import { meanwhile, through } from "../../steps.js";
import { typescript } from "../../kernels/typescript.js";
import type { NearPairs } from "../../kernels/vectors.js";
import { grouped } from "../../text/numberText.js";
import { blockPairs } from "../blockPairs.js";
import { Candidates, copyKept, distanceBetween, keptOf, keptPart, limitOf, nearestFirst, roomFor, type Kept } from "./candidates.js";
import { blocksOf, pairsOf, waves, type Wave } from "./waves.js";

/** Nanoseconds of a multiplication, and those of all for which helpers are asked. */
const multiplying = () => (kernels().implementation === "typescript" ? 1 : 0.1);
const LEAST = 1e7;
/** Pairs of blocks that threads share before what they found is kept. */
const WAVE = 48;
/** Multiplications of a piece of the last choice. */
const CHOICE = 1 << 20;

/** What is found of each pair of blocks: place of the row in `Wave`, times `columns`, and of the column. */
type Found = {
  readonly places: Int32Array; // [WAVE, block²] as `NearPairs` has them
  readonly products: Float32Array; // [WAVE, block²]
  readonly distances: Float32Array; // [WAVE, block²] NaN where the products tell enough
  readonly counts: Int32Array; // [WAVE]
};

type Near = ReturnType<NearPairs["find"]>;
const nothing: Near = { places: new Int32Array(0), products: new Float32Array(0) };

/** What neighbours are looked for of. */
export type Points = {
  readonly units: Float32Array; // [m, d]
  readonly m: number;
  readonly d: number;
  readonly k: number;
};

type FindInput = {
  /** Tells searches apart. */
  readonly id: number;
  readonly points: Points;
  readonly wave: Wave;
  readonly limits: Float64Array; // [m] see Kept
  readonly farthest: Float32Array; // [m]
  readonly found: Found;
};

/** Pairs of points that may be near enough to be kept. A piece is a pair of blocks. */
function findTask(open: (input: FindInput) => NearPairs): Task<FindInput> {
  return {
    name: "near pairs",
    open(input) {
      const { points: { m }, wave, limits, found: { counts } } = input;
      const pairs = open(input);
      const { block } = pairs;
      return (piece) => {
        const [start, from] = [wave.row + Math.floor(piece / wave.columns), wave.column + (piece % wave.columns)].map((at) => at * block);
        const near = from < start ? nothing : pairs.find(start, Math.min(m, start + block), from, Math.min(m, from + block), limits);
        counts[piece] = pick(near, input, block, start, from, piece * block * block);
        return []; // in one step
      };
    },
  };
}

/** Copies to `found`, from `base` on, what is near enough of what was found near. @returns how many these are */
function pick(near: Near, input: FindInput, block: number, start: number, from: number, base: number): number {
  const { points: { units, d }, limits, farthest, found } = input;
  let to = base;
  let i = start;
  let end = block; // of the row's places
  for (let n = 0; n < near.places.length; n++) {
    const place = near.places[n];
    const product = near.products[n];
    for (; place >= end; end += block) i++;
    const j = from + place - end + block;
    const toRow = product >= limits[i];
    const toColumn = product >= limits[j];
    if (!toRow && !toColumn) continue;
    let distance = NaN;
    if ((toRow && farthest[i] < Infinity) || (toColumn && farthest[j] < Infinity)) {
      distance = distanceBetween(units, d, i, j);
      if (!(toRow && distance < farthest[i]) && !(toColumn && distance < farthest[j])) continue;
    }
    found.places[to] = place;
    found.products[to] = product;
    found.distances[to++] = distance;
  }
  return to - base;
}

/** A helper's side: the rows are laid out once for a search. */
function helperTask(): Task<FindInput> {
  let held: { readonly id: number; readonly near: NearPairs } | undefined;
  return findTask(({ id, points: { units, m, d } }) => {
    if (held?.id !== id) held = { id, near: kernels().vectors.nearPairs(units, m, d) };
    return held.near;
  });
}

type KeepInput = {
  readonly points: Points;
  readonly block: number;
  readonly wave: Wave;
  readonly found: Found;
  readonly kept: Kept; // [m]
  /** [pieces · block] where what is kept then goes; without it, to where it was */
  readonly into: Kept | undefined;
};

/** Keeps of what a wave found what is near enough. A piece is a block of points. */
const keepTask: Task<KeepInput> = {
  name: "keep neighbours",
  open({ points: { units, m, d, k }, block, wave, found, kept, into }) {
    const { row, rows, column, columns } = wave;
    const blocks = blocksOf(wave);
    const scratch = into && keptOf(block, k, false);
    return (piece) => {
      const own = blocks[piece];
      const [start, end] = [own * block, Math.min(m, (own + 1) * block)];
      const before = keptPart(kept, start, end, k);
      const after = scratch ? keptPart(scratch, 0, end - start, k) : before;
      if (scratch) copyKept(before, after);
      const candidates = new Candidates(units, d, k, start, after);
      const offer = (r: number, c: number, asRow: boolean): void => {
        const pair = (r - row) * columns + c - column;
        offerAll(candidates, found, pair * block * block, found.counts[pair], block, r * block, c * block, asRow);
      };
      // Others in their order: those of blocks before it, then those behind.
      if (own >= column && own < column + columns) for (let r = row; r < Math.min(row + rows, own + 1); r++) offer(r, own, false);
      if (own < row + rows) for (let c = Math.max(own, column); c < column + columns; c++) offer(own, c, true);
      if (into) copyKept(after, keptPart(into, piece * block, piece * block + end - start, k));
      return []; // in one step
    };
  },
};

/** Offers what was found of a pair of blocks to the points of its rows, or of its columns. */
function offerAll(
  candidates: Candidates,
  found: Found,
  base: number,
  count: number,
  block: number,
  start: number,
  from: number,
  toRows: boolean,
): void {
  const { places, products, distances } = found;
  const { limits, first } = candidates;
  let i = start;
  let end = block; // of the row's places
  for (let at = base; at < base + count; at++) {
    const place = places[at];
    for (; place >= end; end += block) i++;
    const j = from + place - end + block;
    const [to, other] = toRows ? [i, j] : [j, i];
    if (products[at] >= limits[to - first]) candidates.offer(to, other, products[at], distances[at]);
  }
}

type ChoiceInput = Points & {
  readonly kept: Kept; // [m]
  readonly rows: number; // of a piece
  readonly out: Int32Array; // [m, k]
  readonly distances: Float32Array; // [m, k]
};

/** Puts the nearest candidates of points in their order. A piece is some rows. */
const choiceTask: Task<ChoiceInput> = {
  name: "choose neighbours",
  open: ({ units, d, m, k, kept: { counts, indices, products }, rows, out, distances }) => {
    const room = roomFor(k);
    const near = new Int32Array(room);
    const scratch = new Float32Array(room);
    return (piece) => {
      for (let i = piece * rows; i < Math.min(m, (piece + 1) * rows); i++) {
        const [base, end] = [i * room, i * room + counts[i]];
        const limit = limitOf(products, base, end, k, scratch);
        let count = 0;
        for (let at = base; at < end; at++) if (products[at] >= limit) near[count++] = indices[at];
        nearestFirst(units, d, i, near.subarray(0, count), out.subarray(i * k, (i + 1) * k), distances.subarray(i * k, (i + 1) * k));
        out.fill(-1, i * k + count, (i + 1) * k);
        distances.fill(Infinity, i * k + count, (i + 1) * k);
      }
      return []; // in one step
    };
  },
};

/** What helpers can do of it. */
export const nearTasks = [helperTask(), keepTask, choiceTask] as readonly Task<never>[];

let searches = 0;

export type Nearest = {
  readonly indices: Int32Array; // [m, k] nearest first, ties by index; −1 where there is none
  readonly distances: Float32Array; // [m, k]
};

/**
 * The nearest k of all other rows, for every row, block by block in the order of the rows. Threads share waves of blocks: first they look for
 * near pairs, then keep what they found. The k nearest are the same whatever is found beside them, and so however many threads and blocks
 * there are.
 * @param units [m, d] rows of length 1 or zero
 */
export function* exactNeighbours(units: Float32Array, m: number, d: number, k: number): Generator<Progress, Nearest, void> {
  const wanted = crew().helpers > 0 && 0.5 * m * m * d * multiplying() >= LEAST;
  const message = (done: number) => msg("Neighbours of {0} of {1} points", grouped(Math.min(m, done)), grouped(m));
  const source = wanted ? yield* through(valuesToShare(units, m * d), () => ({ fraction: 0, message: message(0) })) : units;
  const kept = keptOf(m, k, wanted);
  const helped = [source, ...Object.values(kept)].every(isShared);
  const points = { units: source, m, d, k };
  yield* through(collect(points, kept, helped), ([fraction, done]) => ({ fraction, message: message(done) }));
  const out = new Int32Array(roomOf(4 * m * k, helped));
  const distances = new Float32Array(roomOf(4 * m * k, helped));
  const rows = Math.max(1, Math.floor(CHOICE / (roomFor(k) * d + 1)));
  const choice = inPieces(choiceTask, { ...points, kept, rows, out, distances }, Math.ceil(m / rows), helped && [out, distances].every(isShared));
  yield* through(choice, (piece) => ({ fraction: 1, message: message(piece * rows) }));
  return { indices: out, distances };
}

/** Candidates of all points, into `kept`. Yields the share that is done, and of how many points all are found. */
function* collect(points: Points, kept: Kept, helped: boolean): Generator<[number, number], void, void> {
  const { units, m, d, k } = points;
  const { near, sameElsewhere } = nearPairsOf(units, m, d);
  const { block } = near;
  const blocks = Math.ceil(m / block);
  const id = ++searches;
  const most = helped ? WAVE : 1;
  const room = () => foundRoom(most, block, helped);
  const staging = () => (helped ? keptOf((most + 1) * block, k, true) : undefined);
  let [found, into] = [room(), staging()];
  let takingOver = takeOver(kept, kept, [], points, block);
  let done = 0;
  for (const wave of waves(blocks, most)) {
    const share = (): [number, number] => [done / blockPairs(blocks), wave.row * block];
    const reached = [...Object.values(found), ...Object.values(into ?? {})].every(isShared);
    const { limits, farthest } = kept;
    const finding = inPieces(findTask(() => near), { id, points, wave, limits, farthest, found }, wave.rows * wave.columns, sameElsewhere && reached);
    const [foundInTime] = yield* through(meanwhile(finding, takingOver), share);
    const touched = blocksOf(wave);
    const keeping = inPieces(keepTask, { points, block, wave, found, kept, into }, touched.length, reached);
    const keptInTime = yield* through(keeping, share);
    // A late helper still reads what was found and kept, and writes what it makes of it: the same, as long as that does not change.
    if (!foundInTime || !keptInTime) found = room();
    if (into && !keptInTime) into = copyKept(into, staging()!);
    if (into) takingOver = takeOver(into, kept, touched, points, block);
    done += pairsOf(wave);
  }
  for (const _ of takingOver) yield [1, m];
}

/** Makes what was kept of some blocks what is kept of all: their limits at once, the rest block by block. */
function takeOver(from: Kept, kept: Kept, blocks: readonly number[], { m, k }: Points, block: number): Generator<void, void, void> {
  const parts = blocks.map((own, at) => {
    const [start, end] = [own * block, Math.min(m, (own + 1) * block)];
    return [keptPart(from, at * block, at * block + end - start, k), keptPart(kept, start, end, k)] as const;
  });
  for (const [part, whole] of parts) {
    whole.limits.set(part.limits);
    whole.farthest.set(part.farthest);
  }
  return (function* () {
    for (const [part, whole] of parts) {
      copyKept(part, whole);
      yield;
    }
  })();
}

function foundRoom(pairs: number, block: number, shared: boolean): Found {
  const size = pairs * block * block;
  return {
    places: new Int32Array(roomOf(4 * size, shared)),
    products: new Float32Array(roomOf(4 * size, shared)),
    distances: new Float32Array(roomOf(4 * size, shared)),
    counts: new Int32Array(roomOf(4 * pairs, shared)),
  };
}

/** Pairs by the kernels in use, or by TypeScript where these have no room, whose pairs and products may be others than another thread's. */
function nearPairsOf(units: Float32Array, m: number, d: number): { readonly near: NearPairs; readonly sameElsewhere: boolean } {
  try {
    return { near: kernels().vectors.nearPairs(units, m, d), sameElsewhere: true };
  } catch (error) {
    if (error instanceof RangeError) return { near: typescript.vectors.nearPairs(units, m, d), sameElsewhere: false };
    throw error;
  }
}
