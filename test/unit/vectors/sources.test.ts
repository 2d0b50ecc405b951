import * as fc from "../../support/fastCheck.js";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { vectors } from "../../../src/core/vectors/explainer.js";
import { VectorStore } from "../../../src/core/vectors/store.js";
import { statedCosines } from "../../../src/core/vectors/stated.js";
import { documentVectors } from "../../../src/core/vectors/document/documentVectors.js";
import { chooseVectors } from "../../../src/core/vectors/chooseVectors.js";
import { attached, bytesOf, explain, fileOf, finish, sentences, textOf, traceOf } from "./support.js";

const sample = (name: string) => readFileSync(path.resolve(import.meta.dirname, "../../../samples", name), "utf8");
const own = attached(new VectorStore(["cat", "dog", "New_York", "don't", "u.s.", "头发", "头", "小", "苏"], Float32Array.from({ length: 18 }, (_, i) => Math.sin(i + 1)), 2));
const words = (text: string, more: { languageId?: string; ranges?: { start: number; end: number }[] } = {}) =>
  explain(textOf(text, more.languageId ?? "plaintext", more.ranges ?? []), { tab: "strips" }, { vectors: own });

describe("words of a text", () => {
  test.each<[string, string, string[]]>([
    ["one a line", "cat\ndog\n", ["cat", "dog"]],
    ["in quotes, brackets and commas", "[\"cat\", 'dog']; (u.s.)", ["cat", "dog", "u.s."]],
    ["with comments left out", "# cat\n  // cat\ndog", ["dog"]],
    ["with punctuation and capitals", "Cat! The-end? “Dog’s”", ["cat", "dog"]],
    ["with apostrophes", "don't 'dog'", ["don't", "dog"]],
    ["a run of Han characters where the store has it, else its characters", "头发 头小苏", ["头发", "头", "小", "苏"]],
    ["Han characters beside Latin letters", "cat头", ["cat", "头"]],
  ])("%s", (_, text, expected) => {
    const outcome = words(text);
    expect(outcome.ok && outcome.trace.names).toEqual(expected);
  });

  test("know where they stand, the first time", () => {
    const text = "# list\r\ncat dog\r\ncat";
    const outcome = words(text);
    if (!outcome.ok) throw new Error();
    const { spans, lines, names, notes } = outcome.trace;
    expect(names.map((_, i) => text.slice(spans![2 * i], spans![2 * i + 1]))).toEqual(["cat", "dog"]);
    expect(Array.from(lines!)).toEqual([2, 2]);
    expect(sentences(notes)).toEqual(["The word cat stands twice; it is shown once."]);
  });

  test("are those of the selection, whole where it cuts one", () => {
    const text = "cat dog 头";
    const outcome = words(text, { ranges: [{ start: 1, end: 5 }] });
    expect(outcome.ok && outcome.trace.names).toEqual(["cat", "dog"]);
  });

  test.each<[string, string, string?]>([
    ["objects", '{"a": [1], "b": [2]}', "json"],
    ["assignments", "a = [1.5]\nb = [-2]", "python"],
    ["plain lists", "[1], [2e3]"],
  ])("are not the numbers of lists of one number: %s", (_, text, languageId) => {
    const outcome = words(text, { languageId });
    expect(outcome.ok).toBe(false);
    expect(outcome.problems[0]).toMatchObject({ line: 1, span: { start: text.indexOf("["), end: text.indexOf("]") + 1 } });
    expect(sentences(outcome.problems)).toEqual(["The lists hold one number each; a vector has two or more. Select lists such as [0.1, 0.2]."]);
  });

  test("may stand beside references in brackets", () => {
    const outcome = words("cat [1] dog [2]");
    expect(outcome.ok && outcome.trace.names).toEqual(["cat", "dog"]);
  });

  test("that the store lacks are counted and named with spellings", () => {
    const outcome = words("cat dogg frobnicate");
    expect(outcome.ok && outcome.trace.names).toEqual(["cat"]);
    expect(sentences(outcome.problems)).toEqual(["2 of 3 words are not in the word vectors and were left out: dogg (did you mean dog?), frobnicate."]);
    const none = words("blurb");
    expect(none.ok).toBe(false);
    expect(sentences(explain(textOf("blurb")).problems)[0]).toMatch(/^The word vectors in use \(10,000 words\) have none of these words: blurb/);
  });

  test("that stand again are counted, and each is named once", () => {
    expect(sentences(traceOf(textOf("cat dog cat cat Cat")).notes)).toEqual(["Words that stand again were left out 3 times: cat."]);
    const six = "cat dog king queen man woman";
    expect(sentences(traceOf(textOf(`${six} ${six}`)).notes)).toEqual(["Words that stand again were left out 6 times: cat, dog, king, queen, man …."]);
  });

  test("need word vectors, and a store that can't be read says why", () => {
    const missing = explain(textOf("cat"), {}, {});
    expect(!missing.ok && sentences(missing.problems)[0]).toMatch(/need word vectors/);
    const broken = { name: "x.bin", read: function* () { yield { fraction: 0, message: { text: "", args: [] } }; return { ok: false, problems: [{ severity: "error", message: { text: "Broken.", args: [] } }] } as const; } };
    const outcome = explain(textOf("cat"), {}, { vectors: broken });
    expect(!outcome.ok && sentences(outcome.problems)).toEqual(["Broken."]);
  });

  test("an empty text says what to select", () => {
    const outcome = explain(textOf(" \n# only a comment\n"));
    expect(!outcome.ok && sentences(outcome.problems)[0]).toMatch(/Neither vectors nor words/);
  });
});

