import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { configText } from "./compareConfig.js";
import { metricColumns, metricText } from "./compareMetrics.js";
import type { ComparedStrategy } from "./compareRow.js";
import { piecesOf } from "./compareTokens.js";

/** Every number of every strategy: a row a number, so that six strategies fit. */
export function drawCompareTable(root: HTMLElement, host: ViewHost, strategies: readonly ComparedStrategy[], width: number): void {
  const cell = (value: number | null, text: string) => (value === null ? text : { text, title: exact(value) });
  drawTable(root, {
    caption: host.t(msg("All numbers of the compared strategies")),
    columns: [{ title: host.t(msg("number")) }, ...strategies.map(({ name }) => ({ title: name, numeric: true }))],
    rows: [
      { cells: [host.t(msg("tokens")), ...strategies.map(({ ids }) => fixed(ids.length, 0))] },
      ...metricColumns.map((column) => ({
        cells: [{ text: column.title, title: host.t(column.help) }, ...strategies.map(({ metrics, problem, ids }) => {
          const value = problem === null && ids.length > 0 ? column.value(metrics) : null;
          return cell(value, metricText(column, value));
        })],
      })),
      ...([[msg("likeness, same prompt"), "samePrompt"], [msg("likeness, other prompts"), "otherPrompts"]] as const).map(([title, key]) => ({
        cells: [host.t(title), ...strategies.map((strategy) => {
          const { likeness } = strategy[key];
          return cell(likeness, likeness === null ? "\u2013" : fixed(likeness, 2));
        })],
      })),
    ],
    width: Math.max(380, width),
  });
}

/** A line for each strategy. */
export function compareCsv(strategies: readonly ComparedStrategy[]): string {
  const head = ["strategy", "parameters", "tokens", ...metricColumns.map(({ title }) => title), "likeness_same_prompt", "likeness_other_prompts", "text"];
  const lines = strategies.map(({ name, config, ids, metrics, samePrompt, otherPrompts, text }) => csvLine([
    name, configText(config), ids.length, ...metricColumns.map((column) => column.value(metrics) ?? ""), samePrompt.likeness ?? "", otherPrompts.likeness ?? "", text,
  ]));
  return csvLine(head) + lines.join("");
}

/** A line for each token of each strategy. */
export function tokensCsv(strategies: readonly ComparedStrategy[]): string {
  const lines = strategies.flatMap(({ name, ids, text, ends, modelProbability, repeated }) =>
    piecesOf(text, ends).map((piece, i) => csvLine([name, i + 1, ids[i], piece, modelProbability[i], repeated[i]])));
  return csvLine(["strategy", "place", "id", "token", "model_probability", "repeated"]) + lines.join("");
}
