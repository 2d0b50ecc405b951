import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { vectors } from "../../../src/core/vectors/explainer.js";
import { cellAt, cellValue, heatmapOf } from "../../../src/core/vectors/heatmap.js";
import { oneHotMemory } from "../../../src/core/vectors/oneHot.js";
import { metrics, type Metric } from "../../../src/core/vectors/similarity.js";
import { VectorStore } from "../../../src/core/vectors/store.js";
import type { HeatmapPart, VectorReply } from "../../../src/core/vectors/trace.js";
import { attached, attachedBuiltIn, builtInStore, envOf, explain, fileOf, finish, paramsOf, sentences, textOf, traceOf } from "./support.js";

const company = "king queen prince princess man woman boy girl father mother paris france berlin germany tokyo japan monday tuesday red green bread wine river mountain";

/** The definitions, written out. */
const plain: Readonly<Record<Metric, (a: readonly number[], b: readonly number[]) => number>> = {
  dot: (a, b) => a.reduce((sum, v, j) => sum + v * b[j], 0),
  cosine: (a, b) => plain.dot(a, b) / Math.hypot(...a) / Math.hypot(...b),
  euclidean: (a, b) => Math.hypot(...a.map((v, j) => v - b[j])),
  manhattan: (a, b) => a.reduce((sum, v, j) => sum + Math.abs(v - b[j]), 0),
  pearson: (a, b) => plain.cosine(centred(a), centred(b)),
  spearman: (a, b) => plain.pearson(ranked(a), ranked(b)),
};
const centred = (a: readonly number[]) => a.map((v) => v - a.reduce((sum, w) => sum + w, 0) / a.length);
const ranked = (a: readonly number[]) => a.map((v) => a.filter((w) => w < v).length + a.filter((w) => w === v).length / 2);

describe("a map", () => {
  /** The iteration that is told of first, of a map that is stopped when some are made. */
  function firstIteration(text: string, params: Parameters<typeof paramsOf>[0], stopAt: number): number {
    const parsed = finish(vectors.parse(textOf(text)));
    if (!parsed.ok) throw new Error("was not read");
    const told: number[] = [];
    const stopping = () => told.length > 0 && told[told.length - 1] >= stopAt;
    const asked = paramsOf({ tab: "map", projection: "tsne", perplexity: 5, max_iter: 40, ...params });
    for (const { message } of vectors.run(parsed.input, asked, envOf({ vectors: attachedBuiltIn, stopping }))) {
      const found = /^iteration (\d+) of 40/.exec(format(message));
      if (found) told.push(Number(found[1]));
    }
    return told[0];
  }

  test("goes on where it was stopped when the same words are asked for again, and no others", () => {
    firstIteration(company, {}, 9);
    expect(firstIteration(company, {}, 20)).toBe(9);
    expect(firstIteration(`${company} bird`, {}, 9)).toBe(0);
    expect(firstIteration(company, {}, 9)).toBe(0);
    expect(firstIteration(company, { perplexity: 6 }, 9)).toBe(0);
    expect(firstIteration(company, { perplexity: 6, points: "store", map_rows: 30 }, 9)).toBe(0);
    expect(firstIteration(company, { perplexity: 6, points: "store", map_rows: 30 }, 40)).toBe(9);
  });
});

