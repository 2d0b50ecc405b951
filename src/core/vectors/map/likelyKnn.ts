import { msg, type Progress } from "../../contract/index.js";
import { crew, isShared, roomOf, valuesToShare } from "../../kernels/crew.js";
import { kernels } from "../../kernels/current.js";
import { inPieces, type Task } from "../../kernels/pieces.js";
import { finish, through } from "../../steps.js";
import { typescript } from "../../kernels/typescript.js";
import type { RowProducts } from "../../kernels/vectors.js";
import { seededRandom } from "../../math/random.js";
import type { Nearest, Points } from "./exactKnn.js";
import { plantTree, type Tree } from "./forest.js";
import { link, type Links } from "./links.js";
import { Tries } from "./tries.js";

/** Multiplications between two yields: a few milliseconds. */
const STEP = 1 << 22;
/** With fewer, more neighbours are missed where points are in no groups. */
const TREES = 12;
/** Points of a leaf at most, but as many as neighbours. */
const LEAF = 50;
const ROUNDS = 4;
/** Neighbours of a point whose own neighbours are tried, and as many points that have it as theirs. */
const WIDE = 12;
/** The parts of the progress that planting trees and comparing their leaves are. */
const PLANTING = 0.3;
const LEAVES = 0.3;
/** Of all those, the part that is new in a round after which none follows. */
const FEW = 0.002;

type Input = {
  /** Tells searches apart. */
  readonly id: number;
  readonly points: Points;
};

type PlantInput = Input & {
  readonly most: number; // points of a leaf
  readonly seeds: readonly number[]; // of each tree
  readonly trees: Tree; // of all, [trees, m]
};

/** A piece is a tree. */
function plantTask(open: (input: Input) => RowProducts): Task<PlantInput> {
  return {
    name: "plant trees",
    open(input) {
      const { points: { units, m, d }, most, seeds, trees } = input;
      const rows = open(input);
      return function* (tree) {
        const planted = yield* plantTree(rows, units, m, d, most, seededRandom(seeds[tree]), STEP);
        trees.order.set(planted.order, tree * m);
        trees.leaves.set(planted.leaves, tree * m);
      };
    },
  };
}

type TryInput = Input & {
  /** Places of the tree that a piece has; points that are near one another there have much in common. */
  readonly count: number;
  readonly tree: Tree;
  /** Whose neighbours are tried; without it, those in the same leaf are. */
  readonly links: Links | undefined;
  readonly before: Nearest;
  readonly after: Nearest;
};

/** Tries points as neighbours of some others. A piece is some points. */
function tryTask(open: (input: Input) => RowProducts): Task<TryInput> {
  return {
    name: "try neighbours",
    open(input) {
      const { points: { units, m, d, k }, count, tree, links, before, after } = input;
      const tries = new Tries(open(input), units, m, d, k);
      return (piece) => {
        for (let place = piece * count; place < Math.min(m, (piece + 1) * count); place++) {
          const i = tree.order[place];
          tries.begin(i, before);
          if (links) tryLinks(tries, i, links);
          else tryLeaf(tries, i, tree);
          tries.end(after);
        }
        return []; // in one step
      };
    },
  };
}

function tryLeaf(tries: Tries, i: number, { order, leaves }: Tree): void {
  const leaf = leaves[i];
  for (let place = leaf; place < order.length && leaves[order[place]] === leaf; place++) tries.offer(order[place]);
}

/** Both ways of two links are known where neither is new. */
function tryLinks(tries: Tries, i: number, { width, others, fresh }: Links): void {
  for (let at = i * width; at < (i + 1) * width; at++) {
    const j = others[at];
    if (j < 0) continue;
    for (let to = j * width; to < (j + 1) * width; to++) if (others[to] >= 0 && (fresh[at] || fresh[to])) tries.offer(others[to]);
  }
}

/** A helper's side: the rows are laid out once for a search. */
function heldRows(): (input: Input) => RowProducts {
  let held: { readonly id: number; readonly rows: RowProducts } | undefined;
  return ({ id, points: { units, m, d } }) => {
    if (held?.id !== id) held = { id, rows: finish(kernels().vectors.rowProducts(units, m, d)) };
    return held.rows;
  };
}

const rowsOfHelper = heldRows();
/** What helpers can do of it. */
export const likelyTasks = [plantTask(rowsOfHelper), tryTask(rowsOfHelper)] as readonly Task<never>[];

let searches = 0;

