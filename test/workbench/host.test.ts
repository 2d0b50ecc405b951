import { expect, test } from "vitest";
import { runInHost } from "./hostRun.js";

// The suites run once, before the tests are declared, so that each of theirs is counted as a test of its own here.
const { exitCode, results, log } = await runInHost();

test("the extension host runs the suites to their end", () => {
  const failed = results.filter((result) => result.error !== undefined).length;
  expect(results.length, log).toBeGreaterThan(0);
  expect(exitCode, log).toBe(failed === 0 ? 0 : 1);
});

test.each(results)("in the extension host: $title", ({ error }) => {
  if (error !== undefined) throw new Error(error);
});
