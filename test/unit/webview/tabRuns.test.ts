import { describe, expect, it } from "vitest";
import type { Values } from "../../../src/core/protocol.js";
import { TabRuns } from "../../../src/webview/tabRuns.js";
import { TabTraces } from "../../../src/webview/tabTrace.js";
import type { ViewHost } from "../../../src/webview/view.js";

type Tab = "a" | "b";
type Trace = { readonly key: string; readonly a?: unknown; readonly b?: unknown };
const traces = new TabTraces<Trace, Tab>({ tab: "a", x: 0, y: 0 }, { a: ["x"], b: ["x", "y"] });
const frame = { step: 0, width: 600, height: 400, status: "complete" } as const;

/** A shell without a screen: runs are written down, and answered by the test. */
function panel() {
  const ui: Record<string, unknown> = {};
  const runs: Values[] = [];
  let params: Values = {};
  let shown: Values = {};
  let run = 0;
  const host = {
    ui: (key: string, fallback: unknown) => (key in ui ? ui[key] : fallback),
    setUi: (key: string, value: unknown) => void (ui[key] = value),
    params: () => params,
    shownParams: () => shown,
    shownRun: () => run,
    newest: () => ({ phase: "done", params }),
    refused: () => false,
    prepare: (patch: Values) => void (params = { ...params, ...patch }),
    run: (patch: Values) => void runs.push((params = { ...params, ...patch })),
    redraw: () => undefined,
  } as unknown as ViewHost;
  const tabs = new TabRuns<Trace, Tab>(host, traces);
  /** The newest run brings its tab's part, and it is drawn. */
  const answer = (): void => {
    run++;
    shown = params;
    tabs.update({ key: "1", [traces.tabOf(params)]: { of: run } }, frame);
  };
  return { tabs, runs, answer, draw: () => tabs.update(tabs.trace, frame) };
}

describe("traces by tab", () => {
  it("are joined by their key, and old when a parameter of theirs has changed", () => {
    const first = traces.join(undefined, { key: "1", a: 1 }, { tab: "a", x: 1 });
    const both = traces.join(first, { key: "1", b: 2 }, { tab: "b", x: 1, y: 5 });
    expect(both.trace).toEqual({ key: "1", a: 1, b: 2 });
    expect([traces.isMissing(both, "a", { x: 1, y: 7 }), traces.isMissing(both, "b", { x: 1, y: 7 }), traces.isMissing(both, "a", { x: 2 })]).toEqual([false, true, true]);
    expect(traces.join(both, { key: "2", a: 3 }, { tab: "a" }).trace).toEqual({ key: "2", a: 3 });
  });
});

describe("runs by tab", () => {
  it("compute a tab when it is first shown, and not again", () => {
    const { tabs, runs, answer, draw } = panel();
    answer();
    tabs.show("b");
    draw();
    expect(runs).toEqual([{ tab: "b" }]);
    answer();
    tabs.show("a");
    draw();
    tabs.show("b");
    draw();
    expect(runs).toHaveLength(1);
  });

  it("compute nothing for what the shown tab is not made with, and the other tab anew when it is shown", () => {
    const { tabs, runs, answer, draw } = panel();
    answer();
    tabs.show("b");
    draw();
    answer();
    tabs.show("a");
    draw();
    tabs.keep({ y: 3 });
    draw();
    expect([runs.length, tabs.current]).toEqual([1, true]);
    // The newest run was for this very tab, but with another value.
    tabs.show("b");
    expect(tabs.current).toBe(false);
    draw();
    expect(runs.at(-1)).toMatchObject({ tab: "b", y: 3 });
    draw();
    expect(runs).toHaveLength(2);
    answer();
    expect(tabs.current).toBe(true);
    draw();
    expect(runs).toHaveLength(2);
  });
});
