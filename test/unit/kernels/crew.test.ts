import path from "node:path";
import { describe, expect, test } from "vitest";
import { crew, doublesToShare, isShared, roomOf } from "../../../src/core/kernels/crew.js";
import { inPieces } from "../../../src/core/kernels/pieces.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { patient, type MoodInput } from "./moods.js";

const use = crewOf(path.join(import.meta.dirname, "crewHelper.ts"));

/** A job that goes on when `wanted` helpers have come. */
function inputOf(mood: MoodInput["mood"], wanted: number, pieces: number): MoodInput {
  return { mood, wanted, out: new Float64Array(roomOf(8 * pieces, true)), came: new Int32Array(new SharedArrayBuffer(4)) };
}

/** Carries a job out and returns whether its memory may be used again. */
function run(mood: MoodInput["mood"], wanted: number, pieces = 12): boolean {
  const input = inputOf(mood, wanted, pieces);
  const steps = inPieces(patient, input, pieces);
  let step = steps.next();
  for (; !step.done; step = steps.next()) expect(step.value).toBeLessThanOrEqual(pieces);
  expect(Array.from(input.out)).toEqual(Array.from({ length: pieces }, (_, i) => i * i));
  return step.value;
}

describe("a crew", () => {
  test.each([1, 2])("of %i takes part in a job", (size) => {
    const { state } = use({ size });
    expect(state().running).toBe(0);
    expect(run("good", size)).toBe(true);
    expect(state()).toMatchObject({ helpers: size, running: size, jobs: 1, lost: [] });
  });

  test("does many jobs in a row", () => {
    const { state } = use();
    for (let i = 0; i < 300; i++) run("good", 1, 2 + (i % 5));
    expect(state()).toMatchObject({ helpers: 1, running: 1, jobs: 300, lost: [] });
  });

  test.each([
    ["throws", "throw", "in a bad mood"],
    ["dies", "exit", "exit code 3"],
  ] as const)("one of whom %s loses that one, and its piece is done here", async (_, mood, reason) => {
    const { state } = use({ size: 2 });
    // One that dies can't say so.
    expect(run(mood, 2)).toBe(mood === "throw");
    await until("the loss", () => state().helpers === 1);
    expect(state().lost).toEqual([reason]);
    expect(run("good", 1)).toBe(true);
  });

  test("one of whom does not answer is done without it, and later without asking", async () => {
    const { state } = use({ limit: -1 });
    expect(run("hang", 1)).toBe(false);
    expect(run("good", 0)).toBe(true);
    expect(state()).toMatchObject({ helpers: 0, running: 0, lost: ["no answer for -1 ms"] });
    expect(run("good", 0)).toBe(true);
    expect(state().jobs).toBe(2);
  });

  test("is left in peace for a while when one does not get on", () => {
    let time = 0;
    const { state } = use({ now: () => time, rest: 100 });
    run("hang", 1);
    expect(state()).toMatchObject({ jobs: 1, stalls: expect.any(Number) });
    expect(state().stalls).toBeGreaterThan(0);
    time = 99;
    run("good", 0);
    expect(state().jobs).toBe(1);
    time = 100;
    run("good", 0);
    expect(state()).toMatchObject({ jobs: 2, lost: [] });
  });

  test("stops when the job is abandoned, and is free for the next", () => {
    use();
    const steps = inPieces(patient, inputOf("endless", 1, 4), 4);
    steps.next();
    steps.return(false);
    expect(run("good", 1)).toBe(true);
  });

  test("ends at once with a job in hand, and can be asked again", async () => {
    const { end, state } = use({ size: 2 });
    const steps = inPieces(patient, inputOf("endless", 2, 4), 4);
    steps.next();
    await end();
    expect(state()).toMatchObject({ helpers: 2, running: 0, lost: [] });
    steps.return(false);
    expect(run("good", 2)).toBe(true);
  });

  test("ends by itself when it has had nothing to do for a while", async () => {
    const { state } = use({ idle: 1 });
    run("good", 1);
    await until("the end", () => state().running === 0);
    expect(run("good", 1)).toBe(true);
    expect(state().lost).toEqual([]);
  });

  test("that can't start leaves all the work here", async () => {
    const { state } = use({ file: path.join(import.meta.dirname, "missing.cjs"), size: 2 });
    expect(run("good", 0)).toBe(true);
    expect(state().helpers).toBe(2);
    await until("the loss", () => crew().helpers === 0);
    expect(run("good", 0)).toBe(true);
  });

  test("with other kernels than ours is of no use", async () => {
    const { state } = use({ kernels: import.meta.dirname, implementation: "simd" });
    run("good", 0);
    await until("the loss", () => state().lost.length > 0);
    expect(state()).toMatchObject({ helpers: 0, lost: [expect.stringContaining("simd is not to be had here")] });
  });

  test("does not exist where threads share no memory", () => {
    const { state } = use({ sharing: false });
    expect(run("good", 0)).toBe(true);
    expect(state()).toMatchObject({ helpers: 0, running: 0, jobs: 0 });
    expect(isShared(doublesToShare(1e5))).toBe(false);
  });
});
