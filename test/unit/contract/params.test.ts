import { describe, expect, it } from "vitest";
import { checkParams, defaultsOf, format, msg } from "../../../src/core/contract/index.js";
import { mixtureParams, type MixtureParams } from "../../../src/core/mixture/params.js";

describe("checkParams", () => {
  it("fills what is missing with the defaults", () => {
    const { params, problems } = checkParams(mixtureParams, { n_components: 3 });
    expect(problems).toEqual([]);
    expect(params).toEqual({ ...defaultsOf(mixtureParams), n_components: 3 });
  });

  it("says the parameter and its range for a value that does not fit, and takes the default", () => {
    const { params, problems } = checkParams(mixtureParams, { n_components: 2.5, tol: -1, covariance_type: "round" });
    expect(problems.map((problem) => format(problem))).toEqual([
      "n_components must be a whole number from 1 to 30.",
      "covariance_type must be one of: full, tied, diag, spherical.",
      "tol must be a number from 0 to 1.",
    ]);
    expect(params).toEqual(defaultsOf(mixtureParams));
  });

  it.each([
    ["n_components", Number.NaN],
    ["n_components", "2"],
    ["reg_covar", Number.POSITIVE_INFINITY],
    ["columns", "x"],
    ["columns", [1]],
    ["computed", [{ name: "a" }]],
    ["means_init", [["1"]]],
  ])("refuses %s = %j", (name, value) => {
    expect(checkParams(mixtureParams, { [name]: value }).problems).toHaveLength(1);
  });

  it("ignores names it does not know", () => {
    expect(checkParams(mixtureParams, { temperature: 2 }).problems).toEqual([]);
  });

  it("has scikit-learn's defaults", () => {
    const { covariance_type, tol, reg_covar, max_iter, n_init }: MixtureParams = defaultsOf(mixtureParams);
    expect({ covariance_type, tol, reg_covar, max_iter, n_init }).toEqual({
      covariance_type: "full", tol: 1e-3, reg_covar: 1e-6, max_iter: 100, n_init: 1,
    });
  });
});

describe("format", () => {
  it("fills places in any order, nested and with true minus signs", () => {
    const inner = msg("line {0}", 26);
    expect(format(msg("{1} of {0}: {2}", "x", -2, inner))).toBe("\u22122 of x: line 26");
  });

  it("takes the bundle's template where it has one", () => {
    expect(format(msg("line {0}", 26), { "line {0}": "第 {0} 行" })).toBe("第 26 行");
  });

  it("leaves a place without an argument as it is", () => {
    expect(format(msg("{0} {1}", "a"))).toBe("a {1}");
  });
});
