import { describe, expect, test } from "vitest";
import { defaultsOf, format, type Env } from "../../../src/core/contract/index.js";
import { useCrew, type Job } from "../../../src/core/kernels/crew.js";
import { takePart } from "../../../src/core/kernels/pieces.js";
import { tasks } from "../../../src/core/kernels/tasks.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { mixtureParams, type MixtureParams } from "../../../src/core/mixture/params.js";
import { runMixture } from "../../../src/core/mixture/run.js";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import { whileHelped } from "../../support/crew.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { matrixOf, quietly, tableOf, traceOf } from "./helpers.js";

const use = crewOf();

/** Rows around four places, more than enough for helpers to be asked; a few hundred are alike. */
const random = seededRandom(5);
const rows = Array.from({ length: 9000 }, (_, i) => (i % 20 === 0 ? [2, 2] : [6 * (i % 2) + random() + random(), 4 * (i % 4) + 3 * random()]));
const table = tableOf(rows);

/** The trace, and its last picture. */
function run(params: Partial<MixtureParams>, env: Partial<Env> = {}, at: (trace: MixtureTrace) => void = () => {}): MixtureTrace {
  const running = runMixture(table, matrixOf(table), { ...defaultsOf(mixtureParams), sweep_max: 0, ...params }, { ...quietly, ...env });
  for (;;) {
    const step = running.next();
    if (!step.done) {
      if (step.value.trace) at(step.value.trace());
      continue;
    }
    if (!step.value.ok) throw new Error("refused");
    return step.value.trace;
  }
}

describe.each<{ readonly name: string; readonly params: Partial<MixtureParams>; readonly failing: boolean }>([
  { name: "of all kinds", params: { n_components: 5, n_init: 9, max_iter: 20, init_params: "kmeans" }, failing: false },
  { name: "with one covariance", params: { n_components: 4, n_init: 7, max_iter: 10, covariance_type: "tied", sweep_max: 2 }, failing: false },
  { name: "some of which fail", params: { n_components: 10, n_init: 8, max_iter: 60, reg_covar: 0, tol: 1e-9 }, failing: true },
])("restarts $name", ({ params, failing }) => {
  test("are the same bit by bit when helpers make some of them", async () => {
    const alone = run(params);
    expect(alone.fits.length).toBe(params.n_init);
    const failed = alone.fits.filter((fit) => fit.ended === "failed").length;
    expect(failing ? failed > 0 && failed < alone.fits.length : failed === 0).toBe(true);
    for (const size of [1, 3]) {
      const crew = use({ size });
      for (const trace of await whileHelped(crew, 40 * size, () => run(params))) expect(trace).toEqual(alone);
      expect(crew.state()).toMatchObject({ helpers: size, lost: [] });
    }
  });
});

describe("restarts", () => {
  const params: Partial<MixtureParams> = { n_components: 5, n_init: 12, max_iter: 30, tol: 0 };

  test("are those of their own seeds", () => {
    const trace = run(params);
    for (const { seed, logLikelihood } of [trace.fits[3], trace.fits[8]]) {
      expect(run({ ...params, n_init: 1, random_state: seed }).fits[0].logLikelihood).toEqual(logLikelihood);
    }
  });

  test("that fail name the component that lost its spread by the letter it has in the picture", () => {
    // Rows on a line above others: the start has variances of 1, and EM takes that of the line away.
    const random = seededRandom(1);
    const rows = Array.from({ length: 80 }, (_, i) => [10 * random(), i % 2 ? 30 : random()]);
    const { fits } = traceOf(rows, { n_components: 2, n_init: 8, reg_covar: 0, init_params: "random_from_data" });
    const failed = fits.filter((fit) => fit.ended === "failed");
    expect(failed.length).toBeGreaterThan(3);
    for (const { means, failure } of failed) {
      const [, first, , second] = means.slice(-4);
      expect(format(failure!)).toContain(`Component ${first > second ? "A" : "B"} has lost its spread`);
    }
  });

  test("have the letters of the first in every picture, also where a helper makes that", () => {
    // Makes the first piece before this thread takes one, and no other.
    const call = (job: Job): void => {
      if (job.task !== "restarts") return;
      takePart(job, tasks(), () => void (Atomics.load(job.board, 3) === 1 && Atomics.store(job.board, 1, 1)));
      Atomics.store(job.board, 1, 0);
    };
    useCrew({ helpers: 1, call, stalled() {} });
    const pictures: MixtureTrace[] = [];
    const { fits } = run({ ...params, n_init: 6 }, {}, (picture) => void pictures.push(picture));
    const ended = pictures.flatMap((picture) => picture.fits.filter((fit) => fit.ended !== "stopped"));
    expect(ended.some(({ seed }) => seed === fits[0].seed)).toBe(false);
    expect(ended.length).toBeGreaterThan(4);
    for (const fit of ended) expect(fit).toEqual(fits.find(({ seed }) => seed === fit.seed));
  });

  test("that are stopped keep what helpers have made too", async () => {
    const alone = run(params);
    const crew = use();
    const stopped = () => {
      let stop = false;
      return run(params, { stopping: () => stop }, ({ fits }) => void (stop ||= fits.length > 3));
    };
    const traces: MixtureTrace[] = [];
    // On a busy machine all may be made before this thread is asked again whether it is stopped.
    await until("a fit by a helper, and others that are left", () => traces.push(stopped()) && traces.some(({ fits }) => fits.length > 4 && fits.length < 12));
    for (const { fits } of traces) {
      expect(fits.length).toBeGreaterThan(3);
      const ended = fits.filter((fit) => fit.ended !== "stopped");
      // Letters are those of the first that is kept, which is not always the first of all.
      const likelihoods = (of: typeof fits) => of.map(({ seed, logLikelihood }) => ({ seed, logLikelihood }));
      expect(likelihoods(ended)).toEqual(likelihoods(alone.fits.filter(({ seed }) => ended.some((fit) => fit.seed === seed))));
      // Of those in hand, this thread keeps its own.
      expect(fits.length - ended.length).toBeLessThanOrEqual(1);
    }
    expect(crew.state().lost).toEqual([]);
  });
});
