import type { EmKernel, EmKernels, EmModel, EmStatistics } from "../em.js";
import { em as typescript } from "../ts/em.js";
import type { Module } from "./module.js";

type Exports = {
  /** See lib/em/work.ts. */
  use(...addresses: number[]): void;
  pass(kind: number, x: number, n: number, span: number, hard: number): void;
  nearest(x: number, n: number): void;
};

/** The kinds of kernel in em.ts of the module. */
const kinds = { one: 0, two: 1, diagonal: 2, full: 3 };
type Kind = keyof typeof kinds;

/** Rows that are copied in at a time. */
const chunkRows = 4096;
/** Numbers between two columns: not a power of two, so that columns do not share the same lines of the cache. */
const stride = chunkRows + 8;
/** Numbers between two rows of the module's differences of a block; see lib/em/work.ts. */
const pitch = 136;
/** Rows whose shares are kept: a block for the small kernels; more for the others, so that few rows that count make long loops. */
const spans: Readonly<Record<Kind, number>> = { one: 128, two: 128, diagonal: 512, full: 512 };
/** The module's exponents are powers of two. */
const rootScale = Math.sqrt(Math.LOG2E);

/** What lies in memory, and where. */
type Laid = {
  readonly key: object;
  readonly kind: Kind;
  readonly D: number;
  readonly x: number;
  readonly places: number;
  readonly weights: number;
  readonly sums: readonly number[];
  readonly logs: number;
};

export function bindEm({ exports, arena }: Module<Exports>): EmKernels {
  const empty = arena.mark();
  let laid: Laid | undefined;

  /** A place with the numbers laid down in it. */
  function lay(values: Float64Array): number {
    const at = arena.take(8 * values.length);
    arena.f64(at, values.length).set(values);
    return at;
  }

  /** Lays down what `make` gives for the key, unless it is that of the call before: a pass has many calls. Undefined where there is no room. */
  function use(key: object, kind: Kind, make: () => Omit<EmModel, "top">): Laid | undefined {
    if (laid?.key === key && laid.kind === kind) return laid;
    try {
      return layDown(key, kind, make);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  function layDown(key: object, kind: Kind, make: () => Omit<EmModel, "top">): Laid {
    laid = undefined;
    arena.release(empty);
    const { K, D, means, centres, roots, offsets } = make();
    const size = K * D * (kind === "two" || kind === "full" ? D : 1);
    const sums = [K, K * D, size].map((length) => arena.take(8 * length));
    const logs = arena.take(16);
    const x = arena.take(8 * D * stride);
    const [places, weights] = [arena.take(4 * chunkRows), arena.take(8 * chunkRows)];
    const rows = lay(new Float64Array(Math.ceil(D / 4) * 4 * pitch));
    exports.use(
      K, D, 8 * stride, lay(means), lay(centres), lay(roots), lay(offsets), arena.take(8 * K * stride), arena.take(8 * chunkRows),
      rows, places, weights, ...sums, logs,
    );
    return (laid = { key, kind, D, x, places, weights, sums, logs });
  }

  /** Copies rows in, a chunk at a time, for `work`. */
  function chunks({ D, x }: Laid, columns: readonly Float64Array[], from: number, to: number, work: (n: number, start: number) => void): void {
    const chunk = arena.f64(x, D * stride);
    for (let start = from; start < to; start += chunkRows) {
      const n = Math.min(chunkRows, to - start);
      columns.forEach((column, d) => {
        chunk.set(column.subarray(start, start + n), d * stride);
        // The module works on eight rows at a time; this one counts once.
        if (n % 8 !== 0) chunk.fill(column[start + n - 1], d * stride + n, d * stride + n + 8 - (n % 8));
      });
      work(n, start);
    }
  }

  function run(at: Laid, columns: readonly Float64Array[], from: number, to: number, top: number, hard: boolean, out: EmStatistics): void {
    const { kind, x, sums } = at;
    partsOf(out).forEach((part, i) => arena.f64(sums[i], part.length).set(part));
    const log = arena.f64(at.logs, 2);
    chunks(at, columns, from, to, (n) => {
      log[0] = 0;
      log[1] = 1;
      exports.pass(kinds[kind], x, n, spans[kind], Number(hard));
      out.logLikelihood[0] += n * top + log[0] * Math.LN2 + Math.log(log[1]);
    });
    partsOf(out).forEach((part, i) => part.set(arena.f64(sums[i], part.length)));
  }

  const kernel =
    (kindOf: (D: number) => Kind, otherwise: EmKernel): EmKernel =>
    (columns, from, to, model, out) => {
      const kind = kindOf(model.D);
      const at = use(model, kind, () => inTwos(model, kind));
      if (at) run(at, columns, from, to, model.top, false, out);
      else otherwise(columns, from, to, model, out);
    };

  return {
    diagonal: kernel(diagonalKind, typescript.diagonal),
    full: kernel(fullKind, typescript.full),
    assign(columns, from, to, centres, out) {
      const D = columns.length;
      const kind = out.products.length === centres.length ? diagonalKind(D) : fullKind(D);
      const at = use(centres, kind, () => distanceModel(D, centres));
      if (at) run(at, columns, from, to, 0, true, out);
      else typescript.assign(columns, from, to, centres, out);
    },
    nearest(columns, from, to, centres, labels, distances) {
      const at = use(centres, diagonalKind(columns.length), () => distanceModel(columns.length, centres));
      if (!at) return typescript.nearest(columns, from, to, centres, labels, distances);
      const [places, weights] = [arena.i32(at.places, chunkRows), arena.f64(at.weights, chunkRows)];
      chunks(at, columns, from, to, (n, start) => {
        exports.nearest(at.x, n);
        labels.set(places.subarray(0, n), start);
        distances.set(weights.subarray(0, n), start);
      });
    },
  };
}

function diagonalKind(D: number): Kind {
  return D === 1 ? "one" : "diagonal";
}

function fullKind(D: number): Kind {
  return D === 2 ? "two" : "full";
}

/** Centres alone, to which distances are taken. */
function distanceModel(D: number, centres: Float64Array): Omit<EmModel, "top"> {
  const none = new Float64Array(0);
  return { K: centres.length / D, D, means: centres, centres, roots: none, offsets: none };
}

/** The model as the module reads it. */
function inTwos(model: EmModel, kind: Kind): EmModel {
  const roots = kind === "full" ? inTiles(model) : model.roots;
  return { ...model, roots: scaled(roots, rootScale), offsets: scaled(model.offsets, Math.LOG2E) };
}

function partsOf({ counts, sums, products }: EmStatistics): readonly Float64Array[] {
  return [counts, sums, products];
}

function scaled(values: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = values[i] * factor;
  return out;
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
