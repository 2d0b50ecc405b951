/** Numbers as people read them: true minus, decimals by meaning, thousands set apart. */

const minus = "\u2212";
const infinity = "\u221e";
const none = "\u2013";

/** `v` with `d` decimals and a true minus, five digits and more in threes; −0.00 is written 0.00. An en dash for NaN. */
export function fixed(v: number, d: number): string {
  if (!Number.isFinite(v)) return Number.isNaN(v) ? none : v < 0 ? minus + infinity : infinity;
  const text = Math.abs(v) < 1e21 ? Math.abs(v).toFixed(d) : Math.abs(v).toExponential(d).replace("-", minus);
  const apart = text.includes("e") ? text : grouped(text);
  return v < 0 && Number(text) !== 0 ? minus + apart : apart;
}

/** Digits before the point in threes, from five on: years and other numbers of four digits stay as they are. */
function grouped(text: string): string {
  const [whole, fraction] = text.split(".");
  const apart = whole.length < 5 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}

/** Like `fixed`, with + for a rise and ± where nothing is left after rounding. */
export function signed(v: number, d: number): string {
  const text = fixed(v, d);
  if (Number.isNaN(v) || text.startsWith(minus)) return text;
  return (Number(text) === 0 ? "±" : "+") + text;
}

/** A share in [0, 1] as a percentage with `d` decimals. */
export function percent(v: number, d = 0): string {
  return `${fixed(v * 100, d)}%`;
}

/**
 * Shares in whole units of 10^−d percent that sum to exactly 100: those with the largest remainders are rounded up
 * (Hamilton's method), the first of equals first.
 */
export function shares(ps: ArrayLike<number>, d = 0): number[] {
  const unit = 10 ** d;
  const total = Array.from(ps).reduce((sum, p) => sum + p, 0);
  if (!(total > 0)) return Array.from(ps, () => 0);
  const exact = Array.from(ps, (p) => (p / total) * 100 * unit);
  const floors = exact.map(Math.floor);
  const missing = Math.round(100 * unit - floors.reduce((sum, v) => sum + v, 0));
  const order = exact.map((_, i) => i).sort((i, j) => exact[j] - floors[j] - (exact[i] - floors[i]) || i - j);
  for (const i of order.slice(0, missing)) floors[i]++;
  return floors.map((v) => v / unit);
}

/** A count with its thousands set apart: 1,200,000. */
export function compact(n: number): string {
  const [whole, fraction] = String(Math.abs(n)).split(".");
  const apart = whole.includes("e") ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (n < 0 ? minus : "") + apart + (fraction === undefined ? "" : `.${fraction}`);
}

/** Every digit of a double, for titles and tables' full precision, with a true minus. */
export function exact(v: number): string {
  return Number.isFinite(v) ? String(v).replace(/-/g, minus) : fixed(v, 0);
}

/** `digits` significant digits without trailing zeros; very large and very small values in exponent form. */
export function significant(v: number, digits = 4): string {
  if (!Number.isFinite(v) || v === 0) return fixed(v, 0);
  const size = Math.floor(Math.log10(Math.abs(v)));
  const text = size < -5 || size > 8 ? v.toExponential(digits - 1) : v.toPrecision(digits);
  const [mantissa, exponent] = (text.includes("e") && size >= -5 && size <= 8 ? String(Number(text)) : text).split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return (exponent === undefined ? short : `${short}e${exponent.replace("+", "")}`).replace(/-/g, minus);
}
