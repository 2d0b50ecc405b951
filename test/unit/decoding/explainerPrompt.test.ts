import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { joinTokens, pieceOf } from "../../../src/core/models/tokenPieces.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import { inputOf, problemsFor, run, tiny, traceFor } from "./explainerSupport.js";

const tokenizer = tiny.tokenizer!;
const sentences = (patch: Partial<DecodingParams>, ...input: Parameters<typeof inputOf>) => problemsFor(patch, inputOf(...input)).map(({ message }) => format(message));

describe("tokens as text", () => {
  test("join to the text that they were made of, each with its part", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.constantFrom("秃头小苏", "naïve café 🙂 ok", "a\n\n  b\tc", "…“x”")), (text) => {
        const ids = tokenizer.encode(text);
        const { text: joined, ends } = joinTokens(tokenizer, ids);
        expect(joined).toBe(tokenizer.decode(ids));
        expect(Array.from(ends)).toEqual(Array.from(ends).sort((a, b) => a - b));
        expect(ids.length === 0 ? 0 : ends[ids.length - 1]).toBe(joined.length);
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  test("give a character of several tokens to the last of them", () => {
    const ids = tokenizer.encode("苏");
    expect(ids.length).toBeGreaterThan(1);
    expect(Array.from(joinTokens(tokenizer, ids).ends)).toEqual([...ids.slice(1).map(() => 0), 1]);
  });

  test("spell bytes that are no characters in hexadecimal", () => {
    const [first, second, third] = [0xe8, 0x8b, 0x8f].map((byte) => `<0x${byte.toString(16).toUpperCase()}>`);
    expect(tokenizer.encode("苏").map((id) => pieceOf(tokenizer, id)).join("")).toBe(first + second + third);
    expect(pieceOf(tokenizer, tokenizer.encode(" king")[0])).toBe(" king");
    for (let id = 0; id < tokenizer.size; id++) expect(pieceOf(tokenizer, id)).not.toContain("\ufffd");
  });
});

describe("the prompt", () => {
  test("is the selection, with the places of its tokens", () => {
    const text = "First line.\nThe old king looked at 秃头 the sea\nLast line.";
    const trace = traceFor({ do_sample: false, max_new_tokens: 3 }, inputOf(text, "The old king looked at 秃头 the sea"));
    const { ids, spans } = trace.prompt;
    expect(trace.prompt.text).toBe("The old king looked at 秃头 the sea");
    const parts = Array.from(ids, (_, i) => text.slice(spans![2 * i], spans![2 * i + 1]));
    expect(parts.join("")).toBe(trace.prompt.text);
    expect(parts[1]).toBe(" old");
  });

  test("that is typed counts more than the selection, and has no places", () => {
    expect(traceFor({ prompt: "Typed", max_new_tokens: 1 }, inputOf("Some text", "Some")).prompt).toMatchObject({ text: "Typed", spans: null });
  });

  test("of several selections has the places of each", () => {
    const parsed = { ...inputOf("one two\nthree four"), ranges: [{ start: 0, end: 3 }, { start: 8, end: 13 }] };
    const { prompt } = traceFor({ max_new_tokens: 1 }, parsed);
    expect(prompt.text).toBe("one\nthree");
    expect(Math.max(...prompt.spans!)).toBe(13);
    expect(Array.from(prompt.spans!).every((offset) => offset <= 3 || offset >= 8)).toBe(true);
  });

  test("that is too long loses its beginning, and says where", () => {
    const { outcome } = run({ prompt: "The king and the queen. ".repeat(80), do_sample: false });
    expect(outcome).toMatchObject({ ok: true, trace: { prompt: { cut: expect.any(Number) as number } } });
    expect(outcome.problems.map(({ message }) => format(message)).join()).toMatch(/The prompt has \d+ tokens, but the model reads 256 .* the first \d+ are cut, so that it begins with/);
    if (outcome.ok) expect(outcome.trace.prompt.ids.length + outcome.trace.prompt.cut).toBe(tokenizer.encode(outcome.trace.prompt.text).length);
  });

  test("of blanks is empty where words are counted, and is asked for", () => {
    expect(sentences({ source: "words", prompt: "  " }, "some words")).toEqual(["The prompt is empty. Type one, or select text."]);
  });
});
