import { describe, expect, test } from "vitest";
import { format, type BytesSource, type Parsed, type TextSource } from "../../../src/core/contract/index.js";
import { looksGiven } from "../../../src/core/attention/looksGiven.js";
import { readGiven } from "../../../src/core/attention/readGiven.js";
import type { GivenArrays } from "../../../src/core/attention/subject.js";
import { bytesOf, file, finish, marked, text } from "../formats/helpers.js";
import { safetensors } from "../models/folders.js";
import { npy, npyFortran } from "./npy.js";

function read(source: TextSource | BytesSource): Parsed<GivenArrays> {
  return finish(readGiven(source));
}

function given<K extends GivenArrays["kind"]>(source: TextSource | BytesSource, kind: K): Extract<GivenArrays, { kind: K }> {
  const parsed = read(source);
  if (!parsed.ok) throw new Error(sentences(parsed).join("\n"));
  expect(parsed.input.kind).toBe(kind);
  return parsed.input as Extract<GivenArrays, { kind: K }>;
}

function sentences(parsed: Parsed<GivenArrays>): string[] {
  return parsed.problems.map(({ severity, message }) => `${severity}: ${format(message)}`);
}

const json = (value: unknown) => text(JSON.stringify(value), [], "json", "maps.json");
const python = (content: string) => marked(content, "python", "notes.py");
const bytes = (name: string, content: Uint8Array | string) => file(name, content) as BytesSource;
const half = [[1, 0], [0.5, 0.5]];

