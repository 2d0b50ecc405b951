import { describe, expect, test } from "vitest";
import { attention } from "../../../src/core/attention/explainer.js";
import { DEFAULT_TEXT } from "../../../src/core/attention/inputText.js";
import { attentionParams, type AttentionParams } from "../../../src/core/attention/params.js";
import { defaultsOf, format, type Source } from "../../../src/core/contract/index.js";
import { decoding } from "../../../src/core/decoding/explainer.js";
import { decodingParams } from "../../../src/core/decoding/params.js";
import { finish } from "../../oracle/kmeans.js";
import { folder, sourceOf } from "../models/folders.js";
import { envOf, opened, run, said, textSource, tiny, traceOf } from "./readingSupport.js";

const piecesAt = (source: Source, patch: Partial<AttentionParams> = {}) => {
  const { tokens } = traceOf(source, patch);
  const text = source.kind === "text" ? source.text : "";
  return tokens.pieces.map((_, t) => (tokens.spans ? text.slice(tokens.spans[2 * t], tokens.spans[2 * t + 1]) : null));
};

describe("the text that is read", () => {
  test("is what is selected, in its place in the document", () => {
    const text = "First line.\n\n  The river rose.  \nLast line.";
    const { tokens, key } = traceOf(textSource(text, "  The river rose.  \n"));
    expect(tokens.text).toBe("The river rose.");
    expect(piecesAt(textSource(text, "  The river rose.  \n")).join("")).toBe("The river rose.");
    // The same words elsewhere are the same text.
    expect(traceOf(textSource("The river rose.")).key).toBe(key);
    expect(traceOf(textSource("The river rose!")).key).not.toBe(key);
  });

  test("is several selections, one a line", () => {
    const text = "The snow fell. Nobody came. The sea rose.";
    const source: Source = { kind: "text", uri: "file:///a.txt", name: "a.txt", languageId: "plaintext", text, ranges: [{ start: 0, end: 14 }, { start: 28, end: 41 }] };
    expect(traceOf(source).tokens.text).toBe("The snow fell.\nThe sea rose.");
    expect(piecesAt(source).filter((piece) => piece !== "").join("|")).toBe("The| sn|ow| fell|.|The| sea| rose|.");
  });

  test("is what was typed, which stands nowhere", () => {
    const { tokens } = traceOf(textSource("A document."), { text: "Some other words" });
    expect([tokens.text, tokens.spans]).toEqual(["Some other words", null]);
  });

  test("is a short document, the beginning of a long one, or a sentence of Lumen's", () => {
    expect(traceOf(textSource("\n\nThe sea.\n")).tokens.text).toBe("The sea.");
    const line = `${"Once there was a girl. ".repeat(4)}\n`;
    const long = traceOf(textSource(line.repeat(60)), { tab: "map" });
    expect(long.tokens.text.length).toBeGreaterThan(1300);
    expect(long.tokens.text.length).toBeLessThan(2001);
    expect(long.tokens.text.endsWith("girl.")).toBe(true);
    expect(said(long.notes)).toMatch(/^The first 1,\d{3} of 5,5\d\d characters are read, up to line 2\d\. Select the passage/);
    for (const source of [textSource("  \n"), { kind: "builtin", name: "" } as const]) expect(traceOf(source).tokens.text).toBe(DEFAULT_TEXT);
  });

  test("is not a model's config.json", () => {
    const source = textSource('{"model_type": "gpt2", "n_embd": 768}', undefined, "json", "config.json");
    const parsed = finish(attention.parse(source));
    expect(parsed.ok && parsed.input.config).toEqual({ model_type: "gpt2", n_embd: 768 });
    expect(traceOf(source).tokens.text).toBe(DEFAULT_TEXT);
    for (const other of ['{"model_type": "gpt2"', '{"architectures": "old house"}', '{"name": "x"}']) {
      const { ok, ...rest } = finish(attention.parse(textSource(other, undefined, "json", "config.json")));
      expect(ok && "input" in rest && rest.input.config).toBeUndefined();
    }
  });
});

