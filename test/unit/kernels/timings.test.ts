import { expect, test } from "vitest";
import { timeKernels } from "../../../src/core/kernels/timings.js";
import { everyKernels } from "./implementations.js";

test.each(everyKernels.map((each) => [each.implementation, each] as const))("every case of the diagnostics can be timed with %s", (_name, each) => {
  let time = 0;
  const timing = timeKernels(each, () => time++);
  const fractions: number[] = [];
  let step = timing.next();
  for (; !step.done; step = timing.next()) fractions.push(step.value);
  expect(fractions.at(-1)).toBe(1);
  expect(step.value).toHaveLength(fractions.length);
  for (const { name, milliseconds, typescript } of step.value) expect([name, milliseconds, typescript]).toEqual([expect.stringMatching(/\d/), 1, 1]);
});