describe("attention maps of one's own", () => {
  test.each([
    ["[T, T]", half, [1, 1]],
    ["[heads, T, T]", [half, half, half], [1, 3]],
    ["[layers, heads, T, T]", [[half, half, half], [half, half, half]], [2, 3]],
    ["[layers, 1, heads, T, T]", [[[half, half, half]], [[half, half, half]]], [2, 3]],
  ])("%s as JSON", (_, value, [layers, heads]) => {
    const maps = given(json(value), "maps");
    expect(maps).toMatchObject({ layers, heads, rows: 2, columns: 2, tokens: undefined });
    expect(maps.weights).toHaveLength(layers * heads * 4);
    expect(Array.from(maps.weights.slice(-4))).toEqual([1, 0, 0.5, 0.5]);
  });

  test("have tokens, with their blanks and escapes", () => {
    const source = text('{"tokens": ["The", " c\\u00e4t\\n"], "attention": [[1, 0], [0.5, 0.5]]}', [], "json", "maps.json");
    expect(given(source, "maps").tokens).toEqual(["The", " cät\n"]);
    const parsed = read(json({ tokens: ["a"], attention: half }));
    expect(sentences(parsed)).toEqual(["warning: tokens has length 1, but the maps have 2 rows and 2 columns, so it is left out. Save as many tokens as the maps have rows."]);
    expect(parsed.ok && parsed.input.kind === "maps" && parsed.input.tokens).toBe(undefined);
  });

  test("from .npy in both orders, with the words of a file beside", () => {
    const values = [1, 0, 0.25, 0.75, 1, 0, 0.5, 0.5];
    const source = { ...bytes("layer.npy", npy([2, 2, 2], values)), beside: new Map([["layer.words.txt", bytesOf("to\nbe\n")]]) };
    expect(given(source, "maps")).toMatchObject({ layers: 1, heads: 2, rows: 2, columns: 2, tokens: ["to", "be"] });
    expect(Array.from(given(source, "maps").weights)).toEqual(values);
    expect(Array.from(given(bytes("layer.npy", npyFortran([2, 2, 2], values)), "maps").weights)).toEqual(values);
    const four = Array.from({ length: 12 }, (_, head) => [1, 0, head / 16, 1 - head / 16]).flat();
    for (const write of [npy, npyFortran]) {
      const maps = given(bytes("all.npy", write([3, 4, 2, 2], four)), "maps");
      expect(maps).toMatchObject({ layers: 3, heads: 4 });
      expect(Array.from(maps.weights)).toEqual(four);
    }
  });

  test("from .safetensors: a tensor by name, tokens in its notes, a tensor for each layer", () => {
    const tensor = (shape: number[], values: number[]) => ({ entry: { dtype: "F32", shape, data_offsets: [0, 0] as const }, bytes: new Uint8Array(Float32Array.from(values).buffer) });
    const one = tensor([1, 1, 2, 2], [1, 0, 0.5, 0.5]);
    const two = tensor([1, 1, 2, 2], [1, 0, 0.25, 0.75]);
    const layered = bytes("maps.safetensors", safetensors([["attentions.10", two], ["attentions.2", one], ["logits", tensor([3], [1, 2, 3])]]));
    expect(given(layered, "maps")).toMatchObject({ layers: 2, heads: 1 });
    expect(Array.from(given(layered, "maps").weights)).toEqual([1, 0, 0.5, 0.5, 1, 0, 0.25, 0.75]);
    expect(Array.from(given({ ...layered, part: "attentions.10" }, "maps").weights)).toEqual([1, 0, 0.25, 0.75]);
    expect(sentences(read({ ...layered, part: "none" }))[0]).toMatch(/has no array none\. It has: attentions\.10 \(1, 1, 2, 2\)/);
    const header = JSON.stringify({ __metadata__: { tokens: '["x", " y"]' }, attention: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] } });
    const size = new Uint8Array(8);
    size[0] = header.length;
    const noted = Uint8Array.from([...size, ...new TextEncoder().encode(header), ...new Uint8Array(Float32Array.of(1, 0, 0, 1).buffer)]);
    expect(given(bytes("noted.safetensors", noted), "maps").tokens).toEqual(["x", " y"]);
  });

  test("from a JSON file that no editor holds", () => {
    expect(given(bytes("maps.json", JSON.stringify({ attention: [half] })), "maps").heads).toBe(1);
    const parsed = read(bytes("maps.json", '{"attention": [[1, 0], [0.5, "x"]]}'));
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0].span).toBeUndefined();
    expect(parsed.problems[0].line).toBe(1);
  });

  test("of one token, of a thousand heads, and of fewer queries than keys", () => {
    expect(given(json([[1]]), "maps")).toMatchObject({ layers: 1, heads: 1, rows: 1, columns: 1 });
    expect(given(bytes("many.npy", npy([1000, 1, 1], new Array(1000).fill(1))), "maps")).toMatchObject({ layers: 1, heads: 1000 });
    expect(given(json([[0.5, 0.25, 0.25]]), "maps")).toMatchObject({ rows: 1, columns: 3 });
  });

  test("that do not fit are refused", () => {
    expect(sentences(read(json([1, 2, 3])))).toEqual(["error: maps.json has shape (3,); attention is [layers, heads, T, T], [heads, T, T] or [T, T]."]);
    expect(sentences(read(json([[[half], [half]]])))).toEqual(["error: maps.json (1, 2, 1, 2, 2) holds 2 texts. Save one of them: x[:, 0]."]);
    expect(sentences(read(bytes("x.npy", npy([1, 1, 1, 1, 1, 1], [1])))))
      .toEqual(["error: x.npy has no array of one to 5 dimensions with numbers in it. It has: x (1, 1, 1, 1, 1, 1)."]);
    expect(sentences(read(json({ one: half, two: half })))[0]).toMatch(/^error: It is not clear what these arrays are: one, two\./);
    expect(sentences(read(json({ attn_0: half, attn_1: [[1]] })))[0]).toBe("error: attn_0 (2, 2) and attn_1 (1, 1) differ in shape, so they are no layers of one model. Select one array.");
    expect(sentences(read(json({})))[0]).toMatch(/holds no array of numbers here/);
    expect(sentences(read(bytes("x.bin", Uint8Array.of(0x80, 2, 0, 0, 1, 2))))[0]).toMatch(/pickle/);
  });
});

