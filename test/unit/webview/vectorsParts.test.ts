import { describe, expect, it } from "vitest";
import type { VectorsTrace } from "../../../src/core/vectors/trace.js";
import { createAsks } from "../../../src/webview/shellAsks.js";
import type { ViewToHost } from "../../../src/core/protocol.js";
import { missingOf, Parts, tabFor } from "../../../src/webview/vectors/sharedParts.js";

function trace(key: string, ...parts: readonly string[]): VectorsTrace {
  const base = {
    key, origin: "words", n: 2, d: 1, names: ["a", "b"], values: Float64Array.of(1, 2), norms: Float64Array.of(1, 2), spans: null, lines: null,
    total: 2, store: null, notes: [], stated: [],
  };
  return { ...base, ...Object.fromEntries(parts.map((part) => [part, { of: key }])) } as unknown as VectorsTrace;
}

const all = ["heatmap", "neighbours", "strips"];

describe("parts of traces", () => {
  it("of the same rows are joined, so that a tab gone back to needs nothing", () => {
    const parts = new Parts();
    parts.add(trace("1", ...all), { tab: "heatmap" });
    parts.add(trace("1", "oneHot"), { tab: "onehot" });
    for (const tab of ["heatmap", "strips", "neighbours", "onehot"] as const) expect(missingOf(parts.best(tab, {}), tab, {})).toEqual([]);
    expect(missingOf(parts.best("map", {}), "map", {})).toEqual(["map"]);
  });

  it("are old when a parameter they were made with has changed, and no other", () => {
    const parts = new Parts();
    parts.add(trace("1", ...all), { tab: "heatmap" });
    const missing = (params: object) => missingOf(parts.best("heatmap", params as never), "heatmap", params as never);
    expect(missing({ metric: "dot" })).toEqual(["heatmap"]);
    expect(missing({ query: "king" })).toEqual(["neighbours"]);
    expect(missing({ expressions: "a + b" })).toEqual(["strips"]);
    expect(missing({ perplexity: 5, metric: "cosine" })).toEqual([]);
    expect(missing({ rows: 3 })).toEqual(all);
  });

  it("of a new question replace the old answer only", () => {
    const parts = new Parts();
    parts.add(trace("1", ...all), { tab: "heatmap" });
    const params = { tab: "neighbours", query: "king" };
    parts.add(trace("1", "neighbours", "strips"), params);
    expect(missingOf(parts.best("heatmap", params), "heatmap", params)).toEqual([]);
  });

  it("of more rows, as a map has them, stand beside the others", () => {
    const parts = new Parts();
    parts.add(trace("1", ...all), { tab: "heatmap" });
    parts.add(trace("2", "map"), { tab: "map" });
    expect(parts.best("map", {}).trace.key).toBe("2");
    expect(parts.best("heatmap", {}).trace.key).toBe("1");
    expect(missingOf(parts.best("heatmap", {}), "heatmap", {})).toEqual([]);
  });

  it("of a text before an edit are forgotten", () => {
    const parts = new Parts();
    parts.add(trace("1", ...all), { tab: "heatmap" });
    parts.add(trace("2", "map"), { tab: "map" });
    parts.add(trace("3", ...all), { tab: "heatmap" });
    expect(missingOf(parts.best("map", {}), "map", {})).toEqual(["map"]);
  });

  it("of other word vectors are forgotten", () => {
    const parts = new Parts();
    const store = (name: string) => ({ store: { name, words: 10, dimensions: 2 } });
    parts.add({ ...trace("1", ...all), ...store("a.txt") }, { tab: "heatmap" });
    parts.add({ ...trace("1", "oneHot"), ...store("b.txt") }, { tab: "onehot" });
    expect(missingOf(parts.best("heatmap", {}), "heatmap", {})).toEqual(all);
  });

  it("ask for the least that computes what is missing", () => {
    expect(tabFor(["strips"], "heatmap")).toBe("strips");
    expect(tabFor(["neighbours"], "heatmap")).toBe("neighbours");
    expect(tabFor(["heatmap", "strips"], "heatmap")).toBe("heatmap");
    expect(tabFor(["map"], "map")).toBe("map");
  });
});

describe("questions of a view", () => {
  it("are answered once, each by its own number", async () => {
    const posts: ViewToHost[] = [];
    const asks = createAsks((message) => posts.push(message));
    const [first, second] = [asks.ask("one"), asks.ask("two")];
    expect(posts).toEqual([{ type: "ask", ask: 1, question: "one" }, { type: "ask", ask: 2, question: "two" }]);
    asks.answered(2, "b");
    asks.answered(1, undefined);
    asks.answered(1, "late");
    asks.answered(9, "nobody's");
    expect(await Promise.all([first, second])).toEqual([undefined, "b"]);
  });

  it("have no answer once the view is gone", async () => {
    const asks = createAsks(() => undefined);
    const asked = asks.ask("one");
    asks.drop();
    expect(await asked).toBeUndefined();
  });
});