/**
 * The k nearest of each of m points among likely ones: those in the same leaves of a forest of random projection trees (Dasgupta and Freund
 * 2008), then neighbours of neighbours (Dong, Moses and Li 2011). The same however many threads there are. Yields every few milliseconds.
 * @param units [m, d] rows of length 1 or zero
 */
export function* likelyNeighbours(units: Float32Array, m: number, d: number, k: number, random: () => number): Generator<Progress, Nearest, void> {
  const wanted = crew().helpers > 0;
  const looking = { fraction: 0, message: msg("Looking for neighbours: tree {0} of {1}", 1, TREES) };
  const points = { units: wanted ? yield* through(valuesToShare(units, m * d), () => looking) : units, m, d, k };
  const id = ++searches;
  const rows = yield* through(rowsOf(points), () => looking);
  const open = () => rows;

  const trees = { order: integers(TREES * m, wanted), leaves: integers(TREES * m, wanted) };
  const links = { width: 2 * Math.min(WIDE, k), others: integers(2 * WIDE * m, wanted), fresh: new Uint8Array(roomOf(2 * WIDE * m, wanted)) };
  let [before, after] = [room(m, k, wanted), room(m, k, wanted)];
  const helped = [points.units, trees.order, trees.leaves, links.others, links.fresh].every(isShared);
  const most = Math.max(LEAF, k);
  const seeds = Array.from({ length: TREES }, () => Math.floor(random() * 2 ** 32));
  yield* through(inPieces(plantTask(open), { id, points, most, seeds, trees }, TREES, helped), (taken) => ({
    fraction: (PLANTING * taken) / TREES,
    message: msg("Looking for neighbours: tree {0} of {1}", Math.min(TREES, taken + 1), TREES),
  }));

  /** Tries about so many for each point. Yields the share that is done. */
  function* trying(tried: number, tree: number, linked?: Links): Generator<number, void, void> {
    const count = Math.max(1, Math.floor(STEP / (tried * d + 1)));
    const pieces = Math.ceil(m / count);
    const reached = helped && [before, after].every((each) => Object.values(each).every(isShared));
    const input = { id, points, count, tree: treeOf(trees, tree, m), links: linked, before, after };
    const inTime = yield* through(inPieces(tryTask(open), input, pieces, reached), (taken) => taken / pieces);
    // A late helper writes what it finds: the same, as long as `before` stays as it is.
    if (!inTime) after = copied(after, helped);
    [before, after] = [after, before];
  }

  for (let tree = 0; tree < TREES; tree++) {
    const message = msg("Looking for neighbours: tree {0} of {1}", tree + 1, TREES);
    yield* through(trying(most, tree), (share) => ({ fraction: PLANTING + (LEAVES * (tree + share)) / TREES, message }));
  }
  for (let round = 0; round < ROUNDS; round++) {
    const fraction = (share: number) => PLANTING + LEAVES + ((1 - PLANTING - LEAVES) * (round + share)) / ROUNDS;
    const message = msg("Looking for neighbours among neighbours' neighbours: round {0} of {1}", round + 1, ROUNDS);
    const linking = link(links, before.indices, round === 0 ? undefined : after.indices, m, k);
    const fresh = yield* through(linking, () => ({ fraction: fraction(0), message }));
    if (fresh <= FEW * m * links.width) break;
    yield* through(trying(links.width ** 2, 0, links), (share) => ({ fraction: fraction(share), message }));
  }
  return before;
}

/** One of trees. */
function treeOf({ order, leaves }: Tree, tree: number, m: number): Tree {
  return { order: order.subarray(tree * m, (tree + 1) * m), leaves: leaves.subarray(tree * m, (tree + 1) * m) };
}

function room(m: number, k: number, shared: boolean): Nearest {
  return { indices: integers(m * k, shared).fill(-1), distances: new Float32Array(roomOf(4 * m * k, shared)).fill(Infinity) };
}

function copied({ indices, distances }: Nearest, shared: boolean): Nearest {
  const copy = { indices: integers(indices.length, shared), distances: new Float32Array(roomOf(4 * distances.length, shared)) };
  copy.indices.set(indices);
  copy.distances.set(distances);
  return copy;
}

function integers(count: number, shared: boolean): Int32Array {
  return new Int32Array(roomOf(4 * count, shared));
}

/** By the kernels in use, or by TypeScript where these have no room, which gives the same. */
function* rowsOf({ units, m, d }: Points): Generator<void, RowProducts, void> {
  try {
    return yield* kernels().vectors.rowProducts(units, m, d);
  } catch (error) {
    if (error instanceof RangeError) return yield* typescript.vectors.rowProducts(units, m, d);
    throw error;
  }
}
