import { afterEach, describe, expect, test, vi } from "vitest";
import { defaultsOf } from "../../../src/core/contract/index.js";
import { isShared, useCrew } from "../../../src/core/kernels/crew.js";
import { kernels } from "../../../src/core/kernels/current.js";
import { isAbandoned } from "../../../src/core/kernels/pieces.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { covariancesLength } from "../../../src/core/mixture/covariance.js";
import { factor } from "../../../src/core/mixture/factor.js";
import { columnsToShare, rowsOfPiece, sharedAssignment, sharedPass } from "../../../src/core/mixture/emPieces.js";
import { mixtureParams, type CovarianceType, type MixtureParams } from "../../../src/core/mixture/params.js";
import { emPass } from "../../../src/core/mixture/pass.js";
import { runMixture } from "../../../src/core/mixture/run.js";
import { newStatistics, type Statistics } from "../../../src/core/mixture/statistics.js";
import type { Mixture } from "../../../src/core/mixture/trace.js";
import { whileHelped } from "../../support/crew.js";
import { crewOf } from "../../support/crewOf.js";
import { finish, matrixOf, quietly, tableOf } from "./helpers.js";

const use = crewOf();

type Shape = { readonly N: number; readonly D: number; readonly K: number; readonly type: CovarianceType };

function make({ N, D, K, type }: Shape): { readonly columns: readonly Float64Array[]; readonly mixture: Mixture } {
  const random = seededRandom(N + D);
  const columns = Array.from({ length: D }, () => Float64Array.from({ length: N }, (_, i) => 4 * (i % K) + random() + random()));
  const covariances = new Float64Array(covariancesLength(type, K, D));
  if (type === "diag" || type === "spherical") covariances.fill(2);
  else for (let at = 0; at < covariances.length; at += D * D) for (let d = 0; d < D; d++) covariances[at + d * (D + 1)] = 2;
  const means = Float64Array.from({ length: K * D }, () => 4 * K * random());
  return { columns, mixture: { K, D, covarianceType: type, weights: new Float64Array(K).fill(1 / K), means, covariances } };
}

/** Two passes, the second of which uses the memory of the first. */
function passes({ N, D, K, type }: Shape, { columns, mixture }: ReturnType<typeof make>): Statistics {
  const out = newStatistics(type, K, D);
  const factors = factor(mixture, "widen");
  const shared = finish(columnsToShare(columns, N, type, K));
  const sums = {};
  for (let pass = 0; pass < 2; pass++) for (const _ of sharedPass(shared, N, type, factors, mixture.means, out, sums));
  return out;
}

/** The sums of the rows nearest to each mean. */
function assignment({ N, D, K, type }: Shape, { columns, mixture }: ReturnType<typeof make>): Statistics {
  const out = newStatistics(type, K, D);
  finish(sharedAssignment(finish(columnsToShare(columns, N, type, K)), N, type, mixture.means, out));
  return out;
}

describe.each<Shape>([
  { N: 500_001, D: 1, K: 5, type: "full" },
  { N: 190_007, D: 2, K: 8, type: "tied" },
  { N: 36_003, D: 7, K: 10, type: "full" },
  { N: 96_000, D: 9, K: 6, type: "diag" },
])("an EM pass over $N rows, D $D, K $K, $type", (shape) => {
  const made = make(shape);
  const { N, D, K, type } = shape;

  test("gives the same sums bit by bit however many threads share it", async () => {
    expect(rowsOfPiece(N, type, K, D)).toBeLessThan(N);
    const alone = passes(shape, made);
    const assigned = assignment(shape, made);
    for (const size of [1, 3]) {
      const crew = use({ size });
      for (const sums of await whileHelped(crew, 10, () => [passes(shape, made), assignment(shape, made)])) expect(sums).toEqual([alone, assigned]);
      expect(crew.state()).toMatchObject({ helpers: size, running: size, lost: [] });
    }
  });

  test("gives those of one go", () => {
    const { columns, mixture } = made;
    const [one, nearest] = [newStatistics(type, K, D), newStatistics(type, K, D)];
    for (const _ of emPass(columns, N, type, factor(mixture, "widen"), mixture.means, one));
    kernels().em.assign(columns, 0, N, mixture.means, nearest);
    expectClose(passes(shape, made), one);
    expectClose(assignment(shape, made), nearest);
  });

  function expectClose(many: Statistics, one: Statistics): void {
    for (const part of ["counts", "sums", "products", "logLikelihood"] as const) {
      const scale = one[part].reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      for (let i = 0; i < one[part].length; i++) expect(Math.abs(many[part][i] - one[part][i])).toBeLessThanOrEqual(1e-12 * scale);
    }
  }
});

