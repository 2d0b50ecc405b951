import { isWhole, type DType } from "./tensorTypes.js";

/** Fraction bits and the least exponent of a normal number, of the types whose numbers have fewer digits than doubles. */
const precisions: Partial<Readonly<Record<DType, readonly [bits: number, least: number]>>> = {
  float32: [23, -126],
  float16: [10, -14],
  bfloat16: [7, -126],
  float8_e4m3fn: [3, -6],
  float8_e5m2: [2, -14],
};

/** The number of a type that is nearest to a double, ties to even; overflow is not looked at. */
export function rounded(value: number, dtype: DType): number {
  const precision = precisions[dtype];
  if (!precision || value === 0 || !Number.isFinite(value)) return value;
  const [bits, least] = precision;
  const size = Math.abs(value);
  let exponent = Math.max(least, Math.floor(Math.log2(size)));
  // The logarithm may round up to the next whole number.
  if (2 ** exponent > size && exponent > least) exponent--;
  const unit = 2 ** (exponent - bits);
  const count = size / unit;
  const below = Math.floor(count);
  const rest = count - below;
  const whole = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  return Math.sign(value) * whole * unit;
}

/** The shortest decimal that reads back to the same number of its type, as numpy prints it; with a hyphen for minus. */
export function shortest(value: number, dtype: DType): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (dtype === "bool") return value === 0 ? "False" : "True";
  if (isWhole(dtype)) return value.toFixed(0);
  if (Object.is(value, -0)) return "-0.0";
  const text = digits(value, dtype);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function digits(value: number, dtype: DType): string {
  if (!precisions[dtype]) return String(value);
  for (let count = 1; count < 17; count++) {
    const text = String(Number(value.toPrecision(count)));
    if (rounded(Number(text), dtype) === value) return text;
  }
  return String(value);
}

/** All digits of the double that a number is, however many; "" where the shortest text has them all. */
export function allDigits(value: number, dtype: DType): string {
  if (!Number.isFinite(value) || isWhole(dtype)) return "";
  const text = wholeDecimal(value);
  return Number(text) === value && text !== plain(digits(value, dtype)) ? text : "";
}

/** A double's exact decimal: a fraction of a power of two has as many decimals as its exponent. */
function wholeDecimal(value: number): string {
  if (value === 0) return "0";
  let exponent = 0;
  let fraction = Math.abs(value);
  while (fraction % 1 !== 0) {
    fraction *= 2;
    exponent++;
  }
  // fraction / 2^k = fraction · 5^k / 10^k.
  const text = (BigInt(fraction) * 5n ** BigInt(exponent)).toString().padStart(exponent + 1, "0");
  const sign = value < 0 ? "-" : "";
  return exponent === 0 ? sign + text : `${sign}${text.slice(0, -exponent)}.${text.slice(-exponent)}`;
}

/** A short decimal without an exponent, for comparison with the exact one. */
function plain(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction = "", power = "0"] = match;
  const shift = Number(power);
  const all = whole + fraction;
  const point = whole.length + shift;
  const padded = point <= 0 ? "0".repeat(1 - point) + all : all.padEnd(point, "0");
  const at = point <= 0 ? 1 : point;
  const decimals = padded.slice(at).replace(/0+$/, "");
  return sign + padded.slice(0, at) + (decimals ? `.${decimals}` : "");
}
