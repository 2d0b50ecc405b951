import type { TrainingPart } from "../../core/decoding/trace.js";
import { chain } from "../marks/formulas.js";
import { number } from "../marks/math.js";
import { fixed, significant } from "../text/number.js";
import { sequenceTerm, type Level } from "./trainingModel.js";

/** The loss at a place in symbols and with its numbers. */
export function lossFormula(part: TrainingPart, level: Level, t: number, alpha: number, narrow: boolean): string[] {
  return level === "token"
    ? chain(["\\mathcal{L}_t = -\\log p(x_t) - \\alpha \\sum_{c \\in C_t} \\log\\bigl(1 - p(c)\\bigr)", `${value(part.likelihood[t])} + ${number(significant(alpha, 3))} \\cdot ${value(part.unlikelihood[t])} = ${result(part.likelihood[t] + alpha * part.unlikelihood[t])}`], narrow)
    : chain(["\\mathcal{L}_t = -\\log\\bigl(1 - p(x_t)\\bigr)", `-\\log(1 - ${value(Math.exp(-part.likelihood[t]))}) = ${result(sequenceTerm(part, t))}`], narrow);
}

/** The gradient that the bars show, in symbols and with the numbers of the token itself. */
export function gradientFormula(part: TrainingPart, level: Level, t: number, alpha: number, narrow: boolean): string[] {
  const left = "\\frac{\\partial \\mathcal{L}_t}{\\partial z_i}";
  if (level === "token") {
    const likely = `${left} = p_i - [i = x_t]`;
    const unlikely = "+\\, \\alpha \\Bigl([i \\in C_t]\\,\\frac{p_i}{1 - p_i} - p_i \\sum_{c \\in C_t} \\frac{p_c}{1 - p_c}\\Bigr)";
    const [q, a] = [Math.exp(-part.likelihood[t]), number(significant(alpha, 3))];
    const own = "\\frac{\\partial \\mathcal{L}_t}{\\partial z_{x_t}}";
    const slope = q - 1 - alpha * q * part.pull[t];
    // The token itself is no candidate: of the second part its share of what all others gain is left.
    const filled = chain([`${own} = p_{x_t} - 1 - \\alpha\\, p_{x_t} \\sum_{c \\in C_t} \\frac{p_c}{1 - p_c}`, `${value(q)} - 1 - ${a} \\cdot ${value(q)} \\cdot ${value(part.pull[t])} = ${result(slope)}`], narrow);
    return [...(narrow ? [likely, unlikely] : [`${likely} ${unlikely}`]), ...filled];
  }
  const p = value(Math.exp(-part.likelihood[t]));
  return chain([`${left} = \\frac{p}{1 - p}\\,\\bigl([i = x_t] - p_i\\bigr)`, `\\frac{${p}}{1 - ${p}}\\,\\bigl([i = x_t] - p_i\\bigr)`], narrow);
}

function value(v: number): string {
  return number(fixed(v, 3));
}

function result(v: number): string {
  return `\\class{result}{${number(fixed(v, 3))}}`;
}
