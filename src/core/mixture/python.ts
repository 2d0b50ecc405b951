import { stepsOf, mixtureAt } from "./evaluate.js";
import { covarianceOf } from "./covariance.js";
import type { Mixture, MixtureTrace } from "./trace.js";

export type PythonInfo = {
  /** The source's file name. */
  readonly name: string;
  /** As in the trace: how the source was written. */
  readonly format: string;
  /** The fit is of selected parts of the source, not of all its rows. */
  readonly selected?: boolean;
};

/** Up to so many numbers, the data stand in the code. */
const mostEmbedded = 5000;

const delimiters: Readonly<Record<string, string | undefined>> = {
  csv: ",",
  tsv: "\t",
  "csv with semicolons": ";",
  "table with pipes": "|",
  "columns with spaces": " ",
  column: "\n",
};

/**
 * A program that makes the same fit with scikit-learn, from the same start, and checks that it comes to the same numbers.
 * The data are written out when they are few; else read from the file by its name, or from the CSV of responsibilities that
 * Lumen exports where the file is no plain table.
 */
export function toPython(trace: MixtureTrace, info: PythonInfo, fitIndex: number): string {
  const fit = trace.fits[fitIndex];
  const start = mixtureAt(trace, fitIndex, 0);
  const final = mixtureAt(trace, fitIndex, stepsOf(fit) - 1);
  const { K, D, covarianceType } = trace;
  // Lumen's other stop rules, and a fit that was stopped, are repeated by their number of iterations.
  const byBound = fit.converged && trace.stopRule === "lower_bound";
  const iterations = Math.max(1, fit.iterations);
  const lines = [
    "# Fits the same Gaussian mixture with scikit-learn, from the same start as Lumen.",
    "import warnings",
    "",
    "import numpy as np",
    "from sklearn.exceptions import ConvergenceWarning",
    "from sklearn.mixture import GaussianMixture",
    "",
    ...dataLines(trace, info),
    "",
    `weights_init = ${array(start.weights, [K])}`,
    "weights_init /= weights_init.sum()",
    `means_init = ${array(start.means, [K, D])}`,
    `covariances_init = ${covariances(start)}`,
    `precisions_init = ${covarianceType === "full" || covarianceType === "tied" ? "np.linalg.inv(covariances_init)" : "1 / covariances_init"}`,
    "",
    ...(byBound ? [] : [`# ${fit.converged ? "Lumen's stop rule is another one" : "The fit had not converged"}: exactly as many iterations are made.`]),
    "gm = GaussianMixture(",
    `    n_components=${K},`,
    `    covariance_type="${covarianceType}",`,
    `    tol=${byBound ? number(trace.tol) : "0.0"},`,
    `    reg_covar=${number(trace.regCovar)},`,
    `    max_iter=${byBound ? Math.max(iterations, trace.maxIter) : iterations},`,
    "    n_init=1,",
    '    init_params="random",  # not used: the start is given',
    "    weights_init=weights_init,",
    "    means_init=means_init,",
    "    precisions_init=precisions_init,",
    ")",
    "with warnings.catch_warnings():",
    '    warnings.simplefilter("ignore", ConvergenceWarning)',
    "    gm.fit(X)",
    "",
    'print("iterations", gm.n_iter_)',
    'print("log-likelihood", gm.score(X) * len(X))',
    'print("BIC", gm.bic(X), "AIC", gm.aic(X))',
    'print("weights", gm.weights_)',
    'print("means", gm.means_)',
    'print("covariances", gm.covariances_)',
  ];
  if (fit.iterations > 0) {
    lines.push(
      "",
      "# Lumen's result.",
      `assert gm.n_iter_ == ${fit.iterations}`,
      `np.testing.assert_allclose(gm.weights_, ${array(final.weights, [K])}, rtol=1e-6, atol=1e-6)`,
      `np.testing.assert_allclose(gm.means_, ${array(final.means, [K, D])}, rtol=1e-6, atol=1e-6 * X.std())`,
      `np.testing.assert_allclose(gm.covariances_, ${covariances(final)}, rtol=1e-5, atol=1e-6 * X.var())`,
      'print("the same as in Lumen")',
    );
  }
  return `${lines.join("\n")}\n`;
}

