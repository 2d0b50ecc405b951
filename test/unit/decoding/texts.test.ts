import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { givenLogits, givenProbabilities, givenTopLogProbabilities, lookLikeProbabilities } from "../../../src/core/decoding/given.js";
import { nearDuplicates, repeatedNgrams, repeatedSentences, sentencesOf, withoutRemovals } from "../../../src/core/decoding/postFilters.js";

const said = ({ problems }: { problems: readonly { message: Parameters<typeof format>[0] }[] }) => problems.map(({ message }) => format(message)).join(" ");

describe("filters of a finished text", () => {
  const parts = (text: string) => sentencesOf(text).map(({ start, end }) => text.slice(start, end));

  test("cut a text into sentences without losing any of it", () => {
    expect(parts("One. Two! \"Three?\" four\nFive… 3.5 is no end")).toEqual(["One. ", "Two! ", "\"Three?\" ", "four\n", "Five… ", "3.5 is no end"]);
    expect(parts("他来了。她走了！好")).toEqual(["他来了。", "她走了！", "好"]);
    for (const text of ["", "...", "\n\na. b", "x", " . ! ", "a.b.c. d"]) expect(parts(text).join("")).toBe(text);
  });

  test("take out a sentence that stands before, in other case and marks too", () => {
    const text = "I am sure. She was sitting. I am sure! He went.";
    const removals = repeatedSentences(text);
    expect(withoutRemovals(text, removals)).toBe("I am sure. She was sitting. He went.");
    expect(removals.map(({ like }) => text.slice(like.start, like.end))).toEqual(["I am sure. "]);
    expect(withoutRemovals("她走了。她走了。他来了。", repeatedSentences("她走了。她走了。他来了。"))).toBe("她走了。他来了。");
  });

  test("take out sentences that are nearly alike", () => {
    const text = "The king was very glad indeed. The king was very very glad indeed. A fox ran.";
    expect(withoutRemovals(text, nearDuplicates(text, 0.8))).toBe("The king was very glad indeed. A fox ran.");
    expect(nearDuplicates(text, 0.95)).toEqual([]);
    expect(format(nearDuplicates(text, 0.8)[0].reason)).toBe("92% of its words stand in a sentence before");
  });

  test("take out runs of words, as one removal each, with the place that they repeat", () => {
    const text = "she was sitting in the room, and she was sitting in the room, and she was sitting in the hall";
    const removals = repeatedNgrams(text, 4);
    expect(removals).toHaveLength(1);
    expect(withoutRemovals(text, removals)).toBe("she was sitting in the room, and hall");
    expect(text.slice(removals[0].like.start, removals[0].like.start + 3)).toBe("she");
    expect(repeatedNgrams("to be or not", 4)).toEqual([]);
    expect(repeatedNgrams("", 2)).toEqual([]);
  });
});

describe("given numbers", () => {
  test("probabilities are told from logits", () => {
    expect(lookLikeProbabilities([0.5, 0.3, 0.2])).toBe(true);
    expect(lookLikeProbabilities([0.5, 0.3])).toBe(false);
    expect(lookLikeProbabilities([2, -1])).toBe(false);
    expect(lookLikeProbabilities([NaN])).toBe(false);
  });

  test("logits keep −Infinity, and refuse NaN and nothing", () => {
    expect(givenLogits([1, -Infinity]).problems).toEqual([]);
    expect(said(givenLogits([1, NaN]))).toBe("Number 2 is NaN, which has no softmax. Replace it.");
    expect(said(givenLogits([-Infinity]))).toMatch(/No token is possible/);
  });

  test("probabilities that do not sum to 1 are said, and normalised when asked", () => {
    expect(said(givenProbabilities([0.2, 0.2]))).toBe("The probabilities sum to 0.4, not to 1. Normalise them, or take the numbers as logits.");
    const { logits, problems } = givenProbabilities([0.2, 0.2], true);
    expect(problems).toEqual([]);
    expect(logits[0]).toBeCloseTo(Math.log(0.5), 12);
    expect(said(givenProbabilities([0.5, -0.1]))).toMatch(/Number 2 is −0.1/);
    expect(said(givenProbabilities([0, 0]))).toMatch(/all probabilities are 0/);
  });

  test("what top log-probabilities leave becomes the rest", () => {
    const given = givenTopLogProbabilities([Math.log(0.5), Math.log(0.2)]);
    expect(given).toMatchObject({ rest: 2, problems: [] });
    expect(Math.exp(given.logits[2])).toBeCloseTo(0.3, 12);
    expect(givenTopLogProbabilities([0])).toMatchObject({ rest: -1, problems: [] });
    expect(said(givenTopLogProbabilities([0, 0]))).toMatch(/make up 2, more than 1/);
  });
});
