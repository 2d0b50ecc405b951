import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { evaluate, splitExpressions } from "../../../src/core/vectors/evaluate.js";
import { pretty } from "../../../src/core/vectors/expressionText.js";
import { readExpression } from "../../../src/core/vectors/expression.js";
import { VectorStore } from "../../../src/core/vectors/store.js";
import { vocabularyOf } from "../../../src/core/vectors/vocabulary.js";

const storeOf = (words: Readonly<Record<string, readonly number[]>>): VectorStore =>
  new VectorStore(Object.keys(words), Float32Array.from(Object.values(words).flat()), Object.values(words)[0].length);

const store = storeOf({
  king: [1, 0, 2], man: [0, 1, 0], woman: [0, 2, 1], e: [5, 0, 0], i: [0, 5, 0], and: [1, 1, 1], well: [1, 0, 0], known: [0, 1, 0],
  "well-known": [0, 0, 7], "co-op": [3, 3, 3], New_York: [2, 2, 0], "don't": [4, 0, 1], 国王: [1, 2, 3], "3d": [9, 9, 9], "u.s.": [8, 0, 0],
  हिन्दी: [0, 0, 1], "🍊": [3, 0, 0], "❤️": [0, 3, 0], "👩🏽‍🚀": [0, 0, 3], "🇳🇴": [1, 0, 1], قُرْآن: [2, 0, 1],
});
const rows = storeOf({ "Person 1": [1, 2, 3], "Person 2": [4, 5, 6], King: [7, 7, 7] });
const vocabulary = vocabularyOf(rows, store);

function values(text: string, words = vocabulary): number[] {
  const found = evaluate(text, words, (place) => place);
  if (!found.ok) throw new Error(format(found.problem.message));
  return Array.from(found.value.values);
}
function problem(text: string, words = vocabulary) {
  const found = evaluate(text, words, (place) => place);
  if (found.ok) throw new Error(`${text} is ${Array.from(found.value.values)}`);
  return { ...found.problem, text: format(found.problem.message), part: text.slice(found.problem.start, found.problem.end) };
}

describe("expressions", () => {
  test.each<[string, number[]]>([
    ["king", [1, 0, 2]],
    ["king - man + woman", [1, 1, 3]],
    ["king-man+woman", [1, 1, 3]],
    ["king − man ＋ woman", [1, 1, 3]],
    ["-king", [-1, -0, -2]],
    ["- - king", [1, 0, 2]],
    ["0.5 * (king + man)", [0.5, 0.5, 1]],
    ["2 king / 4", [0.5, 0, 1]],
    ["king * (1 + 1)", [2, 0, 4]],
    ["1e1 * man", [0, 10, 0]],
    ["2^3 * man", [0, 8, 0]],
    ["[0.5, -1, 2e0]", [0.5, -1, 2]],
    ["0.5 -1 2", [0.5, -1, 2]],
    ["0.5, \u22121, 2,", [0.5, -1, 2]],
    ["king + [1, 2, 1 + 2]", [2, 2, 5]],
    ["e + i", [5, 5, 0]],
    ["king - हिन्दी + قُرْآن", [3, 0, 2]],
    ["🍊 + 2 ❤️ - 👩🏽‍🚀", [3, 6, -3]],
    ["🇳🇴-🍊", [-2, 0, 1]],
    ["pi * man / pi", [0, 1, 0]],
    ["king + and", [2, 1, 3]],
    ["“Person 1” - 'Person 2'", [-3, -3, -3]],
    ["Person_1 + Person_2", [5, 7, 9]],
    ["Person 1", [1, 2, 3]],
    ["\"New York\"", [2, 2, 0]],
    ["New_York", [2, 2, 0]],
    ["don't - king", [3, 0, -1]],
    ["\"don't\"", [4, 0, 1]],
    ["KING + Man", [7, 8, 7]],
    ["King", [7, 7, 7]],
    ["国王 - man", [1, 1, 3]],
    ["3d", [9, 9, 9]],
    ["\"u.s.\" + man", [8, 1, 0]],
    ["king\n- man", [1, -1, 2]],
  ])("%s", (text, expected) => {
    expect(values(text)).toEqual(expected.map((value) => expect.closeTo(value, 12)));
  });

  test("take a row before a word of the same name", () => {
    const own = vocabularyOf(storeOf({ king: [0, 0, 1], other: [1, 0, 0] }), store);
    const found = evaluate("king - man", own, (place) => place + 10);
    expect(found.ok && found.value.terms).toEqual([
      { name: "king", weight: 1, at: "rows", index: 10 },
      { name: "man", weight: -1, at: "store", index: 1 },
    ]);
  });

  test("say which reading of a hyphen was taken", () => {
    const reading = (text: string) => {
      const found = readExpression(text, vocabulary);
      return found.ok && found.reading ? format(found.reading) : null;
    };
    expect(values("well-known")).toEqual([0, 0, 7]);
    expect(reading("well-known")).toMatch(/one word/);
    expect(values("well-known + king")).toEqual([2, -1, 2]);
    expect(reading("well-known + king")).toMatch(/difference/);
    expect(values('"well-known" + king')).toEqual([1, 0, 9]);
    expect(values("co-op + king")).toEqual([4, 3, 5]);
    expect(reading("co-op + king")).toMatch(/one word, since/);
    expect(reading("king - man")).toBeNull();
    expect(reading("co-op")).toBeNull();
  });

  test("keep the parts and their cosines with the result", () => {
    const found = evaluate("2 * king - man", vocabulary, (place) => place);
    if (!found.ok) throw new Error();
    const { parts, cosines, norm, terms, text } = found.value;
    expect(text).toBe("2 * king - man");
    expect(Array.from(parts)).toEqual([1, 0, 2, 0, 1, 0]);
    expect(terms.map(({ weight }) => weight)).toEqual([2, -1]);
    // 2·king − man = (2, −1, 4), of length √21; king is (1, 0, 2), of length √5.
    expect(norm).toBeCloseTo(Math.sqrt(21), 12);
    expect(Array.from(cosines)).toEqual([expect.closeTo(10 / Math.sqrt(5 * 21), 12), expect.closeTo(-1 / Math.sqrt(21), 12)]);
  });
});

