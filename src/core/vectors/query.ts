import { msg, type Message, type Progress } from "../contract/index.js";
import type { Collection } from "./collection.js";
import { evaluate, type Evaluation } from "./evaluate.js";
import type { Part } from "./expression.js";
import type { VectorParams } from "./params.js";
import type { RowSet } from "./rows.js";
import { searchCosine, searchProduct, type SearchOptions, type SearchResult } from "./search.js";
import { norm } from "./similarity.js";
import type { ExpressionProblem, NeighboursPart } from "./trace.js";
import type { Vocabulary } from "./vocabulary.js";

type Answer = NeighboursPart["answer"];

/**
 * What Lumen asks by itself: the best known analogy where its words are there, else the first row that has a direction, or
 * the one selected.
 */
export function defaultQuery({ whole, names, norms, focus }: RowSet): string {
  const classic = ["king", "man", "woman"].every((word) => whole.indexOf(word) !== undefined);
  if (focus !== null) return names[focus];
  return classic ? "king - man + woman" : (names[Math.max(0, norms.findIndex((length) => length > 0))] ?? "");
}

/** A view of the trace's row at a place of all rows, or −1. */
export function rowFinder({ n, places }: RowSet): (place: number) => number {
  if (!places) return (place) => (place < n ? place : -1);
  const rows = new Map(Array.from(places, (place, row) => [place, row]));
  return (place) => rows.get(place) ?? -1;
}

/**
 * The neighbours of a query among the rows or the words of the store: exact, over all of them.
 *
 * - sum: cosines with the expression's vector, the plain weighted sum of its terms.
 * - 3CosAdd: cosines with the weighted sum of the terms at length 1, lists of numbers as they are: gensim's
 *   `most_similar(positive=[(word, weight), …])`.
 * - 3CosMul: needs words with weights 1 and −1: gensim's `most_similar_cosmul`.
 */
export function* neighboursOf(
  rows: RowSet,
  store: Collection | undefined,
  vocabulary: Vocabulary,
  params: VectorParams,
  now: () => number,
): Generator<Progress, NeighboursPart, void> {
  const { method, exclude, topn } = params;
  const query = params.query.trim() === "" ? defaultQuery(rows) : params.query;
  const evaluation = evaluate(query, vocabulary, rowFinder(rows));
  const search = evaluation.ok ? placeOf(rows, store, evaluation, params) : params.search === "store" ? "store" : "rows";
  const part = { query, method, exclude, search, topn };
  if (!evaluation.ok) return { ...part, answer: evaluation };
  const answer = yield* answerOf(rows, search === "rows" ? rows.whole : store, search, evaluation, vocabulary, params, now);
  return { ...part, answer: "problem" in answer ? { ok: false, problem: answer.problem } : answer };
}

type Evaluated = Extract<Evaluation, { ok: true }>;

/** Words are looked for among words; vectors among the rows they came with. */
function placeOf(rows: RowSet, store: Collection | undefined, { value, parts }: Evaluated, { search }: VectorParams): "rows" | "store" {
  if (search !== "auto") return search;
  if (!store) return "rows";
  if (rows.origin === "words") return "store";
  const words = parts.filter((part) => "named" in part);
  const foreign = words.length > 0 && words.every((part) => "named" in part && part.named.at === "store");
  return foreign || value.values.length !== rows.d ? "store" : "rows";
}

function* answerOf(
  rows: RowSet,
  searched: Collection | undefined,
  search: "rows" | "store",
  { value, parts }: Evaluated,
  vocabulary: Vocabulary,
  { method, exclude, topn }: VectorParams,
  now: () => number,
): Generator<Progress, Answer | { readonly problem: ExpressionProblem }, void> {
  const problem = (message: Message): { readonly problem: ExpressionProblem } => ({ problem: { message, start: 0, end: value.text.length, suggestions: [] } });
  if (!searched) return problem(msg("No word vectors are in use, so only the rows can be searched."));
  const d = value.values.length;
  if (d !== searched.d) {
    return problem(search === "rows"
      ? msg("The question has {0} numbers, but the rows have {1}. Search in the word vectors, or ask with names of rows.", d, searched.d)
      : msg("The question has {0} numbers, but the word vectors have {1}. Search among the rows, or use word vectors of that length.", d, searched.d));
  }
  const own = new Set(parts.map((part) => placeIn(rows, part, search)).filter((place) => place >= 0));
  const options: SearchOptions = { k: topn, excluded: exclude ? own : new Set(), now };
  const vectors = parts.map((part) => ("list" in part ? part.list : vocabulary.vector(part.named.at, part.named.index)));
  let result: SearchResult;
  if (method === "3CosMul") {
    if (!parts.every((part) => "named" in part && Math.abs(part.weight) === 1)) {
      return problem(msg("3CosMul multiplies cosines, so it takes only words that are added or subtracted once, without lists and factors. Choose {0} or {1}.", "sum", "3CosAdd"));
    }
    const positive = vectors.filter((_, t) => parts[t].weight > 0);
    const negative = vectors.filter((_, t) => parts[t].weight < 0);
    if (positive.length === 0) return problem(msg("3CosMul needs at least one word that is not subtracted."));
    result = yield* searchProduct(searched, positive, negative, options);
  } else {
    const direction = method === "sum" ? value.values : unitSum(parts, vectors, d);
    if (norm(direction) === 0) return problem(msg("The result is a zero vector. It has no direction, so nothing is nearest to it."));
    result = yield* searchCosine(searched, direction, options);
  }
  const { found, left, milliseconds } = result;
  const rowOf = rowFinder(rows);
  const nearest = searched.values instanceof Float64Array ? new Float64Array(found.length * d) : new Float32Array(found.length * d);
  for (const [r, { index }] of found.entries()) nearest.set(searched.values.subarray(index * d, (index + 1) * d), r * d);
  return {
    ok: true,
    asked: value,
    names: found.map(({ index }) => searched.word(index)),
    indices: Int32Array.from(found, ({ index }) => (search === "rows" ? rowOf(index) : index)),
    scores: Float64Array.from(found, ({ score }) => score),
    vectors: nearest,
    left: left.map(({ index, score, rank }) => ({ name: searched.word(index), score, rank })),
    searched: searched.n,
    milliseconds,
  };
}

/** Where a term is in what is searched, or −1. */
function placeIn({ inStore, whole }: RowSet, part: Part, search: "rows" | "store"): number {
  if ("list" in part) return -1;
  const { at, index, name } = part.named;
  if (at === search) return index;
  if (!inStore) return -1;
  return at === "rows" ? inStore[index] : (whole.indexOf(name) ?? -1);
}

function unitSum(parts: readonly Part[], vectors: readonly ArrayLike<number>[], d: number): Float64Array {
  const sum = new Float64Array(d);
  for (const [t, vector] of vectors.entries()) {
    const length = "list" in parts[t] ? 1 : norm(vector);
    if (length > 0) for (let j = 0; j < d; j++) sum[j] += (parts[t].weight * vector[j]) / length;
  }
  return sum;
}
