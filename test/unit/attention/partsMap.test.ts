import { describe, expect, test } from "vitest";
import { attention } from "../../../src/core/attention/explainer.js";
import { attentionParams, type AttentionParams } from "../../../src/core/attention/params.js";
import { attentionStory } from "../../../src/core/attention/story.js";
import type { AttentionTrace, HeadMap } from "../../../src/core/attention/trace.js";
import { defaultsOf, format } from "../../../src/core/contract/index.js";
import { finish } from "../../oracle/kmeans.js";
import { folder } from "../models/folders.js";
import { envOf, farthest, opened, readingOf, run, said, textSource, tiny, traceOf } from "./readingSupport.js";

const TEXT = "The old king looked out at the snow and the old king slept.";
const text = textSource(TEXT);
const ids = tiny.tokenizer!.encode(TEXT);
const reading = readingOf(tiny, ids);
const n = ids.length;
const shownWith = (patch: Partial<AttentionParams>, source = text): HeadMap => traceOf(source, patch).map!.shown;

/** A source of attention [layers, heads, T, T] as JSON, made of uneven but proper rows. */
function mapsSource(layers: number, heads: number, T: number, change: (maps: number[][][][]) => void = () => {}) {
  const maps = Array.from({ length: layers }, (_, l) =>
    Array.from({ length: heads }, (__, h) =>
      Array.from({ length: T }, (___, i) => {
        const row = Array.from({ length: T }, (____, j) => (j <= i ? 1 + ((l + 2 * h + 3 * i + 5 * j) % 7) : 0));
        const sum = row.reduce((a, b) => a + b, 0);
        return row.map((value) => value / sum);
      })));
  change(maps);
  return textSource(JSON.stringify({ attention: maps }), undefined, "json", "maps.json");
}

