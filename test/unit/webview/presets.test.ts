import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import { presetsFor } from "../../../src/webview/mixture/presets.js";
import { articleMeans, articleRows, iris, traceOf } from "../mixture/helpers.js";

const published = (trace: MixtureTrace | undefined) => presetsFor(trace).find(({ label }) => label.text === "as published")!.params;

type Sample = { readonly file: string; readonly params: Record<string, unknown> };
const samples = JSON.parse(readFileSync(new URL("../../../samples/index.json", import.meta.url), "utf8")) as Sample[];

describe("the preset “as published”", () => {
  it("starts where the article's program did, on the article's numbers", () => {
    const params = published(traceOf(articleRows));
    expect(params).toMatchObject({ init_params: "given", means_init: articleMeans });
    const { n_components, covariance_type, init_params, means_init, n_init, stop_rule, max_iter, tol, reg_covar } = samples[0].params;
    expect(params).toEqual({ n_components, covariance_type, init_params, means_init, n_init, stop_rule, max_iter, tol, reg_covar });
  });

  it("gives the published numbers there: −209.736 after one iteration", () => {
    const { fits } = traceOf(articleRows, published(traceOf(articleRows)));
    expect(fits[0].logLikelihood[1]).toBeCloseTo(-209.736, 3);
  });

  it("takes random points of any other data", () => {
    const random = { init_params: "random_from_data", means_init: [] };
    expect(published(undefined)).toMatchObject(random);
    expect(published(traceOf(iris))).toMatchObject(random);
    expect(published(traceOf(articleRows.map(([x]) => [x + 1e-4])))).toMatchObject(random);
    expect(published(traceOf(articleRows.filter(([x]) => x !== articleMeans[0][0])))).toMatchObject(random);
  });
});
