import { describe, expect, test } from "vitest";
import { checkEm, type EmKernels, type EmModel, type EmStatistics } from "../../../src/core/kernels/em.js";
import { bindEm } from "../../../src/core/kernels/bindings/em.js";
import { openModule } from "../../../src/core/kernels/bindings/module.js";
import { typescript } from "../../../src/core/kernels/typescript.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { hostThatFills } from "../../support/wasmHost.js";
import { everyKernels } from "./implementations.js";

type Kind = "diagonal" | "full";
type Case = { readonly kind: Kind; readonly columns: Float64Array[]; readonly N: number; readonly model: EmModel };

function makeCase(random: () => number, kind: Kind, { N, D, K, spread }: { N: number; D: number; K: number; spread: number }): Case {
  const number = () => random() - 0.5;
  const columns = Array.from({ length: D }, () => Float64Array.from({ length: N }, () => number() * spread));
  const size = kind === "full" ? D * D : D;
  const roots = Float64Array.from({ length: K * size }, (_, i) => {
    if (kind === "diagonal") return 0.3 + random();
    const [a, b] = [Math.floor((i % size) / D), i % D];
    return b > a ? 0 : b === a ? 0.3 + random() : number();
  });
  const offsets = Float64Array.from({ length: K }, () => -random() * (random() < 0.2 ? 300 : 5));
  offsets[Math.floor(random() * K)] = 0;
  const means = Float64Array.from({ length: K * D }, () => number() * spread);
  return { kind, columns, N, model: { K, D, means, centres: means.map((m) => m + number()), roots, offsets, top: number() * 20 } };
}

function newOut({ K, D, roots }: EmModel): EmStatistics {
  return { counts: new Float64Array(K), sums: new Float64Array(K * D), products: new Float64Array(roots.length), logLikelihood: new Float64Array(1) };
}

function resultOf(em: EmKernels, { kind, columns, N, model }: Case): EmStatistics {
  const out = newOut(model);
  em[kind](columns, 0, N, model, out);
  return out;
}

/** What the rounding of sums is measured by: as large as they could be. */
function sizes({ kind, columns, N, model: { K, D, centres } }: Case): { sums: number[]; products: number[] } {
  const [sums, products]: number[][] = [[], []];
  const far = Array.from({ length: K * D }, (_, at) => columns[at % D].subarray(0, N).reduce((max, v) => Math.max(max, Math.abs(v - centres[at])), 0));
  for (let k = 0; k < K; k++) {
    for (let a = 0; a < D; a++) {
      sums.push(N * far[k * D + a]);
      for (let b = 0; b < (kind === "full" ? D : 1); b++) products.push(N * far[k * D + a] * far[k * D + (kind === "full" ? b : a)]);
    }
  }
  return { sums, products };
}

/** Sums in another order, with or without fused products, of up to 9,000 numbers: a few hundred units in the last place at the worst. */
const tolerance = 1e-13;

function expectClose(got: EmStatistics, want: EmStatistics, each: Case): void {
  const { K, D, roots } = each.model;
  const { sums, products } = sizes(each);
  const near = (a: number, b: number, size: number) => {
    if (Object.is(a, b)) return;
    if (!(Math.abs(a - b) <= tolerance * size + 1e-290)) throw new Error(`${a} is not ${b}, at ${JSON.stringify({ kind: each.kind, N: each.N, K, D })}`);
  };
  near(got.logLikelihood[0], want.logLikelihood[0], 10 * Math.abs(want.logLikelihood[0]) + each.N);
  got.counts.forEach((v, k) => near(v, want.counts[k], each.N));
  got.sums.forEach((v, i) => near(v, want.sums[i], sums[i]));
  const lower = (i: number) => each.kind === "diagonal" || i % D <= Math.floor(i / D) % D;
  got.products.forEach((v, i) => lower(i) && near(v, want.products[i], products[i]));
  expect(got.products.length).toBe(roots.length);
}

const others = everyKernels.filter(({ implementation }) => implementation !== "typescript");

