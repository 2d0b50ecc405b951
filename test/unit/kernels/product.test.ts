import { describe, expect, test } from "vitest";
import { useCrew } from "../../../src/core/kernels/crew.js";
import { bytesOf, type Matrix, type MatrixKernels, type StoredType } from "../../../src/core/kernels/matrix.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { everyKernels } from "./implementations.js";

const use = crewOf();

type Shape = { readonly n: number; readonly rows: number; readonly columns: number; readonly type: StoredType };

/** Each is over the work from which helpers are asked; sizes are no multiples of any block. */
const shapes: readonly Shape[] = [
  { n: 1, rows: 8197, columns: 4200, type: "float16" },
  { n: 18, rows: 1603, columns: 1611, type: "float32" },
  { n: 131, rows: 509, columns: 801, type: "bfloat16" },
];

function made(kernels: MatrixKernels, { n, rows, columns, type }: Shape): { readonly matrix: Matrix; readonly x: Float32Array; readonly bias: Float32Array } {
  const random = seededRandom(rows);
  const matrix = kernels.room().matrix(rows, columns, type);
  const bytes = new Uint8Array(rows * columns * bytesOf(type));
  const exponent = type === "float16" ? 0x38 : 0x3f; // numbers of moderate size
  const size = bytesOf(type);
  for (let i = 0; i < bytes.length; i++) {
    const noise = Math.imul(i, 0x9e3779b1) >>> 24;
    bytes[i] = i % size === size - 1 ? exponent - (noise % 3) + (noise & 0x80) : noise;
  }
  matrix.fill(bytes, 0, rows);
  return { matrix, x: Float32Array.from({ length: n * columns }, () => random() - 0.5), bias: Float32Array.from({ length: rows }, random) };
}

/** The product, and one of a range without a bias. */
function products({ n, rows }: Shape, { matrix, x, bias }: ReturnType<typeof made>): readonly Float32Array[] {
  const [all, some] = [new Float32Array(n * rows), new Float32Array(n * rows).fill(7)];
  matrix.times(x, n, bias, all);
  matrix.times(x, n, undefined, some, 8, rows - (rows % 8));
  return [all, some];
}

describe.each(everyKernels.filter(({ implementation }) => implementation !== "typescript"))("a product by $implementation", ({ implementation, matrix: kernels }) => {
  test.each(shapes)("of $n with $rows × $columns of $type is the same bit by bit when threads share it", async (shape) => {
    const hired = use({ size: 2, implementation });
    const { state } = hired;
    const given = made(kernels, shape);
    useCrew();
    const alone = products(shape, given);
    useCrew(hired);
    // The first may be over before a helper has started.
    await until("help", () => {
      expect(products(shape, given)).toEqual(alone);
      return state().steps > 10;
    });
    expect(state().lost).toEqual([]);
  });

  test("is right when a helper is late, also afterwards", () => {
    useCrew({ helpers: 1, call: ({ board }) => void Atomics.add(board, 0, 1), stalled() {} });
    const given = made(kernels, shapes[1]);
    const late = [products(shapes[1], given), products(shapes[1], given)];
    useCrew();
    const alone = products(shapes[1], given);
    expect(late).toEqual([alone, alone]);
  });

  test("is not shared any more where helpers are late again and again, since each time takes memory", () => {
    let calls = 0;
    useCrew({ helpers: 1, call: ({ board }) => void (calls++, Atomics.add(board, 0, 1)), stalled() {} });
    const [n, rows, columns] = [128, 16_384, 64]; // 8 MB of results
    const matrix = kernels.room().matrix(rows, columns, "float32");
    matrix.fill(new Uint8Array(4 * rows * columns), 0, rows);
    for (let product = 0; product < 8; product++) matrix.times(new Float32Array(n * columns), n, undefined, new Float32Array(n * rows));
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(5);
  });

  test("is done alone with a memory that is not shared", () => {
    const given = made(kernels, shapes[1]);
    const alone = products(shapes[1], given);
    let called = 0;
    useCrew({ helpers: 1, call: () => void called++, stalled() {} });
    expect(products(shapes[1], given)).toEqual(alone);
    expect(called).toBe(0);
  });
});
