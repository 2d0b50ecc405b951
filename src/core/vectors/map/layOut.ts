import { msg, type Env, type Message, type Outcome, type Problem, type Progress } from "../../contract/index.js";
import { through } from "../../kernels/through.js";
import { grouped } from "../../text/numberText.js";
import { pca } from "../pca.js";
import type { MapPart } from "../trace.js";
import { affinities } from "./affinities.js";
import { choosePoints, type Chosen } from "./choose.js";
import { directionsOf, unitRows, type Directions } from "./directions.js";
import { Frames } from "./frames.js";
import { fuzzyGraph } from "./fuzzy.js";
import { nearestNeighbours, type Knn } from "./knn.js";
import type { MapParams, MapPoints } from "./points.js";
import { trustOf } from "./trust.js";
import { lossEvery, SparseTsne } from "./tsne.js";
import { UmapLayout } from "./umap.js";

const LEAST = 3;
/** Shares of variance that are told. */
const AXES = 10;

/** Numbers copied, and points gone through, between two yields. */
const COPIED = 1 << 20;
const NAMED = 1 << 17;

type Layout = Pick<MapPart, "positions" | "iterations" | "loss" | "lossAt" | "explained" | "finished">;
type Steps = Generator<Progress<MapPart>, Layout | readonly Problem[], void>;

/**
 * Lays points out in the plane: PCA of the vectors as they are, or t-SNE and UMAP of their directions, whose neighbours are
 * those by cosine. Yields every few milliseconds, with `trace` once there is a layout to draw; ends early, and keeps what
 * there is, when `env.stopping()` says so. What the reader can mend (a perplexity too large) is a problem;
 * there is none where it was stopped before the first layout.
 */
export function* layOut(points: MapPoints, params: MapParams, env: Env): Generator<Progress<MapPart>, Outcome<MapPart>, void> {
  const begun = env.now();
  const chosen = yield* choosePoints(points, params);
  const m = chosen.indices.length;
  if (m < LEAST) return refused(msg("A map needs at least {0} vectors; there are {1}. Select more rows.", LEAST, m));
  const problems: Problem[] = [];
  const directions = yield* directionsOf(points, chosen.indices);
  const part = yield* partOf(points, params, chosen);
  const draw = (layout: Layout): MapPart => ({ ...part, ...layout, milliseconds: env.now() - begun, trust: null });
  const layout =
    params.projection === "pca"
      ? yield* byPca(points, chosen.indices)
      : yield* byNeighbours(directions, params, env, draw, problems);
  if (!("positions" in layout)) return { ok: false, problems: layout };
  const last = layout.positions.subarray(layout.positions.length - 2 * m);
  const trust = env.stopping() ? null : yield* trustOf(directions, last);
  return { ok: true, trace: { ...draw(layout), trust }, problems };
}

type Part = Omit<MapPart, keyof Layout | "milliseconds" | "trust">;

function* partOf(points: MapPoints, { projection }: MapParams, { indices, leftOut, cut }: Chosen): Generator<Progress, Part, void> {
  const m = indices.length;
  const names: string[] = [];
  const rows = new Int32Array(m);
  for (let i = 0; i < m; i++) {
    names.push(points.names[indices[i]]);
    rows[i] = points.rowOf(indices[i]);
    if (i % NAMED === NAMED - 1) yield { fraction: NaN, message: msg("Looking at {0} of {1} vectors", grouped(i + 1), grouped(m)) };
  }
  return { projection, points: points.kind, m, total: points.n, cut, names, indices, rows, leftOut };
}

function* byPca(points: MapPoints, indices: Int32Array): Steps {
  const m = indices.length;
  const k = Math.min(AXES, m, points.d);
  const found = yield* pca({ n: m, d: points.d, values: yield* chosenRows(points, indices) }, k);
  const positions = new Float32Array(2 * m);
  // Squares beyond double precision, and places beyond single precision.
  let large = found.explainedVarianceRatio.some(Number.isNaN);
  for (let i = 0; i < m; i++) {
    positions[2 * i] = found.projections[i * k];
    if (k > 1) positions[2 * i + 1] = found.projections[i * k + 1];
    if (!Number.isFinite(positions[2 * i]) || !Number.isFinite(positions[2 * i + 1])) large = true;
  }
  if (large) return [{ severity: "error", message: msg("The numbers are too large for a map by PCA. Divide the vectors by a common number.") }];
  return { positions, iterations: Int32Array.of(0), loss: new Float64Array(0), lossAt: new Int32Array(0), explained: found.explainedVarianceRatio, finished: true };
}

