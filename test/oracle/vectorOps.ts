import { readFileSync } from "node:fs";
import path from "node:path";
import { defaultsOf, format, type ByteSource, type Parsed } from "../../src/core/contract/index.js";
import { readBinaryVectors } from "../../src/core/vectors/files/binaryVectors.js";
import { readTextVectors } from "../../src/core/vectors/files/textVectors.js";
import { vectorParams } from "../../src/core/vectors/params.js";
import { pca } from "../../src/core/vectors/pca.js";
import { neighboursOf } from "../../src/core/vectors/query.js";
import { vectorRows } from "../../src/core/vectors/rows.js";
import { between, norm, prepareRows, type Metric } from "../../src/core/vectors/similarity.js";
import { VectorStore } from "../../src/core/vectors/store.js";
import type { Neighbour } from "../../src/core/vectors/topK.js";
import { vocabularyOf } from "../../src/core/vectors/vocabulary.js";
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

/** Asks as the view does: by an expression of quoted words. */
export const analogy: Operation = ({ input, expected, tolerance }, { shared }) => {
  const words = shared.words as readonly string[];
  const values = Float32Array.from(flatNumbers(shared.vectors));
  const store = new VectorStore(words, values, values.length / words.length);
  const terms = (sign: string, list: unknown): string[] => (list as readonly string[]).map((word) => `${sign} "${word}"`);
  const query = [...terms("+", input.positive), ...terms("-", input.negative)].join(" ");
  const ranked = (method: "3CosAdd" | "3CosMul", want: unknown): [string, number][] => {
    const params = { ...defaultsOf(vectorParams), tab: "neighbours", search: "rows", topn: words.length, query, method } as const;
    const rows = finish(vectorRows({ kind: "file", store, notes: [] }, params));
    const { answer } = finish(neighboursOf(rows, undefined, vocabularyOf(rows.whole, undefined), params, () => 0));
    if (!answer.ok) throw new Error(format(answer.problem.message));
    const all = Array.from(answer.names, (name, i) => ({ index: words.indexOf(name), score: answer.scores[i] }));
    return namesOf(all.slice(0, toNumber(input.top_k)), all, store, want as readonly [string, number][], tolerance);
  };
  return { values: { cosadd: ranked("3CosAdd", expected.cosadd), cosmul: ranked("3CosMul", expected.cosmul) } };
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
