import { describe, expect, test } from "vitest";
import { checkTransformer, type Attending, type TransformerKernels } from "../../../src/core/kernels/transformer.js";
import { gelu, geluTanh, silu } from "../../../src/core/math/activations.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { everyKernels } from "./implementations.js";

const UNIT = 2 ** -24;
const [{ transformer: reference }] = everyKernels;

/** Rows in pages of four, the last of which has what is left. */
function pagesOf(rows: number, width: number, value: () => number): Float32Array[] {
  return Array.from({ length: Math.ceil(rows / 4) }, (_, i) => Float32Array.from({ length: Math.min(4, rows - 4 * i) * width }, value));
}

type Found = { readonly out: Float32Array; readonly weights: Float64Array[] };

function run(kernels: TransformerKernels, what: Attending): Found {
  const out = new Float32Array(what.n * what.heads * what.size).fill(9);
  const weights: Float64Array[] = [];
  kernels.attend(what, out, (head, t, found) => (weights[head * what.n + t] = Float64Array.from(found)));
  return { out, weights };
}

describe.each(everyKernels)("transformers by $implementation", ({ transformer: own }) => {
  const random = seededRandom(11);
  const whole = (from: number, to: number) => from + Math.floor((to - from + 1) * random());
  const small = () => 2 * random() - 1;

  test("attend as the formula says, whatever the shape", () => {
    for (let round = 0; round < 60; round++) {
      const kvHeads = whole(1, 3);
      const [heads, size, n, count] = [kvHeads * whole(1, 2), round < 6 ? [1, 3, 4, 32, 36, 67][round] : whole(1, 70), whole(0, 9), whole(1, 40)];
      const [more, stride, scale] = [whole(0, 1) as 0 | 1, heads * size + whole(0, 5), 3 * random()];
      const seen = count + more * Math.max(0, n - 1);
      const [keys, values] = [pagesOf(seen + whole(0, 3), kvHeads * size, small), pagesOf(seen + whole(0, 3), kvHeads * size, small)];
      const what: Attending = { queries: Float32Array.from({ length: n * stride }, small), stride, n, heads, kvHeads, size, scale, keys, values, count, more };
      const { out, weights } = run(own, what);
      const [allKeys, allValues] = [keys, values].map((pages) => pages.flatMap((page) => Array.from(page)));
      for (let h = 0; h < heads; h++) {
        const from = Math.floor((h * kvHeads) / heads) * size;
        for (let t = 0; t < n; t++) {
          const length = count + more * t;
          let worst = 0;
          const scores = Array.from({ length }, (_, p) => {
            let [sum, amount] = [0, 0];
            for (let j = 0; j < size; j++) {
              const product = what.queries[t * stride + h * size + j] * allKeys[p * kvHeads * size + from + j];
              sum += product;
              amount += Math.abs(product);
            }
            worst = Math.max(worst, amount * scale);
            return sum * scale;
          });
          const most = Math.max(...scores);
          const raised = scores.map((score) => Math.exp(score - most));
          const total = raised.reduce((a, b) => a + b, 0);
          // Relative: of the scores in binary32, of two exponentials, and of their sum.
          const off = UNIT * (2 * (size + 4) * worst + 2 * Math.abs(most) + length + 16);
          const own = weights[h * n + t];
          expect(own).toHaveLength(length);
          for (let p = 0; p < length; p++) if (!(Math.abs(own[p] - raised[p] / total) <= (off * raised[p]) / total)) expect.fail(`weight ${p} is ${own[p]} instead of ${raised[p] / total}`);
          for (let j = 0; j < size; j++) {
            let [sum, amount] = [0, 0];
            for (let p = 0; p < length; p++) {
              const product = (raised[p] / total) * allValues[p * kvHeads * size + from + j];
              sum += product;
              amount += Math.abs(product);
            }
            const found = out[(t * heads + h) * size + j];
            if (!(Math.abs(found - sum) <= (off + length * UNIT) * amount + 1e-40)) expect.fail(`${found} instead of ${sum}`);
          }
        }
      }
    }
  });

  test("give the weights alone where there are no values, and the same without a listener", () => {
    const what: Attending = { queries: Float32Array.from({ length: 15 }, small), stride: 5, n: 3, heads: 1, kvHeads: 1, size: 5, scale: 1, keys: pagesOf(9, 5, small), values: pagesOf(9, 5, small), count: 7, more: 1 };
    const whole = run(own, what);
    const alone = run(own, { ...what, values: undefined });
    expect(alone.weights).toEqual(whole.weights);
    expect(alone.out).toEqual(new Float32Array(15).fill(9));
    const silent = new Float32Array(15);
    own.attend(what, silent);
    expect(silent).toEqual(whole.out);
  });

  test("treat no numbers and infinities as the reference does", () => {
    for (const [q, k] of [[NaN, 1], [1, NaN], [1, Infinity], [1, -Infinity], [Infinity, 1], [-Infinity, 1], [Infinity, 0], [1e-44, 1], [-0, 1], [3, -20], [3, 10], [30, 10], [-300, 30]]) {
      // What is e^−87 of the largest or less is 0 in single precision, which makes no infinity any more.
      for (const v of Math.abs(q) < 30 || Math.abs(q) === Infinity ? [1, NaN, Infinity] : [1, NaN]) {
        const keys = pagesOf(7, 6, () => 0.5);
        keys[1][7] = k;
        const values = pagesOf(7, 6, () => 0.25);
        values[0][8] = v;
        const what: Attending = { queries: Float32Array.of(0, q, 0, 0, 0, 0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), stride: 6, n: 2, heads: 1, kvHeads: 1, size: 6, scale: 1, keys, values, count: 6, more: 1 };
        const [a, b] = [run(own, what), run(reference, what)];
        const flat = ({ out, weights }: Found) => [...out, ...weights.flatMap((row) => Array.from(row))];
        flat(a).forEach((found, i) => {
          const expected = flat(b)[i];
          if (!Number.isFinite(expected)) expect(found).toBe(expected);
          else expect(Math.abs(found - expected)).toBeLessThan(1e-6);
        });
      }
    }
  });

  test("refuse keys, values and results that are too few", () => {
    const what: Attending = { queries: new Float32Array(8), stride: 4, n: 2, heads: 2, kvHeads: 1, size: 2, scale: 1, keys: [new Float32Array(6)], values: [new Float32Array(6)], count: 2, more: 1 };
    const out = new Float32Array(8);
    own.attend(what, out);
    for (const wrong of [{ count: 3 }, { values: [new Float32Array(5)] }, { stride: 3 }, { n: 3 }]) expect(() => own.attend({ ...what, ...wrong }, out)).toThrow(RangeError);
    expect(() => own.attend(what, out.subarray(1))).toThrow(RangeError);
    own.attend({ ...what, n: 0, keys: [], values: [] }, out);
  });

  test.each([["geluTanh", geluTanh], ["gelu", gelu], ["silu", silu]] as const)("%s is that of double precision, in the first numbers only", (name, of) => {
    const numbers = [0, -0, NaN, Infinity, -Infinity, 1e-45, -1e-45, 1e-38, 3e38, -3e38, ...Array.from({ length: 4001 }, (_, i) => (i - 2000) / 25), ...Array.from({ length: 500 }, () => 20 * small())];
    for (const n of [numbers.length, numbers.length - 3, 1, 0]) {
      const x = Float32Array.from(numbers);
      own[name](x, n);
      numbers.forEach((given, i) => {
        const single = Math.fround(given);
        const expected = i < n ? of(single) : single;
        if (!Number.isFinite(expected)) expect(x[i]).toBe(expected);
        // What is raised to e has some digits less the larger it is: e^−40 is off by 40 units; and e^−87 is 0.
        else if (!(Math.abs(x[i] - expected) <= UNIT * (8 + 4 * Math.min(90, 1.6 * Math.abs(single + 0.045 * single ** 3))) * Math.abs(expected) + 2e-36)) expect.fail(`${name}(${single}) is ${x[i]} instead of ${expected}`);
      });
    }
  });

  test("entropies are −Σ w log₂ w of each row, whatever its width", () => {
    const out = new Float64Array(3);
    own.entropies(Float32Array.of(1, 0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0.5, 0, 0, 0.5), 4, out);
    expect(Array.from(out)).toEqual([0, 2, 1]);
    own.entropies(Float32Array.of(NaN, 0.5, -0.5, 0.5, Infinity, 0), 2, out);
    expect(Array.from(out)).toEqual([NaN, NaN, -Infinity]);
    for (const columns of [1, 2, 3, 4, 5, 31, 64, 257]) {
      const weights = Float32Array.from({ length: 5 * columns }, () => [0, -0, 1e-44, 1e-30, 1, random(), random() ** 9, 3 * random()][whole(0, 7)]);
      const found = new Float64Array(4);
      own.entropies(weights.subarray(columns), columns, found);
      for (let r = 0; r < 4; r++) {
        let [sum, amount] = [0, 0];
        for (const w of weights.subarray((r + 1) * columns, (r + 2) * columns)) {
          if (w === 0) continue;
          sum -= w * Math.log2(w);
          amount += w * (Math.abs(Math.log2(w)) + 4);
        }
        expect(Math.abs(found[r] - sum)).toBeLessThanOrEqual((columns / 4 + 6) * UNIT * amount + 1e-40);
      }
    }
  });
});

test("a check of transformers finds what is wrong", () => {
  for (const { transformer: own } of everyKernels) expect(checkTransformer(own, reference)).toBeUndefined();
  for (const name of ["silu", "gelu", "entropies"] as const) expect(checkTransformer({ ...reference, [name]() {} }, reference)).toContain("activations");
  expect(checkTransformer({ ...reference, geluTanh() {} }, reference)).toContain("activations");
  expect(checkTransformer({ ...reference, attend: (what, out, note) => reference.attend({ ...what, count: what.count - 1 }, out, note) }, reference)).toContain("number");
});