describe("a source", () => {
  test("tells the model", () => {
    expect(traceOf(textSource("The sea.")).source).toEqual({
      kind: "model", name: "", family: "gpt2", layers: 4, heads: 4, kvHeads: 4, headSize: 32, hiddenSize: 128, vocabularySize: 2048, contextLength: 256, parameters: 1_088_256, causal: true,
    });
    expect(traceOf(textSource("1 2"), {}, opened(folder("tiny-llama"))).source).toMatchObject({ family: "llama", heads: 4, kvHeads: 2, headSize: 8 });
  });

  test("of arrays may be left aside for the model", () => {
    const source = textSource("attention = [[1, 0], [0.2, 0.8]]", undefined, "python", "a.py");
    expect(traceOf(source).source.kind).toBe("maps");
    const own = traceOf(source, { source: "model" });
    expect([own.source.kind, own.tokens.text]).toEqual(["model", DEFAULT_TEXT]);
  });

  test.each<[string, Source, Partial<AttentionParams>, typeof tiny | undefined, RegExp]>([
    ["arrays that are not there", textSource("The sea."), { source: "given" }, tiny, /holds no arrays/],
    ["a tab that is not there yet", textSource("The sea."), { tab: "inside" as const, source: "given" }, tiny, /holds no arrays/],
  ])("can't be %s", (_, source, patch, loaded, sentence) => {
    const outcome = run(source, patch, loaded);
    expect(outcome.ok).toBe(false);
    expect(said(outcome.problems)).toMatch(sentence);
    expect(outcome.problems[0].fixes?.length).toBeGreaterThan(0);
  });

  test("without a model says what to choose", () => {
    const parsed = finish(attention.parse(textSource("The sea.")));
    const params = defaultsOf(attentionParams);
    const { model: _, ...env } = envOf(params);
    const outcome = finish(attention.run(parsed.ok ? parsed.input : undefined!, params, env));
    expect(outcome).toMatchObject({ ok: false, problems: [{ title: { text: "No language model" }, fixes: [{ choose: "modelFolder" }] }] });
  });

  test("that is broken is refused with what else to take", () => {
    const parsed = finish(attention.parse(textSource("The sea.")));
    const params = defaultsOf(attentionParams);
    // eslint-disable-next-line require-yield -- it fails at once
    const read = function* (): Generator<never, { ok: false; problems: { severity: "error"; message: { text: string; args: never[] } }[] }, void> {
      return { ok: false, problems: [{ severity: "error", message: { text: "Broken.", args: [] } }] };
    };
    const outcome = finish(attention.run(parsed.ok ? parsed.input : undefined!, params, { ...envOf(params), model: { name: "mine", read } }));
    expect(outcome).toMatchObject({ ok: false, problems: [{ title: { text: "The model can't be used" }, fixes: [{ choose: "modelFolder" }, { choose: "builtInModel" }] }] });
  });
});

describe("a folder", () => {
  test("with a pickle only is refused with the program that converts it", () => {
    const files = folder("tiny-bert").set("pytorch_model.bin", sourceOf("x"));
    files.delete("model.safetensors");
    expect(() => opened(files)).toThrow(/pytorch_model\.bin is a pickle.*AutoModelForMaskedLM.*save_pretrained/);
  });

  test("whose configuration and weights disagree names the tensor", () => {
    const config = JSON.parse(new TextDecoder().decode(folder("tiny-bert").get("config.json")!.read(0, 9999))) as object;
    const files = folder("tiny-bert").set("config.json", sourceOf({ ...config, intermediate_size: 64 }));
    expect(() => opened(files)).toThrow("bert.encoder.layer.0.intermediate.dense.weight has shape (128, 32), but config.json asks for (64, 32)");
  });

  test("of an encoder can't decode, and the explorer of decoding says so", () => {
    const params = { ...defaultsOf(decodingParams), prompt: "1 2 3" };
    const input = finish(decoding.parse({ kind: "builtin", name: "" }));
    const outcome = finish(decoding.run(input.ok ? input.input : undefined!, params, envOf(defaultsOf(attentionParams), opened(folder("tiny-bert")), "tiny-bert")));
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.map(({ message }) => format(message)).join()).toMatch(/^BERT reads a text both ways at once, so that it has no next token\. Choose a model/);
  });
});
