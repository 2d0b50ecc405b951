import * as fc from "../../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { bytesOf, entries, finish, fixture, makeInflater, npy, oracleFile, raw, read, safetensors, sentences, value } from "./helpers.js";
import { isShared } from "../../../../src/core/kernels/crew.js";
import { readVectorFile, sniffVectors } from "../../../../src/core/vectors/files/readVectorFile.js";
import { wordsNames } from "../../../../src/core/vectors/files/wordsNames.js";
import { zip } from "./zipWriter.js";

const two: [string, number[]][] = [["king", [0.5, 0.25]], ["queen", [-1, 8]]];
const matrix = npy("<f4", [2, 2], raw(Float32Array.of(0.5, 0.25, -1, 8)));

describe("two words", () => {
  it.each([
    ["GloVe", "v.txt", "king 0.5 0.25\nqueen -1 8\n"],
    ["GloVe with a byte order mark", "v.txt", "\ufeffking 0.5 0.25\nqueen -1 8\n"],
    ["word2vec", "v.txt", "2 2\nking 0.5 0.25\nqueen -1 8\n"],
    ["fastText", "v.vec", "2 2\nking 0.5 0.25 \nqueen -1 8 \n"],
    ["JSON", "v.json", "{\"king\": [0.5, 0.25],\n \"queen\": [-1, 8]}"],
    ["JSON without its ending", "v", "{\"king\": [0.5, 0.25], \"queen\": [-1, 8.0]}"],
    ["JSON records", "v.json", "[{\"word\": \"king\", \"tags\": [\"a\", {\"b\": null}], \"vector\": [5e-1, 0.25]}, {\"embedding\": [-1, 8], \"word\": \"queen\"}]"],
    ["JSON Lines", "v.jsonl", "{\"word\": \"king\", \"n\": 3, \"vector\": [0.5, 0.25]}\n{\"word\": \"queen\", \"vector\": [-1, 8]}\n"],
    ["CSV", "v.csv", "word,x,y\nking,0.5,0.25\nqueen,-1,8\n"],
    ["CSV without a header", "v.csv", "king,0.5,0.25\nqueen,-1,8\n"],
    ["CSV with the label last", "v.csv", "x,y,label\r\n0.5,0.25,king\r\n-1,8,queen\r\n"],
    ["CSV with quotes", "v.csv", "\"word\",\"x\",\"y\"\n\"king\",\"0.5\",0.25\n\"queen\",-1,\"8\"\n"],
    ["CSV by pandas", "v.csv", ",word,x,y\n0,king,0.5,0.25\n1,queen,-1,8\n"],
    ["CSV of semicolons", "v.csv", "word;x;y\nking;0.5;0.25\nqueen;-1;8\n"],
    ["TSV", "v.tsv", "king\t0.5\t0.25\nqueen\t-1\t8\n"],
    ["commas without an ending", "v", "king,0.5,0.25\nqueen,-1,8\n"],
  ])("%s", (_, name, content) => {
    expect(entries(read(name, content))).toEqual(two);
  });

  it.each([
    ["words.txt", "king\nqueen\n"],
    ["v.words.txt", "\ufeffking\r\nqueen"],
    ["vocab.json", "{\"queen\": 1, \"king\": 0}"],
  ])(".npy with %s", (name, content) => {
    expect(wordsNames("v.npy")).toContain(name);
    expect(entries(read("v.npy", matrix, { [name]: content }))).toEqual(two);
  });

  it("of other arrays, in both orders", () => {
    const words = { "words.txt": "king\nqueen" };
    expect(entries(read("v.npy", npy("<f8", [2, 2], raw(Float64Array.of(0.5, -1, 0.25, 8)), true), words))).toEqual(two);
    expect(entries(read("v.npz", zip([{ name: "v.npy", data: matrix, deflate: true }, { name: "n.npy", data: npy("|u1", [1], new Uint8Array(1)) }]), words))).toEqual(two);
    const data = new Uint8Array(24);
    data.set(raw(Float32Array.of(0.5, 0.25, -1, 8)), 8);
    const header = { bias: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] }, "embed.weight": { dtype: "F32", shape: [2, 2], data_offsets: [8, 24] } };
    expect(entries(read("m.safetensors", safetensors(header, data), words))).toEqual(two);
    expect(entries(read("m.safetensors", safetensors(header, data), {}, "embed.weight"))).toEqual([["0", two[0][1]], ["1", two[1][1]]]);
  });

  it("have their vectors where every thread reaches them, in text and arrays", () => {
    const stores = [read("v.txt", "king 0.5 0.25\nqueen -1 8\n"), read("v.npy", matrix, { "words.txt": "king\nqueen\n" })].map(value);
    expect(stores.map(({ values }) => isShared(values))).toEqual([true, true]);
  });
});

