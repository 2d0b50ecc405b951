import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { defaultsOf, format } from "../../../src/core/contract/index.js";
import { decodingParams } from "../../../src/core/decoding/params.js";
import { mixtureParams } from "../../../src/core/mixture/params.js";
import { dropPlaced } from "../../../src/webview/controls/placed.js";
import { readTyped, shortNumber, sliderScale, typed } from "../../../src/webview/controls/scale.js";
import { summary } from "../../../src/webview/controls/summary.js";

describe("sliders", () => {
  it("walk whole numbers one by one and leave wide ranges to typing", () => {
    const scale = sliderScale(mixtureParams.n_components);
    expect(scale?.size).toBe(29);
    expect([0, 1, 29].map((p) => scale?.value(p))).toEqual([1, 2, 30]);
    expect(sliderScale(mixtureParams.random_state)).toBeUndefined();
    expect(sliderScale(mixtureParams.max_iter)).toBeUndefined();
  });

  it("walk 1, 2, 5 a decade on a log scale, with 0 at the left where it is allowed", () => {
    const scale = sliderScale(mixtureParams.reg_covar);
    expect([0, 1, 2, 3, 4].map((p) => scale?.value(p))).toEqual([0, 1e-12, 2e-12, 5e-12, 1e-11]);
    expect(scale?.value(scale.size)).toBe(1e6);
    expect(scale?.value(scale.position(1e-6))).toBe(1e-6);
    expect(scale?.position(0)).toBe(0);
    expect(scale?.value(scale.position(1e-300))).toBe(1e-12);
  });

  it("find their own values again", () => {
    for (const param of [mixtureParams.tol, mixtureParams.reg_covar, mixtureParams.n_init]) {
      const scale = sliderScale(param);
      for (let p = 0; p <= (scale?.size ?? -1); p++) expect(scale?.position(scale.value(p))).toBe(p);
    }
  });
});

describe("typed numbers", () => {
  it("read back to the same number", () => {
    expect([0.001, 1e-6, 0.25, 100, 4294967295, 0].map(typed)).toEqual(["1e-3", "1e-6", "0.25", "100", "4294967295", "0"]);
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (v) => {
      expect(readTyped(typed(v))).toBe(v === 0 ? 0 : v);
    }));
  });

  it("take a true minus and a decimal comma, and nothing else that is no number", () => {
    expect(readTyped("−3")).toBe(-3);
    expect(readTyped(" 0,5 ")).toBe(0.5);
    for (const text of ["", "1,000,5", "two", "1e"]) expect(readTyped(text)).toBeNaN();
  });

  it("are short in sentences", () => {
    expect([1e-3, 0.25, 100, -2].map(shortNumber)).toEqual(["1e−3", "0.25", "100", "−2"]);
  });
});

describe("the line that says the parameters", () => {
  const line = (values: Record<string, unknown>): string => summary(mixtureParams, values).map((part) => format(part)).join(" · ");

  it("says the well-known ones and what is not at its default", () => {
    expect(line(defaultsOf(mixtureParams))).toBe("K 2 · full · k-means++ · 1 start · tol 1e−3 · seed 0");
    expect(line({ n_components: 3, n_init: 10, covariance_type: "tied", max_iter: 20 })).toBe("K 3 · tied · k-means++ · 10 starts · max_iter 20 · tol 1e−3 · seed 0");
    expect(line({ columns: ["a", "b"], stop_rule: "parameters" })).toBe("K 2 · full · a × b · k-means++ · 1 start · parameters · tol 1e−3 · seed 0");
  });

  it("says true, false and never by the parameter they belong to, and not while it is at its default", () => {
    const told = (early_stopping: string): string => summary(decodingParams, { early_stopping }, (name) => name === "early_stopping").map((part) => format(part)).join();
    expect(["false", "true", "never"].map(told)).toEqual(["", "early_stopping true", "early_stopping never"]);
  });
});

describe("means placed in the picture", () => {
  const values = { ...defaultsOf(mixtureParams), init_params: "given", means_init: [[1], [2]], n_components: 2 };
  const after = (patch: Record<string, unknown>): Record<string, unknown> => ({ ...values, ...dropPlaced(mixtureParams, values, patch) });

  it("go when their number or the columns change", () => {
    for (const patch of [{ n_components: 3 }, { columns: ["a", "b"] }, { computed: [{ name: "y", expression: "x" }] }, { means_init: [] }]) {
      expect(after(patch)).toMatchObject({ ...patch, means_init: [], init_params: "k-means++" });
    }
  });

  it("stay when neither does, and when new ones come along", () => {
    for (const patch of [{ tol: 0.5 }, { n_components: 2 }, { n_components: 3, means_init: [[1], [2], [3]] }, { max_iter: 2 }]) {
      expect(after(patch)).toMatchObject({ means_init: (patch as { means_init?: number[][] }).means_init ?? [[1], [2]], init_params: "given" });
    }
  });

  it("leave a choice alone that is being made", () => {
    expect(after({ n_components: 3, init_params: "kmeans" })).toMatchObject({ init_params: "kmeans", means_init: [] });
  });
});
