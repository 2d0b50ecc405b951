import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { MixtureParams } from "../../../src/core/mixture/params.js";
import { csv, explain, must } from "./explainerSupport.js";
import { sentences, twoGroups } from "./helpers.js";

describe("what can't be fitted is said", () => {
  const refused = (text: string, params: Partial<MixtureParams> = {}) => {
    const outcome = explain(text, params);
    expect(outcome.ok).toBe(false);
    const [first] = outcome.problems;
    expect(first.severity).toBe("error");
    return { text: format(first.message), fixes: first.fixes?.map((fix) => fix.params) };
  };

  test.each([
    ["all values equal", "x\n4\n4\n4\n", {}, /^All numbers of x are 4: .* Select numbers that differ\.$/],
    ["all rows equal", "a,b\n4,5\n4,5\n", {}, /^All rows are equal: /],
    ["1e308", "x\n1e308\n-1e308\n3\n", {}, /^Column x reaches 1e\+308: .* x \/ 1e\+308\.$/],
    ["1e-308", "x\n1e-308\n2e-308\n3e-308\n", {}, /^The numbers of column x differ by 2e−308 .* x \* 5e\+307\.$/],
    ["no row complete", "a,b\n1,\n,2\n3,\n,4\n", { columns: ["a", "b"] }, /row/],
    ["means of another number", "x\n1\n2\n3\n", { init_params: "given", means_init: [[1], [2], [3]] }, /^means_init has 3 means, but n_components is 2\./],
    ["means of another width", "x\n1\n2\n3\n", { init_params: "given", means_init: [[1, 2], [2, 3]] }, /^Each mean of means_init needs 1 finite numbers/],
  ] as const)("%s", (_, text, params, sentence) => {
    expect(refused(text, params).text).toMatch(sentence);
  });

  test("more components than rows that differ, with the remedy", () => {
    const problem = refused("x\n1\n2\n2\n1\n", { n_components: 5 });
    expect(problem).toEqual({
      text: "Only 2 rows differ, fewer than n_components = 5. Use 2 components or fewer, or select more rows.",
      fixes: [{ n_components: 2 }],
    });
    expect(must(explain("x\n1\n2\n2\n1\n", { n_components: 2 })).K).toBe(2);
  });

  test("more than fifty columns, with the remedy", () => {
    const wide = Array.from({ length: 5 }, (_, i) => Array.from({ length: 51 }, (_, d) => Math.sin(i * 51 + d)));
    const problem = refused(csv(wide, wide[0].map((_, d) => `c${d}`).join(",")));
    expect(problem.text).toBe("51 columns are chosen; a mixture takes at most 50. Choose the columns to fit.");
    expect(problem.fixes).toEqual([{ columns: ["c0", "c1"] }]);
  });

  test("with the columns to choose from", () => {
    const columns = [{ name: "a", numbers: 2, numeric: true }, { name: "b", numbers: 0, numeric: false }];
    for (const params of [{ columns: ["c"] }, { n_components: 3 }]) {
      expect(explain("a,b\n1,x\n2,y\n", params)).toMatchObject({ ok: false, columns });
    }
  });

  test("one number", () => {
    expect(refused("x\n4\n").text).toMatch(/\bone number\b|two/);
  });

  test("a constant column and one that reg_covar drowns are pointed out, and fitted", () => {
    const rows = twoGroups(60, 2);
    const constant = explain(csv(rows.map(([a]) => [a, 7]), "a,b"));
    expect(must(constant).N).toBe(60);
    expect(constant.problems.map(({ severity, fixes }) => [severity, fixes?.[0].params])).toEqual([["warning", { columns: ["a"] }]]);
    const two = explain(csv(rows.map(([a]) => [a, 7, 1]), "a,b,c"));
    expect(sentences(two.problems)).toEqual(["In b, c the same number stands in every row, which tells no components apart. Leave these columns out."]);
    expect(two.problems[0].fixes?.[0].params).toEqual({ columns: ["a"] });
    const tiny = explain(csv(rows.map(([a, b]) => [a * 1e-4, b]), "a,b"));
    expect(tiny.ok && tiny.problems[0].fixes![0].params.reg_covar).toBeLessThan(1e-12);
    expect(sentences(tiny.problems)[0]).toMatch(/^Column a has a variance of /);
  });
});
