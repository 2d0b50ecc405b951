import * as fc from "../../support/fastCheck.js";
import { expect, test } from "vitest";
import { hashOf, hashOfBytes } from "../../../src/core/vectors/wordHash.js";
import { indexWords } from "../../../src/core/vectors/wordIndex.js";
import { WordList } from "../../../src/core/vectors/wordList.js";
import { VectorStore } from "../../../src/core/vectors/store.js";
import { finish } from "./files/helpers.js";

const anyWord = fc.oneof(fc.string({ unit: "grapheme", maxLength: 30 }), fc.constantFrom("", "a", "b", "秃头", "\ud83d\ude00", "x".repeat(3000)));

/** A list of words cut from bytes that hold others too. */
function listOf(words: readonly string[], capacity = words.length): WordList {
  const list = new WordList(capacity);
  for (const word of words) {
    const bytes = new TextEncoder().encode(`before${word}behind`);
    list.push(bytes, 6, bytes.length - 6);
  }
  return list;
}

test("a list of words holds each as it was added, however long they are", () => {
  fc.assert(
    fc.property(fc.array(anyWord, { maxLength: 100 }), fc.nat(100), (words, apart) => {
      const list = listOf(words.slice(0, apart), words.length);
      const bytes = words.map((word) => new TextEncoder().encode(word)).slice(apart);
      const ends: number[] = [];
      for (const each of bytes) ends.push((ends.at(-1) ?? 0) + each.length);
      list.append(Uint8Array.from([...bytes.flatMap((each) => [...each]), 1, 2]), Int32Array.from([...ends, 3]), bytes.length);
      expect([list.length, list.at(words.length)]).toEqual([words.length, undefined]);
      for (const [i, word] of words.entries()) expect(list.at(i)).toBe(word);
      const store = new VectorStore(list, new Float32Array(words.length), 1);
      expect([store.n, store.words, words.map((_, i) => store.word(i))]).toEqual([words.length, words, words]);
    }),
  );
});

test("words that differ in bytes that are not UTF-8 alone are one", () => {
  const list = new WordList(3);
  for (const bytes of [[0x61, 0xff], [0x61], [0x61, 0xfe]]) list.push(Uint8Array.from(bytes), 0, bytes.length);
  const hashes = Int32Array.from(["a\ufffd", "a", "a\ufffd"], hashOf);
  const index = finish(indexWords(list, hashes));
  expect([index.distinct, index.find("a\ufffd"), index.find("a")]).toEqual([2, 0, 1]);
});

test("the hash of a word is known from its bytes, and finds its first place", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyWord, fc.string({ maxLength: 2 })), { maxLength: 100 }), (words) => {
      const hashes = Int32Array.from(words, (word) => {
        const bytes = new TextEncoder().encode(`é${word}é`);
        const hash = hashOfBytes(bytes, 2, bytes.length - 2);
        expect(hash).toBe(hashOf(word));
        return hash;
      });
      const index = finish(indexWords(listOf(words), hashes));
      expect(index.distinct).toBe(new Set(words).size);
      for (const word of words) expect(index.find(word)).toBe(words.indexOf(word));
    }),
  );
});
