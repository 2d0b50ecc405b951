import { describe, expect, test } from "vitest";
import { halfToDouble } from "../../../src/core/formats/halfFloat.js";
import { bindMatrix } from "../../../src/core/kernels/bindings/matrix.js";
import { openModule } from "../../../src/core/kernels/bindings/module.js";
import { bytesOf, checkMatrix, type Matrix, type MatrixKernels, type StoredType } from "../../../src/core/kernels/matrix.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { hostThatFills, wasmHost } from "../../support/wasmHost.js";
import { everyKernels } from "./implementations.js";

const types: readonly StoredType[] = ["float32", "float16", "bfloat16"];

/** Bytes of random numbers in a type, between 2^−12 and 16 by their amount, and what they stand for. */
function draw(random: () => number, type: StoredType, count: number): { readonly bytes: Uint8Array; readonly values: Float64Array } {
  const sign = () => (random() < 0.5 ? 1 : 0);
  if (type === "float32") {
    const values = Float32Array.from({ length: count }, () => (1 - 2 * sign()) * 2 ** (16 * random() - 12));
    return { bytes: new Uint8Array(values.buffer), values: Float64Array.from(values) };
  }
  const bits = Uint16Array.from({ length: count }, () => {
    const exponent = Math.floor(16 * random()) - 12;
    return type === "float16" ? (sign() << 15) | ((15 + exponent) << 10) | Math.floor(1024 * random()) : (sign() << 15) | ((127 + exponent) << 7) | Math.floor(128 * random());
  });
  return { bytes: new Uint8Array(bits.buffer), values: Float64Array.from(bits, (b) => widened(b, type)) };
}

function widened(bits: number, type: StoredType): number {
  return type === "float16" ? halfToDouble(bits) : new Float32Array(Uint32Array.of(bits << 16).buffer)[0];
}

/** A matrix of given rows, filled in pieces as a file is read, as it is or transposed. */
function filled(kernels: MatrixKernels, rows: number, columns: number, type: StoredType, bytes: Uint8Array, turned: boolean, piece = 7): Matrix {
  const made = kernels.room().matrix(rows, columns, type);
  const size = bytesOf(type);
  if (!turned) {
    for (let r = 0; r < rows; r += piece) made.fill(bytes.subarray(r * columns * size, Math.min(rows, r + piece) * columns * size), r, Math.min(piece, rows - r));
    return made;
  }
  for (let j = 0; j < columns; j += piece) {
    const n = Math.min(piece, columns - j);
    const part = new Uint8Array(n * rows * size + 1).subarray(1); // where no number of two bytes may begin
    for (let i = 0; i < n; i++) for (let r = 0; r < rows; r++) part.set(bytes.subarray((r * columns + j + i) * size, (r * columns + j + i + 1) * size), (i * rows + r) * size);
    made.fillTransposed(part, j, n);
  }
  return made;
}