describe("Q, K and V of one's own", () => {
  const q = [[1, 2], [3, 4]];
  const k = [[1, 0], [0, 1], [1, 1]];
  const v = [[5], [6], [7]];
  const shapes = ({ query, key, value }: Extract<GivenArrays, { kind: "matrices" }>) => [query, key, value].map((heads) => heads.map(({ rows, columns }) => [rows, columns]));

  test("as a JSON object, with causal and tokens", () => {
    const found = given(json({ q, k, v, causal: true, tokens: ["a", "b", "c"] }), "matrices");
    expect(shapes(found)).toEqual([[[2, 2]], [[3, 2]], [[3, 1]]]);
    expect(found).toMatchObject({ causal: true, tokens: ["a", "b", "c"] });
    expect(Array.from(found.value[0].values)).toEqual([5, 6, 7]);
    expect(found.mask).toBeUndefined();
  });

  test("as assignments in Python, selected or in the whole document", () => {
    const code = 'import numpy as np\n«Q = np.array([[1.0, 2],\n  [3, 4]], dtype=np.float32)\nK: np.ndarray = np.array([[1, 0], [0, 1], [1, 1]])\nV = torch.tensor([[5.], [6.], [7.]])»\nprint(softmax(Q @ K.T) @ V)\n';
    const whole = python(code.replace(/[«»]/g, ""));
    for (const source of [python(code), whole]) {
      const found = given(source, "matrices");
      expect(shapes(found)).toEqual([[[2, 2]], [[3, 2]], [[3, 1]]]);
      expect(Array.from(found.query[0].values)).toEqual([1, 2, 3, 4]);
    }
  });

  test("as assignments in Python with the list of their tokens, and no other list of texts", () => {
    const code = "names = ['x', 'y']\ntokens: list[str] = [\n  'the', \" cat\",\n  'it\\'s',\n]\nQ = np.array([[1.0, 2]])\nK = np.array([[1, 0], [0, 1], [1, 1]])\nV = np.array([[5.], [6.], [7.]])\nlabels = sorted(tokens)\n";
    const found = given(python(code), "matrices");
    expect(found.tokens).toEqual(["the", " cat", "it's"]);
    expect(shapes(found)).toEqual([[[1, 2]], [[3, 2]], [[3, 1]]]);
    expect(given(python(code.replace("tokens:", "others:")), "matrices").tokens).toBeUndefined();
  });

  test("as three bare matrices, in one selection or in three", () => {
    const printed = "[[1. 2.]\n [3. 4.]]\n\n[[1 0] [0 1] [1 1]]\nand\n[[5], [6], [7]]";
    const one = read(marked(`«${printed.replace("and", "")}»`));
    expect(sentences(one)).toEqual(["info: The three matrices were taken as Q, K and V, in this order."]);
    expect(shapes(given(marked(`x «[[1. 2.]\n [3. 4.]]» then «[[1 0] [0 1] [1 1]]» and «[[5], [6], [7]]»`), "matrices"))).toEqual([[[2, 2]], [[3, 2]], [[3, 1]]]);
  });

  test("by heads, fewer of keys than of queries, or one matrix for all three", () => {
    const found = given(json({ Q: [q, q, q, q], K: [k, k], V: [v, v] }), "matrices");
    expect([found.query.length, found.key.length, found.value.length]).toEqual([4, 2, 2]);
    const alike = read(json({ X: k }));
    expect(sentences(alike)).toEqual(["info: X was taken as Q, K and V alike: self-attention without projections."]);
    expect(given(json({ query_states: [[q]], key_states: [[q]], value_states: [[q]] }), "matrices").query).toHaveLength(1);
    expect(shapes(given(json({ q: [1, 2], k, v }), "matrices"))[0]).toEqual([[1, 2]]);
  });

  test("with a mask of booleans, of 0 and 1, for padding, or to be added", () => {
    const mask = (value: unknown) => Array.from(given(json({ q, k, v, mask: value }), "matrices").mask!);
    const no = -Infinity;
    expect(mask([[true, false, false], [true, true, false]])).toEqual([0, no, no, 0, 0, no]);
    expect(mask([[1, 0, 0], [1, 1, 0]])).toEqual([0, no, no, 0, 0, no]);
    expect(mask([1, 1, 0])).toEqual([0, 0, no, 0, 0, no]);
    expect(mask([[0, -0.5, -1], [0, 0, -0.5]])).toEqual([0, -0.5, -1, 0, 0, -0.5]);
    expect(mask([0, -0.5, -2])).toEqual([0, -0.5, -2, 0, -0.5, -2]);
    const added = text('{"q": [[1]], "k": [[1], [2]], "v": [[1], [2]], "mask": [[0, -Infinity]]}', [], "json", "x.json");
    expect(Array.from(given(added, "matrices").mask!)).toEqual([0, no]);
  });

  test("that do not multiply are refused with both shapes, where they stand", () => {
    const source = text('{"q": [[1, 2, 3]],\n"k": [[1, 2]],\n"v": [[1]]}', [], "json", "x.json");
    const parsed = read(source);
    expect(sentences(parsed)).toEqual(["error: Q (1, 3) and K (1, 2) do not multiply: each query needs as many numbers as each key, but they have 3 and 2. Check which matrix is which, and whether one is transposed."]);
    expect(parsed.problems[0].line).toBe(2);
    expect(sentences(read(json({ q, k, v: q })))[0]).toMatch(/^error: The weights of K \(3, 2\) and V \(2, 2\) do not multiply/);
    expect(sentences(read(json({ q: [q, q, q], k: [k, k], v: [v, v] })))[0]).toMatch(/have 3, 2 and 2 heads/);
    expect(sentences(read(json({ q, k })))[0]).toBe("error: q, k is there, but V is missing. Select Q, K and V together.");
    expect(sentences(read(json({ q, k, v, mask: [[1, 1]] })))[0]).toMatch(/^error: The mask has shape \(1, 2\), but there are 2 queries and 3 keys/);
  });

  test("a mask that leaves a row empty is refused where it stands", () => {
    const parsed = read(text('{"q": [[1], [2]], "k": [[1], [2]], "v": [[1], [2]], "mask": [[1, 0],\n[0, 0]]}', [], "json", "x.json"));
    expect(sentences(parsed)).toEqual(["error: The mask leaves row 2 of Q without any key, so its softmax would be 0 / 0. Let it see one key at least."]);
    expect(parsed.problems[0].line).toBe(2);
    expect(sentences(read(json({ q, k, v, mask: [[0, NaN, 0], [0, 0, 0]] })))[0]).toMatch(/^error: The mask has NaN in row 1, column 2/);
  });

  test("NaN, text, gaps and ragged rows are named with their place", () => {
    const parsed = read(text('{"q": [[1, 2]], "k": [[1,\nNaN]], "v": [[1]]}', [], "json", "x.json"));
    expect(sentences(parsed)).toEqual(["error: k has NaN in row 1, column 2. Replace it by a number."]);
    expect(parsed.problems[0]).toMatchObject({ line: 2, span: { start: 26, end: 29 } });
    expect(sentences(read(text('{"q": [[1, 2]], "k": [[1, "two"]], "v": [[1]]}', [], "json", "x.json")))).toEqual(["error: Line 1: “two” is no number. Replace it by one."]);
    const ragged = read(text('{"q": [[1, 2],\n[3]], "k": [[1, 2]], "v": [[1]]}', [], "json", "x.json"));
    expect(sentences(ragged)).toEqual(["error: Line 2: this list has length 1, but the first of its kind has length 2. All rows of an array need the same length."]);
    expect(sentences(read(text('{"q": [[1, 2], 3], "k": [[1]], "v": [[1]]}', [], "json", "x.json")))[0]).toMatch(/^error: Line 1: numbers and lists stand side by side/);
    expect(sentences(read(text('{"q": [[1, 2]', [], "json", "x.json")))[0]).toMatch(/never closed/);
  });
});

