import { msg, type Message } from "../contract/index.js";
import { readExpression, type Part } from "./expression.js";
import { cosine, norm } from "./similarity.js";
import type { Evaluated, ExpressionProblem, Term } from "./trace.js";
import type { Vocabulary } from "./vocabulary.js";

export type Evaluation =
  | { readonly ok: true; readonly value: Evaluated; readonly parts: readonly Part[] }
  | { readonly ok: false; readonly problem: ExpressionProblem };

/**
 * An expression with its vector, the plain sum of its terms.
 * @param rowOf the trace's row of a place in the rows' collection, or −1
 */
export function evaluate(text: string, vocabulary: Vocabulary, rowOf: (place: number) => number): Evaluation {
  const read = readExpression(text, vocabulary);
  if (!read.ok) return read;
  const { parts, d, reading } = read;
  const values = new Float64Array(d);
  const vectors = new Float64Array(parts.length * d);
  const terms = parts.map((part, t): Term => {
    const vector = "list" in part ? part.list : vocabulary.vector(part.named.at, part.named.index);
    for (let j = 0; j < d; j++) {
      vectors[t * d + j] = vector[j];
      values[j] += part.weight * vector[j];
    }
    if ("list" in part) return { name: listName(part.list), weight: part.weight, at: "numbers", index: -1 };
    const { at, index, name } = part.named;
    return { name, weight: part.weight, at, index: at === "rows" ? rowOf(index) : index };
  });
  if (!values.every(Number.isFinite)) {
    const message: Message = msg("The result is not finite: a number in it is NaN, or too large. Correct the vectors or the expression.");
    return { ok: false, problem: { message, start: 0, end: text.length, suggestions: [] } };
  }
  const cosines = Float64Array.from(terms, (_, t) => cosine(vectors.subarray(t * d, (t + 1) * d), values));
  return { ok: true, parts, value: { text: text.trim(), terms, values, norm: norm(values), parts: vectors, cosines, reading } };
}

/** The beginning of a list, as a label. */
function listName(list: Float64Array): string {
  return `[${Array.from(list.subarray(0, 3), (value) => String(Number(value.toPrecision(3)))).join(", ")}${list.length > 3 ? ", …" : ""}]`;
}

/** The expressions of a text: one a line, or parted by semicolons that stand in no brackets and no quotes. */
export function splitExpressions(text: string): string[] {
  const found: string[] = [];
  let current = "";
  let depth = 0;
  let quote = "";
  const chars = [...text];
  const last: Record<string, number> = { '"': chars.lastIndexOf('"'), "`": chars.lastIndexOf("`") };
  for (const [i, char] of chars.entries()) {
    if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "`") quote = last[char] > i ? char : "";
    else if (char === "[" || char === "(") depth++;
    else if (char === "]" || char === ")") depth = Math.max(0, depth - 1);
    if (/[\n\r；]/.test(char) || (char === ";" && depth === 0 && quote === "")) {
      found.push(current);
      [current, depth, quote] = ["", 0, ""];
    } else current += char;
  }
  return [...found, current].map((each) => each.trim()).filter((each) => each !== "");
}
