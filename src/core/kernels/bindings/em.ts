import type { EmKernel, EmKernels, EmModel } from "../em.js";
import type { Module } from "./module.js";

type Exports = {
  /** See lib/em/work.ts. */
  use(...addresses: number[]): void;
  pass(kind: number, x: number, n: number, span: number): void;
};

/** The kinds of kernel in em.ts of the module. */
const kinds = { one: 0, two: 1, diagonal: 2, full: 3 };
type Kind = keyof typeof kinds;

/** Rows that are copied in at a time. */
const chunkRows = 1024;
/** Numbers between two rows of the module's differences of a block; see lib/em/work.ts. */
const pitch = 136;
/** Rows whose shares are kept: a block for the small kernels; more for the others, so that few rows that count make long loops. */
const spans: Readonly<Record<Kind, number>> = { one: 128, two: 128, diagonal: 512, full: 512 };
/** The module's exponents are powers of two. */
const rootScale = Math.sqrt(Math.LOG2E);

export function bindEm({ exports, arena }: Module<Exports>): EmKernels {
  /** A place with the numbers laid down in it. */
  function lay(values: Float64Array): number {
    const at = arena.take(8 * values.length);
    arena.f64(at, values.length).set(values);
    return at;
  }

  const kernel =
    (kindOf: (D: number) => Kind): EmKernel =>
    (columns, from, to, model, out) => {
      const { K, D } = model;
      const kind = kindOf(D);
      const mark = arena.mark();
      const span = spans[kind];
      // Not a power of two: columns would share the same lines of the cache.
      const stride = chunkRows + 8;
      const roots = kind === "full" ? inTiles(model) : model.roots;
      const [counts, sums, products] = [lay(out.counts), lay(out.sums), lay(out.products)];
      const logs = arena.take(16);
      const x = arena.take(8 * D * stride);
      const padded = Math.ceil(D / 4) * 4;
      const rows = lay(new Float64Array(padded * pitch));
      exports.use(
        K, D, 8 * stride, lay(model.means), lay(model.centres), lay(roots.map((v) => v * rootScale)), lay(model.offsets.map((v) => v * Math.LOG2E)),
        arena.take(8 * K * stride), arena.take(8 * span), rows, arena.take(4 * span), arena.take(8 * span), counts, sums, products, logs,
      );
      const chunk = arena.f64(x, D * stride);
      const log = arena.f64(logs, 2);
      for (let start = from; start < to; start += chunkRows) {
        const n = Math.min(chunkRows, to - start);
        for (let d = 0; d < D; d++) {
          chunk.set(columns[d].subarray(start, start + n), d * stride);
          if (n % 8 !== 0) chunk.fill(columns[d][start + n - 1], d * stride + n, d * stride + Math.ceil(n / 8) * 8);
        }
        log[0] = 0;
        log[1] = 1;
        exports.pass(kinds[kind], x, n, span);
        out.logLikelihood[0] += n * model.top + log[0] * Math.LN2 + Math.log(log[1]);
      }
      out.counts.set(arena.f64(counts, out.counts.length));
      out.sums.set(arena.f64(sums, out.sums.length));
      out.products.set(arena.f64(products, out.products.length));
      arena.release(mark);
    };

  return {
    diagonal: kernel((D) => (D === 1 ? "one" : "diagonal")),
    full: kernel((D) => (D === 2 ? "two" : "full")),
  };
}

/** The rows of each root four at a time: [K, tiles, columns up to the diagonal's last, 4]; what is not there is zero. */
function inTiles({ K, D, roots }: EmModel): Float64Array {
  let length = 0;
  for (let a = 0; a < D; a += 4) length += 4 * Math.min(D, a + 4);
  const out = new Float64Array(K * length);
  let at = 0;
  for (let k = 0; k < K; k++) {
    for (let a = 0; a < D; a += 4) {
      for (let b = 0; b < Math.min(D, a + 4); b++) {
        for (let row = Math.max(a, b); row < Math.min(D, a + 4); row++) out[at + row - a] = roots[(k * D + row) * D + b];
        at += 4;
      }
    }
  }
  return out;
}