/** [m, d] */
function* chosenRows({ d, values }: MapPoints, indices: Int32Array): Generator<Progress, MapPoints["values"], void> {
  const m = indices.length;
  if (indices[m - 1] === m - 1) return values.subarray(0, m * d);
  const rows = new Float64Array(m * d);
  const block = Math.ceil(COPIED / d);
  for (let i = 0; i < m; i++) {
    rows.set(values.subarray(indices[i] * d, (indices[i] + 1) * d), i * d);
    if (i % block === block - 1) yield { fraction: NaN, message: msg("Looking at {0} of {1} vectors", grouped(i + 1), grouped(m)) };
  }
  return rows;
}

type Draw = (layout: Layout) => MapPart;

function* byNeighbours(directions: Directions, params: MapParams, env: Env, draw: Draw, problems: Problem[]): Steps {
  const { m, d } = directions;
  const tsne = params.projection === "tsne";
  if (tsne && params.perplexity >= m) return [perplexityProblem(params.perplexity, m)];
  const k = tsne ? Math.min(m - 1, Math.max(1, Math.floor(3 * params.perplexity))) : Math.min(m, params.n_neighbors) - 1;
  if (!tsne && params.n_neighbors > m) {
    problems.push({ severity: "info", message: msg("n_neighbors is {0}, but there are {1} points; all of them count as neighbours.", params.n_neighbors, m) });
  }
  const units = yield* unitRows(directions);
  const knn = yield* untilStopped(nearestNeighbours(units, m, d, k, env.random), env);
  if (!knn) return [];
  if (!knn.exact) problems.push(approximateNote(m));
  const method = yield* untilStopped(begin(knn, params, env), env);
  return method ? yield* optimise(method, m, params.max_iter, env, draw) : [];
}

/** What steps return, unless they are stopped before; helpers are then told so. */
function* untilStopped<R>(steps: Generator<Progress, R, void>, env: Env): Generator<Progress, R | undefined, void> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      yield step.value;
      if (env.stopping()) return undefined;
    }
  } finally {
    steps.return(undefined as R);
  }
}

/** The first layout. */
function* begin(knn: Knn, params: MapParams, { random }: Env): Generator<Progress, SparseTsne | UmapLayout, void> {
  const iterations = params.max_iter;
  const progress = () => ({ fraction: 0, message: messageOf(0, iterations, undefined) });
  if (params.projection === "tsne") return yield* through(SparseTsne.of(yield* affinities(knn, params.perplexity), random, iterations), progress);
  return yield* through(UmapLayout.of(yield* fuzzyGraph(knn), { minDist: params.min_dist, iterations, random }), progress);
}

function* optimise(method: SparseTsne | UmapLayout, m: number, planned: number, env: Env, draw: Draw): Steps {
  const frames = new Frames(m, planned);
  const loss: number[] = [];
  const lossAt: number[] = [];
  const told = (finished: boolean) => ({ loss: Float64Array.from(loss), lossAt: Int32Array.from(lossAt), explained: new Float64Array(0), finished });
  const tsne = method instanceof SparseTsne ? method : undefined;
  let made = 0;
  const newest = (): MapPart => draw({ ...told(false), positions: Float32Array.from(method.layout), iterations: Int32Array.of(made) });
  // Also amid an iteration: a large map's are longer than the slices whose last word is shown.
  const sofar = (): Progress<MapPart> => ({
    fraction: made / planned, message: messageOf(made, planned, loss.at(-1)), ...(made > 0 ? { trace: newest } : {}),
  });
  frames.offer(0, method.layout);
  while (made < planned && !env.stopping()) {
    yield* through(method.step(), sofar);
    if (tsne && made % lossEvery === 0) {
      loss.push(tsne.lastDivergence);
      lossAt.push(made);
    }
    made++;
    frames.offer(made, method.layout);
    yield sofar();
  }
  if (made === 0) return [];
  frames.offer(made, method.layout, true);
  if (tsne && lossAt.at(-1) !== made) {
    loss.push(yield* through(tsne.divergenceNow(), sofar));
    lossAt.push(made);
  }
  return { ...told(made === planned), ...frames.all() };
}

function messageOf(made: number, planned: number, loss: number | undefined): Message {
  return loss === undefined
    ? msg("iteration {0} of {1}", made, planned)
    : msg("iteration {0} of {1}, divergence {2}", made, planned, loss.toFixed(3));
}

function refused(message: Message): Outcome<MapPart> {
  return { ok: false, problems: [{ severity: "error", message }] };
}

function perplexityProblem(perplexity: number, m: number): Problem {
  const fitting = Math.max(1, Math.floor((m - 1) / 3));
  return {
    severity: "error",
    message: msg("perplexity is {0}, but it must be less than the number of points, {1}: a point can't have more neighbours than there are.", perplexity, grouped(m)),
    fixes: [{ label: msg("Use perplexity {0}", fitting), params: { perplexity: fitting } }],
  };
}

function approximateNote(m: number): Problem {
  return {
    severity: "info",
    message: msg("Comparing all pairs of {0} points would take minutes, so the layout rests on neighbours found among likely ones. The neighbours shown for a point are exact.", grouped(m)),
  };
}