describe("the heatmap", () => {
  test.each(metrics)("holds %s of every pair, and the closest and farthest", (metric) => {
    const trace = traceOf(textOf(company), { metric });
    const { n, d, values, heatmap } = trace;
    const part = heatmap!;
    const rows = Array.from({ length: n }, (_, i) => Array.from(values!.subarray(i * d, (i + 1) * d)));
    const step = (part.high - part.low) / 65534;
    let best: [number, number, number] | undefined;
    let worst: [number, number, number] | undefined;
    const sign = metric === "euclidean" || metric === "manhattan" ? -1 : 1;
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const exact = plain[metric](rows[i], rows[j]);
        expect(Math.abs(cellValue(part, cellAt(n, i, j)) - exact)).toBeLessThan(step + 1e-5 * Math.abs(exact));
        if (j === i) continue;
        if (!best || sign * exact > sign * best[2]) best = [i, j, exact];
        if (!worst || sign * exact < sign * worst[2]) worst = [i, j, exact];
      }
    }
    expect(part.closest).toEqual({ a: best![0], b: best![1], value: expect.closeTo(best![2], 9) });
    expect(part.farthest).toEqual({ a: worst![0], b: worst![1], value: expect.closeTo(worst![2], 9) });
    expect(cellAt(n, 5, 2)).toBe(cellAt(n, 2, 5));
  });

  test("is grouped as average linkage does by definition", () => {
    // No two distances are equal, since the grouping is not unique then.
    const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 });
    const shape = fc.array(fc.oneof({ weight: 5, arbitrary: row }, { weight: 1, arbitrary: fc.constant("zero" as const) }), { minLength: 2, maxLength: 9 })
      .map((rows) => rows.map((row, i) => (row === "zero" ? [0, 0, 0] : row.map((v, j) => v + 0.3 * Math.sin(17 * i + 5 * j + 1)))));
    fc.assert(
      // Ranks of three numbers would tie.
      fc.property(shape, fc.constantFrom(...metrics.filter((metric) => metric !== "spearman")), (given, metric) => {
        const rows = metric === "dot" ? given.filter((row) => row.some((v) => v !== 0)) : given;
        if (rows.length === 0) return;
        const part = finish(heatmapOf({ n: rows.length, d: 3, values: Float64Array.from(rows.flat()) }, metric));
        const known = rows.map((_, i) => i).filter((i) => !part.undefinedRows.includes(i));
        expect(Array.from(part.height)).toEqual(heights(rows, known, metric).map((v) => expect.closeTo(v, 4)));
        expect([...part.clustered].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
        expect(Array.from(part.clustered.subarray(known.length))).toEqual(part.undefinedRows);
        // No two branches cross: the rows of every merge stand together.
        const members = new Map<number, number[]>(known.map((i) => [i, [i]]));
        part.left.forEach((left, m) => {
          const own = [...members.get(left)!, ...members.get(part.right[m])!];
          members.set(rows.length + m, own);
          const places = own.map((i) => part.clustered.indexOf(i)).sort((a, b) => a - b);
          expect(places[places.length - 1] - places[0]).toBe(own.length - 1);
        });
      }),
      { numRuns: 150 },
    );

    /** UPGMA, all pairs compared each time. */
    function heights(rows: readonly number[][], known: readonly number[], metric: Metric): number[] {
      const high = Math.max(...known.flatMap((i) => known.map((j) => plain[metric](rows[i], rows[j]))));
      const distance = (i: number, j: number) => {
        const value = plain[metric](rows[i], rows[j]);
        return metric === "euclidean" || metric === "manhattan" ? value : Math.max(0, (metric === "dot" ? high : 1) - value);
      };
      let clusters = known.map((i) => [i]);
      const found: number[] = [];
      while (clusters.length > 1) {
        const pairs = clusters.flatMap((a, x) => clusters.slice(x + 1).map((b) => ({ a, b, at: a.flatMap((i) => b.map((j) => distance(i, j))).reduce((sum, v) => sum + v, 0) / a.length / b.length })));
        const { a, b, at } = pairs.reduce((best, each) => (each.at < best.at ? each : best));
        found.push(at);
        clusters = [...clusters.filter((each) => each !== a && each !== b), [...a, ...b]];
      }
      return found.sort((x, y) => x - y);
    }
  });

  test("can be drawn before it is grouped", () => {
    const parsed = finish(vectors.parse(textOf(company)));
    if (!parsed.ok) throw new Error();
    const parts: HeatmapPart[] = [];
    for (const step of vectors.run(parsed.input, paramsOf(), envOf({ vectors: attachedBuiltIn }))) {
      const part = step.trace?.().heatmap;
      if (part) parts.push(part);
    }
    expect(parts.length).toBeGreaterThan(0);
    expect(parts[0].left.length).toBe(0);
    expect(Array.from(parts[0].clustered)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(parts[0].cells.some((cell) => cell > 0)).toBe(true);
  });

  test("leaves cells blank whose numbers are too large, and says so", () => {
    const outcome = explain(textOf('{"a": [1e200, 1], "b": [1, 2], "c": [2, 1]}', "json"), { metric: "dot" });
    expect(outcome.ok && Array.from(outcome.trace.heatmap!.cells, (cell) => cell === 65535)).toEqual([true, true, true, false, false, false]);
    expect(sentences(outcome.problems)[0]).toMatch(/3 cells are blank/);
  });

  test("of one row is one cell", () => {
    const { heatmap } = traceOf(textOf("king"));
    expect([heatmap!.cells.length, heatmap!.closest, heatmap!.left.length, Array.from(heatmap!.clustered)]).toEqual([1, null, 0, [0]]);
  });

  test("takes at most as many rows as asked, and tells how to take more", () => {
    const trace = traceOf(textOf(builtInStore().words.slice(0, 40).join(" ")), { rows: 10 });
    expect([trace.n, trace.total]).toEqual([10, expect.any(Number)]);
    const note = trace.notes.find(({ fixes }) => fixes && fixes.length > 0)!;
    expect(format(note.message)).toMatch(/^The first 10 of \d+ vectors are compared/);
    expect(note.fixes![0].params).toEqual({ rows: trace.total });
  });
});