describe.each(everyKernels)("matrices by $implementation", ({ matrix: own }) => {
  const random = seededRandom(7);
  const whole = (from: number, to: number) => from + Math.floor((to - from + 1) * random());

  test.each(types)("of %s multiply as exact sums do, whatever their shape", (type) => {
    const shapes = [[0, 3, 5], [1, 1, 1], [1, 0, 9], [3, 0, 16], [2, 256, 8], [5, 257, 7], [1, 300, 33], [4, 255, 40], [130, 5, 24], ...Array.from({ length: 10 }, () => [whole(0, 70), whole(1, 300), whole(1, 300)])];
    for (const [n, k, m] of shapes) {
      const { bytes, values } = draw(random, type, m * k);
      const made = filled(own, m, k, type, bytes, random() < 0.5, whole(1, 64));
      const x = Float32Array.from({ length: n * k }, () => 2 * random() - 1);
      const bias = random() < 0.5 ? Float32Array.from({ length: m }, () => random() - 0.5) : undefined;
      const from = 8 * whole(0, Math.floor((m - 1) / 8));
      const to = random() < 0.5 ? m : Math.min(m, from + 8 * whole(0, 5));
      const out = new Float32Array(n * m).fill(77);
      made.times(x, n, bias, out, from, to);
      // What sums of 256 binary32, one after the other, and then of those sums, may be off by at most (Higham 2002, section 4.2).
      const unit = (Math.min(k, 256) + k / 256 + 3) * 2 ** -24;
      for (let t = 0; t < n; t++) {
        for (let r = 0; r < m; r++) {
          if (r < from || r >= to) {
            if (out[t * m + r] !== 77) expect.fail(`row ${r} outside ${from} to ${to} is changed`);
            continue;
          }
          let [sum, size] = [bias?.[r] ?? 0, Math.abs(bias?.[r] ?? 0)];
          for (let j = 0; j < k; j++) {
            sum += values[r * k + j] * x[t * k + j];
            size += Math.abs(values[r * k + j] * x[t * k + j]);
          }
          if (!(Math.abs(out[t * m + r] - sum) <= unit * size)) expect.fail(`${n} × [${m}, ${k}]: ${out[t * m + r]} instead of ${sum} at ${t}, ${r}`);
        }
      }
    }
  });

  test.each(types)("of %s give a row the same result alone as among others", (type) => {
    const [n, k, m] = [11, 530, 43];
    const made = filled(own, m, k, type, draw(random, type, m * k).bytes, false);
    const x = Float32Array.from({ length: n * k }, () => 2 * random() - 1);
    const together = new Float32Array(n * m);
    made.times(x, n, undefined, together);
    for (let t = 0; t < n; t++) {
      const alone = new Float32Array(m);
      made.times(x.subarray(t * k), 1, undefined, alone);
      expect(alone).toEqual(together.subarray(t * m, (t + 1) * m));
    }
  });

  const mixed = types.flatMap((type) => [[type, 0], [type, 3]] as const);
  test.each(mixed)("of %s multiply small and large numbers alone as among others, %i rows having infinities", (type, strange) => {
    const [k, m, size] = [270, 45, bytesOf(type)];
    // All bits by chance, so that subnormal numbers are there.
    const bytes = Uint8Array.from({ length: m * k * size }, () => whole(0, 255));
    const exponent = type === "float16" ? 0x7c : 0x7f;
    for (let i = size - 1; i < (m - strange) * k * size; i += size) if ((bytes[i] & exponent) === exponent) bytes[i] &= ~0x08;
    const made = filled(own, m, k, type, bytes, false);
    const wide = new Float32Array(k);
    for (const largest of [1, 65_535.99, 65_536, 3e38, 1e-39, Infinity, NaN]) {
      const x = Float32Array.from({ length: 2 * k }, () => 2 ** (-40 * random()) * (random() < 0.5 ? -1 : 1) * (largest < 1 ? largest : 1));
      x[k + whole(0, k - 1)] = largest;
      const [together, alone] = [new Float32Array(2 * m), new Float32Array(m)];
      made.times(x, 2, undefined, together);
      made.times(x.subarray(k), 1, undefined, alone);
      expect(alone).toEqual(together.subarray(m));
      for (let r = 0; r < m; r++) {
        made.row(r, wide);
        let [sum, amount] = [0, 0];
        for (let j = 0; j < k; j++) {
          sum += wide[j] * x[k + j];
          amount += Math.abs(wide[j] * x[k + j]);
        }
        if (!Number.isFinite(amount)) expect(Number.isFinite(alone[r])).toBe(false);
        // Products below the smallest normal number lose digits.
        else if (amount < 1e38) expect(Math.abs(alone[r] - sum)).toBeLessThanOrEqual(300 * 2 ** -24 * amount + k * 2 ** -149);
      }
    }
  });

  test("give every number of two bytes back as it is, and their products with 1", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    for (const type of ["float16", "bfloat16"] as const) {
      const expected = Float32Array.from(bits, (b) => widened(b, type));
      for (const turned of [false, true]) {
        const made = filled(own, 1, 65536, type, new Uint8Array(bits.buffer), turned, 16384);
        const row = new Float32Array(65537);
        made.row(0, row, 1);
        expect(row.subarray(1)).toEqual(expected);
      }
      const column = filled(own, 65536, 1, type, new Uint8Array(bits.buffer), false, 16384);
      for (const n of [1, 2]) {
        const out = new Float32Array(n * 65536);
        column.times(new Float32Array(n).fill(1), n, undefined, out);
        // A sum that begins with 0 knows no −0.
        expect(out.subarray(0, 65536)).toEqual(expected.map((v) => v + 0));
      }
    }
  });

  test("take no number, infinities and the largest numbers as they come, each in its own row", () => {
    const [k, m] = [9, 20];
    const strange = [NaN, Infinity, -Infinity, 3e38, 1e-45, -0, 1e-38];
    const values = Float32Array.from({ length: m * k }, (_, i) => (i % k === 4 && Math.floor(i / k) < strange.length ? strange[Math.floor(i / k)] : 0.5));
    const made = filled(own, m, k, "float32", new Uint8Array(values.buffer), true);
    for (const n of [1, 3]) {
      for (const given of [2, Infinity, NaN, 0]) {
        const x = new Float32Array(n * k).fill(1);
        x[4] = given;
        const out = new Float32Array(n * m);
        made.times(x, n, undefined, out);
        for (let r = 0; r < m; r++) expect(out[r]).toBe(Math.fround(4 + values[r * k + 4] * given));
        if (n > 1) expect(out[m + m - 1]).toBe(4.5);
      }
    }
  });

  test("refuse what does not fit", () => {
    const made = own.room().matrix(20, 4, "float16");
    const [x, out] = [new Float32Array(8), new Float32Array(40)];
    expect(() => made.times(x, 3, undefined, new Float32Array(60))).toThrow(RangeError);
    expect(() => made.times(x, 2, undefined, out.subarray(1))).toThrow(RangeError);
    expect(() => made.times(x, 2, new Float32Array(19), out)).toThrow(RangeError);
    for (const [from, to] of [[4, 20], [0, 12], [16, 8], [0, 24], [-8, 8]]) expect(() => made.times(x, 2, undefined, out, from, to)).toThrow(RangeError);
    expect(() => made.fill(new Uint8Array(8), 20, 1)).toThrow(RangeError);
    expect(() => made.fill(new Uint8Array(9), 0, 1)).toThrow(RangeError);
    expect(() => made.fillTransposed(new Uint8Array(40), 4, 1)).toThrow(RangeError);
    expect(() => own.room().matrix(2 ** 17, 2 ** 17, "float32")).toThrow(RangeError);
  });
});