describe("vectors of a text", () => {
  test("ask for the first that has a direction", () => {
    expect(traceOf(textOf("zero 0 0\nking 1 2\nqueen 2 1\n")).neighbours).toMatchObject({ query: "king", answer: { ok: true } });
    expect(traceOf(textOf("a 0 0\nb 0 0\n")).neighbours).toMatchObject({ query: "a", answer: { ok: false } });
  });

  test.each(["1e308 1e308\nb 1e308 -1e308\nc 1 1", "1e100 1\nb 1 2\nc 2 -1e100"])("too large for a map by PCA are refused: a %s", (text) => {
    const outcome = explain(textOf(`a ${text}\n`), { tab: "map" });
    expect([outcome.ok, sentences(outcome.problems)]).toEqual([false, ["The numbers are too large for a map by PCA. Divide the vectors by a common number."]]);
  });

  test("keep numbers that are too large for single precision", () => {
    const { answer } = traceOf(textOf("a 1e300 0\nb 1e300 1e299\n"), { tab: "neighbours" }).neighbours!;
    expect(answer.ok && Array.from(answer.vectors)).toEqual([1e300, 1e299]);
  });

  test("of the most frequent length are taken, the others are counted with their lines", () => {
    const outcome = explain(textOf('{"a": [1, 2],\n"b": [3, 4],\n"long": [1, 2, 3]}', "json"));
    expect(outcome.ok && [outcome.trace.names, outcome.trace.d, outcome.trace.origin]).toEqual([["a", "b"], 2, "vectors"]);
    expect(sentences(outcome.problems)).toEqual(["One vector of another length was left out (line 3): it has 3 numbers, the others have 2."]);
  });

  test("with NaN or infinity are left out", () => {
    const outcome = explain(textOf('{"a": [1, 2],\n"b": [3, NaN],\n"c": [1, Infinity], "d": [2, 2]}', "json"));
    expect(outcome.ok && outcome.trace.names).toEqual(["a", "d"]);
    expect(sentences(outcome.problems)[0]).toMatch(/2 vectors with numbers that are missing, NaN or infinite were left out \(lines 2, 3\)/);
  });

  test("that are zero stay, with a note, and their cells are undefined", () => {
    const outcome = explain(textOf('{"a": [1, 2], "zero": [0, 0], "b": [2, 1]}', "json"));
    if (!outcome.ok) throw new Error();
    const { heatmap, names } = outcome.trace;
    expect(names).toEqual(["a", "zero", "b"]);
    expect(heatmap!.undefinedRows).toEqual([1]);
    expect(Array.from(heatmap!.cells, (cell) => cell === 65535)).toEqual([false, true, false, true, true, false]);
    expect(Array.from(heatmap!.clustered)).toEqual([0, 2, 1]);
    expect(heatmap!.height.length).toBe(1);
    expect(sentences(outcome.problems)[0]).toMatch(/zero is a zero vector/);
  });

  test("that have one name, or none, are told apart by their lines", () => {
    const trace = traceOf(textOf("king 1 2\nqueen 2 1\nking 3 4\n"));
    expect(trace.names).toEqual(["king (L1)", "queen", "king (L3)"]);
    expect(traceOf(textOf("[1, 2]\n[3, 4]\n")).names).toEqual(["L1", "L2"]);
  });

  test("one selected alone is compared with the whole document", () => {
    const text = "king 1 2\nqueen 2 1\nman 3 4\n";
    const at = text.indexOf("queen");
    const outcome = explain(textOf(text, "plaintext", [{ start: at, end: at + 5 }]));
    if (!outcome.ok) throw new Error();
    expect(outcome.trace.names).toEqual(["king", "queen", "man"]);
    expect(sentences(outcome.trace.notes)[0]).toMatch(/One vector is selected/);
    expect(outcome.trace.neighbours!.query).toBe("queen");
    const alone = explain(textOf("king 1 2"));
    expect(!alone.ok && sentences(alone.problems)[0]).toMatch(/Only one vector of 2 numbers stands here/);
  });

  test("selected are those that the selections touch", () => {
    const text = "king 1 2\nqueen 2 1\nman 3 4\n";
    const outcome = explain(textOf(text, "plaintext", [{ start: 5, end: 6 }, { start: text.indexOf("man"), end: text.indexOf("man") + 1 }]));
    expect(outcome.ok && outcome.trace.names).toEqual(["king", "man"]);
  });

  test("in print read back as they are", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
    const shape = fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 })).chain(([n, d]) => fc.array(fc.array(number, { minLength: d, maxLength: d }), { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(shape, fc.boolean(), (rows, json) => {
        const text = json ? JSON.stringify(Object.fromEntries(rows.map((row, i) => [`v${i}`, row]))) : rows.map((row, i) => `v${i} ${row.join(" ")}`).join("\n");
        const trace = traceOf(textOf(text, json ? "json" : "plaintext"), { tab: "strips" });
        expect(trace.names).toEqual(rows.map((_, i) => `v${i}`));
        expect(Array.from(trace.values!)).toEqual(rows.flat());
      }),
      { numRuns: 60 },
    );
  });
});

