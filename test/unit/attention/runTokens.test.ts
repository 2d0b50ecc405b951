import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { tokenize } from "../../../src/core/attention/inputTokens.js";
import { format } from "../../../src/core/contract/index.js";
import { folder, sourceOf } from "../models/folders.js";
import { opened, said, tiny, type AnyModel } from "./readingSupport.js";

type Case = { readonly lowercase: boolean; readonly text: string; readonly pair: string | null; readonly ids: number[]; readonly segments: number[]; readonly places: ([number, number] | null)[] };
const file = path.join(import.meta.dirname, "../../fixtures/attention/wordPiece.json");
const { vocab, cases } = JSON.parse(readFileSync(file, "utf8")) as { vocab: string[]; cases: Case[] };

const bert = (lower: boolean) => opened(folder("tiny-bert").set("vocab.txt", sourceOf(`${vocab.join("\n")}\n`)).set("tokenizer_config.json", sourceOf({ do_lower_case: lower })));
const models = { true: bert(true), false: bert(false) };
const none = { text_pair: "", max_length: 0 };

/** The whole text as a part of a document that begins 3 characters earlier. */
function tokensFor(loaded: AnyModel, text: string, params: { text_pair: string; max_length: number } = none) {
  return tokenize(loaded, { text, parts: [{ start: 3, end: 3 + text.length }], notes: [] }, params);
}

describe("WordPiece from vocab.txt alone", () => {
  test.each(cases)("$lowercase: $text, $pair", ({ lowercase, text, pair, ids, segments, places }) => {
    const { tokens } = tokensFor(models[`${lowercase}`], text, { ...none, text_pair: pair ?? "" });
    expect(Array.from(tokens.ids)).toEqual(ids);
    expect(Array.from(tokens.segments)).toEqual(segments);
    const found = ids.map((_, i) => Array.from(tokens.spans!.subarray(2 * i, 2 * i + 2), (offset) => (offset < 0 ? offset : offset - 3)));
    expect(found).toEqual(places.map((place) => (place && place[1] > place[0] ? place : [-1, -1])));
  });

  test("shows pieces as they stand in the text, and unknown words as what they are", () => {
    const { tokens } = tokensFor(models.true, "Cafés melted ZZZ");
    expect(tokens.pieces).toEqual(["[CLS]", "Café", "s", "melt", "ed", "[UNK]", "[SEP]"]);
  });

  test("pads to max_length with tokens that nobody sees", () => {
    const { tokens } = tokensFor(models.true, "the river", { ...none, max_length: 7 });
    expect(Array.from(tokens.ids)).toEqual([2, 5, 6, 3, 0, 0, 0]);
    expect(Array.from(tokens.visible)).toEqual([1, 1, 1, 1, 0, 0, 0]);
    expect(Array.from(tokens.spans!.subarray(8))).toEqual([-1, -1, -1, -1, -1, -1]);
    expect(said(tokensFor(models.true, "the river", { ...none, max_length: 2 }).notes)).toMatch(/max_length 2 is less than the 4 tokens/);
    expect(tokensFor(models.true, "the river", { ...none, max_length: 99 }).tokens.ids).toHaveLength(24);
  });

  test("cuts what does not fit, keeps [CLS], and says where", () => {
    const { tokens, notes } = tokensFor(models.true, "rose ".repeat(30) + "the snow");
    expect(tokens.ids).toHaveLength(24);
    expect([tokens.ids[0], tokens.ids[23], tokens.cut]).toEqual([2, 3, 10]);
    expect(said(notes)).toMatch(/has 34 tokens, but the model reads 24: the first 10 are cut, so that it begins with “rose/);
  });
});

describe("the built-in model's tokens", () => {
  test("stand where they are in the document", () => {
    const text = "Ünder the sea 😀, \"past\"\n\n  it";
    const { tokens } = tokensFor(tiny, text);
    const at = (t: number) => text.slice(tokens.spans![2 * t] - 3, tokens.spans![2 * t + 1] - 3);
    tokens.pieces.forEach((piece, t) => expect(piece.includes("<0x") ? "Ü😀".includes(at(t).trim()) : at(t) === piece).toBe(true));
    expect(tokens.pieces.some((piece) => piece.includes("<0x"))).toBe(true);
  });

  test("over the context lose their beginning", () => {
    const { tokens, notes } = tokensFor(tiny, "one ".repeat(300));
    expect([tokens.ids.length, tokens.cut > 0, tokens.spans![0] > 3]).toEqual([256, true, true]);
    expect(said(notes)).toMatch(/the model reads 256/);
  });

  test("take no second text and no padding, and say so", () => {
    const { tokens, notes } = tokensFor(tiny, "the sea", { text_pair: "and", max_length: 9 });
    expect(tokens.ids.length).toBeLessThan(4);
    expect(notes.map(({ message }) => format(message))).toEqual(["gpt2 reads one text: text_pair is left out. Encoders such as BERT read two.", "gpt2 needs no padding: max_length is left out."]);
  });
});

describe("a folder without a tokenizer", () => {
  test("reads ids, and the first few where the text has none", () => {
    const llama = opened(folder("tiny-llama"));
    expect(Array.from(tokensFor(llama, "5 9 99 11").tokens.ids)).toEqual([5, 9, 11]);
    const { tokens, notes } = tokensFor(llama, "words alone");
    expect(Array.from(tokens.ids)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(said(notes)).toMatch(/no token ids from 0 to 63/);
  });
});
