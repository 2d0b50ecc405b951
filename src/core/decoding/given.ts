import { msg, type Problem } from "../contract/index.js";

/** A distribution that the reader gives, without a model. */
export type Given = {
  readonly kind: "logits" | "probabilities" | "log-probabilities";
  /** [V] to run the processors on: logits as given, or logs of the probabilities. */
  readonly logits: Float64Array;
  /** The index of a last entry that stands for all tokens that were not listed; −1 where none is missing. */
  readonly rest: number;
  readonly problems: readonly Problem[];
};

/** How far a sum of probabilities may be from 1 before it is said. */
const SLACK = 0.005;

/** Whether numbers look like probabilities: none below 0 or above 1, and together about 1. */
export function lookLikeProbabilities(values: ArrayLike<number>): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] <= 1)) return false;
    sum += values[i];
  }
  return Math.abs(sum - 1) <= SLACK;
}

/** Logits as they are. −Infinity is a token that can't come; NaN and +Infinity are refused. */
export function givenLogits(values: ArrayLike<number>): Given {
  const logits = Float64Array.from(values);
  const problems: Problem[] = [];
  let possible = 0;
  let strange = -1;
  logits.forEach((value, i) => {
    if (Number.isNaN(value) || value === Infinity) strange = strange < 0 ? i : strange;
    else if (value !== -Infinity) possible++;
  });
  if (strange >= 0) problems.push(error(logits[strange], strange));
  else if (possible === 0) problems.push({ severity: "error", message: msg("No token is possible: there is no logit above −Infinity. Give at least one.") });
  return { kind: "logits", logits, rest: -1, problems };
}

function error(value: number, at: number): Problem {
  return { severity: "error", message: msg("Number {0} is {1}, which has no softmax. Replace it.", at + 1, value) };
}

/** Probabilities, scaled to sum 1 only when `normalise` is set; else a sum that differs is said, with the remedy. */
export function givenProbabilities(values: ArrayLike<number>, normalise = false): Given {
  const probabilities = Float64Array.from(values);
  const problems: Problem[] = [];
  const wrong = probabilities.findIndex((p) => !(p >= 0 && p < Infinity));
  const sum = probabilities.reduce((total, p) => total + p, 0);
  if (wrong >= 0) problems.push({ severity: "error", message: msg("Number {0} is {1}, but a probability is at least 0. Replace it, or take the numbers as logits.", wrong + 1, probabilities[wrong]) });
  else if (sum === 0) problems.push({ severity: "error", message: msg("No token is possible: all probabilities are 0. Give at least one.") });
  else if (Math.abs(sum - 1) > SLACK && !normalise) {
    problems.push({ severity: "warning", message: msg("The probabilities sum to {0}, not to 1. Normalise them, or take the numbers as logits.", Number(sum.toPrecision(4))) });
  }
  return { kind: "probabilities", logits: probabilities.map((p) => Math.log(normalise ? p / sum : p)), rest: -1, problems };
}

/** Log-probabilities of the likeliest tokens, as servers return them: what they leave of 1 becomes a last entry, the rest. */
export function givenTopLogProbabilities(values: ArrayLike<number>): Given {
  const listed = Float64Array.from(values);
  const wrong = listed.findIndex((value) => Number.isNaN(value) || value === Infinity);
  if (wrong >= 0) return { kind: "log-probabilities", logits: listed, rest: -1, problems: [error(listed[wrong], wrong)] };
  const left = 1 - listed.reduce((sum, value) => sum + Math.exp(value), 0);
  if (left < -SLACK) {
    const problem: Problem = { severity: "warning", message: msg("The log-probabilities make up {0}, more than 1. They are taken as logits.", Number((1 - left).toPrecision(4))) };
    return { kind: "logits", logits: listed, rest: -1, problems: [problem] };
  }
  if (left <= 1e-9) return { kind: "log-probabilities", logits: listed, rest: -1, problems: [] };
  return { kind: "log-probabilities", logits: Float64Array.of(...listed, Math.log(left)), rest: listed.length, problems: [] };
}