describe("where there is no shared memory for columns", () => {
  afterEach(() => void vi.unstubAllGlobals());

  test("passes and the comparison of K are made with those there are", () => {
    const shape: Shape = { N: 300_000, D: 1, K: 8, type: "full" };
    const made = make(shape);
    const alone = passes(shape, made);
    const table = tableOf(Array.from({ length: 6000 }, (_, i) => [i % 4, (i * 7919) % 1000]));
    const params = { ...defaultsOf(mixtureParams), max_iter: 2, sweep_max: 6, sweep_n_init: 2, sweep_always: true };
    const compared = finish(runMixture(table, matrixOf(table), params, quietly));
    const { state } = use({ size: 1 });
    const Shared = SharedArrayBuffer;
    vi.stubGlobal("SharedArrayBuffer", function (length: number) {
      if (length >= 8 * 6000) throw new RangeError("Array buffer allocation failed");
      return new Shared(length);
    });
    expect(finish(columnsToShare(made.columns, shape.N, shape.type, shape.K))).toBe(made.columns);
    expect(passes(shape, made)).toEqual(alone);
    expect(finish(runMixture(table, matrixOf(table), params, quietly))).toEqual(compared);
    expect(state().jobs).toBe(0);
  });

  test("or for the sums, passes over shared columns are made by this thread", () => {
    const shape: Shape = { N: 300_000, D: 1, K: 8, type: "full" };
    const made = make(shape);
    const alone = passes(shape, made);
    const { state } = use({ size: 1 });
    const columns = finish(columnsToShare(made.columns, shape.N, shape.type, shape.K));
    expect(columns.every(isShared)).toBe(true);
    vi.stubGlobal("SharedArrayBuffer", function () {
      throw new RangeError("Array buffer allocation failed");
    });
    expect(passes(shape, { ...made, columns })).toEqual(alone);
    expect(state().jobs).toBe(0);
  });
});

describe("the comparison of K", () => {
  test("is the same bit by bit when helpers make some of the fits", async () => {
    const table = tableOf(Array.from({ length: 6000 }, (_, i) => [(i % 4) * 3 + ((i * 7919) % 1000) / 500, (i % 3) + ((i * 104_729) % 1000) / 700]));
    const params = { ...defaultsOf(mixtureParams), n_components: 2, max_iter: 10, sweep_max: 6, sweep_n_init: 2 };
    const sweep = () => {
      const outcome = finish(runMixture(table, matrixOf(table), params, quietly));
      return outcome.ok && outcome.trace.sweep;
    };
    const alone = sweep();
    expect(alone).toMatchObject({ k: Int32Array.of(1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6) });
    const crew = use({ size: 2 });
    for (const compared of await whileHelped(crew, 10, sweep)) expect(compared).toEqual(alone);
    expect(crew.state()).toMatchObject({ helpers: 2, lost: [] });
  });
});

describe("a run that is cancelled", () => {
  const table = tableOf(Array.from({ length: 200_000 }, (_, i) => [i % 7 + i / 1e5, i % 3]));

  /** Steps until a first job is called, ends the run there, and returns whether that job is abandoned. */
  function abandoned(params: Partial<MixtureParams>): boolean {
    const boards: Int32Array[] = [];
    useCrew({ helpers: 1, call: ({ board }) => void boards.push(board), stalled() {} });
    const running = runMixture(table, matrixOf(table), { ...defaultsOf(mixtureParams), ...params }, quietly);
    while (boards.length === 0) expect(running.next().done).toBe(false);
    running.return({ ok: false, problems: [] });
    return isAbandoned(boards[0]);
  }

  test("lets the helpers go, in a fit, among restarts and in the comparison of K", () => {
    expect(abandoned({ n_components: 8 })).toBe(true);
    expect(abandoned({ n_components: 2, n_init: 4, init_params: "random_from_data" })).toBe(true);
    expect(abandoned({ n_components: 2, max_iter: 1, sweep_max: 8, sweep_n_init: 1, sweep_always: true })).toBe(true);
  });
});
