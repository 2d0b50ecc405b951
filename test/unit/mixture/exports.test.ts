import { describe, expect, test } from "vitest";
import { covarianceOf, mixtureAt, responsibilitiesOf } from "../../../src/core/mixture/evaluate.js";
import { csvLine } from "../../../src/core/text/csvLine.js";
import { parametersCsv, responsibilitiesCsv, toJson, traceCsv } from "../../../src/core/mixture/exports.js";
import { letter } from "../../../src/core/mixture/letter.js";
import { toPython } from "../../../src/core/mixture/python.js";
import { iris, traceOf, twoGroups } from "./helpers.js";

const types = ["full", "tied", "diag", "spherical"] as const;
const trace = traceOf(iris, { n_components: 3 });
const last = trace.fits[0].kept.length - 1;
const cells = (text: string) => text.trimEnd().split("\n").map((line) => line.split(","));

describe("CSV exports", () => {
  test("of the parameters read back to the last bit", () => {
    for (const covariance_type of types) {
      const other = traceOf(iris, { n_components: 3, covariance_type });
      const mixture = mixtureAt(other, 0, 2);
      const [header, ...rows] = cells(parametersCsv(other, 0, 2));
      expect(header.slice(0, 7)).toEqual(["component", "weight", "mean(c0)", "mean(c1)", "mean(c2)", "mean(c3)", "covariance(c0; c0)"]);
      rows.forEach(([name, ...values], k) => {
        const covariance = covarianceOf(mixture, k);
        const lower = [0, 4, 5, 8, 9, 10, 12, 13, 14, 15].map((i) => covariance[i]);
        expect(name).toBe("ABC"[k]);
        expect(values.map(Number)).toEqual([mixture.weights[k], ...mixture.means.slice(4 * k, 4 * k + 4), ...lower]);
      });
    }
  });

  test("of the trace have a line for each kept iteration", () => {
    const [header, ...rows] = cells(traceCsv(trace, 0));
    expect(rows.length).toBe(last + 1);
    expect(rows.every((row) => row.length === header.length)).toBe(true);
    const likelihood = header.indexOf("log_likelihood");
    expect(rows.map((row) => Number(row[likelihood]))).toEqual(Array.from(trace.fits[0].logLikelihood));
    const mean = header.indexOf("B mean(c2)");
    expect(Number(rows[last][mean])).toBe(mixtureAt(trace, 0, last).means[4 + 2]);
    expect(rows[0][header.indexOf("A count")]).toBe("");
    expect(Number(rows[1][header.indexOf("C count")])).toBe(trace.fits[0].counts[3 + 2]);
  });

  test("of the responsibilities have line, numbers, shares and the letter of the largest", () => {
    const mixture = mixtureAt(trace, 0, last);
    const shares = responsibilitiesOf(mixture, trace.points, 150);
    const [header, ...rows] = cells(responsibilitiesCsv(trace, mixture));
    expect(header).toEqual(["line", "c0", "c1", "c2", "c3", "r_A", "r_B", "r_C", "component"]);
    expect(rows.length).toBe(150);
    rows.forEach((row, i) => {
      const own = Array.from(shares.slice(3 * i, 3 * i + 3));
      expect(row.slice(0, 8).map(Number)).toEqual([i + 2, ...iris[i], ...own]);
      expect(row[8]).toBe("ABC"[own.indexOf(Math.max(...own))]);
    });
  });

  test("quote what needs it", () => {
    expect(csvLine(["a,b", 'say "x"', "two\nlines", 1e-7])).toBe('"a,b","say ""x""","two\nlines",1e-7\n');
  });
});

describe("letters", () => {
  test("go on after Z", () => {
    expect([0, 1, 25, 26, 27, 29].map(letter)).toEqual(["A", "B", "Z", "AA", "AB", "AD"]);
  });
});

