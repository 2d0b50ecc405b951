import { msg, type Env, type Outcome, type Problem, type Progress, type WordVectors } from "../contract/index.js";
import { through } from "../steps.js";
import { evaluate, splitExpressions, type Evaluation } from "./evaluate.js";
import { unknownNames } from "./expression.js";
import { heatmapOf } from "./heatmap.js";
import type { TextWords, VectorInput } from "./input.js";
import { lookUpWords } from "./lookup.js";
import { layOut } from "./map/layOut.js";
import { rowPoints, storePoints } from "./map/points.js";
import { oneHotOf } from "./oneHot.js";
import type { VectorParams } from "./params.js";
import { defaultQuery, neighboursOf, rowFinder } from "./query.js";
import { calledRows, vectorRows, wordRows, type RowSet } from "./rows.js";
import { textWords } from "./textWords.js";
import type { OneHotPart, StripsPart, VectorsTrace } from "./trace.js";
import { keyOf } from "./key.js";
import { vocabularyOf, type Vocabulary } from "./vocabulary.js";

type Step = Progress<VectorsTrace>;

/** Rows of a map whose numbers are not sent to the view. */
const MOST_MAP_VALUES = 5000;

/** What a run has at hand: the rows, and the store where it was asked for. */
export type Hand = { readonly rows: RowSet; readonly store: WordVectors | undefined; readonly warnings: readonly Problem[] };

/** Computes the parts that the tab asks for. */
export function* runVectors(input: VectorInput, params: VectorParams, env: Env): Generator<Step, Outcome<VectorsTrace>, void> {
  if (params.tab === "onehot" && (input.kind === "words" || params.words.trim() !== "")) return yield* runOneHotWords(input, params, env);
  const taken = yield* takeRows(input, params, env);
  if (!taken.ok) return taken;
  const { hand } = taken;
  const { rows, store } = hand;
  const base = baseOf(hand, env, params);
  const vocabulary = vocabularyOf(rows.whole, store, calledRows(rows));
  const done = (parts: Partial<VectorsTrace>, problems: readonly Problem[] = []): Outcome<VectorsTrace> =>
    ({ ok: true, trace: { ...base, ...parts }, problems: [...rows.warnings, ...hand.warnings, ...problems] });

  switch (params.tab) {
    case "heatmap": {
      const neighbours = yield* neighboursOf(rows, store, vocabulary, params, env.now);
      const strips = stripsOf(rows, vocabulary, params);
      const heatmap = yield* through(heatmapOf(rows, params.metric), ({ fraction, message, trace: part }): Step =>
        ({ fraction, message, ...(part ? { trace: () => ({ ...base, neighbours, strips, heatmap: part() }) } : {}) }));
      return done({ heatmap, neighbours, strips }, overflow(heatmap.cells, heatmap.undefinedRows.length, rows.n));
    }
    case "neighbours":
      return done({ neighbours: yield* neighboursOf(rows, store, vocabulary, params, env.now), strips: stripsOf(rows, vocabulary, params) });
    case "strips":
      return done({ strips: stripsOf(rows, vocabulary, params) });
    case "onehot":
      return done({ oneHot: oneHotOf(rows.names, [], vocabulary, env.random) });
    case "map": {
      const points = params.points === "store" && store ? storePoints(store, rows.names) : rowPoints(rows);
      // Many times a second: the numbers come with the end.
      const drawn = yield* through(layOut(points, params, env, base.key), ({ fraction, message, trace: part }): Step =>
        ({ fraction, message, ...(part ? { trace: () => ({ ...base, values: null, map: part() }) } : {}) }));
      return drawn.ok ? done({ map: drawn.trace }, drawn.problems) : drawn;
    }
  }
}

type Taken = { readonly ok: true; readonly hand: Hand } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The rows of the input, and the store where words are looked up in it. */
export function* takeRows(input: VectorInput, params: VectorParams, env: Env): Generator<Progress, Taken, void> {
  if (input.kind !== "words") {
    const rows = yield* vectorRows(input, params);
    if (rows.n < 1) return { ok: false, problems: [...rows.warnings, { severity: "error", message: msg("No row has finite numbers only, so there is nothing to compare.") }] };
    if (!asksForStore(rows, params)) return { ok: true, hand: { rows, store: undefined, warnings: [] } };
    const attached = yield* attach(env);
    return { ok: true, hand: { rows, store: attached.store, warnings: attached.problems.map((problem) => ({ ...problem, severity: "warning" })) } };
  }
  const attached = yield* attach(env);
  if (!attached.store) return { ok: false, problems: attached.problems };
  const lookup = yield* lookUpWords(input.words, attached.store);
  const rows = yield* wordRows(lookup, attached.store, input.inEditor, params);
  if (rows.n === 0) return { ok: false, problems: rows.warnings };
  return { ok: true, hand: { rows, store: attached.store, warnings: [] } };
}

/** Whether vectors that came without a store need one: to be searched, or for words that are no rows. */
function asksForStore(rows: RowSet, { tab, search, points, query, expressions }: VectorParams): boolean {
  if (tab === "map") return points === "store";
  if (tab === "onehot") return false;
  if (tab !== "strips" && search === "store") return true;
  const own = vocabularyOf(rows.whole, undefined, calledRows(rows));
  const asked = tab === "strips" ? [] : [query.trim() === "" ? defaultQuery(rows) : query];
  return [...asked, ...splitExpressions(expressions)].some((text) => unknownNames(text, own));
}

