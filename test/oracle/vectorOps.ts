import { readFileSync } from "node:fs";
import path from "node:path";
import { format, type ByteSource, type Parsed } from "../../src/core/contract/index.js";
import { cosAdd, cosMul } from "../../src/core/vectors/analogy.js";
import { readBinaryVectors } from "../../src/core/vectors/files/binaryVectors.js";
import { readTextVectors } from "../../src/core/vectors/files/textVectors.js";
import type { Neighbour } from "../../src/core/vectors/neighbours.js";
import { pca } from "../../src/core/vectors/pca.js";
import { between, norm, prepareRows, type Metric } from "../../src/core/vectors/similarity.js";
import { VectorStore } from "../../src/core/vectors/store.js";
import { finish, pointsOf } from "./kmeans.js";
import type { Operation, Result } from "./runner.js";
import { flatNumbers, nested, toNumber } from "./schema.js";

export const similarity: Operation = ({ input }) => {
  const { x, n, D: d } = pointsOf(input.X);
  const matrix = (metric: Metric): number[][] => {
    const { values } = prepareRows({ n, d, values: x }, metric);
    return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => between(values, d, metric, i, j)));
  };
  return {
    values: {
      cosine: matrix("cosine"),
      euclidean: matrix("euclidean"),
      manhattan: matrix("manhattan"),
      dot: matrix("dot"),
      norms: Array.from({ length: n }, (_, i) => norm(x, d, i * d)),
    },
  };
};

export const analogy: Operation = ({ input, expected, tolerance }, { shared }) => {
  const words = shared.words as readonly string[];
  const values = Float32Array.from(flatNumbers(shared.vectors));
  const store = new VectorStore(words, values, values.length / words.length);
  const rows = (list: unknown): number[] => (list as readonly string[]).map((word) => words.indexOf(word));
  const ranked = (rank: typeof cosAdd, want: unknown): [string, number][] => {
    const all = finish(rank(store, rows(input.positive), rows(input.negative), words.length));
    return namesOf(all.slice(0, toNumber(input.top_k)), all, store, want as readonly [string, number][], tolerance);
  };
  return { values: { cosadd: ranked(cosAdd, expected.cosadd), cosmul: ranked(cosMul, expected.cosmul) } };
};

/** The fixtures compare the order only where neighbouring scores differ by more than the tolerance. */
function namesOf(
  top: readonly Neighbour[],
  all: readonly Neighbour[],
  store: VectorStore,
  want: readonly (readonly [string, number])[],
  tolerance: number,
): [string, number][] {
  return top.map(({ index, score }, i) => {
    const other = all.find((neighbour) => store.words[neighbour.index] === want[i]?.[0]);
    const tied = other !== undefined && Math.abs(other.score - score) <= tolerance;
    return [tied ? want[i][0] : store.words[index], score];
  });
}

export const principal: Operation = ({ input }) => {
  const { x, n, D: d } = pointsOf(input.X);
  const k = toNumber(input.n_components);
  const found = finish(pca({ n, d, values: x }, k));
  return {
    values: {
      mean: found.mean,
      components: nested(found.components, d),
      explained_variance: found.explainedVariance,
      explained_variance_ratio: found.explainedVarianceRatio,
      singular_values: found.singularValues,
      projections: nested(found.projections, k),
    },
  };
};

function storeResult(parsed: Parsed<VectorStore>): Result {
  if (!parsed.ok) return { error: parsed.problems.map((problem) => format(problem.message)).join(" ") };
  const { words, values, d, n } = parsed.input;
  return { values: { words, vectors: nested(values, d), dim: d, count: n } };
}

/** Runs a reader of word vectors on a case's file. */
export function parseWith(read: typeof readTextVectors): Operation {
  return ({ input }, { folder }) => {
    const bytes = readFileSync(path.join(folder, input.file as string));
    const source: ByteSource = { size: bytes.length, read: (offset, length) => Uint8Array.from(bytes.subarray(offset, offset + length)) };
    return storeResult(finish(read(source)));
  };
}

export const vectorOperations: { readonly [name: string]: Operation } = {
  "vectors.similarity": similarity,
  "vectors.analogy": analogy,
  "vectors.pca": principal,
  "vectors.parse[glove]": parseWith(readTextVectors),
  "vectors.parse[word2vec-text]": parseWith(readTextVectors),
  "vectors.parse[fasttext-vec]": parseWith(readTextVectors),
  "vectors.parse[word2vec-binary]": parseWith(readBinaryVectors),
};