describe("the map", () => {
  test("of a head is the reading's, with its entropies and what each row may see", () => {
    const shown = shownWith({ layer: 1, head: 2 });
    expect(shown).toMatchObject({ reduce: "head", layer: 1, head: 2, rows: n, columns: n });
    expect(farthest(shown.weights, reading.weights(1, 2))).toBe(0);
    expect(Array.from(shown.visible)).toEqual(ids.map((_, i) => i + 1));
    const row = Array.from(shown.weights.subarray(5 * n, 5 * n + 6));
    expect(shown.entropy[5]).toBeCloseTo(-row.reduce((sum, w) => sum + (w > 0 ? w * Math.log2(w) : 0), 0), 9);
    expect(shown.entropy[0]).toBe(0);
  });

  test("of several heads is their mean", () => {
    const mean = (maps: Float32Array[]) => maps[0].map((_, i) => maps.reduce((sum, map) => sum + map[i], 0) / maps.length);
    const layer = (l: number) => Array.from({ length: 4 }, (_, h) => reading.weights(l, h));
    expect(farthest(shownWith({ layer: 2, reduce: "heads" }).weights, mean(layer(2)))).toBeLessThan(1e-6);
    expect(farthest(shownWith({ reduce: "layers" }).weights, mean([0, 1, 2, 3].flatMap(layer)))).toBeLessThan(1e-6);
  });

  test("of a rollout multiplies half of each layer's mean with what passes by", () => {
    const step = (l: number) => shownWith({ layer: l, reduce: "heads" }).weights.map((w, i) => w / 2 + (i % (n + 1) === 0 ? 0.5 : 0));
    const product = (a: Float32Array, b: Float32Array) => a.map((_, at) => Array.from({ length: n }, (__, k) => a[Math.floor(at / n) * n + k] * b[k * n + (at % n)]).reduce((x, y) => x + y, 0));
    const rolled = shownWith({ layer: 1, reduce: "rollout" });
    expect(farthest(rolled.weights, product(step(1), step(0)))).toBeLessThan(1e-5);
    for (let i = 0; i < n; i++) expect(rolled.weights.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });

  test("knows of every head its thumbnail, entropy and habits", () => {
    const part = traceOf(text).map!;
    expect([part.side, part.token, part.shown.layer]).toEqual([n, n - 1, 3]);
    for (const [layer, head] of [[0, 0], [1, 3], [3, 2]]) {
      const map = reading.weights(layer, head);
      const at = layer * 4 + head;
      expect(farthest(part.thumbnails.subarray(at * n * n, (at + 1) * n * n), map.map((w) => Math.round(255 * w)))).toBe(0);
      const rows = Array.from({ length: n }, (_, i) => Array.from(map.subarray(i * n, (i + 1) * n)));
      const entropy = rows.map((row) => -row.reduce((sum, w) => sum + (w > 0 ? w * Math.log2(w) : 0), 0));
      expect(part.entropy[at]).toBeCloseTo(entropy.reduce((a, b) => a + b, 0) / n, 6);
      expect(part.previous[at]).toBeCloseTo(rows.slice(1).reduce((sum, row, i) => sum + row[i], 0) / (n - 1), 6);
      expect(part.self[at]).toBeCloseTo(rows.reduce((sum, row, i) => sum + row[i], 0) / n, 6);
      expect(part.first[at]).toBeCloseTo(rows.slice(1).reduce((sum, row) => sum + row[0], 0) / (n - 1), 6);
      const again = rows.map((row, i) => row.reduce((sum, w, j) => sum + (j < i && ids[j] === ids[i] ? w : 0), 0)).filter((_, i) => ids.indexOf(ids[i]) < i);
      expect(part.same[at]).toBeCloseTo(again.reduce((a, b) => a + b, 0) / again.length, 6);
    }
  });

  test("hands nothing over that the next run needs", () => {
    const first = traceOf(text, { layer: 0, reduce: "heads" }).map!;
    for (const array of [first.thumbnails, first.entropy, first.shown.weights]) array.fill(99);
    const second = traceOf(text, { layer: 0, reduce: "heads" }).map!;
    expect(second.entropy[0]).toBeLessThan(10);
    expect(second.shown.weights[0]).toBe(1);
    const head = traceOf(text, { layer: 0, head: 0 }).map!;
    head.shown.weights.fill(5);
    expect(traceOf(text, { layer: 0, head: 0 }).map!.shown.weights[0]).toBe(1);
  });

  test("takes places beyond the model as its last", () => {
    const { shown, token } = traceOf(text, { layer: 99, head: 99, token: 9999 }).map!;
    expect([shown.layer, shown.head, token]).toEqual([3, 3, n - 1]);
  });

  test("of one token is one cell", () => {
    const { map, tokens } = traceOf(textSource("x"));
    expect([tokens.ids.length, Array.from(map!.shown.weights), map!.side, map!.entropy[0], map!.previous[0]]).toEqual([1, [1], 1, 0, NaN]);
    expect(format(attentionStory(traceOf(textSource("x")), "map", { token: 0, step: 0 }).title)).toBe("“x” has only itself to look at");
  });

  test("of BERT hides padding and looks both ways", () => {
    const bert = opened(folder("tiny-bert"));
    const { map, tokens, source } = traceOf(textSource("5 9 11 3"), { max_length: 7, token: -1, text_pair: "8" }, bert);
    expect(source).toMatchObject({ family: "bert", causal: false, kind: "model" });
    expect([Array.from(tokens.visible), Array.from(tokens.segments), map!.token]).toEqual([[1, 1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 1, 0, 0], 4]);
    expect(Array.from(map!.shown.visible)).toEqual([5, 5, 5, 5, 5, 5, 5]);
    for (let i = 0; i < 5; i++) {
      const row = Array.from(map!.shown.weights.subarray(7 * i, 7 * i + 7));
      expect(row.slice(5)).toEqual([0, 0]);
      expect(row.every((w, j) => j > 4 || w > 0)).toBe(true);
    }
  });

  test("shows the whole while the heads are gone through", () => {
    const params = { ...defaultsOf(attentionParams), text: "A text that nobody read before, of some length." };
    const parsed = finish(attention.parse(textSource("")));
    const running = attention.run(parsed.ok ? parsed.input : undefined!, params, envOf(params));
    const seen: AttentionTrace[] = [];
    for (let next = running.next(); !next.done; next = running.next()) if (next.value.trace) seen.push(next.value.trace());
    expect(seen.length).toBe(16);
    expect(seen[0].map!.shown.weights[0]).toBe(1);
    expect(seen[0].map!.entropy.filter((value) => !Number.isNaN(value))).toHaveLength(1);
  });
});

describe("maps of one's own", () => {
  test("are shown as they are, with names", () => {
    const source = mapsSource(2, 3, 4);
    const trace = traceOf(textSource(source.kind === "text" ? source.text.replace(/}$/, ', "tokens": ["a", "b", "a", "c"]}') : "", undefined, "json", "maps.json"), { layer: 1, head: 2 });
    expect(trace.source).toMatchObject({ kind: "maps", layers: 2, heads: 3, causal: true, name: "maps.json" });
    expect(trace.tokens.pieces).toEqual(["a", "b", "a", "c"]);
    expect(Array.from(trace.tokens.ids)).toEqual([0, 1, 0, 3]);
    expect(trace.map!.shown.weights[0]).toBe(1);
    expect(Array.from(trace.map!.shown.visible)).toEqual([1, 2, 3, 4]);
    expect(trace.map!.same.every((share) => share > 0)).toBe(true);
  });

  test("whose rows do not sum to 1 are shown, and the row is named", () => {
    const outcome = run(mapsSource(1, 2, 3, (maps) => (maps[0][1][2][0] += 0.5)));
    expect(outcome.ok && outcome.trace.map!.shown.rows).toBe(3);
    expect(said(outcome.problems)).toMatch(/[rR]ow 3 of layer 1, head 2/);
  });

  test("with a number that is no weight are refused with its place", () => {
    const source = mapsSource(1, 2, 3);
    const outcome = run(textSource(source.kind === "text" ? source.text.replace("[1,0,0]", "[NaN,0,0]") : "", undefined, "json", "maps.json"));
    expect(outcome.ok).toBe(false);
    expect(said(outcome.problems)).toMatch(/Column 1 of row 1 of layer 1, head 1 is NaN/);
  });

  test("of a thousand heads stay small", () => {
    const { map, source } = traceOf(mapsSource(4, 1000, 5), { head: 999 });
    expect([source.heads, map!.shown.head, map!.entropy.length]).toEqual([1000, 999, 4000]);
    expect(map!.thumbnails.length).toBeLessThanOrEqual(2 ** 22);
  });

  test("from a decoder to an encoder have no roles and no rollout", () => {
    const source = textSource("attention = [[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]", undefined, "python", "cross.py");
    const outcome = run(source, { reduce: "rollout" });
    expect(outcome.ok && outcome.trace.map!.shown).toMatchObject({ reduce: "head", rows: 2, columns: 3 });
    expect(outcome.ok && outcome.trace.map!.previous[0]).toBeNaN();
    expect(said(outcome.problems)).toMatch(/as many rows as columns; this one has 2 and 3/);
  });
});