describe("a check of matrices", () => {
  test("finds a product, a row or a type that is wrong", () => {
    const [{ matrix: reference }, ...others] = everyKernels;
    for (const { matrix: own } of others) expect(checkMatrix(own, reference)).toBeUndefined();
    const broken = (change: (made: Matrix) => Partial<Matrix>): MatrixKernels => ({
      ...reference,
      room: () => ({ matrix: (rows, columns, type) => Object.assign(reference.room().matrix(rows, columns, type), change(reference.room().matrix(rows, columns, type))) }),
    });
    expect(checkMatrix(broken(() => ({})), reference)).toBeUndefined();
    expect(checkMatrix(broken(() => ({ times() {} })), reference)).toContain("products with float32");
    expect(checkMatrix(broken(() => ({ row() {} })), reference)).toContain("float32");
    expect(checkMatrix(broken((made) => (made.type === "bfloat16" ? { fillTransposed() {} } : {})), reference)).toContain("bfloat16");
  });
});

test("matrices that do not fit into one memory get another", () => {
  let opened = 0;
  const room = bindMatrix(() => (opened++, openModule(wasmHost, "simd", "matrix")), () => null!, 2 ** 16).room();
  const made = Array.from({ length: 5 }, (_, i) => {
    const matrix = room.matrix(64, i === 3 ? 1024 : 100, "float32");
    matrix.fill(new Uint8Array(Float32Array.from({ length: 64 * matrix.columns }, () => i + 1).buffer), 0, 64);
    return matrix;
  });
  expect(opened).toBe(4);
  made.forEach((matrix, i) => {
    const out = new Float32Array(64);
    matrix.times(new Float32Array(matrix.columns).fill(1), 1, undefined, out);
    expect(out).toEqual(new Float32Array(64).fill((i + 1) * matrix.columns));
  });
});

test("a product that finds no memory is refused, and the next one that does is right", () => {
  let full = false;
  const host = hostThatFills(() => full);
  const matrix = bindMatrix(() => openModule(host, "simd", "matrix"), () => null!).room().matrix(64, 100, "float32");
  matrix.fill(new Uint8Array(new Float32Array(6400).fill(0.5).buffer), 0, 64);
  const times = (n: number) => {
    const out = new Float32Array(64 * n);
    matrix.times(new Float32Array(100 * n).fill(1), n, undefined, out);
    return out;
  };
  full = true;
  for (let i = 0; i < 3; i++) {
    expect(() => times(1000)).toThrow("Unable to grow");
    expect(times(3)).toEqual(new Float32Array(192).fill(50));
  }
  full = false;
  expect(times(1000)).toEqual(new Float32Array(64_000).fill(50));
});
