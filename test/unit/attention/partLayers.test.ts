import { describe, expect, test } from "vitest";
import type { AttentionParams } from "../../../src/core/attention/params.js";
import type { LayersPart } from "../../../src/core/attention/trace.js";
import { cosine } from "../../../src/core/vectors/similarity.js";
import { folder } from "../models/folders.js";
import { farthest, opened, readingOf, run, said, textSource, tiny, traceOf, type AnyModel } from "./readingSupport.js";

const bert = opened(folder("tiny-bert"));
const layers = (text: string, patch: Partial<AttentionParams> = {}, loaded: AnyModel = tiny): LayersPart => traceOf(textSource(text), { tab: "layers", ...patch }, loaded).layers!;
const A = "I am reading a book at home.";
const B = "Please book a train ticket for me.";
const D = 128;

/** The state of a token of a sentence that the built-in model reads. */
function stateOf(sentence: string, piece: string, layer: number): Float32Array {
  const ids = tiny.tokenizer!.encode(sentence);
  const at = ids.findIndex((id) => tiny.tokenizer!.text(id) === piece);
  expect(at).toBeGreaterThanOrEqual(0);
  const reading = readingOf(tiny, ids);
  return reading.hiddenStates(layer).slice(at * D, (at + 1) * D);
}

describe("sentences", () => {
  const texts = (text: string, patch: Partial<AttentionParams> = {}) => layers(text, patch).sentences.map(({ text: each }) => each);

  test("are those that were written, else the text's lines, else its sentences, else a pair", () => {
    expect(texts("One line.\n\n  Another line. ", { sentences: "First.\nSecond one." })).toEqual(["First.", "Second one."]);
    expect(texts("One line.\n\n  Another line. ")).toEqual(["One line.", "Another line."]);
    expect(texts("It rains. Does it? “Yes.” So it does")).toEqual(["It rains.", "Does it?", "“Yes.”", "So it does"]);
    expect(texts("")).toEqual([A, B]);
    expect(texts("", { sentences: " \n " })).toEqual([A, B]);
  });

  test("of a great number are cut, which is said", () => {
    const outcome = run(textSource(Array.from({ length: 30 }, (_, i) => `It is day ${i}.`).join("\n")), { tab: "layers" });
    expect(outcome.ok && outcome.trace.layers!.sentences.length).toBe(24);
    expect(said(outcome.problems)).toContain("The first 24 of 30 sentences are compared.");
  });

  test("are read one by one, so that together they do not have too many tokens", () => {
    const text = textSource(Array.from({ length: 40 }, (_, i) => `It is day ${i}, and the snow fell.`).join("\n"));
    const about = (tab: AttentionParams["tab"]) => said(run(text, { tab }).problems);
    expect(about("map")).toMatch(/but the model reads 256: the first \d+ are cut/);
    // What is not made of the text at all says nothing of it either.
    for (const tab of ["layers", "sequence", "position"] as const) expect(about(tab), tab).not.toContain("are cut");
  });
});

