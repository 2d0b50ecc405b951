import { describe, expect, test } from "vitest";
import { attention } from "../../../src/core/attention/explainer.js";
import { MapMemory, REMEMBERED } from "../../../src/core/attention/mapMemory.js";
import { attentionParams, type AttentionParams } from "../../../src/core/attention/params.js";
import type { AttentionInput, GivenArrays } from "../../../src/core/attention/subject.js";
import type { AttentionTrace } from "../../../src/core/attention/trace.js";
import { defaultsOf, type BytesSource, type Source } from "../../../src/core/contract/index.js";
import { finish } from "../../oracle/kmeans.js";
import { fixtures, folder, safetensors, sourceOf, tensorsOf } from "../models/folders.js";
import { envOf, opened, run, said, textSource, tiny, traceOf, type AnyModel } from "./readingSupport.js";

const bytesSource = (bytes: Uint8Array, name: string): BytesSource => ({ kind: "bytes", uri: `file:///${name}`, name, bytes: sourceOf(bytes) });

/** What the tokenizer of the built-in model was given. */
function watched(): { readonly model: AnyModel; readonly lengths: number[] } {
  const lengths: number[] = [];
  const tokenizer = { ...tiny.tokenizer!, encode: (text: string) => (lengths.push(text.length), tiny.tokenizer!.encode(text)) };
  return { model: { ...tiny, tokenizer }, lengths };
}

