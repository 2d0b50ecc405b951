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
  const part = partOf(points, params, chosen);
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

function partOf(points: MapPoints, params: MapParams, { indices, leftOut, cut }: Chosen): Omit<MapPart, keyof Layout | "milliseconds" | "trust"> {
  return {
    projection: params.projection,
    points: points.kind,
    m: indices.length,
    total: points.n,
    cut,
    names: Array.from(indices, (i) => points.names[i]),
    indices,
    rows: Int32Array.from(indices, (i) => points.rows?.[i] ?? i),
    leftOut,
  };
}

function* byPca({ d, values }: MapPoints, indices: Int32Array): Steps {
  const m = indices.length;
  const prefix = indices[m - 1] === m - 1;
  const rows = prefix ? values.subarray(0, m * d) : new Float64Array(m * d);
  if (!prefix) for (let i = 0; i < m; i++) rows.set(values.subarray(indices[i] * d, (indices[i] + 1) * d), i * d);
  const k = Math.min(AXES, m, d);
  const found = yield* pca({ n: m, d, values: rows }, k);
  const positions = new Float32Array(2 * m);
  // Squares beyond double precision, and places beyond single precision.
  const large = found.explainedVarianceRatio.some(Number.isNaN) || found.projections.some((place) => !Number.isFinite(Math.fround(place)));
  if (large) return [{ severity: "error", message: msg("The numbers are too large for a map by PCA. Divide the vectors by a common number.") }];
  for (let i = 0; i < m; i++) {
    positions[2 * i] = found.projections[i * k];
    if (k > 1) positions[2 * i + 1] = found.projections[i * k + 1];
  }
  return { positions, iterations: Int32Array.of(0), loss: new Float64Array(0), lossAt: new Int32Array(0), explained: found.explainedVarianceRatio, finished: true };
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
  const searching = nearestNeighbours(units, m, d, k, env.random);
  try {
    for (;;) {
      const step = searching.next();
      if (step.done) {
        if (!step.value.exact) problems.push(approximateNote(m));
        return yield* optimise(step.value, params, env, draw);
      }
      yield step.value;
      if (env.stopping()) return [];
    }
  } finally {
    // Helpers of a search that was given up are told so.
    searching.return(undefined as never);
  }
}

function* optimise(knn: Knn, params: MapParams, env: Env, draw: Draw): Steps {
  const { m } = knn;
  const planned = params.max_iter;
  const frames = new Frames(m, planned);
  const loss: number[] = [];
  const lossAt: number[] = [];
  const result = (finished: boolean): Layout => ({
    ...frames.all(), loss: Float64Array.from(loss), lossAt: Int32Array.from(lossAt), explained: new Float64Array(0), finished,
  });
  const newest = (iteration: number, layout: Float64Array): MapPart => draw({
    ...result(false), positions: Float32Array.from(layout), iterations: Int32Array.of(iteration),
  });
  const method =
    params.projection === "tsne"
      ? new SparseTsne(yield* affinities(knn, params.perplexity), env.random, planned)
      : new UmapLayout(yield* fuzzyGraph(knn), { minDist: params.min_dist, iterations: planned, random: env.random });
  const tsne = method instanceof SparseTsne ? method : undefined;
  let made = 0;
  frames.offer(0, method.layout);
  while (made < planned && !env.stopping()) {
    const sofar = { fraction: made / planned, message: messageOf(made, planned, loss.at(-1)) };
    yield* through(method.step(), () => sofar);
    if (tsne && made % lossEvery === 0) {
      loss.push(tsne.lastDivergence);
      lossAt.push(made);
    }
    made++;
    frames.offer(made, method.layout);
    yield { fraction: made / planned, message: messageOf(made, planned, loss.at(-1)), trace: () => newest(made, method.layout) };
  }
  if (made === 0) return [];
  frames.offer(made, method.layout, true);
  if (tsne && lossAt.at(-1) !== made) {
    loss.push(tsne.divergenceNow());
    lossAt.push(made);
  }
  return result(made === planned);
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
