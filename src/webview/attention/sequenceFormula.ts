import { number } from "../marks/math.js";
import { fixed, significant } from "../text/number.js";
import type { SequenceModel } from "./sequenceModel.js";
import { largestTerms } from "./stepsModel.js";

/** Terms of a sum that are written out where there is room; fewer make a line of their own. */
const TERMS = 3;

/** The score of a step and an input, its softmax, and the context, in symbols and with numbers. */
export function sequenceFormula(model: SequenceModel, step: number, input: number, count: number): string[] {
  const { part: { compared, score, attentive }, inputs } = model;
  const { decoder, encoder } = model.compared(step, input);
  const { v } = compared;
  const [s, j] = [step + 1, input + 1];
  const terms = v ? Float64Array.from(v, (each, a) => each * Math.tanh(decoder[a] + encoder[a])) : Float64Array.from(decoder, (each, a) => each * encoder[a]);
  const places = largestTerms(terms, new Float64Array(terms.length).fill(1), count);
  const written = places.map((a) => (v ? `${factor(v[a])} \\tanh(${number(fixed(decoder[a] + encoder[a], 2))})` : `${factor(decoder[a])} \\cdot ${factor(encoder[a])}`));
  const symbols = { dot: `s_{${s}} \\cdot h_{${j}}`, general: `s_{${s}} \\cdot W h_{${j}}`, concat: `v \\cdot \\tanh(W_s s_{${s}} + W_h h_{${j}})` }[score];
  const first = `e_{${s},${j}} = ${symbols}`;
  const numbers = `= ${written.join(" + ")}${compared.size > places.length ? " + \\cdots" : ""} = ${result(model.score(step, input))}`;
  const row = Array.from({ length: inputs }, (_, i) => model.score(step, i));
  const most = Math.max(...row);
  const shift = Math.abs(most) > 12 ? most : 0;
  const sum = row.reduce((all, each) => all + Math.exp(each - shift), 0);
  const less = shift === 0 ? "" : " - m";
  const weight = `w_{${s},${j}} = \\frac{e^{e_{${s},${j}}${less}}}{\\sum_i e^{e_{${s},i}${less}}}`;
  const quotient = `= \\frac{${digits(Math.exp(row[input] - shift))}}{${digits(sum)}} = ${result(model.weight(step, input))}`;
  const context = model.context(attentive, step);
  const h = attentive.hiddenSize;
  let place = 0;
  for (let a = 1; a < h; a++) if (Math.abs(context[a]) > Math.abs(context[place])) place = a;
  const strongest = Array.from({ length: inputs }, (_, i) => i).sort((a, b) => model.weight(step, b) - model.weight(step, a) || a - b).slice(0, count);
  const products = strongest.map((i) => `${number(fixed(model.weight(step, i), 3))} \\cdot ${factor(attentive.encoder[i * h + place])}`);
  const whole = `c_{${s}} = \\sum_i w_{${s},i}\\, h_i`;
  const part = `c_{${s},${place + 1}} = ${products.join(" + ")}${inputs > products.length ? " + \\cdots" : ""} = ${result(context[place])}`;
  return [
    ...(count < TERMS ? [first, numbers] : [`${first} ${numbers}`]),
    ...(count < TERMS ? [weight, quotient] : [`${weight} ${quotient}`]),
    ...(shift === 0 ? [] : [`m = \\max_i e_{${s},i} = ${number(fixed(shift, 3))}`]),
    ...(count < TERMS ? [whole, part] : [`${whole}, \\quad ${part}`]),
  ];
}

/** A negative factor in parentheses. */
function factor(v: number): string {
  const text = number(fixed(v, 2));
  return text.startsWith("{-}") ? `(${text})` : text;
}

function result(v: number): string {
  return `\\class{result}{${number(fixed(v, 3))}}`;
}

function digits(v: number): string {
  const [mantissa, exponent] = significant(v, 4).replace(/\u2212/g, "-").split("e");
  return exponent === undefined ? number(mantissa) : `${number(mantissa)}{\\cdot}10^{${exponent}}`;
}
