import * as fc from "../../support/fastCheck.js";
import { expect, test } from "vitest";
import { WordIndex } from "../../../src/core/vectors/wordIndex.js";

test("finds the first place of every word, as a Map filled backwards does", () => {
  const word = fc.oneof(fc.string({ unit: "grapheme", maxLength: 4 }), fc.constantFrom("", "a", "b", "__proto__", "constructor", "秃头", "\ud83d\ude00"));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), word, (words, other) => {
      const places = new Map(words.map((each, i) => [each, i] as const).reverse());
      const index = new WordIndex(words);
      expect(index.distinct).toBe(places.size);
      for (const each of [...words, other]) expect(index.find(each)).toBe(places.get(each));
    }),
  );
});

test("stays quick with words that differ in one place, or in length alone", () => {
  const words = [...Array.from({ length: 50_000 }, (_, i) => `word${i}`), ...Array.from({ length: 500 }, (_, i) => "a".repeat(i))];
  const index = new WordIndex(words);
  expect(index.distinct).toBe(words.length);
  for (let i = 0; i < words.length; i += 97) expect(index.find(words[i])).toBe(i);
});

test("takes words one by one, as its owner reads them", () => {
  const words = new Array<string>(5);
  const index = new WordIndex(words, 5);
  expect(index.find("a")).toBeUndefined();
  for (const [i, word] of ["b", "a", "b", ""].entries()) {
    words[i] = word;
    index.add(i);
    expect(index.find(word)).toBe(word === "b" ? 0 : i);
  }
  expect([index.distinct, index.find("a"), index.find("c")]).toEqual([3, 1, undefined]);
});
