import { number } from "../marks/math.js";
import { fixed, significant } from "../text/number.js";
import { largestTerms, type StepsModel } from "./stepsModel.js";

/** Terms of a sum that are written out where there is room; fewer make a line of their own. */
const TERMS = 3;
/** Exponents beyond it are written relative to the largest score: their powers would be no numbers for people. */
const POWER = 12;

/** 1: q · k with its first terms, and scaled. */
export function similarityFormula(model: StepsModel, row: number, count: number): string[] {
  const { part } = model;
  const key = model.key(row);
  const { query, similarity, scale, scaled, bias, size } = part;
  const masked = part.masked[row] === 1;
  const places = largestTerms(query, key, count);
  const terms = places.map((i) => `${factor(query[i])} \\cdot ${factor(key[i])}`);
  const symbols = `q \\cdot k_{${row + 1}} = \\sum_i q_i\\, k_{${row + 1},i}`;
  const dots = size > places.length ? ` + \\cdots` : "";
  const numbers = `= ${terms.join(" + ")}${dots} = ${result(similarity[row], 3)}`;
  const root = Math.abs(scale - 1 / Math.sqrt(size)) < 1e-9;
  const divided = root ? `\\frac{q \\cdot k_{${row + 1}}}{\\sqrt{${size}}} = \\frac{${value(similarity[row], 3)}}{${value(Math.sqrt(size), 3)}}` : `q \\cdot k_{${row + 1}} \\times ${value(scale, 4)}`;
  const line = `s_{${row + 1}} = ${divided} = ${bias && bias[row] !== 0 ? `${value(scaled[row], 3)}` : result(scaled[row], 3)}`;
  const added = bias && bias[row] !== 0 ? [`s_{${row + 1}} + b_{${row + 1}} = ${value(scaled[row], 3)} ${bias[row] < 0 ? "-" : "+"} ${value(Math.abs(bias[row]), 3)} = ${result(scaled[row] + bias[row], 3)}`] : [];
  return [...(count < TERMS ? [symbols, numbers] : [`${symbols} ${numbers}`]), line, ...added, ...(masked ? [`s_{${row + 1}} \\to -\\infty`] : [])];
}

/** 2: the softmax of the scaled similarities. */
export function softmaxFormula(model: StepsModel, row: number, count: number): string[] {
  const { part: { scaled, bias, masked, temperature, weights }, n } = model;
  const score = (i: number): number => (scaled[i] + (bias?.[i] ?? 0)) / temperature;
  const open = Array.from({ length: n }, (_, i) => i).filter((i) => masked[i] !== 1);
  const most = open.reduce((m, i) => Math.max(m, score(i)), -Infinity);
  const shift = Math.abs(most) > POWER ? most : 0;
  const sum = open.reduce((all, i) => all + Math.exp(score(i) - shift), 0);
  const tau = temperature === 1 ? "" : `/${value(temperature, 2)}`;
  const symbols = `w_{${row + 1}} = \\frac{e^{s_{${row + 1}}${tau}${shift === 0 ? "" : "-m"}}}{\\sum_j e^{s_j${tau}${shift === 0 ? "" : "-m"}}}`;
  if (masked[row] === 1) return [`w_{${row + 1}} = ${result(0, 3)}`];
  const power = `e^{${value(score(row) - shift, 3)}}`;
  const first = open.slice(0, count < TERMS ? 1 : 2).map((i) => `e^{${value(score(i) - shift, 3)}}`);
  const numbers = `= \\frac{${power}}{${first.join(" + ")}${open.length > first.length ? " + \\cdots" : ""}} = \\frac{${digits(Math.exp(score(row) - shift))}}{${digits(sum)}} = ${result(weights[row], model.decimals)}`;
  const note = shift === 0 ? [] : [`m = \\max_j s_j${tau} = ${value(shift, 3)}`];
  return count < TERMS ? [symbols, numbers, ...note] : [`${symbols} ${numbers}`, ...note];
}

/** 3: one number of the output as the weighted sum of the values. */
export function outputFormula(model: StepsModel, dimension: number, count: number): string[] {
  const { weights, values, valueSize, output } = model.part;
  const terms = model.contributions(dimension);
  const shown = terms.slice(0, count);
  const written = shown.map(({ row }) => `${value(weights[row], model.decimals)} \\cdot ${factor(values[row * valueSize + dimension])}`);
  const symbols = `o_{${dimension + 1}} = \\sum_j w_j\\, v_{j,${dimension + 1}}`;
  const numbers = `= ${written.length === 0 ? "0" : written.join(" + ")}${terms.length > shown.length ? " + \\cdots" : ""} = ${result(output[dimension], 3)}`;
  return count < TERMS ? [symbols, numbers] : [`${symbols} ${numbers}`];
}

/** Of weights of one's own: what a temperature makes of one. */
export function temperedFormula({ part }: StepsModel, row: number): string[] {
  const { ownWeights, weights, temperature } = part;
  if (temperature === 1) return [`w_{${row + 1}} = ${result(weights[row], 4)}`];
  return [`w_{${row + 1}} = \\frac{a_{${row + 1}}^{1/${value(temperature, 2)}}}{\\sum_j a_j^{1/${value(temperature, 2)}}},\\quad a_{${row + 1}} = ${value(ownWeights[row], 4)},\\quad w_{${row + 1}} = ${result(weights[row], 4)}`];
}

function value(v: number, decimals: number): string {
  return number(fixed(v, decimals));
}

/** A negative factor in parentheses. */
function factor(v: number): string {
  const text = number(fixed(v, 2));
  return v < 0 && text.startsWith("{-}") ? `(${text})` : text;
}

function result(v: number, decimals: number): string {
  return `\\class{result}{${value(v, decimals)}}`;
}

function digits(v: number): string {
  const [mantissa, exponent] = significant(v, 4).replace(/\u2212/g, "-").split("e");
  return exponent === undefined ? number(mantissa) : `${number(mantissa)}{\\cdot}10^{${exponent}}`;
}