describe("JSON export", () => {
  test("holds settings and parameters in scikit-learn's shapes, to the last bit", () => {
    const shapes = { full: [3, 4, 4], tied: [4, 4], diag: [3, 4], spherical: [3] };
    for (const covariance_type of types) {
      const other = traceOf(iris, { n_components: 3, covariance_type, random_state: 4 });
      const value = JSON.parse(toJson(other, 0, other.fits[0].kept.length - 1)) as Record<string, unknown>;
      const mixture = mixtureAt(other, 0, other.fits[0].kept.length - 1);
      expect(value).toMatchObject({ n_components: 3, covariance_type, random_state: 4, rows: 150, converged: true, components: ["A", "B", "C"] });
      expect(value.weights).toEqual(Array.from(mixture.weights));
      expect((value.means as number[][]).flat()).toEqual(Array.from(mixture.means));
      const shape: number[] = [];
      for (let part = value.covariances; Array.isArray(part); part = part[0]) shape.push(part.length);
      expect(shape).toEqual(shapes[covariance_type]);
      expect((value.covariances as number[]).flat(2)).toEqual(Array.from(mixture.covariances));
    }
    expect(JSON.parse(toJson(trace, 0, 1))).toMatchObject({ iteration: 1, converged: false });
  });
});

describe("the Python program", () => {
  // bench/python.ts runs these programs with scikit-learn; here is what can be seen without it.
  const info = { name: "iris.csv", format: "csv" };

  test("holds the data, our start and our result to the last bit", () => {
    const code = toPython(trace, info, 0);
    for (const row of iris) expect(code).toContain(`[${row.map((v) => (Number.isInteger(v) ? `${v}.0` : v)).join(", ")}]`);
    const start = mixtureAt(trace, 0, 0);
    const python = (v: number) => (Number.isInteger(v) ? `${v}.0` : String(v));
    for (const v of [...start.weights, ...start.means, ...start.covariances]) expect(code).toContain(python(v));
    for (const v of mixtureAt(trace, 0, last).means) expect(code).toContain(python(v));
    expect(code).toContain("max_iter=100,");
    expect(code).toContain("tol=0.001,");
    expect(code).toContain(`assert gm.n_iter_ == ${trace.fits[0].iterations}`);
  });

  test("makes exactly as many iterations where the stop rule is not scikit-learn's", () => {
    for (const params of [{ stop_rule: "parameters" }, { max_iter: 3 }] as const) {
      const other = traceOf(iris, { n_components: 2, ...params });
      const code = toPython(other, info, 0);
      expect(code).toContain(`max_iter=${other.fits[0].iterations},`);
      expect(code).toContain("tol=0.0,");
    }
  });

  test("reads many rows from the file by its name, or from the export", () => {
    const many = traceOf(twoGroups(3000, 2));
    expect(toPython(many, { name: 'a "b".csv', format: "csv" }, 0)).toContain('with open("a \\"b\\".csv"');
    expect(toPython(many, { name: "x.npy", format: "numpy" }, 0)).toContain('np.load("x.npy")');
    expect(toPython(many, { name: "x.json", format: "json" }, 0)).toContain('np.genfromtxt("x-responsibilities.csv"');
    const computed = { ...many, columns: ["c0", "ratio"] };
    expect(toPython(computed, { name: "x.csv", format: "csv" }, 0)).toContain('np.genfromtxt("x-responsibilities.csv"');
    expect(toPython(many, { name: "x.csv", format: "csv", selected: true }, 0)).toContain('np.genfromtxt("x-responsibilities.csv"');
    for (const name of ["x.csv", "x.json", "x.npy"]) expect(toPython(many, { name, format: "csv" }, 0)).toContain("assert len(X) == 3000");
  });

  test("reads the file's numbers as they are written there", () => {
    const many = traceOf(twoGroups(3000, 2));
    const code = (format: string) => toPython(many, { name: "x.txt", format }, 0);
    // tableOf puts the first row in line 2.
    for (const format of ["csv", "table with pipes"]) expect(code(format)).toContain("if reader.line_num >= 2]");
    for (const format of ["columns with spaces", "column"]) expect(code(format)).toContain("if line >= 2]");
    for (const format of ["csv", "csv with semicolons"]) expect(code(format)).toContain('replace("\\u2212", "-")');
    for (const format of ["csv with semicolons", "tsv"]) expect(code(format)).toContain('text.replace(".", "").replace(",", ".")');
    expect(code("csv")).not.toContain('replace(",", ".")');
    expect(code("table with pipes")).toContain('row[1:] if row[:1] == [""]');
  });
});
