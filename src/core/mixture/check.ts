import { msg, type Message, type Problem } from "../contract/index.js";
import type { Matrix } from "../formats/table.js";
import type { Data } from "./data.js";
import type { Moments, Range } from "./describe.js";
import { setting } from "../text/numberText.js";
import type { MixtureParams } from "./params.js";

const mostColumns = 50;
/** Squares of numbers beyond it, summed over rows, leave the range of floating point. */
const largest = 1e150;
const smallestRange = 1e-140;

const error = (title: Message, message: Message, fixes?: Problem["fixes"]): Problem => ({ severity: "error", title, message, ...(fixes ? { fixes } : {}) });
const warning = (message: Message, fixes?: Problem["fixes"]): Problem => ({ severity: "warning", message, ...(fixes ? { fixes } : {}) });

/** What keeps a table from being fitted, found before any pass over it. */
export function shapeProblem(matrix: Matrix, params: MixtureParams): Problem | undefined {
  const { n, names, total } = matrix;
  const D = names.length;
  if (D === 0) return error(msg("No column to fit"), msg("No column is chosen. Choose at least one numeric column."));
  if (D > mostColumns) {
    return error(
      msg("Too many columns"),
      msg("{0} columns are chosen; a mixture takes at most {1}. Choose the columns to fit.", D, mostColumns),
      [{ label: msg("Take the first two columns"), params: { columns: names.slice(0, 2) } }],
    );
  }
  if (n === 0) return error(msg("No row to fit"), msg("None of the {0} rows has a number in every chosen column. Choose other columns.", total));
  if (n === 1 && D > 1) {
    return error(msg("One row is not enough"), msg("There is only one row to fit, of {0} columns. A mixture describes how rows spread: select at least two different ones.", D));
  }
  if (n === 1) return error(msg("One number is not enough"), msg("There is only one number to fit. A mixture describes how numbers spread: select at least two different ones."));
  if (params.init_params === "given") return givenProblem(params, names);
  return undefined;
}

function givenProblem({ means_init: means, n_components: K }: MixtureParams, names: readonly string[]): Problem | undefined {
  const fresh = { label: msg("Start with k-means++"), params: { init_params: "k-means++", means_init: [] } };
  const startless = msg("The start does not fit the data");
  if (means.length !== K) {
    return error(startless, msg("means_init has {0} means, but n_components is {1}. Place one mean for each component.", means.length, K), [
      ...(means.length > 0 && means.length <= 30 ? [{ label: msg("Use {0} components", means.length), params: { n_components: means.length } }] : []),
      fresh,
    ]);
  }
  const odd = means.find((mean) => mean.length !== names.length || !mean.every((v) => Math.abs(v) <= largest));
  return odd && error(startless, msg("Each mean of means_init needs {0} finite numbers, one for each of: {1}.", names.length, names.join(", ")), [fresh]);
}

/** A number for a sentence: without the last digits, which rounding makes, and with a true minus. */
function shortly(value: number): string {
  return String(Number(value.toPrecision(12))).replace("-", "\u2212");
}

/** Numbers too large, too close together or all alike to be fitted. */
export function rangeProblem({ min, max }: Range, names: readonly string[]): Problem | undefined {
  for (let d = 0; d < names.length; d++) {
    const size = Math.max(Math.abs(min[d]), Math.abs(max[d]));
    if (size > largest) {
      return error(msg("The numbers are too large"), msg("Column {0} reaches {1}: the squares of such numbers are too large for floating point. Divide the column, for example by a computed column {2}.", names[d], shortly(size), `${names[d]} / ${size.toExponential(0)}`));
    }
    if (max[d] > min[d] && max[d] - min[d] < smallestRange) {
      const factor = (1 / (max[d] - min[d] || Number.MIN_VALUE)).toExponential(0);
      return error(msg("The numbers are too close together"), msg("The numbers of column {0} differ by {1} at most: the squares of such numbers are too small for floating point. Multiply the column, for example by a computed column {2}.", names[d], shortly(max[d] - min[d]), `${names[d]} * ${factor === "Infinity" ? "1e300" : factor}`));
    }
  }
  if (min.every((v, d) => v === max[d])) {
    return error(
      names.length === 1 ? msg("The numbers do not spread") : msg("The rows do not spread"),
      names.length === 1
        ? msg("All numbers of {0} are {1}: they do not spread, so there is nothing to fit. Select numbers that differ.", names[0], shortly(min[0]))
        : msg("All rows are equal: they do not spread, so there is nothing to fit. Select rows that differ."),
    );
  }
  return undefined;
}

/** How many rows differ, up to a number at which counting stops. Yields every few milliseconds. */
export function* countDistinct({ columns, N, D }: Data, upTo: number): Generator<void, number, void> {
  const found: number[] = [];
  const slice = Math.ceil(1_000_000 / (upTo * D));
  for (let i = 0; i < N && found.length < upTo; i++) {
    if (!found.some((row) => columns.every((x) => x[row] === x[i]))) found.push(i);
    if (i % slice === slice - 1) yield;
  }
  return found.length;
}

/** More components than rows that differ. */
export function distinctProblem(distinct: number, K: number): Problem | undefined {
  if (distinct >= K) return undefined;
  return error(
    msg("No component can be fitted"),
    msg("Only {0} rows differ, fewer than n_components = {1}. Use {0} components or fewer, or select more rows.", distinct, K),
    [{ label: distinct === 1 ? msg("Use one component") : msg("Use {0} components", distinct), params: { n_components: distinct } }],
  );
}

/** What the reader should know of data that can be fitted. */
export function dataWarnings({ stats }: Moments, names: readonly string[], params: MixtureParams): Problem[] {
  const problems: Problem[] = [];
  const constant = names.filter((_, d) => stats.min[d] === stats.max[d]);
  if (constant.length > 0) {
    const params = { columns: names.filter((name) => !constant.includes(name)) };
    problems.push(
      constant.length === 1
        ? warning(msg("The same number stands in every row of {0}, which tells no components apart. Leave the column out.", constant[0]), [{ label: msg("Leave it out"), params }])
        : warning(msg("In {0} the same number stands in every row, which tells no components apart. Leave these columns out.", constant.join(", ")), [{ label: msg("Leave these columns out"), params }]),
    );
  }
  const variances = stats.std.map((s) => s * s);
  const least = variances.reduce((min, v) => (v > 0 && v < min ? v : min), Infinity);
  if (params.reg_covar > 0.01 * least && Number.isFinite(least)) {
    const suggestion = Number((least * 1e-6).toExponential(0));
    problems.push(
      warning(
        msg("Column {0} has a variance of {1}, so that reg_covar = {2} widens the shapes visibly. Lower reg_covar, or multiply the column.", names[variances.indexOf(least)], least.toPrecision(2), params.reg_covar),
        [{ label: msg("Set reg_covar to {0}", setting(suggestion)), params: { reg_covar: suggestion } }],
      ),
    );
  }
  return problems;
}
