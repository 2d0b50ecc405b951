import type { Derivation } from "../../core/vectors/derive.js";
import { isBounded } from "./heatmapScale.js";
import { escapeTex, upright } from "../marks/math.js";
import { fixed, significant } from "../text/number.js";

/** Names of the two vectors as TeX, with their line over it where they stand for all numbers. */
export type Names = { readonly a: string; readonly b: string };

/** Characters of a root that leave room for its value in the same line. */
const ONE_LINE = 18;
/** Longest names that are written out in a formula. */
const LONGEST = 9;

/** The names themselves where they are short words, else A and B. */
export function namesFor(a: string, b: string): { readonly names: Names; readonly letters: boolean } {
  const letters = [a, b].some((name) => Array.from(name).length > LONGEST || !/\p{L}/u.test(name));
  return { names: letters ? { a: upright("A"), b: upright("B") } : { a: upright(a), b: upright(b) }, letters };
}

/** A value of the metric as it is shown in a derivation. */
export function valueText(metric: Derivation["metric"], value: number): string {
  return isBounded(metric) ? fixed(value, 4) : significant(value, 5);
}

/**
 * The formula in symbols, with numbers, and the sum behind it: one line of TeX each, for a column of about 210 pixels.
 * Empty where the metric is not defined.
 */
export function derivationTex(derivation: Derivation, { a, b }: Names, more: (n: number) => string): readonly string[] {
  if ("undefinedRows" in derivation) return [];
  const { metric, d } = derivation;
  const result = `\\class{result}{${tex(valueText(metric, derivation.value))}}`;
  const sum = (name: string, term: (x: number, y: number) => string, total: string): string[] => sumTex(derivation.pairs, d, name, term, total, more);
  const product = (x: number, y: number): string => `${signed(x)}\\times ${signed(y)}`;
  const quotient = (x: { readonly dot: number; readonly normA: number; readonly normB: number }): string =>
    `= \\frac{${digits(x.dot, 5)}}{${digits(x.normA, 4)}\\times ${digits(x.normB, 4)}} = ${result}`;
  switch (derivation.metric) {
    case "cosine":
      return finite(derivation, [
        `\\frac{${a}\\cdot ${b}}{${length(a)}\\,${length(b)}}`,
        quotient(derivation),
        ...sum(`${a}\\cdot ${b}`, product, digits(derivation.dot, 5)),
        ...(d <= 3 ? lengthsTex(derivation.pairs, a, b, derivation.normA, derivation.normB) : []),
      ], result);
    case "dot":
      return [`${a}\\cdot ${b} = \\sum_j ${a}_j\\,${b}_j`, ...sum("", product, result)];
    case "euclidean":
      return finite(derivation, [
        `\\sqrt{\\sum_j (${a}_j - ${b}_j)^2}`,
        `= \\sqrt{${digits(derivation.squares, 5)}} = ${result}`,
        ...sum(`\\sum_j (${a}_j - ${b}_j)^2`, (x, y) => `(${digits(x, 3)} - ${signed(y)})^2`, digits(derivation.squares, 5)),
      ], result);
    case "manhattan":
      return [`\\sum_j |${a}_j - ${b}_j|`, ...sum("", (x, y) => `|${digits(x, 3)} - ${signed(y)}|`, result)];
    case "pearson":
      return finite(derivation, [
        `\\frac{(${a} - \\overline{${a}})\\cdot(${b} - \\overline{${b}})}{\\lVert ${a} - \\overline{${a}}\\rVert\\,\\lVert ${b} - \\overline{${b}}\\rVert}`,
        quotient(derivation),
        `\\overline{${a}} = ${digits(derivation.meanA, 4)},\\quad \\overline{${b}} = ${digits(derivation.meanB, 4)}`,
        ...sum(`(${a} - \\overline{${a}})\\cdot(${b} - \\overline{${b}})`, product, digits(derivation.dot, 5)),
      ], result);
    case "spearman":
      if (derivation.ties) {
        return [
          `\\frac{(r_a - \\bar r)\\cdot(r_b - \\bar r)}{\\lVert r_a - \\bar r\\rVert\\,\\lVert r_b - \\bar r\\rVert}`,
          quotient(derivation),
          `\\bar r = ${digits((d + 1) / 2, 6)}`,
        ];
      }
      return [
        `1 - \\frac{6\\,\\sum_j (r_{a,j} - r_{b,j})^2}{d\\,(d^2 - 1)}`,
        `= 1 - \\frac{6\\times ${digits(derivation.squares, 8)}}{${d}\\times ${digits(d * d - 1, 12)}} = ${result}`,
        ...sum("\\sum_j (r_{a,j} - r_{b,j})^2", (x, y) => `(${digits(x, 6)} - ${digits(y, 6)})^2`, digits(derivation.squares, 8)),
      ];
  }
}

/** The sum over the dimensions, a term a line: written out where they are few, else its first terms and how many more there are. */
function sumTex(pairs: Float64Array, d: number, name: string, term: (x: number, y: number) => string, total: string, more: (n: number) => string): string[] {
  const shown = pairs.length / 2;
  const terms = Array.from({ length: shown }, (_, j) => `${j === 0 ? "={}" : "+{}"}${term(pairs[2 * j], pairs[2 * j + 1])}`);
  if (d > shown) terms.push(`+{}\\,\\text{${escapeTex(more(d - shown))}}`);
  return [...(name === "" ? [] : [name]), ...[...terms, `={}${total}`].map((line) => (name === "" ? `{}${line}` : `\\quad ${line}`))];
}

/** Both lengths with their squares, of two or three dimensions. */
function lengthsTex(pairs: Float64Array, a: string, b: string, normA: number, normB: number): string[] {
  const squares = (at: number): string => Array.from({ length: pairs.length / 2 }, (_, j) => `${signed(pairs[2 * j + at])}^2`).join(" + ");
  const lines = (name: string, at: number, norm: number): string[] => {
    const root = `${length(name)} = \\sqrt{${squares(at)}}`;
    // Two lines where one would be wider than the column.
    return root.replace(/\\[a-zA-Z]+|[\\{}^ ]/g, "").length > ONE_LINE ? [root, `\\quad = ${digits(norm, 4)}`] : [`${root} = ${digits(norm, 4)}`];
  };
  return [...lines(a, 0, normA), ...lines(b, 1, normB)];
}

/** Where the numbers in between are more than a double can hold, the result alone. */
function finite(derivation: Derivation, lines: readonly string[], result: string): readonly string[] {
  const numbers = Object.values(derivation).filter((value) => typeof value === "number");
  return numbers.every(Number.isFinite) ? lines : [lines[0], `= ${result}`];
}

function length(name: string): string {
  return `\\lVert ${name}\\rVert`;
}

function digits(v: number, count: number): string {
  return tex(significant(v, count));
}

/** A negative factor in parentheses. */
function signed(v: number): string {
  return v < 0 ? `({-}${digits(-v, 3)})` : digits(v, 3);
}

/** TeX of a number that was formatted for people. */
function tex(text: string): string {
  const [mantissa, exponent] = text.replaceAll("\u2212", "-").split("e");
  const plain = mantissa.replace("-", "{-}").replaceAll(",", "{,}").replace("\u221e", "\\infty");
  return exponent === undefined ? plain : `${plain}{\\times}10^{${exponent}}`;
}