test("strips stand under rows of their own length: a word of the store that is longer says so", () => {
  const { strips } = traceOf(textOf('{"a": [1, -3], "b": [2, 0]}', "json"), { tab: "strips", expressions: "a - b; king" });
  const [sum, word] = strips!.rows;
  expect(sum.ok).toBe(true);
  expect(word.ok || format(word.problem.message)).toBe("This has 100 numbers, the rows above have 2: strips under one another need one length.");
});

test("strips evaluate every line, wrong ones too", () => {
  const { strips } = traceOf(textOf(company), { tab: "strips", expressions: "king - man; foo\n[1, 2]" });
  expect(strips!.rows.map((row) => [row.text, row.ok])).toEqual([["king - man", true], ["foo", false], ["[1, 2]", false]]);
  const [first] = strips!.rows;
  expect(first.ok && first.value.terms.map(({ at, index }) => [at, index])).toEqual([["rows", 0], ["rows", 4]]);
});

describe("parts of one source", () => {
  test("have one key, whatever the tab, the places and the parameters; other rows have another", () => {
    const key = (text: string, more: object = {}) => traceOf(textOf(text), more).key;
    expect(key("king queen", { tab: "strips" })).toBe(key("king, queen", { tab: "heatmap", metric: "dot" }));
    expect(key("king queen", { tab: "onehot" })).toBe(key("king queen"));
    const keys = [key("king queen"), key("queen king"), key("king"), key("king queen man"), key("king queen man", { rows: 2 }), key("a 1 2\nb 2 1"), key("a 2 1\nb 1 2"), key("a 1 2\nc 2 1")];
    expect(new Set(keys).size).toBe(keys.length - 1); // the first two of three words are the two words
  });

  test("can be handed over without the input losing its numbers", () => {
    const parsed = finish(vectors.parse(textOf('{"a": [1, 0], "b": [1, 1]}', "json")));
    if (!parsed.ok) throw new Error();
    const first = finish(vectors.run(parsed.input, paramsOf(), envOf()));
    if (!first.ok) throw new Error();
    const { values, norms, spans, lines } = first.trace;
    const before = Array.from(values!);
    structuredClone(first.trace, { transfer: [values!.buffer, norms.buffer, spans!.buffer, lines!.buffer] });
    const second = finish(vectors.run(parsed.input, paramsOf(), envOf()));
    expect(second.ok && Array.from(second.trace.values!)).toEqual(before);
  });
});

