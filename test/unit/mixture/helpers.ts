import { readFileSync } from "node:fs";
import { defaultsOf, format, type Env, type Outcome, type Problem } from "../../../src/core/contract/index.js";
import type { Matrix, Table } from "../../../src/core/formats/table.js";
import { mixtureParams, type MixtureParams } from "../../../src/core/mixture/params.js";
import { runMixture } from "../../../src/core/mixture/run.js";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";

/** Runs a generator to its end. */
export function finish<T>(generator: Generator<unknown, T, void>): T {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
}

const oracle = new URL("../../fixtures/oracle/gmm/", import.meta.url);
type Cases = { cases: { case: string; input: { data: number[]; means_init: number[]; X: number[][] } }[] };
const read = (name: string) => (JSON.parse(readFileSync(new URL(name, oracle), "utf8")) as Cases).cases;

const article = read("article_em1d.json").find((each) => each.case === "article-seed-0")!.input;
/** The article's 100 draws, and the two of them at which its program starts. */
export const articleRows = article.data.map((v) => [v]);
export const articleMeans = article.means_init.map((v) => [v]);
/** The iris measurements, 150 rows of four columns. */
export const iris = read("fit_iris.json")[0].input.X;

export function tableOf(rows: readonly (readonly number[])[]): Table {
  const columns = rows[0].map((_, d) => ({
    name: `c${d}`,
    values: Float64Array.from(rows, (row) => row[d]),
    codes: null,
    spans: null,
    numbers: rows.length,
    numeric: true,
  }));
  const lines = Int32Array.from(rows, (_, i) => i + 2);
  const spans = Int32Array.from({ length: 2 * rows.length }, (_, i) => 10 * (i >> 1) + (i % 2 ? 9 : 0));
  return { format: "csv", columns, rows: rows.length, lines, spans };
}

export function matrixOf(table: Table): Matrix {
  const { columns, rows } = table;
  return { names: columns.map(({ name }) => name), columns: columns.map(({ values }) => values), n: rows, rows: null, total: rows, skipped: [] };
}

export const quietly: Env = { random: () => 0.5, stopping: () => false, now: () => 0 };

export function outcomeOf(rows: readonly (readonly number[])[], params: Partial<MixtureParams> = {}, env: Partial<Env> = {}): Outcome<MixtureTrace> {
  const table = tableOf(rows);
  return finish(runMixture(table, matrixOf(table), { ...defaultsOf(mixtureParams), sweep_max: 0, ...params }, { ...quietly, ...env }));
}

/** The trace of a run that must succeed. The comparison of K is off unless asked for. */
export function traceOf(rows: readonly (readonly number[])[], params: Partial<MixtureParams> = {}, env: Partial<Env> = {}): MixtureTrace {
  const outcome = outcomeOf(rows, params, env);
  if (!outcome.ok) throw new Error(sentences(outcome.problems).join(" "));
  return outcome.trace;
}

export function sentences(problems: readonly Problem[]): string[] {
  return problems.map(({ message }) => format(message));
}

/** Numbers with two well separated groups, and as many columns as asked for; not random, so that every run sees the same. */
export function twoGroups(n: number, D: number): number[][] {
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: D }, (_, d) => (i % 2) * 6 + Math.sin(i * 12.9898 + d * 78.233) * 1.3 + Math.cos(i * 4.1 * (d + 1))),
  );
}
