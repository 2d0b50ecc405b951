import { expect, test } from "vitest";
import { Wanted } from "../../../src/webview/shellWanted.js";

test("runs that begin late do not turn controls back that were moved on", () => {
  const wanted = new Wanted();
  wanted.began({ t: 1, k: 5 });
  expect(wanted.values).toEqual({ t: 1, k: 5 });
  wanted.ask({ t: 2, k: 5 });
  wanted.ask({ t: 3, k: 5 });
  wanted.began({ t: 2, k: 5 });
  expect(wanted.values).toEqual({ t: 3, k: 5 });
  // The run of what was asked for last, with what the host adds; then one that the host begins by itself, as after an undo.
  wanted.began({ t: 3, k: 5, own: [1] });
  expect(wanted.values).toEqual({ t: 3, k: 5, own: [1] });
  wanted.began({ t: 1, k: 5 });
  expect(wanted.values).toEqual({ t: 1, k: 5 });
});

test("equal lists are equal values, and what is taken is waited for no longer", () => {
  const wanted = new Wanted();
  wanted.ask({ columns: ["a", "b"] });
  wanted.began({ columns: ["a", "b"], n: 1 });
  expect(wanted.values).toEqual({ columns: ["a", "b"], n: 1 });
  wanted.ask({ t: 2 });
  wanted.take(undefined);
  expect(wanted.values).toBeUndefined();
  wanted.began({ t: 1 });
  expect(wanted.values).toEqual({ t: 1 });
});