describe("one-hot rows", () => {
  test("of words that no store has take numbers from the seed", () => {
    const outcome = explain(textOf("秃 头 小 苏"), { tab: "onehot" });
    if (!outcome.ok) throw new Error();
    const { oneHot, n } = outcome.trace;
    expect([n, oneHot!.words, oneHot!.from, oneHot!.missing, oneHot!.q.length]).toEqual([0, ["秃", "头", "小", "苏"], "random", [], 20]);
    expect(outcome.problems).toEqual([]);
    expect(traceOf(textOf("秃 头 小 苏"), { tab: "onehot" }).oneHot!.q).toEqual(oneHot!.q);
  });

  test("of words with vectors are their vectors; where some lack one, they are named", () => {
    const own = attached(new VectorStore(["x", "y"], Float32Array.of(1, 2, 3, 4), 2));
    const all = traceOf(textOf("x y x"), { tab: "onehot" }, { vectors: own });
    expect([all.oneHot!.from, Array.from(all.oneHot!.q), all.oneHot!.repeated]).toEqual(["rows", [1, 2, 3, 4], ["x"]]);
    const typed = traceOf(textOf("x"), { tab: "onehot", words: "y x" }, { vectors: own });
    expect([typed.names, typed.oneHot!.words, typed.oneHot!.from, Array.from(typed.oneHot!.q)]).toEqual([["x"], ["y", "x"], "store", [3, 4, 1, 2]]);
    const some = traceOf(textOf("x z"), { tab: "onehot" }, { vectors: own }).oneHot!;
    expect([some.from, some.missing, some.words]).toEqual(["random", ["z"], ["x", "z"]]);
    const lengths = traceOf(textOf('{"p": [1, 2, 3], "q": [3, 4, 5]}', "json"), { tab: "onehot", words: "x p" }, { vectors: own }).oneHot!;
    expect([lengths.from, lengths.d, lengths.missing]).toEqual(["random", 5, []]);
    const rows = traceOf(textOf('{"New York": [1, 2], "b": [3, 4]}', "json"), { tab: "onehot" }).oneHot!;
    expect([rows.words, Array.from(rows.q)]).toEqual([["New York", "b"], [1, 2, 3, 4]]);
  });

  test("take the memory that they take", () => {
    expect(oneHotMemory(10_000, 100)).toEqual({ oneHot: 400e6, dense: 4e6, zeros: 9999 });
  });
});

describe("the map", () => {
  test("asks for the nearest in the original space", () => {
    const parsed = finish(vectors.parse(textOf(company)));
    if (!parsed.ok) throw new Error();
    const params = paramsOf({ tab: "map" });
    const ask = () => finish(vectors.answer!(parsed.input, params, { kind: "nearest", point: 16, k: 2 }, envOf({ vectors: attachedBuiltIn }))) as VectorReply;
    const names = company.split(" ");
    expect([Array.from(ask().indices, (i) => names[i])[0], ask().searched]).toEqual(["tuesday", expect.any(Number)]);
    expect(finish(vectors.answer!(parsed.input, params, { kind: "other" }, envOf({ vectors: attachedBuiltIn })))).toBeUndefined();
  });

  test("of a large file leaves the numbers out of the trace", () => {
    const text = Array.from({ length: 6000 }, (_, i) => `w${i} ${Math.sin(i)} ${Math.cos(i * 2)} ${Math.sin(i * 3)}`).join("\n");
    const trace = traceOf(fileOf("v.txt", text), { tab: "map" });
    expect([trace.n, trace.values, trace.map!.m]).toEqual([6000, null, 6000]);
  });
});

describe("the export of similarities", () => {
  test("holds every pair in full precision, in the order of the picture", () => {
    const parsed = finish(vectors.parse(textOf('{"a": [1, 0], "b, c": [1, 1], "zero": [0, 0]}', "json")));
    if (!parsed.ok) throw new Error();
    const text = (at: unknown) => [...vectors.write!("similarity", parsed.input, paramsOf(), at, envOf())].join("");
    const half = expect.closeTo(Math.SQRT1_2, 15);
    const one = expect.closeTo(1, 15);
    const lines = text({ order: [1, 0, 2] }).split("\n");
    expect(lines[0]).toBe('cosine,"b, c",a,zero');
    expect(lines.slice(1, 4).map((line) => line.split(",").slice(-3).map((cell) => (cell === "" ? "" : Number(cell))))).toEqual([[one, half, ""], [half, one, ""], ["", "", ""]]);
    expect(lines.slice(4)).toEqual([""]);
    for (const order of [[1, 1, 2], [0, 1, 5], [0, 1], [0, 0.5, 1]]) expect(text({ order })).toBe(text(undefined));
    expect([...vectors.write!("other", parsed.input, paramsOf(), null, envOf())]).toEqual([]);
  });
});
