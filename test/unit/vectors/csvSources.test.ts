import { describe, expect, test } from "vitest";
import type { Source } from "../../../src/core/contract/index.js";
import { textOf, traceOf } from "./support.js";

describe("a .csv file in an editor", () => {
  test("is read as one, whatever its language is called: quoted thousands, and names in any column", () => {
    const text = 'id,city,price,size\n0,"Zürich","1,250,000",5300\n1,"São Paulo","210,000",900\n';
    const trace = traceOf({ ...textOf(text), name: "prices.csv" } as Source, { tab: "heatmap" });
    expect([trace.origin, trace.names, trace.d, Array.from(trace.values!)]).toEqual(["vectors", ["Zürich", "São Paulo"], 2, [1250000, 5300, 210000, 900]]);
  });

  test("may hold lists, or words, in place of a table", () => {
    const lists = traceOf({ ...textOf("[0.1, 0.2, 0.3]\n[0.5, 0.1, 0.2]\n"), name: "lists.csv" } as Source, { tab: "heatmap" });
    expect([lists.origin, lists.n, lists.d]).toEqual(["vectors", 2, 3]);
    const words = traceOf({ ...textOf("word,day\nking,monday\nqueen,sunday\n"), name: "words.csv" } as Source, { tab: "heatmap" });
    expect([words.origin, words.names]).toEqual(["words", ["word", "day", "king", "monday", "queen", "sunday"]]);
  });
});
