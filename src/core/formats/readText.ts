import { msg, type Parsed, type Problem, type Progress, type TextSource } from "../contract/index.js";
import { binaryTextProblem } from "./binary.js";
import { readDelimitedText } from "./delimitedTable.js";
import type { Table } from "./table.js";

/** Reads the selections of a text, or the whole text. Spans and lines are the source's. */
export function* readText(source: TextSource): Generator<Progress, Parsed<Table>, void> {
  if (!/\S/.test(source.text)) return { ok: false, problems: [emptyProblem(source.name)] };
  const binary = binaryTextProblem(source.text, source.name);
  if (binary) return { ok: false, problems: [binary] };
  return yield* readDelimitedText(source.text);
}

/** What is said of a source without content. */
export function emptyProblem(name: string): Problem {
  return { severity: "error", message: msg("{0} is empty. Open a file with numbers, or type some.", name) };
}
