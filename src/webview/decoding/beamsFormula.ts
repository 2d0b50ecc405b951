import { msg } from "../../core/contract/index.js";
import { number, upright } from "../marks/math.js";
import { fixed, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { penalised, type BeamsModel, type Place } from "./beamsModel.js";

/** Terms that are written out; where there is little room, none. */
const WRITTEN = 6;

/** How a candidate's score comes about: the sum of its path's log-probabilities over its length to the power of length_penalty. */
export function beamFormula(host: ViewHost, model: BeamsModel, place: Place, width: number): string {
  const path = model.path(place);
  const { lengthPenalty } = model.part;
  const sum = model.at(place)?.sum ?? NaN;
  const terms = path.map((at) => model.at(at)?.logProbability ?? NaN);
  const shown = terms.length <= WRITTEN ? terms.map(term) : [...terms.slice(0, WRITTEN - 2).map(term), "\\cdots", term(terms[terms.length - 1])];
  const score = penalised(sum, path.length, lengthPenalty);
  const total = number(fixed(sum, 3));
  const symbols = "\\frac{\\sum_t \\log p_t}{n^{\\lambda}}";
  const power = `{${path.length}^{${number(significant(lengthPenalty, 3))}}}`;
  const written = width < 480 ? "" : `\\frac{${shown.join(" + ")}}${power} = `;
  const short = width < 480 ? `\\frac{${total}}${power}` : `\\frac{${total}}{${number(significant(path.length ** lengthPenalty, 4))}}`;
  return `${upright(host.t(msg("score")))} = ${symbols} = ${written}${short} = \\class{result}{${number(fixed(score, 3))}}`;
}

function term(value: number): string {
  return value < 0 ? `(${number(fixed(value, 2))})` : number(fixed(value, 2));
}
