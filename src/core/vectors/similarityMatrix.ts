import { msg, type Progress } from "../contract/index.js";
import { crew, isShared, roomOf, valuesToShare } from "../kernels/crew.js";
import { kernels } from "../kernels/current.js";
import type { Kernels } from "../kernels/kernels.js";
import { inPieces, type Task } from "../kernels/pieces.js";
import { through } from "../steps.js";
import { typescript } from "../kernels/typescript.js";
import type { PairKind, RowPairs, RowSource } from "../kernels/vectors.js";
import { grouped } from "../text/numberText.js";
import { blockPair, blockPairs } from "./blockPairs.js";
import { prepareRow, type Metric, type Rows } from "./similarity.js";

export type SimilarityMatrix = {
  readonly metric: Metric;
  readonly n: number;
  readonly values: Float32Array; // [n, n], symmetric
  readonly undefinedRows: readonly number[];
};

/** Nanoseconds of preparing a number; ranking sorts. */
const preparing = (metric: Metric) => (metric === "spearman" ? 80 : 3);
/** Nanoseconds of joining two numbers. */
const joining = () => (kernels().implementation === "typescript" ? 1 : 0.1);
/** Nanoseconds for which helpers are asked, and those of a piece of ranking. */
const LEAST = 1e7;
const STEP = 2e5;

/** All pairs, in single precision (5,000 rows take 100 MB). Helpers take part where it is long. Yields every few milliseconds. */
export function* similarityMatrix(rows: Rows, metric: Metric): Generator<Progress, SimilarityMatrix, void> {
  const { n, d } = rows;
  const helped = crew().helpers > 0 && n * d * ((n / 2) * joining() + preparing(metric)) >= LEAST;
  const message = (row: number) => msg("Row {0} of {1}", grouped(Math.min(n, row)), grouped(n));
  const lacking = new Uint8Array(roomOf(n, helped));
  const source = yield* through(sourceOf(rows, metric, lacking, helped), () => ({ fraction: 0, message: message(1) }));

  const values = new Float32Array(roomOf(4 * n * n, helped));
  const kind = metric === "dot" ? "product" : metric === "euclidean" || metric === "manhattan" ? metric : "cosine";
  const { pairs, sameElsewhere } = pairsOf(source, kind);
  const blocks = Math.ceil(n / pairs.block);
  const pieces = blockPairs(blocks);
  const reached = sameElsewhere && [source.rows.values, lacking, values].every(isShared);
  const filling = inPieces(fillTask(() => pairs), { source, kind, values }, pieces, reached);
  const reusable = yield* through(filling, (taken) => {
    const [row] = blockPair(Math.min(taken, pieces - 1), blocks);
    return { fraction: taken / pieces, message: message((row + 1) * pairs.block) };
  });
  const undefinedRows = Array.from(lacking.keys()).filter((i) => lacking[i] === 1);
  // A late helper writes there what it is at, whatever becomes of the result.
  return { metric, n, values: reusable ? values : values.slice(), undefinedRows };
}

/** Rows that each thread prepares for itself as it comes across them, which takes less time than to read them prepared. */
type Source = {
  readonly rows: Rows;
  readonly metric: Metric;
  readonly lacking: Uint8Array; // [n] takes 1 for a row without direction
};

function* sourceOf(rows: Rows, metric: Metric, lacking: Uint8Array, helped: boolean): Generator<unknown, Source, void> {
  const { n, d } = rows;
  const source = { rows: { n, d, values: helped ? yield* valuesToShare(rows.values, n * d) : rows.values }, metric, lacking };
  if (metric !== "spearman") return source;
  // Ranking takes long: each row once, by whichever thread.
  const values = new Float64Array(roomOf(8 * n * d, helped));
  const count = Math.max(1, Math.floor(STEP / (preparing(metric) * Math.max(1, d))));
  yield* inPieces(prepareTask, { source, count, values }, Math.ceil(n / count), [source.rows.values, lacking, values].every(isShared));
  return { rows: { n, d, values }, metric: "dot", lacking };
}

/** Takes row i, prepared, to `row`. */
function prepareFrom({ rows, metric, lacking }: Source): RowSource {
  return (i, row) => {
    if (!prepareRow(rows, metric, i, row)) lacking[i] = 1;
  };
}

type PrepareInput = {
  readonly source: Source;
  readonly count: number; // rows of a piece
  readonly values: Float64Array; // [n, d]
};

const prepareTask: Task<PrepareInput> = {
  name: "prepare rows",
  open({ source, count, values }) {
    const { n, d } = source.rows;
    const prepare = prepareFrom(source);
    const row = new Float64Array(d);
    return (piece) => {
      for (let i = piece * count; i < Math.min(n, (piece + 1) * count); i++) {
        prepare(i, row);
        values.set(row, i * d);
      }
      return []; // in one step
    };
  },
};

/** Pairs by the kernels in use, or by TypeScript where these have no room, as another thread may have. */
function pairsOf(source: Source, kind: PairKind): { readonly pairs: RowPairs; readonly sameElsewhere: boolean } {
  try {
    return { pairs: openPairs(kernels(), source, kind), sameElsewhere: true };
  } catch (error) {
    if (error instanceof RangeError) return { pairs: openPairs(typescript, source, kind), sameElsewhere: false };
    throw error;
  }
}

function openPairs({ vectors }: Kernels, source: Source, kind: PairKind): RowPairs {
  return vectors.pairs(prepareFrom(source), source.rows.n, source.rows.d, kind);
}

type FillInput = { readonly source: Source; readonly kind: PairKind; readonly values: Float32Array };

/** A piece is a block. Each thread has memory of its own for the rows that it comes across. */
function fillTask(open: (input: FillInput) => RowPairs): Task<FillInput> {
  return {
    name: "pairs of rows",
    open(input) {
      const pairs = open(input);
      const { block } = pairs;
      const { source: { rows: { n } }, values } = input;
      return (piece) => {
        const [start, from] = blockPair(piece, Math.ceil(n / block)).map((at) => at * block);
        pairs.fill(start, Math.min(n, start + block), from, Math.min(n, from + block), values);
        return []; // in one step
      };
    },
  };
}

/** What helpers can do of it. */
export const similarityTasks: readonly Task<never>[] = [
  prepareTask as Task<never>,
  fillTask(({ source, kind }) => openPairs(kernels(), source, kind)) as Task<never>,
];
