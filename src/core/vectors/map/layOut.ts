import { msg, type Env, type Message, type Outcome, type Problem, type Progress } from "../../contract/index.js";
import { through } from "../../steps.js";
import { grouped } from "../../text/numberText.js";
import { pca } from "../pca.js";
import type { MapPart } from "../trace.js";
import { choosePoints, type Chosen } from "./choose.js";
import { beginCourse, goOn, type Course, type Layout } from "./course.js";
import { directionsOf, unitRows, type Directions } from "./directions.js";
import type { MapParams, MapPoints } from "./points.js";
import { leaveStopped, takeStopped } from "./stopped.js";
import { trustOf } from "./trust.js";

const LEAST = 3;
/** Shares of variance that are told. */
const AXES = 10;

/** Numbers copied, and points gone through, between two yields. */
const COPIED = 1 << 20;
const NAMED = 1 << 17;

/**
 * Lays points out in the plane: PCA of the vectors as they are, or t-SNE and UMAP of their directions, whose neighbours are
 * those by cosine. Yields every few milliseconds, with `trace` once there is a layout to draw; ends early, and keeps what
 * there is, when `env.stopping()` says so. What the reader can mend (a perplexity too large) is a problem;
 * there is none where it was stopped before the first layout.
 * @param key equal for equal rows: a layout that was stopped goes on when the same is asked for next. Without it none does
 */
export function* layOut(points: MapPoints, params: MapParams, env: Env, key?: string): Generator<Progress<MapPart>, Outcome<MapPart>, void> {
  const begun = env.now();
  const stopped = key === undefined ? undefined : takeStopped(points, params, key);
  const chosen = yield* choosePoints(points, params);
  const m = chosen.indices.length;
  if (m < LEAST) return refused(msg("A map needs at least {0} vectors; there are {1}. Select more rows.", LEAST, m));
  const directions = yield* directionsOf(points, chosen.indices);
  const part = yield* partOf(points, params, chosen);
  const milliseconds = (): number => (stopped?.milliseconds ?? 0) + env.now() - begun;
  const draw = (layout: Layout): MapPart => ({ ...part, ...layout, milliseconds: milliseconds(), trust: null });
  function* done(layout: Layout, problems: readonly Problem[]): Generator<Progress, Outcome<MapPart>, void> {
    const trust = env.stopping() ? null : yield* trustOf(directions, layout.positions.subarray(-2 * m));
    return { ok: true, trace: { ...draw(layout), trust }, problems };
  }
  if (params.projection === "pca") {
    const layout = yield* byPca(points, chosen.indices);
    return "positions" in layout ? yield* done(layout, []) : { ok: false, problems: layout };
  }
  const course = stopped?.course ?? (yield* courseOf(directions, params, env));
  if (!("method" in course)) return { ok: false, problems: course };
  const layout = yield* through(goOn(course, env.stopping), ({ trace, ...said }): Progress<MapPart> =>
    ({ ...said, ...(trace ? { trace: () => draw(trace()) } : {}) }));
  if (!layout?.finished && key !== undefined) leaveStopped({ course, milliseconds: milliseconds() }, points, params, key);
  return layout ? yield* done(layout, course.notes) : { ok: false, problems: [] };
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

function* byPca(points: MapPoints, indices: Int32Array): Generator<Progress, Layout | readonly Problem[], void> {
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

function* courseOf(directions: Directions, params: MapParams, env: Env): Generator<Progress, Course | readonly Problem[], void> {
  const { m, d } = directions;
  const tsne = params.projection === "tsne";
  if (tsne && params.perplexity >= m) return [perplexityProblem(params.perplexity, m)];
  const k = tsne ? Math.min(m - 1, Math.max(1, Math.floor(3 * params.perplexity))) : Math.min(m, params.n_neighbors) - 1;
  const notes: readonly Problem[] = tsne || params.n_neighbors <= m ? [] : [
    { severity: "info", message: msg("n_neighbors is {0}, but there are {1} points; all of them count as neighbours.", params.n_neighbors, m) },
  ];
  return (yield* untilStopped(beginCourse({ units: yield* unitRows(directions), m, d }, k, params, env, notes), env)) ?? [];
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
