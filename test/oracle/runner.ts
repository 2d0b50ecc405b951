import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { attention } from "./attention.js";
import { compare, type Difference, type Tolerance } from "./compare.js";
import { decoding } from "./decoding.js";
import { flair } from "./flair.js";
import { gmm } from "./gmm.js";
import { kmeans } from "./kmeans.js";
import { models } from "./models.js";
import { readOracle, type OracleCase, type OracleFile } from "./schema.js";
import { vectors } from "./vectors.js";

/** What an operation made of a case. */
export type Result =
  /** `values` has the keys of `expected` that are checked: at least one, where there are any. Another tolerance than the case's must be given by a rule of the fixtures. */
  | { readonly values: { readonly [key: string]: unknown }; readonly tolerance?: Tolerance }
  /** The case was refused, with this message. */
  | { readonly error: string };

export type Operation = (oracleCase: OracleCase, file: OracleFile) => Result;

export type Topic = {
  /** The implementation's name for reports: the op itself, or a part of it. */
  readonly name?: (oracleCase: OracleCase) => string;
  readonly operations: { readonly [name: string]: Operation };
};

const topics: { readonly [prefix: string]: Topic } = {
  gmm, kmeans, vectors, logits: decoding, decode: decoding, metrics: decoding, unlikelihood: decoding, model: models, generate: models,
  attention, rope: attention, transformer: attention, flair,
};

export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "not implemented"; readonly name: string };

export type Selected = { readonly file: OracleFile; readonly oracleCase: OracleCase };

/**
 * The cases of a directory of fixtures.
 * @param topic keeps those of one folder (such as gmm) at any depth, or whose op begins with it
 */
export function selectCases(directory: string, topic?: string): Selected[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) throw new Error(`There is no directory ${directory}.`);
  const ofTopic = (file: OracleFile, oracleCase: OracleCase) =>
    !topic || path.basename(file.folder) === topic || file.name.split(path.sep).includes(topic) || oracleCase.op.split(".")[0] === topic;
  return readOracle(directory).flatMap((file) =>
    file.cases.filter((oracleCase) => ofTopic(file, oracleCase)).map((oracleCase) => ({ file, oracleCase })),
  );
}

/** What runs a case, and the name by which it is reported when nothing does. */
export function operationOf({ op, ...rest }: OracleCase): { readonly name: string; readonly operation: Operation | undefined } {
  const prefix = op.split(".")[0];
  const topic = Object.hasOwn(topics, prefix) ? topics[prefix] : undefined;
  const name = topic?.name?.({ op, ...rest }) ?? op;
  return { name, operation: topic && Object.hasOwn(topic.operations, name) ? topic.operations[name] : undefined };
}

/** Runs one case. Never throws: an exception is a failure. */
export function runCase({ file, oracleCase }: Selected): Outcome {
  const { name, operation } = operationOf(oracleCase);
  if (!operation) return { kind: "not implemented", name };
  try {
    return judge(operation(oracleCase, file), oracleCase);
  } catch (error) {
    return { kind: "failed", reason: `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
  }
}

function judge(result: Result, { expected, tolerance }: OracleCase): Outcome {
  const refuse = "error" in expected && expected.error !== false && expected.error !== null;
  if ("error" in result) {
    if (!refuse) return { kind: "failed", reason: `it was refused: ${result.error}` };
    return result.error ? { kind: "passed" } : { kind: "failed", reason: "it was refused without a message" };
  }
  if (refuse) return { kind: "failed", reason: `it should have been refused: ${JSON.stringify(expected.error)}` };
  // A case without expected values holds data for others: it is enough that they can be taken up.
  if (Object.keys(expected).length === 0) return { kind: "passed" };
  const keys = Object.keys(result.values).filter((key) => key in expected);
  if (keys.length === 0) return { kind: "failed", reason: "nothing of it was checked" };
  const allowed = result.tolerance ?? (() => tolerance);
  const differences = keys.flatMap((key) => compare(result.values[key], expected[key], allowed, key));
  return differences.length === 0 ? { kind: "passed" } : { kind: "failed", reason: describe(differences) };
}

function describe(differences: readonly Difference[]): string {
  const { at, got, want, size, tolerance } = differences.reduce((a, b) => (b.size > a.size ? b : a));
  const others = differences.length > 1 ? `, and ${differences.length - 1} more places` : "";
  const text = (value: unknown) => (JSON.stringify(value) ?? String(value)).slice(0, 80);
  const far = Number.isFinite(size) ? `differs by ${size.toExponential(2)} (tolerance ${tolerance})` : "differs";
  return `${at} ${far}: got ${text(got)}, want ${text(want)}${others}`;
}