describe("states of an encoder and a decoder", () => {
  const encoder = [[1, 0], [0, 1], [1, 1]];
  const decoder = [[1, 2]];

  test("with or without the matrices of a score", () => {
    expect(given(json({ encoder, decoder }), "states")).toMatchObject({ encoder: { rows: 3, columns: 2 }, decoder: { rows: 1, columns: 2 }, general: undefined, concat: undefined });
    const full = given(json({ encoder_states: encoder, decoder_states: decoder, W: [[1, 0], [0, 1]], W_query: [[1, 2]], W_key: [[3, 4]], v: [2], b: [0.5], source: ["a", "b", "c"], target: ["x"] }), "states");
    expect(full).toMatchObject({ general: { rows: 2, columns: 2 }, concat: { decoder: { rows: 1, columns: 2 }, encoder: { rows: 1, columns: 2 } }, input: ["a", "b", "c"], output: ["x"] });
    expect([Array.from(full.concat!.v), Array.from(full.concat!.bias!)]).toEqual([[2], [0.5]]);
    const joined = given(json({ encoder, decoder, W_concat: [[1, 2, 3, 4]], v: [2] }), "states").concat!;
    expect([Array.from(joined.decoder.values), Array.from(joined.encoder.values)]).toEqual([[1, 2], [3, 4]]);
    expect(given(python("«encoder_outputs = np.array([[1, 0], [0, 1]])\ndec_states = [[1, 2]]»"), "states").encoder.rows).toBe(2);
  });

  test("that do not multiply are refused or left out", () => {
    expect(sentences(read(json({ encoder: [[1, 2, 3]], decoder })))[0]).toBe("error: The states of encoder (1, 3) and decoder (1, 2) have no inner product, as they differ in size. Give a matrix W of shape (2, 3), or W_query, W_key and v.");
    const parsed = read(json({ encoder, decoder, W: [[1, 2, 3]] }));
    expect(parsed.ok).toBe(true);
    expect(sentences(parsed)).toEqual(["warning: W has shape (1, 3), but these states need (2, 2), so it is left out. Check which axis is which."]);
    expect(sentences(read(json({ encoder })))[0]).toMatch(/^error: encoder is there, but the decoder's states are missing/);
    expect(sentences(read(json({ encoder: [1, 2], decoder })))[0]).toBe("error: encoder has shape (2,); states are [steps, size].");
  });
});

describe("whether a text holds arrays", () => {
  test("a selection of arrays does, a sentence does not, also one that quotes a list", () => {
    expect(looksGiven(marked("«[[1, 2], [3, 4]]»"))).toBe(true);
    expect(looksGiven(python("«Q = np.array([[1.0, 2.0], [3.0, 4.0]])\nK = Q»"))).toBe(true);
    expect(looksGiven(marked("«array([[0.25, 0.75],\n       [0.5 , 0.5 ]], dtype=float32)»"))).toBe(true);
    expect(looksGiven(marked("«tensor([[0.2, 0.8], [0.5, 0.5]])»"))).toBe(true);
    expect(looksGiven(marked('«{"tokens": ["Extraordinarily", "long", "\\"tokens\\""], "attention": [[1]]}»'))).toBe(true);
    expect(looksGiven(marked("«The cat sat on the mat.»"))).toBe(false);
    expect(looksGiven(marked("«\"Look at [[1]],\" said the cat, and sat on the mat.»"))).toBe(false);
    expect(looksGiven(marked("«The matrix [[1, 2], [3, 4]] has two rows, as one sees at once, and so has its transpose.»"))).toBe(false);
    expect(looksGiven(marked("«[1, 2, 3]»"))).toBe(false);
  });

  test("a JSON file does by its keys or its lists, a program by its names", () => {
    expect(looksGiven(json({ attention: half }))).toBe(true);
    expect(looksGiven(json([half]))).toBe(true);
    expect(looksGiven(json({ hidden_size: 4, layers: [1, 2] }))).toBe(false);
    expect(looksGiven(python("Q = np.array([[1, 2], [3, 4]])\n"))).toBe(true);
    expect(looksGiven(python("x = np.array([[1, 2], [3, 4]])\n"))).toBe(false);
    expect(looksGiven(python('query = "select"\nlimits = [1, 2, 3]\n'))).toBe(false);
    expect(looksGiven(json({ query: [1, 2], page: 3 }))).toBe(false);
    expect(looksGiven(text("Q = quite a lot of words"))).toBe(false);
  });
});