describe("what can't be read", () => {
  test.each<[string, RegExp, string]>([
    ["kong + man", /“kong”/, "kong"],
    ["king + mann", /“mann” \(character 8\)/, "mann"],
    ["king * man", /multiplied/, "king * man"],
    ["king man", /side by side/, "king man"],
    ["king(man)", /“king” stands before a bracket/, "king"],
    ["log(king)", /“log” stands before a bracket/, "log"],
    ["king ^ 2", /powers/, "king"],
    ["2 / king", /divided by a vector/, "king"],
    ["king / 0", /zero/, "king"],
    ["king + 1", /can't be added/, "king"],
    ["1 + 2", /a number, not a vector/, "1 + 2"],
    ["[1, 2]", /2 numbers, but the vectors have 3/, "[1, 2]"],
    ["king + [1, [2], 3]", /numbers only/, "king + [1, [2], 3]"],
    ["king - (man", /too early/, "n"],
    ["king -", /too early/, "-"],
    ["king ) man", /character 6/, ")"],
    ["king = man", /Only words/, "king = man"],
    ["king; man", /Only words/, "king; man"],
    ["king'", /Only words|understood/, ""],
    ["", /Write a word/, ""],
    ["import(king)", /import/, "import"],
    ["[NaN, 1, 2]", /“NaN”/, "NaN"],
    ["1e308 * 1e308 * king", /not finite/, "1e308 * 1e308 * king"],
  ])("%s", (text, message, part) => {
    const found = problem(text);
    expect(found.text).toMatch(message);
    if (part !== "") expect(found.part).toBe(part);
  });

  test("offers the nearest spellings, rows first", () => {
    expect(problem("kingg").suggestions).toEqual(["King", "king"]);
    expect(problem("zzzzzz - king").suggestions).toEqual([]);
  });

  test("tells vectors of different lengths apart", () => {
    const own = vocabularyOf(storeOf({ short: [1, 2] }), store);
    expect(problem("short + king", own).text).toMatch(/2 numbers and one of 3/);
  });

  test("refuses what is too long or too deep instead of hanging", () => {
    expect(problem(Array.from({ length: 300 }, () => "king").join(" + ")).text).toMatch(/more than 200/);
    expect(problem("(".repeat(9000) + "king" + ")".repeat(9000)).text).toMatch(/nested too deeply/);
  });

  test("never throws, whatever is typed", () => {
    const piece = fc.constantFrom("king", "man", "Person 1", "\"", "'", "`", "“", "(", ")", "[", "]", "+", "-", "−", "*", "/", "^", ",", ";", ".", "1", "2e5", "1e", " ", "\n", "=", ":", "!", "%", "?", "#", "e", "国", "\\", "{", "}", "and", "to", "\ud800", "0x", "i", "don't");
    const text = fc.oneof(fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")), fc.string({ unit: "binary", maxLength: 30 }));
    fc.assert(
      fc.property(text, (typed) => {
        const found = evaluate(typed, vocabulary, (place) => place);
        if (found.ok) return found.value.values.length === 3 && found.value.values.every(Number.isFinite);
        const { start, end } = found.problem;
        return start >= 0 && start <= end && end <= typed.length && format(found.problem.message) !== "";
      }),
      { numRuns: 2000 },
    );
  });

  test("a linear combination in print reads back as itself", () => {
    const term = fc.tuple(fc.integer({ min: -40, max: 40 }).map((v) => v / 8), fc.constantFrom("king", "man", "woman", "\"Person 1\"", "国王", "\"don't\""));
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 6 }), (terms) => {
        const text = terms.map(([weight, name]) => `${weight < 0 ? "-" : "+"} ${Math.abs(weight)} * ${name}`).join(" ");
        const expected = [0, 1, 2].map((j) => terms.reduce((sum, [weight, name]) => sum + weight * values(name)[j], 0));
        expect(values(text)).toEqual(expected.map((value) => expect.closeTo(value, 9)));
      }),
    );
  });
});

test("splits expressions at lines and semicolons, but not within brackets and quotes", () => {
  expect(splitExpressions("king - man\n\n paris ; [1; 2]; \"a;b\" + c；don't; e")).toEqual(["king - man", "paris", "[1; 2]", '"a;b" + c', "don't", "e"]);
  expect(splitExpressions(" \n")).toEqual([]);
});

test("repeats only the beginning of a name that is endless", () => {
  expect(problem("q".repeat(5000)).text.length).toBeLessThan(200);
});

test("an expression is printed with true signs; hyphens of words and what is in quotes stay", () => {
  expect(pretty("king - man + woman")).toBe("king \u2212 man + woman");
  expect(pretty("-0.5 * (paris - well-known)")).toBe("\u22120.5 \u00d7 (paris \u2212 well-known)");
  expect(pretty('"New York - x" - a')).toBe('"New York - x" \u2212 a');
});
