import { defaultsOf, type Env, type Outcome, type TextSource } from "../../../src/core/contract/index.js";
import { mixture } from "../../../src/core/mixture/explainer.js";
import type { MixtureParams } from "../../../src/core/mixture/params.js";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import { finish, quietly, sentences } from "./helpers.js";

/** Runs the mixture's explainer on texts. */

export const defaults = { ...defaultsOf(mixture.params), sweep_max: 0 };

export function textOf(text: string): TextSource {
  return { kind: "text", uri: "file:///x.csv", name: "x.csv", languageId: "csv", text, ranges: [] };
}

/** Parses and runs, as the worker does. */
export function explain(text: string, params: Partial<MixtureParams> = {}, env: Partial<Env> = {}): Outcome<MixtureTrace> {
  const parsed = finish(mixture.parse(textOf(text)));
  return parsed.ok ? finish(mixture.run(parsed.input, { ...defaults, ...params }, { ...quietly, ...env })) : parsed;
}

export function must(outcome: Outcome<MixtureTrace>): MixtureTrace {
  if (!outcome.ok) throw new Error(sentences(outcome.problems).join(" "));
  return outcome.trace;
}

export const csv = (rows: readonly (readonly number[])[], header: string) => `${header}\n${rows.map((row) => row.join(",")).join("\n")}\n`;
