import type { IntParam, NumberParam } from "../../core/contract/index.js";
import { significant } from "../text/number.js";

/** Maps a slider's whole positions 0 … size to values. */
export type SliderScale = { readonly size: number; value(position: number): number; position(value: number): number };

const lowestExponent = -12;

/** The slider of a parameter, or undefined where a slider would be no help (seeds, wide whole numbers). */
export function sliderScale(param: IntParam | NumberParam): SliderScale | undefined {
  if (param.kind === "int") {
    const size = param.max - param.min;
    return size <= 100 ? { size, value: (p) => param.min + p, position: (v) => clamp(Math.round(v) - param.min, size) } : undefined;
  }
  return param.scale === "log" ? listScale(logSteps(param)) : linearScale(param);
}

/** 1, 2, 5 a decade from 1e-12 or `min` to `max`, after `min` itself where it is 0. */
function logSteps({ min, max }: NumberParam): number[] {
  const steps = min <= 0 ? [min] : [];
  for (let exponent = lowestExponent; exponent <= Math.ceil(Math.log10(max)); exponent++) {
    for (const digit of [1, 2, 5]) {
      const v = Number(`${digit}e${exponent}`);
      if (v >= min && v <= max && v > 0) steps.push(v);
    }
  }
  return steps;
}

function listScale(steps: readonly number[]): SliderScale {
  const distance = (a: number, b: number): number => (a <= 0 || b <= 0 ? (a === b ? -1 : Infinity) : Math.abs(Math.log(a / b)));
  return {
    size: steps.length - 1,
    value: (p) => steps[clamp(Math.round(p), steps.length - 1)],
    position: (v) => steps.reduce((best, step, i) => (distance(step, v) < distance(steps[best], v) ? i : best), steps.length > 1 && v > 0 ? 1 : 0),
  };
}

function linearScale({ min, max }: NumberParam): SliderScale {
  const size = 100;
  return { size, value: (p) => Number((min + ((max - min) * p) / size).toPrecision(6)), position: (v) => clamp(Math.round(((v - min) / (max - min)) * size), size) };
}

/** A number as people type it: 0.001 is 1e-3, 4294967295 stays as it is. Reads back to the same number. */
export function typed(v: number): string {
  if (v === 0 || Number.isInteger(v) && Math.abs(v) < 1e15) return String(v);
  const exponential = v.toExponential().replace("e+", "e");
  return Math.abs(v) < 0.01 || Math.abs(v) >= 1e6 ? exponential : String(v);
}

/** The number that was typed: a true minus and a decimal comma are understood. NaN for anything else. */
export function readTyped(text: string): number {
  const plain = text.trim().replace(/[\u2212\u2013]/g, "-").replace(/^([+-]?\d+),(\d+)$/, "$1.$2");
  return plain === "" ? NaN : Number(plain);
}

/** For sentences: "1e-3" with a true minus, "0.25". */
export function shortNumber(v: number): string {
  return Math.abs(v) < 0.01 && v !== 0 ? typed(v).replace("-", "\u2212").replace("e-", "e\u2212") : Number.isInteger(v) ? String(v).replace("-", "\u2212") : significant(v);
}

function clamp(v: number, max: number): number {
  return Math.max(0, Math.min(max, v));
}