/** Reads the word vectors in use. */
function* attach(env: Env): Generator<Progress, { readonly store?: WordVectors; readonly problems: readonly Problem[] }, void> {
  if (!env.vectors) return { problems: [{ severity: "error", title: msg("No word vectors are in use"), message: msg("Words need word vectors to be compared. Choose a file with “Lumen: Use as Word Vectors”, or select lists of numbers.") }] };
  const parsed = yield* env.vectors.read();
  return parsed.ok ? { store: parsed.input, problems: [] } : { problems: parsed.problems };
}

function baseOf({ rows, store }: Hand, env: Env, { tab }: VectorParams): VectorsTrace {
  const { origin, n, d, names, values, norms, spans, lines, total, notes, stated } = rows;
  const name = env.vectors?.name ?? "";
  return {
    key: keyOf(rows, store && origin === "words" ? `${name} ${store.n} ${store.d}` : ""),
    origin, n, d, names, norms: norms.slice(), total, notes, stated,
    // Copies, since the trace's buffers are handed over and the rows are kept for questions.
    values: tab === "map" && n > MOST_MAP_VALUES ? null : values.slice(0, n * d),
    spans: spans?.slice() ?? null,
    lines: lines?.slice() ?? null,
    store: store ? { name, words: store.n, dimensions: store.d } : null,
  };
}

function stripsOf(rows: RowSet, vocabulary: Vocabulary, { expressions }: VectorParams): StripsPart {
  const rowOf = rowFinder(rows);
  return {
    source: expressions,
    rows: splitExpressions(expressions).slice(0, MOST_STRIPS).map((text) => {
      const evaluation = ofLength(evaluate(text, vocabulary, rowOf), rows.d);
      return evaluation.ok ? { text, ok: true, value: evaluation.value } : { text, ok: false, problem: evaluation.problem };
    }),
  };
}
const MOST_STRIPS = 50;

/** Strips stand under one another, number under number. */
function ofLength(evaluation: Evaluation, d: number): Evaluation {
  if (!evaluation.ok || evaluation.value.values.length === d) return evaluation;
  const { text, values } = evaluation.value;
  const message = msg("This has {0} numbers, the rows above have {1}: strips under one another need one length.", values.length, d);
  return { ok: false, problem: { message, start: 0, end: text.length, suggestions: [] } };
}

/** Cells that are undefined though their rows are not: products too large for single precision. */
function overflow(cells: Uint16Array, undefinedRows: number, n: number): Problem[] {
  let missing = 0;
  for (const cell of cells) if (cell === 65535) missing++;
  const rows = n - undefinedRows;
  const large = missing - ((n * (n + 1)) / 2 - (rows * (rows + 1)) / 2);
  return large > 0 ? [{ severity: "warning", message: msg("{0} cells are blank: their numbers are too large for single precision. Divide the vectors by a common number.", large) }] : [];
}

/** One-hot rows of words need no vectors: those without get numbers drawn from the seed. */
function* runOneHotWords(input: VectorInput, params: VectorParams, env: Env): Generator<Step, Outcome<VectorsTrace>, void> {
  const own = params.words.trim() === "";
  const words: TextWords = own && input.kind === "words" ? input.words : yield* textWords(params.words, [{ start: 0, end: params.words.length }]);
  const { store, problems } = yield* attach(env);
  const lookup = yield* lookUpWords(words, store);
  const names = [...lookup.found, ...lookup.missing].sort((a, b) => a.start - b.start).map(({ name }) => name);
  if (names.length === 0) {
    return { ok: false, problems: [{ severity: "error", title: msg("No words"), message: msg("No word stands here. Type some, parted by blanks, such as {0}.", "king queen man woman") }] };
  }
  const warnings = store || !env.vectors ? [] : problems.map((problem): Problem => ({ ...problem, severity: "warning" }));
  const base = yield* oneHotBase(input, params, env, store);
  const vocabulary = vocabularyOf(base.rows?.whole, store, base.rows && calledRows(base.rows));
  const oneHot: OneHotPart = oneHotOf(names, lookup.repeated, vocabulary, env.random);
  return { ok: true, trace: { ...base.trace, oneHot }, problems: warnings };
}

/** The rows where there are some, so that the part can be joined to others of the same; else a trace without rows. */
function* oneHotBase(input: VectorInput, params: VectorParams, env: Env, store: WordVectors | undefined): Generator<Progress, { readonly rows?: RowSet; readonly trace: VectorsTrace }, void> {
  const taken = yield* takeRows(input, params, env);
  if (taken.ok) return { rows: taken.hand.rows, trace: baseOf({ ...taken.hand, store: store ?? taken.hand.store }, env, params) };
  const none: VectorsTrace = {
    key: "", origin: "words", n: 0, d: 0, names: [], values: new Float32Array(0), norms: new Float64Array(0), spans: null, lines: null,
    total: 0, notes: [], stated: [], store: store ? { name: env.vectors?.name ?? "", words: store.n, dimensions: store.d } : null,
  };
  return { trace: none };
}
