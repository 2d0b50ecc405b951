import { msg, type Env, type Message, type Problem, type Progress } from "../../contract/index.js";
import { through } from "../../steps.js";
import { grouped } from "../../text/numberText.js";
import type { MapPart } from "../trace.js";
import { affinities } from "./affinities.js";
import { Frames } from "./frames.js";
import { fuzzyGraph } from "./fuzzy.js";
import { nearestNeighbours } from "./knn.js";
import type { MapParams } from "./points.js";
import { lossEvery, SparseTsne } from "./tsne.js";
import { UmapLayout } from "./umap.js";

/** What is seen of a layout. */
export type Layout = Pick<MapPart, "positions" | "iterations" | "loss" | "lossAt" | "explained" | "finished">;

/** Iterations of t-SNE or UMAP, which may be stopped between two and gone on with as if there had been no stop. */
export type Course = {
  readonly method: SparseTsne | UmapLayout;
  readonly planned: number;
  made: number;
  readonly frames: Frames;
  readonly loss: number[];
  readonly lossAt: number[];
  /** What the reader is to know of it. */
  readonly notes: readonly Problem[];
};

type Units = { readonly units: Float32Array; readonly m: number; readonly d: number };

/**
 * Finds neighbours and lays points out for the first time. Yields every few milliseconds.
 * @param units [m, d] rows of length 1
 * @param k neighbours, below m
 */
export function* beginCourse(
  { units, m, d }: Units,
  k: number,
  params: MapParams,
  { random }: Env,
  notes: readonly Problem[],
): Generator<Progress, Course, void> {
  const knn = yield* nearestNeighbours(units, m, d, k, random);
  const { projection, perplexity, min_dist: minDist, max_iter: planned } = params;
  const progress = () => ({ fraction: 0, message: messageOf({ planned, made: 0, loss: [] }) });
  const method =
    projection === "tsne"
      ? yield* through(SparseTsne.of(yield* affinities(knn, perplexity), random, planned), progress)
      : yield* through(UmapLayout.of(yield* fuzzyGraph(knn), { minDist, iterations: planned, random }), progress);
  const frames = new Frames(m, planned);
  frames.offer(0, method.layout);
  return { method, planned, made: 0, frames, loss: [], lossAt: [], notes: knn.exact ? notes : [...notes, approximateNote(m)] };
}

/**
 * Goes on with the iterations until all planned ones are made, or `stopping` says so. Yields every few milliseconds what there is.
 * @returns null where none was made
 */
export function* goOn(course: Course, stopping: () => boolean): Generator<Progress<Layout>, Layout | null, void> {
  const { method, planned, frames, loss, lossAt } = course;
  const tsne = method instanceof SparseTsne ? method : undefined;
  const explained = new Float64Array(0);
  const newest = (): Layout => ({
    positions: Float32Array.from(method.layout), iterations: Int32Array.of(course.made),
    loss: Float64Array.from(loss), lossAt: Int32Array.from(lossAt), explained, finished: false,
  });
  // Also amid an iteration: a large map's are longer than the slices whose last word is shown.
  const sofar = (): Progress<Layout> => {
    const told = { fraction: course.made / planned, message: messageOf(course) };
    return course.made > 0 ? { ...told, trace: newest } : told;
  };
  while (course.made < planned && !stopping()) {
    yield* through(method.step(), sofar);
    if (tsne && course.made % lossEvery === 0) {
      loss.push(tsne.lastDivergence);
      lossAt.push(course.made);
    }
    course.made++;
    frames.offer(course.made, method.layout);
    yield sofar();
  }
  if (course.made === 0) return null;
  // Beside those that are due, which are kept for going on.
  const last = tsne ? [yield* through(tsne.divergenceNow(), sofar)] : [];
  return {
    ...frames.upTo(course.made, method.layout),
    loss: Float64Array.from([...loss, ...last]),
    lossAt: Int32Array.from([...lossAt, ...last.map(() => course.made)]),
    explained,
    finished: course.made === planned,
  };
}

function messageOf({ made, planned, loss }: Pick<Course, "made" | "planned" | "loss">): Message {
  const newest = loss.at(-1);
  return newest === undefined
    ? msg("iteration {0} of {1}", made, planned)
    : msg("iteration {0} of {1}, divergence {2}", made, planned, newest.toFixed(3));
}

function approximateNote(m: number): Problem {
  return {
    severity: "info",
    message: msg("Comparing all pairs of {0} points would take several times as long, so the layout rests on neighbours found among likely ones. The neighbours shown for a point are exact.", grouped(m)),
  };
}