describe("a word in its sentences", () => {
  test("is the longest that several share, else the last, or the one that was chosen", () => {
    const shared = layers(`${A}\n${B}`);
    expect([shared.word, shared.occurrences]).toEqual(["book", [{ sentence: 0, word: 4 }, { sentence: 1, word: 1 }]]);
    expect(layers("The snow fell.").word).toBe("fell");
    const chosen = layers(`${A}\n${B}`, { word: 3 });
    expect([chosen.word, chosen.wordIndex, chosen.occurrences.length]).toEqual(["a", 3, 2]);
    expect(layers(A, { word: 999 }).word).toBe(".");
    expect(layers("The dog saw the dog.", { word: 0 }).occurrences).toEqual([{ sentence: 0, word: 0 }, { sentence: 0, word: 3 }]);
  });

  test("has the states of its tokens, by layer and joined", () => {
    const part = layers(`${A}\n${B}`, { layers: "-1,0", subtoken_pooling: "first_last" });
    expect([part.layerCount, part.width, part.length, part.bertBase]).toEqual([5, D, 4 * D, 4 * 768]);
    expect(part.parts.map(({ layer, how, from }) => [layer, how, from])).toEqual([[4, "first", 0], [0, "first", D], [4, "last", 2 * D], [0, "last", 3 * D]]);
    const own = (layer: number) => [stateOf(A, " book", layer), stateOf(B, " book", layer)];
    expect(farthest(part.vectors.subarray(0, 2 * D), [...own(4)[0], ...own(0)[0]])).toBeLessThan(1e-6);
    for (let layer = 0; layer < 5; layer++) expect(part.cosines[4 * layer + 1]).toBeCloseTo(cosine(...(own(layer) as [Float32Array, Float32Array])), 6);
    expect(part.pairCosines[1]).toBeCloseTo(cosine(part.vectors.subarray(0, part.length), part.vectors.subarray(part.length)), 6);
    expect(part.sentences[0].words[4]).toEqual({ text: "book", pieces: [" book"], first: 5, last: 5 });
  });

  test("is held against the cosines of other words", () => {
    const part = layers("cat dog");
    const reading = readingOf(tiny, tiny.tokenizer!.encode("cat dog"));
    const words = part.sentences[0].words;
    for (const layer of [0, 4]) {
      const rows = reading.hiddenStates(layer);
      const row = (t: number) => rows.slice(t * D, (t + 1) * D);
      expect(part.others[layer]).toBeCloseTo(cosine(row(words[0].first), row(words[1].first)), 6);
    }
    expect(layers("cat").others.every(Number.isNaN)).toBe(true);
  });

  test("of several tokens can be their mean, of several layers too", () => {
    const part = layers("An unbelievable xylophone", { word: 2, layers: "all", layer_mean: true, subtoken_pooling: "mean" });
    const { first, last, pieces } = part.sentences[0].words[2];
    expect(pieces.join("").trim()).toBe("xylophone");
    expect(last).toBeGreaterThan(first);
    const reading = readingOf(tiny, tiny.tokenizer!.encode("An unbelievable xylophone"));
    const mean = Array.from({ length: D }, (_, j) => {
      let sum = 0;
      for (let layer = 0; layer < 5; layer++) for (let t = first; t <= last; t++) sum += reading.hiddenStates(layer)[t * D + j];
      return sum / 5 / (last - first + 1);
    });
    expect(farthest(part.vectors, mean)).toBeLessThan(1e-5);
    expect([part.length, part.bertBase, part.parts.length, part.parts[0].layer]).toEqual([D, 768, 1, null]);
  });

  test("has the length of a bert-base for Flair's settings", () => {
    const base = (patch: Partial<AttentionParams>) => layers(A, patch).bertBase;
    expect([base({}), base({ layers: "-1,-2" }), base({ layers: "-1", subtoken_pooling: "first_last" }), base({ layers: "-1,-2,-3,-4" })]).toEqual([768, 1536, 1536, 3072]);
    expect(base({ layers: "all" })).toBe(9984);
  });

  test("refuses layers that there are not, with a remedy", () => {
    const outcome = run(textSource(A), { tab: "layers", layers: "-1,7" });
    expect(outcome.ok).toBe(false);
    expect(said(outcome.problems)).toContain("layers names 7, but there are 5 layers");
    expect(outcome.problems[0].fixes?.[0].params).toEqual({ layers: "-1" });
  });

  test("without tokens is zeros, which is said", () => {
    // What the model does not read has no tokens: it reads the last 256.
    const sentence = `Alpha ${"the cat sat down and ".repeat(60)}beta`;
    const outcome = run(textSource(""), { tab: "layers", sentences: `${sentence}\nAlpha beta`, word: 0 });
    if (!outcome.ok) throw new Error(said(outcome.problems));
    const part = outcome.trace.layers!;
    expect(said(outcome.problems)).toContain("Words without a token of their own have a vector of zeros: Alpha, ");
    expect([part.occurrences.length, part.sentences[0].words[0].first, part.sentences[0].words[0].pieces]).toEqual([2, -1, []]);
    expect(part.vectors.subarray(0, D).every((value) => value === 0)).toBe(true);
    expect(part.vectors.subarray(D).some((value) => value !== 0)).toBe(true);
    expect([part.pairCosines[0], part.pairCosines[1], part.pairCosines[3]]).toEqual([NaN, NaN, 1]);
  });
});

describe("document vectors", () => {
  const documents = (patch: Partial<AttentionParams>, loaded?: AnyModel, text = `${A}\n${B}`) => layers(text, patch, loaded).documents;

  test("are the mean, the largest and the smallest of the words'", () => {
    const words = layers(A).sentences[0].words;
    const reading = readingOf(tiny, tiny.tokenizer!.encode(A));
    const rows = words.map(({ first }) => Array.from(reading.hiddenStates(4).subarray(first * D, (first + 1) * D)));
    const of = (pool: (column: number[]) => number) => Array.from({ length: D }, (_, j) => pool(rows.map((row) => row[j])));
    for (const [document_pooling, pool] of [["mean", (c: number[]) => c.reduce((a, b) => a + b, 0) / c.length], ["max", (c: number[]) => Math.max(...c)], ["min", (c: number[]) => Math.min(...c)]] as const) {
      const found = documents({ document_pooling });
      expect([found.pooling, found.of, found.length]).toEqual([document_pooling, "words", D]);
      expect(farthest(found.vectors.subarray(0, D), of(pool))).toBeLessThan(1e-5);
      expect(found.cosines[1]).toBeCloseTo(cosine(found.vectors.subarray(0, D), found.vectors.subarray(D)), 5);
    }
  });

  test("of cls are BERT's first token, and the last one of a model that reads one way", () => {
    const own = documents({ document_pooling: "cls", subtoken_pooling: "first_last" });
    const ids = tiny.tokenizer!.encode(A);
    expect([own.of, own.length]).toEqual(["last", D]);
    expect(farthest(own.vectors.subarray(0, D), readingOf(tiny, ids).hiddenStates(4).subarray((ids.length - 1) * D))).toBeLessThan(1e-6);
    const first = documents({ document_pooling: "cls" }, bert, "5 9 11\n7 9");
    const d = first.length;
    expect(first.of).toBe("first");
    expect(farthest(first.vectors.subarray(d, 2 * d), readingOf(bert, [7, 9]).hiddenStates(readingOf(bert, [7, 9]).layers).subarray(0, d))).toBeLessThan(1e-6);
  });
});