describe("the story of a map", () => {
  const told = (trace: AttentionTrace, token: number) => {
    const { title, lede } = attentionStory(trace, "map", { token, step: 0 });
    return [format(title), lede.map((piece) => format(piece.text)).join("")];
  };
  const own = (rows: number[][], tokens = ["snow", "rose", "fast"]) => traceOf(textSource(JSON.stringify({ attention: rows, tokens }), undefined, "json", "own.json"));

  test.each([
    [[0.6, 0.3, 0.1], "Where “fast” looks: mostly at “snow”, then “rose”"],
    [[0.44, 0.43, 0.13], "Where “fast” looks: first at “snow”, then “rose”"],
    [[0.02, 0.9, 0.08], "Where “fast” looks: at “rose”, and hardly elsewhere"],
    [[0.34, 0.33, 0.33], "“fast” looks about evenly at all 3 tokens that it sees"],
    [[0.78, 0.07, 0.15], "Where “fast” looks: mostly at “snow”, then itself"],
    [[0, 0, 0], "“fast” looks at nothing"],
  ])("%j: %s", (row, title) => {
    expect(told(own([[1, 0, 0], [0.5, 0.5, 0], row]), 2)[0]).toBe(title);
  });

  test("names the place of a token that occurs twice, and says that attention is no explanation", () => {
    expect(told(own([[0.4, 0.3, 0.3], [0.4, 0.3, 0.3], [0.5, 0.4, 0.1]], ["snow", "snow", "fast"]), 2)).toEqual([
      "Where “fast” looks: mostly at “snow” (token 1), then “snow” (token 2)",
      "Layer 1, head 1. Attention is not explanation: it says where a head reads, not what it makes of it.",
    ]);
    expect(told(own([[1, 0, 0], [0.9, 0.1, 0], [0.05, 0.9, 0.05]]), 2)[1]).toContain("looks mostly at the token before: 90% of its weight");
    const long = `x${"y".repeat(60)}`;
    expect(told(own([[1, 0, 0], [0.5, 0.5, 0], [0, 0.9, 0.1]], ["snow", long, "fast"]), 2)[0]).toBe(`Where “fast” looks: at “x${"y".repeat(30)}…”, and hardly elsewhere`);
    expect(told(traceOf(text), 3)[1]).toContain("this model is a very small one");
  });
});