describe.each(everyKernels)("a row far from two components, by $implementation", ({ em }) => {
  // Densities of e^-300 are numbers still; of e^-700 the second would not be.
  test.each([10, 300, 600, 700, 5000, 1e12])("at e^-%d is shared as their distance says", (far) => {
    const column = Float64Array.of(Math.sqrt(far));
    const zero = new Float64Array(2);
    const model: EmModel = { K: 2, D: 1, means: zero, centres: zero, roots: Float64Array.of(1, 1), offsets: Float64Array.of(0, -10), top: -2 };
    const out = resultOf(em, { kind: "diagonal", columns: [column], N: 1, model });
    const odds = Math.exp(-10);
    expect(out.logLikelihood[0]).toBeCloseTo(-far - 2 + Math.log1p(odds), far > 1e9 ? 3 : 10);
    // An exponent is rounded where the square is.
    const digits = far > 1e9 ? 4 : 12;
    expect(out.counts[0]).toBeCloseTo(1 / (1 + odds), digits);
    expect(out.counts[1]).toBeCloseTo(odds / (1 + odds), digits);
    expect(out.sums[1]).toBeCloseTo((odds / (1 + odds)) * column[0], far > 1e9 ? 2 : 9);
  });
});

test("EM that finds no memory is done in TypeScript, until there is some", () => {
  let full = false;
  const host = hostThatFills(() => full);
  const em = bindEm(openModule(host, "simd", "em"));
  const random = seededRandom(9);
  for (const [kind, D] of [["diagonal", 1], ["full", 3], ["diagonal", 12], ["full", 20]] as const) {
    const each = makeCase(random, kind, { N: 700, D, K: 3, spread: 5 });
    const { columns, model } = each;
    const all = (one: EmKernels) => {
      const [hard, labels, distances] = [newOut(model), new Int32Array(700), new Float64Array(700)];
      one.assign(columns, 0, 700, model.centres, hard);
      one.nearest(columns, 0, 700, model.centres, labels, distances);
      return { soft: resultOf(one, each), hard, labels, distances };
    };
    full = true;
    expect(all(em)).toEqual(all(typescript.em));
    full = false;
    expectClose(all(em).soft, resultOf(typescript.em, each), each);
    expect(all(em).soft).not.toEqual(resultOf(typescript.em, each));
  }
});

