import { letter } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import { escapeTex } from "../marks/math.js";

/** What one component contributes at a point: log w_k, log N(x), their sum is logJoint. */
export type Term = { readonly k: number; readonly weight: number; readonly density: number; readonly product: number; readonly share: number };

/** TeX in a component's colour; the second class lets the pane find the component under the pointer. */
export function inColour(k: number, tex: string): string {
  return `\\class{c${k % 8} k${k}}{${tex}}`;
}

export function sub(symbol: string, k: number): string {
  return `${symbol}_{\\mathrm{${escapeTex(letter(k))}}}`;
}

/** A result, bold and in its component's colour. */
export function result(k: number, tex: string): string {
  return `\\class{${resultClasses(k)}}{${tex}}`;
}

export function resultClasses(k: number): string {
  return `c${k % 8} k${k} result`;
}

/** A result that belongs to no single component. */
export function bold(tex: string): string {
  return `\\class{result}{${tex}}`;
}

/** TeX of a value with `d` decimals; very small and very large ones as a power of ten. */
export function value(v: number, d: number): string {
  if (!Number.isFinite(v)) return v < 0 ? "{-}\\infty" : "\\infty";
  const size = v === 0 ? 0 : Math.floor(Math.log10(Math.abs(v)));
  if (v !== 0 && (size < -6 || size > 7)) {
    const [mantissa, exponent] = v.toExponential(2).split("e");
    return `${signedTex(mantissa)}{\\times}10^{${Number(exponent)}}`;
  }
  return signedTex(fixed(v, Math.min(d, 12)).replace("\u2212", "-").replaceAll(",", "{,}"));
}

/** TeX of a setting as the reader gave it: 0.5, 10^{-6}, 2.5 × 10^{-4}. */
export function plain(v: number): string {
  if (v === 0 || (v >= 1e-3 && v < 1e6)) return String(v);
  const [mantissa, exponent] = v.toExponential().split("e");
  return `${mantissa === "1" ? "" : `${mantissa}{\\times}`}10^{${Number(exponent)}}`;
}

/** Decimals that give the largest of some values `digits` significant digits. */
export function decimals(values: readonly number[], digits: number): number {
  const largest = Math.max(...values.map(Math.abs).filter(Number.isFinite), 0);
  return largest > 0 ? Math.max(0, Math.min(12, digits - 1 - Math.floor(Math.log10(largest)))) : digits;
}

/** The responsibility in symbols: weight times density over the sum of all, written out for up to `most` components. */
export function shareSymbols(k: number, K: number, D: number, most: number): string {
  const term = (j: number): string => inColour(j, `${sub("w", j)}\\,${density(j, D)}`);
  const below = K <= most ? Array.from({ length: K }, (_, j) => term(j)).join(" + ") : `\\sum_{k} w_k\\,${D > 1 ? "\\mathcal{N}(x;\\mu_k,\\Sigma_k)" : "\\mathcal{N}(x;\\mu_k,\\sigma_k)"}`;
  return `${inColour(k, sub("r", k))} = \\frac{${term(k)}}{${below}}`;
}

export function density(k: number, D: number): string {
  return `\\mathcal{N}(x;${sub("\\mu", k)},${sub(D > 1 ? "\\Sigma" : "\\sigma", k)})`;
}

/**
 * The same with numbers, then the result in bold. The sum shows the chosen component and the strongest others, `shown` in
 * all, then how many more there are; of many components those that add nothing to the digits shown are left to the rest.
 * Terms are in the order of the components.
 */
export function shareNumbers(terms: readonly Term[], k: number, shown: number, more: (n: number) => string): readonly string[] {
  const chosen = terms[k];
  const enough = terms.length > 3 ? 1e-6 * chosen.product : 0;
  const strongest = [...terms].sort((a, b) => b.product - a.product).filter((term) => term.k !== k && term.product >= enough).slice(0, Math.max(0, shown - 1));
  const picked = [chosen, ...strongest].sort((a, b) => a.k - b.k);
  const left = terms.length - picked.length;
  const digits = decimals(picked.map((term) => term.density), 3);
  const one = (term: Term): string => inColour(term.k, `${value(term.weight, 3)}\\times ${value(term.density, digits)}`);
  const total = terms.reduce((sum, term) => sum + term.product, 0);
  const d = decimals([total], 4);
  const sum = picked.map(one).join(" + ") + (left > 0 ? ` + \\text{${escapeTex(more(left))}}` : "");
  const share = result(k, value(chosen.share, 4));
  if (!(total > 0)) return [`= ${share}`];
  return [`= \\frac{${one(chosen)}}{${sum}}`, `= \\frac{${inColour(k, value(chosen.product, d))}}{${value(total, d)}} = ${share}`];
}

/** The density in D > 1 dimensions with its Mahalanobis distance and determinant. */
export function densityNumbers(k: number, D: number, distance2: number, logDeterminant: number, densityValue: number): readonly string[] {
  const determinant = Math.exp(logDeterminant);
  const det = determinant > 0 && Number.isFinite(determinant) ? value(determinant, decimals([determinant], 3)) : `e^{${value(logDeterminant, 1)}}`;
  return [
    `${inColour(k, density(k, D))} = \\frac{\\exp(-\\frac12 d^2)}{\\sqrt{(2\\pi)^{${D}}\\,|${inColour(k, sub("\\Sigma", k))}|}}`,
    `d^2 = (x-${inColour(k, sub("\\mu", k))})^{\\mathsf{T}}\\,${inColour(k, `${sub("\\Sigma", k)}^{-1}`)}\\,(x-${inColour(k, sub("\\mu", k))}) = ${value(distance2, decimals([distance2], 4))}`,
    `|${inColour(k, sub("\\Sigma", k))}| = ${det}`,
    `${inColour(k, density(k, D))} = ${result(k, value(densityValue, decimals([densityValue], 4)))}`,
  ];
}

/** `classes` are those of `result`, since a class inside another would be lost on a single element. */
export function vector(values: ArrayLike<number>, d: number, classes = ""): string {
  return bracketed(Array.from(values, (v) => value(v, d)), classes);
}

export function matrix(values: Float64Array, D: number, d: number, classes = ""): string {
  const rows = Array.from({ length: D }, (_, i) => Array.from(values.subarray(i * D, (i + 1) * D), (v) => value(v, d)).join(" & "));
  return bracketed(rows, classes);
}

/** Brackets are borders of the style sheet: without a mathematical font they would not grow with the matrix. */
function bracketed(rows: readonly string[], classes: string): string {
  return `\\class{bracketed ${classes}}{\\begin{matrix}${rows.join("\\\\")}\\end{matrix}}`;
}

function signedTex(text: string): string {
  return text.startsWith("-") ? `{-}${text.slice(1)}` : text;
}