describe("a very long text", () => {
  const words = "The snow fell on the sea. ".repeat(40_000);

  test("goes to the tokenizer with its end alone, and says so", () => {
    const { model, lengths } = watched();
    const source: Source = { kind: "text", uri: "file:///a.txt", name: "a.txt", languageId: "plaintext", text: words, ranges: [{ start: 0, end: words.length }] };
    const { tokens, notes } = traceOf(source, { tab: "map" }, model);
    expect([tokens.ids.length, tokens.cut]).toEqual([256, -1]);
    expect(Math.max(...lengths)).toBeLessThan(10_000);
    expect(tokens.text.length).toBeLessThanOrEqual(200_000);
    expect(said(notes)).toMatch(/^The text has 1,039,999 characters, but the model reads 256 tokens: only its end is read, from “[^”]+” on\./);
    tokens.pieces.forEach((piece, t) => expect(words.slice(tokens.spans![2 * t], tokens.spans![2 * t + 1])).toBe(piece));
    expect(tokens.spans!.at(-1)).toBe(words.trimEnd().length);
  });

  test("of several selections keeps the places of the last", () => {
    const half = words.length / 2;
    const ranges = [{ start: 0, end: half }, { start: half + 26, end: half + 30 }, { start: half + 52, end: half + 61 }];
    const { tokens } = traceOf({ kind: "text", uri: "file:///a.txt", name: "a.txt", languageId: "plaintext", text: words, ranges });
    expect(tokens.text.endsWith("\nThe\nThe snow")).toBe(true);
    expect(tokens.text.length).toBeLessThanOrEqual(200_000);
    expect(words.slice(tokens.spans!.at(-2), tokens.spans!.at(-1))).toBe(tokens.pieces.at(-1));
    expect(tokens.spans!.at(-1)).toBe(half + 60);
  });

  test("of characters of many bytes has their places, and is not cut within one", () => {
    const text = "a 漢字👩‍👦".repeat(9000);
    const { tokens, notes } = traceOf(textSource("x"), { text, tab: "map" });
    expect(said(notes)).not.toContain("\ufffd");
    const selected = traceOf(textSource(text, text));
    expect(selected.tokens.pieces).toEqual(tokens.pieces);
    // The bytes of a character share its place.
    const places = selected.tokens.pieces.map((_, t) => text.slice(selected.tokens.spans![2 * t], selected.tokens.spans![2 * t + 1]));
    expect(new Set(places.slice(8))).toEqual(new Set(["a", " ", "漢", "字", "👩", "\u200d", "👦"]));
    const cut = traceOf(textSource("😀".repeat(2000).slice(0, 3001) + "x".repeat(20))).tokens.text;
    expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  test("that is no ids for a model without a tokenizer is said to be none", () => {
    const { notes } = traceOf(textSource("x"), { text: "sea ".repeat(9000) }, opened(folder("tiny-llama")));
    expect(said(notes)).toMatch(/^The text has no token ids from 0 to 63[^.]*\.[^.]*\.$/);
  });
});

describe("parameters and arrays at their limits", () => {
  test("make one note of many edits of the query that do not fit", () => {
    const { notes } = traceOf(textSource("The sea."), { tab: "steps", query_edit: "x ".repeat(50_000) });
    expect(said(notes)).toMatch(/^50000 edits of the query are left out, such as “x”, “x”, “x”: each should be place:value/);
    expect(notes).toHaveLength(1);
  });

  test("let a token be as long as it likes", () => {
    const word = "x".repeat(300_000);
    expect(traceOf(textSource(JSON.stringify({ attention: [[1, 0], [0, 1]], tokens: [word, "y"] }), undefined, "json", "a.json")).tokens.pieces).toEqual([word, "y"]);
  });

  test("refuse a mask that only together with causal leaves a row empty", () => {
    const arrays = { q: [[1], [2]], k: [[1], [2]], v: [[3], [4]], mask: [[0, 1], [1, 1]] };
    const source = (causal: boolean) => textSource(JSON.stringify({ ...arrays, causal }), undefined, "json", "a.json");
    expect(run(source(false)).ok).toBe(true);
    const refused = run(source(true));
    expect([refused.ok, said(refused.problems)]).toEqual([false, expect.stringMatching(/^The mask and causal together leave row 1 of Q without any key/)]);
  });

  test("pad with a token that the model has where its configuration names none", () => {
    const config = JSON.parse(new TextDecoder().decode(folder("tiny-bert").get("config.json")!.read(0, 9999))) as object;
    const model = opened(folder("tiny-bert").set("config.json", sourceOf({ ...config, pad_token_id: -1 })));
    const { tokens, map } = traceOf(textSource("1 2 3"), { max_length: 6 }, model);
    expect(Array.from(tokens.ids)).toEqual([1, 2, 3, 0, 0, 0]);
    expect(map!.shown.weights.every(Number.isFinite)).toBe(true);
  });
});

describe("a file that is no text", () => {
  test.each([["weights.pt", [0x50, 0x4b, 3, 4, 0, 0]], ["pytorch_model.bin", [0x80, 2, 0x7d, 0]]])("%s is refused as a pickle", (name, bytes) => {
    const parsed = finish(attention.parse(bytesSource(Uint8Array.from(bytes), name)));
    expect([parsed.ok, said(parsed.problems)]).toEqual([false, expect.stringMatching(/is a pickle, which can run any program.*\.npy or \.safetensors/)]);
  });

  test("with another ending is said to be binary; a text may be called .bin", () => {
    expect(said(finish(attention.parse(bytesSource(Uint8Array.of(1, 0, 2, 0, 3), "photo.raw"))).problems)).toMatch(/holds binary data/);
    expect(finish(attention.parse(bytesSource(new TextEncoder().encode("The sea."), "a.bin"))).ok).toBe(true);
  });
});

describe("a model with numbers that are none", () => {
  test.each([["transformer.h.1.mlp.c_proj.bias", 0, /^Layer 2 makes NaN or infinity of “0”/], ["transformer.wte.weight", 4 * 32 * 3, /^The embedding of “3” holds NaN/]])("in %s is refused with the place", (name, at, sentence) => {
    const tensors = tensorsOf(`${fixtures}/tiny-gpt2/model.safetensors`);
    const { bytes } = tensors.get(name)!;
    new DataView(bytes.buffer, bytes.byteOffset).setFloat32(at, NaN, true);
    const model = opened(folder("tiny-gpt2").set("model.safetensors", sourceOf(safetensors(tensors))));
    for (const tab of ["map", "steps"] as const) {
      const outcome = run(textSource("0 1 2 3"), { tab }, model, "mine");
      expect([outcome.ok, said(outcome.problems)]).toEqual([false, expect.stringMatching(sentence)]);
      expect(outcome.problems[0].fixes?.map(({ choose }) => choose)).toEqual(["modelFolder", "builtInModel"]);
    }
  });
});

describe("large arrays of one's own", () => {
  const inputOf = (given: GivenArrays): AttentionInput => ({ name: "a", text: "", ranges: [], inEditor: false, given, config: undefined });
  function matrices(heads: number, rows: number, columns: number): GivenArrays {
    const made = (name: string) => Array.from({ length: heads }, (_, h) => ({ name, rows, columns, values: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 1.7 + h)) }));
    return { kind: "matrices", query: made("Q"), key: made("K"), value: made("V"), causal: true, tokens: undefined };
  }

  /** Steps of a run until its first picture, and all of them. */
  function stepsOf(given: GivenArrays, patch: Partial<AttentionParams>): { readonly first: number; readonly all: number; readonly trace: AttentionTrace } {
    const params = { ...defaultsOf(attentionParams), ...patch };
    const running = attention.run(inputOf(given), params, envOf(params));
    let first = 0;
    for (let all = 1; ; all++) {
      const next = running.next();
      if (!next.done) {
        if (next.value.trace && first === 0) first = all;
        continue;
      }
      if (!next.value.ok) throw new Error(said(next.value.problems));
      return { first, all, trace: next.value.trace };
    }
  }

  test("are computed in steps of a few million multiplications", () => {
    const { all, trace } = stepsOf(matrices(1, 1024, 64), {});
    expect(all).toBeGreaterThan((1024 * 1024 * 64) / 2 ** 22);
    const { weights, visible } = trace.map!.shown;
    expect([weights[1], visible[0], visible[1023]]).toEqual([0, 1, 1024]);
    expect(weights.subarray(1023 * 1024).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  });

  test("are remembered as far as there is room, and made again beyond", () => {
    const memory = new MapMemory(REMEMBERED / 2);
    let made = 0;
    // eslint-disable-next-line require-yield -- it is made at once
    const make = function* (): Generator<never, Float32Array, void> {
      return Float32Array.of(made++);
    };
    for (const place of [0, 1, 2, 0, 1, 2]) finish(memory.take(place, make));
    expect([made, finish(memory.take(1, make))[0]]).toEqual([4, 1]);
  });

  test("show the head that was asked for before the others are computed", () => {
    const { first, all } = stepsOf(matrices(1000, 8, 2), { head: 999 });
    expect(first).toBeLessThan(8);
    expect(all).toBeGreaterThan(1000);
  });

  test.each(["head", "heads", "layers", "rollout"] as const)("are gone through in slices for %s", (reduce) => {
    const side = 2048;
    const weights = new Float32Array(side * side);
    for (let i = 0; i < side; i++) weights.fill(1 / (i + 1), i * side, i * side + i + 1);
    const { all, trace } = stepsOf({ kind: "maps", layers: 1, heads: 1, rows: side, columns: side, weights, tokens: undefined, causal: true }, { reduce });
    // A copy, entropies and thumbnail of four million numbers, a million at a time.
    expect(all).toBeGreaterThan(8);
    // 1024 equal shares; of a rollout they are half of the weight, and the token itself has the other half.
    const share = 1 / 2048;
    const followed = 1023 * share * 11 - (0.5 + share) * Math.log2(0.5 + share);
    expect(trace.map!.shown.entropy[1023]).toBeCloseTo(reduce === "rollout" ? followed : 10, 5);
  });
});