describe.each(others)("EM by $implementation", ({ em }) => {
  test("gives TypeScript's sums at every shape, near and far", () => {
    const random = seededRandom(1);
    const pick = (values: readonly number[]) => values[Math.floor(random() * values.length)];
    for (let round = 0; round < 400; round++) {
      const D = 1 + (round % 20);
      const N = pick([0, 1, 2, 3, 7, 8, 9, 64, 127, 128, 129, 257, 511, 513]);
      const each = makeCase(random, D > 1 && round % 3 > 0 ? "full" : "diagonal", { N, D, K: pick([1, 2, 3, 5, 8, 33]), spread: pick([0.1, 3, 30, 3000]) });
      expectClose(resultOf(em, each), resultOf(typescript.em, each), each);
    }
  });

  test("goes on from the sums so far, in slices, over more rows than it takes at a time", () => {
    const random = seededRandom(2);
    for (const [kind, D] of [["diagonal", 1], ["diagonal", 3], ["full", 2], ["full", 5]] as const) {
      const each = makeCase(random, kind, { N: 9003, D, K: 4, spread: 6 });
      const whole = resultOf(em, each);
      expectClose(whole, resultOf(typescript.em, each), each);
      const sliced = newOut(each.model);
      for (const [from, to] of [[0, 1024], [1024, 7168], [7168, 9003]]) em[kind](each.columns, from, to, each.model, sliced);
      expect(sliced.counts).toEqual(whole.counts);
      expect(sliced.products).toEqual(whole.products);
      expect(resultOf(em, each)).toEqual(whole);
    }
  });

  test("gives rows to the nearest centre as TypeScript does, to the last bit, and to the first of two equally near", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 180; round++) {
      const D = 1 + (round % 11);
      const each = makeCase(random, D > 1 && round % 2 > 0 ? "full" : "diagonal", { N: [0, 1, 129, 1500][round % 4], D, K: 1 + (round % 6), spread: 4 });
      const { columns, N, model } = each;
      // Whole numbers are often equally near to two centres, and tenths are but for their rounding.
      const parts = [1, 10, 0][round % 3];
      for (const values of parts ? [...columns, model.means] : []) values.forEach((v, i) => (values[i] = Math.round(v * parts) / parts));
      const [got, want] = [em, typescript.em].map((one) => {
        const out = newOut(model);
        one.assign(columns, 0, N, model.means, out);
        return out;
      });
      const labelled = (one: EmKernels) => {
        const [labels, distances] = [new Int32Array(N), new Float64Array(N)];
        one.nearest(columns, 0, N, model.means, labels, distances);
        return { labels, distances };
      };
      expect(got.counts).toEqual(want.counts);
      expectClose(got, want, { ...each, model: { ...model, centres: model.means } });
      expect(labelled(em)).toEqual(labelled(typescript.em));
      if (N > 0) columns[0][N >> 1] = [NaN, Infinity, 1e200][round % 3];
      expect(labelled(em)).toEqual(labelled(typescript.em));
    }
  });

  test("takes the same centres for diagonals, labels and matrices in turn", () => {
    const random = seededRandom(8);
    const centres = Float64Array.from({ length: 6 }, random);
    const columns = [0, 1].map(() => Float64Array.from({ length: 50 }, random));
    const outs = [em, typescript.em].map((one) =>
      [6, 12, 6].map((size) => {
        const out = { counts: new Float64Array(3), sums: new Float64Array(6), products: new Float64Array(size), logLikelihood: new Float64Array(1) };
        one.assign(columns, 0, 50, centres, out);
        one.nearest(columns, 0, 50, centres, new Int32Array(50), new Float64Array(50));
        return Array.from(out.products).filter((_, i) => size === 6 || i % 4 !== 1);
      }),
    );
    outs[0].flat().forEach((v, i) => expect(v).toBeCloseTo(outs[1].flat()[i], 12));
  });

  test("counts rows of no weight as TypeScript does, and takes components without any", () => {
    const random = seededRandom(3);
    for (const kind of ["diagonal", "full"] as const) {
      const each = makeCase(random, kind, { N: 300, D: 3, K: 4, spread: 5 });
      each.model.offsets[1] = -1e5;
      each.model.offsets[2] = -Infinity;
      expectClose(resultOf(em, each), resultOf(typescript.em, each), each);
    }
  });

  test.each([NaN, Infinity, -Infinity])("a row with %s leaves no likelihood, whatever is around it", (value) => {
    const random = seededRandom(4);
    for (const [kind, D] of [["diagonal", 1], ["diagonal", 4], ["full", 2], ["full", 3]] as const) {
      for (const at of [0, 5, 130, 298]) {
        const each = makeCase(random, kind, { N: 299, D, K: 3, spread: 5 });
        each.columns[D - 1][at] = value;
        expect(resultOf(em, each).logLikelihood[0] > -Infinity).toBe(false);
        expect(resultOf(typescript.em, each).logLikelihood[0] > -Infinity).toBe(false);
      }
    }
  });

  test("leaves nothing of a row with NaN in the pass after it", () => {
    const random = seededRandom(6);
    for (const [kind, D] of [["diagonal", 1], ["diagonal", 4], ["full", 2], ["full", 3]] as const) {
      const [bad, good] = [304, 299].map((N) => makeCase(random, kind, { N, D, K: 3, spread: 5 }));
      bad.columns.forEach((column) => column.fill(NaN));
      resultOf(em, bad);
      expectClose(resultOf(em, good), resultOf(typescript.em, good), good);
    }
  });

  test("huge and tiny numbers, and zeros of either sign", () => {
    const random = seededRandom(5);
    for (const scale of [1e140, 1e-140, 5e-324, 0, -0]) {
      for (const [kind, D] of [["diagonal", 1], ["diagonal", 4], ["full", 2], ["full", 3]] as const) {
        const each = makeCase(random, kind, { N: 131, D, K: 3, spread: 5 });
        for (const values of [...each.columns, each.model.means, each.model.centres]) values.forEach((v, i) => (values[i] = v * scale));
        const unit = scale === 1e140 || scale === 1e-140 ? scale : 1;
        each.model.roots.forEach((v, i) => (each.model.roots[i] = v / unit));
        expectClose(resultOf(em, each), resultOf(typescript.em, each), each);
      }
    }
  });

  test("passes the comparison at the start, which finds a wrong number", () => {
    expect(checkEm(em, typescript.em)).toBeUndefined();
    const wrong: EmKernels = {
      ...em,
      full(columns, from, to, model, out) {
        em.full(columns, from, to, model, out);
        if (model.D === 5) out.products[5] *= 1 + 1e-9;
      },
    };
    expect(checkEm(wrong, typescript.em)).toMatch(/^EM, full, 5 columns: number/);
  });
});
