import { expect, test } from "vitest";
import { describeCrew } from "../../../src/extension/kernelReport.js";

test("diagnostics say how far helper threads help, and what keeps them from it", () => {
  const state = { helpers: 1, running: 1, jobs: 12, steps: 90, stalls: 3, lost: [] };
  expect(describeCrew(state)).toBe("helper threads: 1 at most, 1 running, 12 jobs so far, 3 waits for one that did not get on");
  expect(describeCrew({ ...state, helpers: 0, lost: ["exit code 1"] })).toBe("helper threads: none; one was given up: exit code 1");
});