describe("what is said of", () => {
  it("a matrix without words", () => {
    expect(sentences(read("v.npy", matrix))).toEqual(["warning: v has no words, so its rows are called by their number. Put words.txt beside the file: one word a line, 2 lines."]);
  });

  it.each([
    ["txt", "a 1 2\na 3 4\nb nan inf\n"],
    ["csv", "a,1,2\na,3,4\nb,NaN,inf\n"],
    ["json", "{\"a\": [1, 2], \"a\": [3, 4], \"b\": [NaN, -Infinity]}"],
  ])("words that stand twice and numbers that are none, in .%s", (ending, content) => {
    expect(sentences(read(`v.${ending}`, content))).toEqual([
      "info: 1 words stand twice; the first of each is used.",
      "warning: 2 numbers are NaN or infinite; their words have no neighbours.",
    ]);
  });

  it("columns that are left out", () => {
    const parsed = read("v.csv", "id,word,x,kind,y\n0,a,1,n,2\n1,b,3,v,4\n");
    expect(entries(parsed)).toEqual([["a", [1, 2]], ["b", [3, 4]]]);
    expect(sentences(parsed)).toEqual(["info: 2 columns that hold text or count rows were left out of the vectors."]);
  });

  it("rows without words", () => {
    const parsed = read("v.csv", "x,y\n1,2\n3,4\n");
    expect(entries(parsed)).toEqual([["0", [1, 2]], ["1", [3, 4]]]);
    expect(sentences(parsed)).toEqual(["info: No column holds words, so rows are called by their number, from 0."]);
  });

  it("bytes behind the last word", () => {
    const bytes = oracleFile("word2vec.bin");
    const header = new TextDecoder().decode(bytes.slice(0, bytes.indexOf(10)));
    const fewer = new TextEncoder().encode(header.replace("11", "10"));
    const parsed = read("v.bin", Uint8Array.from([...fewer, ...bytes.slice(bytes.indexOf(10))]));
    expect(value(parsed).n).toBe(10);
    // "</s>", a space and five float32.
    expect(sentences(parsed)[0]).toContain("promises 10 words, but 25 more bytes follow");
  });
});

describe("words", () => {
  it("may hold blanks in GloVe's files and commas, quotes and escapes in others", () => {
    expect(entries(read("v.txt", "the 1 2\n. . . 3 4\na@b c 5 6\n")).map(([word]) => word)).toEqual(["the", ". . .", "a@b c"]);
    expect(entries(read("v.txt", ", 1 2\n; 3 4\n")).map(([word]) => word)).toEqual([",", ";"]);
    expect(entries(read("v.csv", "\"say \"\"hi\"\"\",1,2\n\"a,b\",3,4\n")).map(([word]) => word)).toEqual(["say \"hi\"", "a,b"]);
    expect(entries(read("v.json", "{\"\\u4e1c\\n\\\"\": [1], \"vector\": [2], \"\": [3]}")).map(([word]) => word)).toEqual(["东\n\"", "vector", ""]);
  });

  it("are told to be vectors' though the first is called so", () => {
    expect(entries(read("v.json", "{\"vector\": [1, 2], \"king\": [3, 4]}"))).toEqual([["vector", [1, 2]], ["king", [3, 4]]]);
  });

  it("go from text to store and back, in every text format", () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) => !/[\s\p{C}"\d]/u.test(text) && !/^(?:na|nan|null|none|inf|infinity)$/i.test(text));
    const vectors = fc.integer({ min: 2, max: 6 }).chain((d) => fc.array(fc.tuple(word, fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: d, maxLength: d })), { minLength: 2, maxLength: 8 }));
    fc.assert(
      fc.property(vectors, (rows) => {
        const plain = rows.map(([name, vector]): [string, number[]] => [name, vector.map((x) => x + 0)]);
        const text = plain.map(([name, vector]) => `${name} ${vector.join(" ")}`).join("\n");
        expect(entries(read("v.txt", text))).toEqual(plain);
        expect(entries(read("v.json", `{${plain.map(([name, vector]) => `${JSON.stringify(name)}: ${JSON.stringify(vector)}`).join(",")}}`))).toEqual(plain);
        expect(entries(read("v.csv", plain.map(([name, vector]) => `"${name}",${vector.join(",")}`).join("\n")))).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });
});

describe("formats", () => {
  it.each([
    ["glove.txt", "text"], ["word2vec.txt", "text"], ["word2vec.bin", "binary"], ["word2vec_newlines.bin", "binary"], ["fasttext.vec", "text"], ["f4_2d.npy", "npy"],
  ] as const)("%s is told by its bytes", (name, format) => {
    expect(sniffVectors(bytesOf(oracleFile(name)), "vectors")).toBe(format);
  });

  it("of the fixtures are told by their bytes", () => {
    expect(sniffVectors(bytesOf(fixture("stored.npz")), "x")).toBe("npz");
    expect(sniffVectors(bytesOf(fixture("model.safetensors")), "x")).toBe("safetensors");
  });

  it("say how far they are and can be given up between", () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => `w${i} 0.25 ${i % 7}`).join("\n");
    const reader = readVectorFile({ name: "v.txt", bytes: bytesOf(lines) }, { makeInflater });
    const fractions: number[] = [];
    for (let step = reader.next(); !step.done; step = reader.next()) fractions.push(step.value.fraction);
    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(finish(readVectorFile({ name: "v.txt", bytes: bytesOf(lines) }, { makeInflater })).ok).toBe(true);
  });
});
