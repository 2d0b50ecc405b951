import { describe, expect, it } from "vitest";
import { msg, type Problem } from "../../../src/core/contract/index.js";
import type { HostToView, SourceInfo } from "../../../src/core/protocol.js";
import { initialModel, modeOf, reduce, type Model } from "../../../src/webview/shellModel.js";

const source: SourceInfo = { uri: "file:///a.csv", name: "a.csv", lines: "2–101", ranges: [], pinned: false, text: true };
const problem: Problem = { severity: "error", message: msg("Line 27 says “2.2.69”."), line: 27 };
const after = (...messages: HostToView[]): Model => messages.reduce(reduce, initialModel);
const begin: HostToView = { type: "source", source };
const running = (run: number, edited = false, K = run): HostToView => ({ type: "running", run, params: { K }, edited });
const trace = (run: number): HostToView => ({ type: "trace", run, trace: `trace ${run}`, problems: [] });

describe("what the panel shows", () => {
  it("waits for the host, then says that nothing is selected", () => {
    expect(modeOf(after()).kind).toBe("waiting");
    expect(modeOf(after({ type: "source", source: undefined })).kind).toBe("empty");
    expect(modeOf(after(begin)).kind).toBe("waiting");
  });

  it("shows what a run sends while it runs, and its trace when it is done", () => {
    const progress: HostToView = { type: "progress", run: 1, fraction: 0.4, message: msg("iteration {0}", 41) };
    expect(modeOf(after(begin, running(1))).kind).toBe("starting");
    expect(modeOf(after(begin, running(1), progress)).kind).toBe("starting");
    const partly = modeOf(after(begin, running(1), { ...progress, trace: "so far" }));
    expect(partly).toMatchObject({ kind: "picture", status: "running", shown: { trace: "so far", complete: false } });
    expect(modeOf(after(begin, running(1), trace(1)))).toMatchObject({ kind: "picture", status: "complete", shown: { trace: "trace 1", params: { K: 1 } } });
  });

  it("keeps the old picture as stale until the new one comes", () => {
    expect(modeOf(after(begin, running(1), trace(1), running(2, true)))).toMatchObject({ status: "stale", shown: { run: 1 } });
    expect(modeOf(after(begin, running(1), trace(1), running(2, true), trace(2)))).toMatchObject({ status: "complete", shown: { run: 2 } });
  });

  it("drops the outcomes of old runs, in whatever order they come", () => {
    const model = after(begin, running(1), running(2), trace(1), trace(2), { type: "failed", run: 1, message: msg("Late."), detail: "" });
    expect(modeOf(model)).toMatchObject({ kind: "picture", status: "complete", shown: { run: 2, trace: "trace 2", params: { K: 2 } } });
    expect(reduce(model, running(1))).toBe(model);
    expect(reduce(model, trace(2))).toBe(model);
  });

  it("keeps the last valid picture, stale, when an edit can't be run", () => {
    const model = after(begin, running(1), trace(1), running(2, true), { type: "invalid", run: 2, problems: [problem] });
    expect(modeOf(model)).toMatchObject({ kind: "picture", status: "stale", shown: { run: 1 } });
    expect(model.run).toMatchObject({ phase: "invalid", problems: [problem], edited: true });
  });

  it("puts problems in the picture's place where there is no picture", () => {
    expect(modeOf(after(begin, running(1), { type: "invalid", run: 1, problems: [problem] }))).toMatchObject({ kind: "problem", run: { problems: [problem] } });
    expect(modeOf(after(begin, running(1), { type: "failed", run: 1, message: msg("It ended."), detail: "" }))).toMatchObject({ kind: "problem", run: { phase: "failed" } });
  });

  it("remembers an edit that no run has caught up with through a change of parameters", () => {
    const broken = after(begin, running(1), trace(1), running(2, true), { type: "invalid", run: 2, problems: [problem] });
    expect(reduce(broken, running(3, false)).run?.edited).toBe(true);
    expect(after(begin, running(1), trace(1), running(2, true), trace(2), running(3)).run?.edited).toBe(false);
  });

  it("goes back to the last complete picture when a run is cancelled", () => {
    const half: HostToView = { type: "progress", run: 2, fraction: 0.5, message: msg("half"), trace: "half" };
    const model = after(begin, running(1), trace(1), running(2), half, { type: "cancelled", run: 2 });
    expect(modeOf(model)).toMatchObject({ kind: "picture", status: "complete", shown: { run: 1 } });
    expect(modeOf(after(begin, running(1), trace(1), running(2, true), { type: "cancelled", run: 2 }))).toMatchObject({ status: "stale" });
    expect(modeOf(after(begin, running(1), { type: "cancelled", run: 1 })).kind).toBe("problem");
  });

  it("keeps the columns that a refused run found until a trace says its own", () => {
    const columns = [{ name: "a", numbers: 9, numeric: true }];
    const refused = after(begin, running(1), { type: "invalid", run: 1, problems: [problem], columns });
    expect(refused.columns).toEqual(columns);
    expect(reduce(refused, running(2)).columns).toEqual(columns);
    expect([running(2), trace(2)].reduce(reduce, refused).columns).toBeUndefined();
    expect(reduce(refused, { type: "source", source: { ...source, uri: "file:///b.csv" } }).columns).toBeUndefined();
  });

  it("forgets the picture when the source is another, not when it is pinned", () => {
    const model = after(begin, running(1), trace(1));
    expect(reduce(model, { type: "source", source: { ...source, pinned: true } }).shown).toBe(model.shown);
    expect(reduce(model, { type: "source", source: { ...source, uri: "file:///b.csv" } }).shown).toBeUndefined();
  });
});
