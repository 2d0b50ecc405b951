import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { chosenLayers, poolDocument, poolWords, wordLength, wordParts, type SubtokenPooling } from "../../../src/core/attention/pooling.js";
import { NO_WORD, splitWords, wordsOfTokens } from "../../../src/core/attention/wordsOfTokens.js";

function layers(text: string, count = 13): number[] | string {
  const chosen = chosenLayers(text, count);
  return chosen.ok ? Array.from(chosen.layers) : format(chosen.problem.message);
}

describe("layers", () => {
  test("count from the end below 0, keep their order, and all has the embedding", () => {
    expect(layers("-1")).toEqual([12]);
    expect(layers(" −1, -2,-3 ,-4")).toEqual([12, 11, 10, 9]);
    expect(layers("0,+3")).toEqual([0, 3]);
    expect(layers("all", 3)).toEqual([0, 1, 2]);
    expect(layers("-13")).toEqual([0]);
  });

  test("that are none, or not there, are refused with what there is", () => {
    expect(layers("last")).toBe("layers says “last”, which is no list of layers. Write numbers parted by commas, such as −1,−2, or all.");
    expect(layers("-1,,")).toMatch(/no list of layers/);
    expect(layers("")).toMatch(/no list of layers/);
    expect(layers("13")).toBe("layers names 13, but there are 13 layers with the embedding: 0 to 12, or −13 to −1.");
    expect(layers("-1,-14")).toMatch(/names −14/);
  });
});

describe("a word's vector", () => {
  const length = (text: string, subtokens: SubtokenPooling, layerMean = false) => {
    const chosen = chosenLayers(text, 13);
    return wordLength(768, { layers: chosen.ok ? chosen.layers : [], layerMean, subtokens });
  };

  test("has the lengths that Flair's have for a bert-base", () => {
    expect(length("-1", "first")).toBe(768);
    expect(length("-1", "first_last")).toBe(1536);
    expect(length("-1,-2", "mean")).toBe(1536);
    expect(length("all", "first")).toBe(9984);
    expect(length("all", "first_last")).toBe(19968);
    expect(length("all", "first", true)).toBe(768);
  });

  test("says where each part comes from", () => {
    expect(wordParts(2, { layers: [4, 3], layerMean: false, subtokens: "first_last" })).toEqual([
      { layer: 4, how: "first", from: 0, to: 2 },
      { layer: 3, how: "first", from: 2, to: 4 },
      { layer: 4, how: "last", from: 4, to: 6 },
      { layer: 3, how: "last", from: 6, to: 8 },
    ]);
    expect(wordParts(3, { layers: [1, 2], layerMean: true, subtokens: "mean" })).toEqual([{ layer: null, how: "mean", from: 0, to: 3 }]);
  });

  test("holds what its parts say, and zeros without sub-tokens", () => {
    const hidden = (layer: number) => Float64Array.of(10, 20, 30, 40).map((value) => value + layer);
    const pool = (subtokens: SubtokenPooling, layerMean: boolean) => Array.from(poolWords(hidden, 1, [NO_WORD, 0, 0, 2], 3, { layers: [2, 1], layerMean, subtokens }));
    expect(pool("first", false)).toEqual([22, 21, 0, 0, 42, 41]);
    expect(pool("last", false)).toEqual([32, 31, 0, 0, 42, 41]);
    expect(pool("mean", false)).toEqual([27, 26, 0, 0, 42, 41]);
    expect(pool("first_last", false)).toEqual([22, 21, 32, 31, 0, 0, 0, 0, 42, 41, 42, 41]);
    expect(pool("first_last", true)).toEqual([21.5, 31.5, 0, 0, 41.5, 41.5]);
  });

  test("documents by mean, max, min and the first", () => {
    const rows = Float32Array.of(1, 6, 5, 2);
    expect(["mean", "max", "min", "cls"].map((how) => Array.from(poolDocument(rows, 2, 2, how as "mean")))).toEqual([[3, 4], [5, 6], [1, 2], [1, 6]]);
    expect(Array.from(poolDocument(rows, 0, 2, "max"))).toEqual([0, 0]);
  });
});

describe("words of tokens", () => {
  const text = "Please book a café-table, don't!";
  const words = splitWords(text);

  test("words are parted by blanks and punctuation", () => {
    expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(["Please", "book", "a", "café-table", ",", "don't", "!"]);
    expect(splitWords(" \n")).toEqual([]);
  });

  test("a token belongs to the word that it stands in, also with the blank before it", () => {
    const at = (piece: string) => [text.indexOf(piece), text.indexOf(piece) + piece.length];
    const pieces = ["Please", " book", " a", " caf", "é-", "table", ",", " don", "'t", "!"];
    const tokens = [-1, -1, ...pieces.flatMap(at), -1, -1];
    expect(Array.from(wordsOfTokens(tokens, words))).toEqual([NO_WORD, 0, 1, 2, 3, 3, 3, 4, 5, 5, 6, NO_WORD]);
  });

  test("a token over two words belongs to the longer part; blanks and nothing belong to none", () => {
    const spans = [{ start: 0, end: 2 }, { start: 3, end: 9 }];
    expect(Array.from(wordsOfTokens([0, 9, 1, 4, 2, 3, 5, 5, 20, 22], spans))).toEqual([1, 0, NO_WORD, NO_WORD, NO_WORD]);
  });

  test("finds the same as looking through all words", () => {
    const span = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })), { maxLength: 8 }), (tokens, gaps) => {
        let at = 0;
        const spans = gaps.map(([gap, size]) => ({ start: (at += gap), end: (at += size) }));
        const found = wordsOfTokens(tokens.flatMap(([start, size]) => [start, start + size]), spans);
        tokens.forEach(([start, size], t) => {
          const shared = spans.map((word) => Math.max(0, Math.min(start + size, word.end) - Math.max(start, word.start)));
          const most = Math.max(0, ...shared);
          expect(found[t]).toBe(most === 0 ? NO_WORD : shared.indexOf(most));
        });
      }),
    );
  });
});