function dataLines(trace: MixtureTrace, { name, format, selected = false }: PythonInfo): string[] {
  const { N, D, points, columns, available } = trace;
  const header = `# ${N} rows of ${columns.map((column) => column.replace(/\s+/g, " ")).join(", ")}.`;
  if (points.length === N * D && N * D <= mostEmbedded) return [header, `X = ${array(points, [N, D])}`];
  const positions = columns.map((column) => available.findIndex((each) => each.name === column));
  const known = !positions.includes(-1) && !selected;
  const file = JSON.stringify(name);
  const check = [`assert len(X) == ${N}, f"Lumen fitted ${N} rows, here are {len(X)}: read them from its export of responsibilities (CSV)"`];
  if (known && format === "numpy" && /\.npy$/i.test(name)) {
    return [
      header,
      `X = np.load(${file})`,
      `X = X.reshape(len(X), -1)[:, [${positions.join(", ")}]].astype(float)`,
      "X = X[np.isfinite(X).all(axis=1)]",
      ...check,
    ];
  }
  const delimiter = known ? delimiters[format] : undefined;
  if (delimiter === undefined) {
    const exported = `${name.replace(/\.[^.]*$/, "") || "mixture"}-responsibilities.csv`;
    return [
      header,
      `# They are not ${selected ? "all rows" : "a plain table"} of ${file}: export the responsibilities as CSV in Lumen first, and give that file's name here.`,
      `X = np.genfromtxt(${JSON.stringify(exported)}, delimiter=",", skip_header=1, usecols=[${columns.map((_, d) => d + 1).join(", ")}])`,
      `X = X.reshape(-1, ${D})`,
      ...check,
    ];
  }
  const split = delimiter === " " ? "row.split()" : delimiter === "\n" ? "[row]" : undefined;
  // Numbers above the first row, such as a header that counts 0, 1, 2, are none of the data.
  const first = trace.index[0] === 0 ? trace.lines[0] : 1;
  const rows = split
    ? [`    rows = [${split} for line, row in enumerate(file, 1) if line >= ${first}]`]
    : [`    reader = csv.reader(file, delimiter=${JSON.stringify(delimiter)})`, `    rows = [row for row in reader if reader.line_num >= ${first}]`];
  const comma = delimiter === ";" || delimiter === "\t";
  return [
    ...(split ? [] : ["import csv", ""]),
    "",
    "def number(row, i):",
    "    try:",
    '        text = row[i].replace("\\u2212", "-")',
    ...(comma ? ['        if text.rfind(",") > text.rfind("."):', '            text = text.replace(".", "").replace(",", ".")'] : []),
    "        return float(text)",
    "    except (IndexError, ValueError):",
    "        return np.nan",
    "",
    "",
    header,
    `with open(${file}, newline="", encoding="utf-8-sig") as file:`,
    ...rows,
    // A line that begins with its pipe has an empty field before it.
    ...(delimiter === "|" ? ['rows = [row[1:] if row[:1] == [""] else row for row in rows]'] : []),
    `X = np.array([[number(row, i) for i in [${positions.join(", ")}]] for row in rows])`,
    "X = X[np.isfinite(X).all(axis=1)]",
    ...check,
  ];
}

/** Covariances in scikit-learn's shape. */
function covariances(mixture: Mixture): string {
  const { K, D, covarianceType: type } = mixture;
  if (type === "spherical") return array(mixture.covariances, [K]);
  if (type === "diag") return array(mixture.covariances, [K, D]);
  if (type === "tied") return array(covarianceOf(mixture, 0), [D, D]);
  return array(mixture.covariances, [K, D, D]);
}

function array(values: Float64Array, shape: readonly number[]): string {
  return `np.array(${list(values, shape, 0, values.length, 0)})`;
}

function list(values: Float64Array, shape: readonly number[], from: number, to: number, depth: number): string {
  if (shape.length === 1) return `[${Array.from(values.subarray(from, to), number).join(", ")}]`;
  const width = (to - from) / shape[0];
  const rows = Array.from({ length: shape[0] }, (_, i) => list(values, shape.slice(1), from + i * width, from + (i + 1) * width, depth + 1));
  const indent = "    ".repeat(depth + 1);
  return `[\n${rows.map((row) => `${indent}${row},\n`).join("")}${"    ".repeat(depth)}]`;
}

/** A number as Python reads it back exactly. */
function number(value: number): string {
  if (Number.isNaN(value)) return "np.nan";
  if (!Number.isFinite(value)) return value > 0 ? "np.inf" : "-np.inf";
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : String(value);
}
