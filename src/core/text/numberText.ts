/** Numbers in sentences, as the picture writes them. */

/** A value with `digits` decimals and a true minus, five digits and more in threes; without the sign where nothing is left. */
export function decimal(value: number, digits: number): string {
  const fixed = Math.abs(value) < 1e15 ? value.toFixed(digits) : value.toExponential(3);
  const [whole, ...rest] = (Number(fixed) === 0 ? fixed.replace("-", "") : fixed).split(".");
  return [/\d{5}/.test(whole) ? grouped(whole) : whole, ...rest].join(".").replace("-", "\u2212");
}

/** A setting as it is typed: 0.5, 0.001, 1e−6. */
export function setting(value: number): string {
  return (value !== 0 && value < 1e-3 ? value.toExponential() : String(value)).replace("-", "\u2212");
}

/** A count in threes: 1,200,000. */
export function grouped(n: number | string): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
