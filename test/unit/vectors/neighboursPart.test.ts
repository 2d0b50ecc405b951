import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { NeighboursPart } from "../../../src/core/vectors/trace.js";
import { attachedBuiltIn, builtInStore, textOf, traceOf } from "./support.js";

const company = "king queen prince princess man woman boy girl father mother paris france berlin germany tokyo japan monday tuesday red green bread wine river mountain";

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, j) => sum + v * b[j], 0);

describe("neighbours", () => {
  const near = (query: string, more: object = {}, source = textOf(company)): NeighboursPart => traceOf(source, { tab: "neighbours", query, ...more }).neighbours!;
  const found = (part: NeighboursPart) => {
    if (!part.answer.ok) throw new Error(format(part.answer.problem.message));
    return part.answer;
  };

  const unit = (word: string): number[] => {
    const store = builtInStore();
    const row = Array.from(store.row(store.indexOf(word)!));
    const length = Math.hypot(...row);
    return row.map((v) => v / length);
  };

  /** By definition, over all words. */
  function ranking(score: (own: readonly number[]) => number): [string, number][] {
    return builtInStore().words.map((word): [string, number] => [word, score(unit(word))]).sort((a, b) => b[1] - a[1]);
  }

  test("ask king − man + woman where the three stand, and find queen", () => {
    const part = near("");
    const answer = found(part);
    expect([part.query, part.search, part.method, answer.names[0], answer.searched]).toEqual(["king - man + woman", "store", "sum", "queen", 10000]);
    expect(answer.milliseconds).toBeGreaterThan(0);
    expect(near("", {}, textOf("wine bread")).query).toBe("wine");
  });

  test("by sum are the cosines with the plain sum; the question's words are left out, with their places", () => {
    const store = builtInStore();
    const [king, man, woman] = ["king", "man", "woman"].map((word) => Array.from(store.row(store.indexOf(word)!)));
    const sum = king.map((v, j) => v - man[j] + woman[j]);
    const all = ranking((own) => dot(own, sum) / Math.hypot(...sum));
    const answer = found(near("king - man + woman", { topn: 5 }));
    const others = all.filter(([word]) => !["king", "man", "woman"].includes(word));
    expect(answer.names).toEqual(others.slice(0, 5).map(([word]) => word));
    expect(Array.from(answer.scores)).toEqual(others.slice(0, 5).map(([, value]) => expect.closeTo(value, 6)));
    expect(answer.left).toEqual(["king", "woman", "man"].map((name) => {
      const rank = all.findIndex(([word]) => word === name);
      return { name, score: expect.closeTo(all[rank][1], 6), rank: rank + 1 };
    }));
    expect(found(near("king - man + woman", { exclude: false })).names[0]).toBe("king");
    expect(found(near("king - man + woman", { exclude: false })).left).toEqual([]);
    expect(Array.from(answer.vectors.subarray(0, 100))).toEqual(Array.from(store.row(store.indexOf("queen")!)));
    expect(answer.indices[0]).toBe(store.indexOf("queen"));
  });

  test("by 3CosAdd add the words at length 1, lists as they are", () => {
    const list = Array.from({ length: 100 }, (_, j) => Math.round(Math.sin(j) * 100) / 100);
    const [king, man] = [unit("king"), unit("man")];
    const sum = king.map((v, j) => 0.5 * v - man[j] + list[j]);
    const all = ranking((own) => dot(own, sum) / Math.hypot(...sum)).filter(([word]) => word !== "king" && word !== "man");
    const answer = found(near(`0.5 king - man + [${list}]`, { method: "3CosAdd", topn: 3 }));
    expect(answer.names).toEqual(all.slice(0, 3).map(([word]) => word));
    expect(Array.from(answer.scores)).toEqual(all.slice(0, 3).map(([, value]) => expect.closeTo(value, 6)));
  });

  test("by 3CosMul multiply shifted cosines, and need words added or subtracted once", () => {
    const [king, man, woman] = ["king", "man", "woman"].map(unit);
    const all = ranking((own) => {
      const shifted = (other: readonly number[]) => (1 + dot(own, other)) / 2;
      return (shifted(king) * shifted(woman)) / (shifted(man) + 1e-6);
    }).filter(([word]) => !["king", "man", "woman"].includes(word));
    const answer = found(near("king - man + woman", { method: "3CosMul", topn: 4 }));
    expect(answer.names).toEqual(all.slice(0, 4).map(([word]) => word));
    expect(Array.from(answer.scores)).toEqual(all.slice(0, 4).map(([, value]) => expect.closeTo(value, 6)));
    for (const [query, reason] of [["2 king", /once/], [`[${new Array(100).fill(1)}]`, /once/], ["-king", /not subtracted/]] as const) {
      const { answer } = near(query, { method: "3CosMul" });
      expect(!answer.ok && format(answer.problem.message)).toMatch(reason);
    }
  });

  test("are looked for among the rows where asked, and where the vectors are the text's own", () => {
    expect(found(near("king", { search: "rows", topn: 3 })).searched).toBe(24);
    const text = textOf('{"king": [1, 0], "b": [1, 1], "c": [0, 1]}', "json");
    const part = near("king", {}, text);
    expect([part.search, found(part).names, Array.from(found(part).indices)]).toEqual(["rows", ["b", "c"], [1, 2]]);
    // A word that is no row is looked up in the store, which has another length.
    const foreign = near("queen", {}, text);
    expect([foreign.search, found(foreign).searched]).toEqual(["store", 10000]);
    const mixed = near("king + queen", {}, text);
    expect(!mixed.answer.ok && format(mixed.answer.problem.message)).toMatch(/can't be added/);
    const short = near("king", { search: "store" }, text);
    expect(!short.answer.ok && format(short.answer.problem.message)).toMatch(/2 numbers, but the word vectors have 100/);
  });

  test("do not read the word vectors for vectors that have names of their own", () => {
    let reads = 0;
    const counting = { name: "", *read() { reads++; return yield* attachedBuiltIn.read(); } };
    const text = textOf('{"a": [1, 0], "b": [1, 1]}', "json");
    traceOf(text, { query: "a - b" }, { vectors: counting });
    expect(reads).toBe(0);
    traceOf(text, { query: "a - bb" }, { vectors: counting });
    expect(reads).toBe(1);
  });

  test("of a zero vector, of an unknown word: sentences", () => {
    const zero = near("king - king").answer;
    expect(!zero.ok && format(zero.problem.message)).toMatch(/zero vector/);
    const unknown = near("qeen").answer;
    expect(!unknown.ok && unknown.problem.suggestions).toContain("queen");
    const none = traceOf(textOf('{"a": [1, 0], "b": [1, 1]}', "json"), { tab: "neighbours", query: "a", search: "store" }, {}).neighbours!.answer;
    expect(!none.ok && format(none.problem.message)).toMatch(/No word vectors are in use/);
  });

  test("of equal score come in the order of the rows, those left out too", () => {
    const answer = found(near("c", {}, textOf('{"a": [1, 0], "b": [2, 0], "c": [4, 0], "d": [8, 0]}', "json")));
    expect([answer.names, answer.left]).toEqual([["a", "b", "d"], [{ name: "c", score: 1, rank: 3 }]]);
  });

  test("keep double precision among vectors of a text", () => {
    const part = near("a", {}, textOf('{"a": [1, 1e-9], "b": [1, 0], "c": [1, 2e-9]}', "json"));
    expect(found(part).names).toEqual(["b", "c"]);
  });
});