describe("files", () => {
  const glove = "king 1 0\nqueen 0.5 0.5\nbroken nan 1\nman 0 1\nking 2 2\n";

  test("compare their first rows and search all", () => {
    const trace = traceOf(fileOf("v.txt", glove), { rows: 2 });
    expect([trace.origin, trace.names, trace.n, trace.total, trace.spans, trace.lines]).toEqual(["file", ["king", "queen"], 2, 5, null, null]);
    expect(sentences(trace.notes)[0]).toMatch(/5|stand twice/);
    const { answer, search } = trace.neighbours!;
    expect(search).toBe("rows");
    expect(answer.ok && [answer.names, Array.from(answer.indices), answer.searched]).toEqual([["queen", "king", "man"], [1, -1, -1], 5]);
  });

  test("leave rows with NaN out, and keep the rows' places", () => {
    const outcome = explain(fileOf("v.txt", glove), { query: "man", tab: "neighbours" });
    if (!outcome.ok) throw new Error();
    expect(outcome.trace.names).toEqual(["king (L1)", "queen", "man", "king (L5)"]);
    expect(sentences(outcome.problems).join(" ")).toMatch(/One row with NaN/);
    // All that could be compared is: nothing was cut.
    expect(sentences(outcome.trace.notes).join(" ")).not.toMatch(/The first/);
    const { answer } = outcome.trace.neighbours!;
    expect(answer.ok && [answer.asked.terms[0].index, Array.from(answer.indices)]).toEqual([2, [1, 3, 0]]);
  });

  test("call repeated words by their lines, also in questions and one-hot rows", () => {
    const text = "king 1 0\nqueen 0.5 0.5\nking 0 2\n";
    expect(traceOf(fileOf("v.txt", text)).neighbours).toMatchObject({ query: "king (L1)", answer: { ok: true, names: ["queen", "king"] } });
    const { answer } = traceOf(fileOf("v.txt", text), { tab: "neighbours", query: '"king (L3)" - queen' }).neighbours!;
    expect(answer.ok && [answer.asked.terms.map(({ name, index }) => [name, index]), Array.from(answer.asked.values)]).toEqual([[["king (L3)", 2], ["queen", 1]], [-0.5, 1.5]]);
    expect(traceOf(fileOf("v.txt", text), { tab: "onehot" }).oneHot).toMatchObject({ from: "rows", q: new Float64Array([1, 0, 0.5, 0.5, 0, 2]) });
  });

  test.each<[string, string, string, unknown[]]>([
    ["lists", "v.txt", "[0.1, 0.2, 0.3]\n[0.2, 0.3, 0.4]\n", ["vectors", 3, ["L1", "L2"]]],
    ["long lists", "v.txt", "[0.1, 0.2, 0.3, 0.4]\n[0.2, 0.3, 0.4, 0.5]\n", ["vectors", 4, ["L1", "L2"]]],
    ["named lists", "v.txt", "king = [0.1, 0.2, 0.3, 0.4]\nqueen = [0.2, 0.3, 0.4, 0.5]\n", ["vectors", 4, ["king", "queen"]]],
    ["names with colons", "v.txt", "king: 1, 2, 3, 4\nqueen: 2, 3, 4, 5\n", ["vectors", 4, ["king", "queen"]]],
    ["rows without words", "v.txt", "0.1 0.2 0.3\n0.2 0.3 0.4\n", ["vectors", 3, ["L1", "L2"]]],
    ["a program", "v.py", "x = np.array([[1, 2, 3], [2, 3, 4]])\n", ["vectors", 3, ["x[0]", "x[1]"]]],
    ["prose with numbers", "v.txt", "The king 12\nand queen 13\n", ["words", 100, ["the", "king", "and", "queen"]]],
    ["a last line that is cut off", "v.txt", "king 1.5 2.5 3.5\nqueen 2.5 1.5 0.5\nman 1.5 2.5 0.5\nwoman 2.5 1.5", ["vectors", 3, ["king", "queen", "man"]]],
    ["words that are numbers", "v.txt", "1 0.5 0.2\n2 0.5 0.1\n", ["file", 2, ["1", "2"]]],
  ])("that hold %s are taken for nothing else", (_, name, text, expected) => {
    const { origin, d, names } = traceOf(fileOf(name, text));
    expect([origin, d, names]).toEqual(expected);
  });

  test.each([
    ["v.vec", "3 2\nking 1 2\nqueen 2 1\n", /Line 1 promises 3 words, but 2 follow/],
    ["v.vec", "2 3\nking 1 2\nqueen 2 1\n", /Line 1 promises 3 numbers for each word, but line 2 \(king\)/],
    ["v.txt", "king 1 2\nqueen 2 1\nman 1 x2\n", /Line 3 \(man\) does not end in 2 numbers/],
  ])("that are read in part, %s, say what is wrong with the rest", (name, text, expected) => {
    expect(traceOf(fileOf(name, text)).names).toEqual(["king", "queen"]);
    expect(sentences(finish(vectors.parse(fileOf(name, text))).problems)).toEqual([expect.stringMatching(expected)]);
  });

  test("that are texts are read as texts: words, nested vectors, vectors of several lengths", () => {
    expect(traceOf(fileOf("words.txt", "king\nqueen\n")).origin).toBe("words");
    const trace = traceOf(fileOf("personality.json", sample("personality.json")));
    expect([trace.origin, trace.names, trace.spans]).toEqual(["vectors", ["Jay", "Person 1", "Person 2"], null]);
    expect(Array.from(trace.lines!)).toEqual([3, 4, 5]);
  });

  test("that are broken say what is wrong with them", () => {
    const cut = explain(fileOf("v.bin", "3 2\nking"));
    expect(!cut.ok && sentences(cut.problems)[0]).toMatch(/promises 3 words/);
    const one = explain(fileOf("v.txt", "king 1 2 3\n"));
    expect(!one.ok && sentences(one.problems)[0]).toMatch(/one vector only/);
    const empty = explain(fileOf("v.npy", ""));
    expect(empty.ok).toBe(false);
  });

  test("of several arrays take the one that is meant, with the words beside it", () => {
    const header = { a: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] }, b: { dtype: "F32", shape: [3, 2], data_offsets: [16, 40] } };
    const json = new TextEncoder().encode(JSON.stringify(header));
    const file = new Uint8Array(8 + json.length + 40);
    new DataView(file.buffer).setUint32(0, json.length, true);
    file.set(json, 8);
    const numbers = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    file.set(new Uint8Array(numbers.buffer), 8 + json.length);
    const beside = new Map([["words.txt", bytesOf(new TextEncoder().encode("x\ny\nz\n"))]]);
    const trace = traceOf(fileOf("t.safetensors", file, { part: "b", beside }), { tab: "strips" });
    expect([trace.names, Array.from(trace.values!)]).toEqual([["x", "y", "z"], [5, 6, 7, 8, 9, 10]]);
  });
});

