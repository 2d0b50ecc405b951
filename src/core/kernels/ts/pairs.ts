import type { PairKind, RowPairs, RowSource } from "../vectors.js";

/** Rows and columns of a block: enough to reuse what is in the cache. */
const MOST = 128;
/** Numbers joined for a block: a few milliseconds. */
const STEP = 1 << 22;

/** Rows and columns that keep the work of a block within a step; a multiple of 8. */
export function blockOf(n: number, d: number): number {
  return Math.min(MOST, 8 * Math.ceil(Math.max(1, n) / 8), Math.max(8, 8 * Math.floor(Math.sqrt(STEP / Math.max(1, d)) / 8)));
}

export function pairs(source: RowSource, n: number, d: number, kind: PairKind): RowPairs {
  const join = joins[kind];
  const rows = new Float64Array(n * d);
  const held = new Set<number>();
  const hold = (start: number, end: number): void => {
    if (held.has(start)) return;
    for (let i = start; i < end; i++) source(i, rows.subarray(i * d, (i + 1) * d));
    held.add(start);
  };
  return {
    block: blockOf(n, d),
    fill(start, end, from, to, out) {
      hold(start, end);
      hold(from, to);
      for (let j = from; j < to; j++) {
        for (let i = start; i < Math.min(end, j + 1); i++) {
          const value = join(rows, i * d, j * d, d);
          out[i * n + j] = value;
          out[j * n + i] = value;
        }
      }
    },
  };
}

const joins: Readonly<Record<PairKind, (values: Float64Array, a: number, b: number, d: number) => number>> = {
  cosine: (values, a, b, d) => Math.max(-1, Math.min(1, dot(values, a, b, d))),
  product: dot,
  euclidean(values, a, b, d) {
    let sum = 0;
    for (let c = 0; c < d; c++) {
      const v = values[a + c] - values[b + c];
      sum += v * v;
    }
    return Math.sqrt(sum);
  },
  manhattan(values, a, b, d) {
    let sum = 0;
    for (let c = 0; c < d; c++) sum += Math.abs(values[a + c] - values[b + c]);
    return sum;
  },
};

/** Four sums at once: one running sum would wait for each addition to finish. */
export function dot(values: Float64Array, a: number, b: number, d: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = d - (d % 4);
  for (let c = 0; c < whole; c += 4) {
    s0 += values[a + c] * values[b + c];
    s1 += values[a + c + 1] * values[b + c + 1];
    s2 += values[a + c + 2] * values[b + c + 2];
    s3 += values[a + c + 3] * values[b + c + 3];
  }
  for (let c = whole; c < d; c++) s0 += values[a + c] * values[b + c];
  return s0 + s1 + (s2 + s3);
}
