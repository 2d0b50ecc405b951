import { alibiBias } from "../../core/attention/alibi.js";
import type { PositionPart } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { number } from "../marks/math.js";
import { fixed, significant } from "../text/number.js";

/** What the heatmap shows. */
export type CodeView = "sinusoidal" | "learned" | "alibi";

/** Queries and keys of the biases' square. */
const SQUARE = 32;
/** Beyond this a bias leaves nothing of a weight. */
const STRONGEST = 8;

/** Numbers as a heatmap: rows and columns with their names, and a colour's range. */
export type Codes = {
  readonly view: CodeView;
  readonly rows: number;
  readonly columns: number;
  readonly rowNames: ArrayLike<number>;
  /** NaN for what is masked. */
  readonly values: ArrayLike<number>; // [rows, columns]
  readonly limit: number;
  readonly rowLabel: Message;
  readonly columnLabel: Message;
};

export function codesOf(part: PositionPart, view: CodeView, head: number): Codes {
  if (view === "alibi") {
    const bias = alibiBias(part.slopes[head], SQUARE, SQUARE);
    const values = bias.map((value) => (value === -Infinity ? NaN : value));
    const rowNames = Array.from({ length: SQUARE }, (_, i) => i);
    return { view, rows: SQUARE, columns: SQUARE, rowNames, values, limit: STRONGEST, rowLabel: msg("query"), columnLabel: msg("key") };
  }
  if (view === "learned" && part.learned) {
    const { places, columns, values } = part.learned;
    return { view, rows: places.length, columns, rowNames: places, values, limit: usualSize(values), rowLabel: msg("position"), columnLabel: msg("number of the vector") };
  }
  const { places, hiddenSize, sinusoidal } = part;
  return { view: "sinusoidal", rows: places.length, columns: hiddenSize, rowNames: places, values: sinusoidal, limit: 1, rowLabel: msg("position"), columnLabel: msg("number of the vector") };
}

/** Few numbers of a matrix are far larger than others, and would leave the others no colour: three times their root mean square. */
function usualSize(values: Float32Array): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  return Number((3 * Math.sqrt(squares / Math.max(1, values.length))).toPrecision(2)) || 1;
}

/** A cell's formula, and its numbers. */
export function codeTex(part: PositionPart, codes: Codes, row: number, column: number, head: number): string[] {
  const value = codes.values[row * codes.columns + column];
  const place = codes.rowNames[row];
  switch (codes.view) {
    case "sinusoidal": {
      const even = column - (column % 2);
      const wave = column % 2 === 0 ? "\\sin" : "\\cos";
      const angle = place / 10000 ** (even / codes.columns);
      return [`PE(${place},\\,${column}) = ${wave}\\!\\left(\\frac{${place}}{10000^{${even}/${codes.columns}}}\\right)`, `= ${wave}(${number(significant(angle, 5))}) = \\class{result}{${number(fixed(value, 4))}}`];
    }
    case "learned":
      return [`W_{${place},\\,${column}} = \\class{result}{${number(fixed(value, 4))}}`];
    case "alibi": {
      if (Number.isNaN(value)) return [`b(${place},\\,${column}) = {-}\\infty`];
      const slope = number(significant(part.slopes[head], 4));
      return [`b(${place},\\,${column}) = -${slope} \\cdot (${place} - ${column})`, `= \\class{result}{${number(fixed(value, 3))}}`];
    }
  }
}

/** The same in words, for those who do not see it. */
export function codeText({ view, values, columns, rowNames }: Codes, row: number, column: number): Message {
  const value = values[row * columns + column];
  if (view !== "alibi") return msg("Position {0}, number {1}: {2}", rowNames[row], column, fixed(value, 4));
  return Number.isNaN(value) ? msg("Query {0} does not see key {1}, which comes later.", rowNames[row], column) : msg("Query {0}, key {1}: {2} is added to the score.", rowNames[row], column, fixed(value, 3));
}