describe("stated cosines", () => {
  const statedIn = (text: string, languageId = "plaintext") => {
    const chosen = chooseVectors(finish(documentVectors(text, languageId)), [{ start: 0, end: text.length }]);
    if (!chosen || "problem" in chosen) throw new Error();
    return finish(statedCosines(text, chosen.vectors)).map(({ a, b, stated, agrees, cosine, span, line }) =>
      [chosen.vectors.names[a], chosen.vectors.names[b], stated, agrees, Number(cosine.toFixed(4)), text.slice(span.start, span.end), line]);
  };

  test("of the sample are found and wrong", () => {
    expect(statedIn(sample("cosine.json"), "json")).toEqual([["A", "B", 0.86, false, 0.9417, "0.86", 4]]);
  });

  const pair = "A = [2, 3]\nB = [1, 4]\nC = [0, 1]\n";
  test.each<[string, string, unknown[]]>([
    ["a call", `${pair}# cosine(A, B) = 0.94`, [["A", "B", 0.94, true, 0.9417, "0.94", 4]]],
    ["a sentence", `${pair}# The cosine similarity of A and C is 0.8321.`, [["A", "C", 0.8321, true, 0.8321, "0.8321", 4]]],
    ["names on the line", `${pair}# A against C: cos = 0.5`, [["A", "C", 0.5, false, 0.8321, "0.5", 4]]],
    ["neither named nor only two", `${pair}# cosine = 0.5`, []],
    ["a setting", `A = [2, 3]\nB = [1, 4]\ncosine_threshold = 0.5\nmin_cos = 0.5`, []],
    ["a formula", `A = [2, 3]\nB = [1, 4]\ncosine = 0.5 * x`, []],
    ["a true minus", `A = [1, 0]\nB = [\u22121, 0]\n# cos(A, B) = \u22121.0`, [["A", "B", -1, true, -1, "\u22121.0", 3]]],
  ])("%s", (_, text, expected) => {
    expect(statedIn(text, "python")).toEqual(expected);
  });

  test("in records belong to the vectors of their braces", () => {
    const text = '[{"u": [1, 0], "v": [1, 1], "cosine": 0.7071},\n {"u": [1, 0], "v": [0, 1], "cosine": 0.1}]';
    expect(statedIn(text, "json").map(([, , stated, agrees, cosine, , line]) => [stated, agrees, cosine, line])).toEqual([[0.7071, true, 0.7071, 1], [0.1, false, 0, 2]]);
  });
});
