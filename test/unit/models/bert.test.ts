import path from "node:path";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { Encoder, EncoderInput } from "../../../src/core/models/bert.js";
import { loadModel, openModel } from "../../../src/core/models/loadModel.js";
import { finish } from "../../oracle/kmeans.js";
import { fixtures, folder, safetensors, sourceOf, tensorsOf, withConfig } from "./folders.js";

const parsed = finish(openModel(folder("tiny-bert"), "tiny-bert"));
if (!parsed.ok || !("encoder" in parsed.input)) throw new Error("tiny-bert was refused");
const { encoder } = parsed.input;
/** The last states and the logits of a text. */
function guessesOf(read: Encoder, ids: readonly number[]): readonly (readonly number[])[] {
  const logits: number[][] = [];
  finish(read.encode({ ids }, { logits: (position, values) => (logits[position] = Array.from(values)) }));
  return logits;
}

const statesOf = (input: EncoderInput) => finish(encoder.encode(input));

describe("an encoder", () => {
  test("reads a text with padding as it reads it without", () => {
    const alone = statesOf({ ids: [5, 9, 11] });
    const padded = statesOf({ ids: [5, 9, 11, 0, 0], mask: [1, 1, 1, 0, 0] });
    alone.forEach((v, i) => expect(padded[i]).toBeCloseTo(v, 6));
  });

  test("looks ahead: a later token changes the state of an earlier one", () => {
    expect(statesOf({ ids: [5, 9, 11] })[0]).not.toBeCloseTo(statesOf({ ids: [5, 9, 12] })[0], 4);
  });

  test("gives weights over all tokens that sum to 1, and none to masked ones", () => {
    finish(
      encoder.encode({ ids: [5, 9, 11, 3], mask: [1, 0, 1, 1] }, {
        attention(_layer, _head, _position, weights) {
          expect(weights).toHaveLength(4);
          expect(weights[1]).toBe(0);
          expect(Array.from(weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
        },
      }),
    );
  });

  test("whose head is untied adds the decoder's own bias", () => {
    const tensors = tensorsOf(path.join(fixtures, "tiny-bert", "model.safetensors"));
    const bias = tensors.get("cls.predictions.bias")!;
    const raised = new Uint8Array(new Float32Array(bias.bytes.slice().buffer).map((b) => b + 2).buffer);
    tensors.set("cls.predictions.decoder.bias", { ...bias, bytes: raised });
    tensors.set("cls.predictions.decoder.weight", tensors.get("bert.embeddings.word_embeddings.weight")!);
    const files = withConfig("tiny-bert", { tie_word_embeddings: false }).set("model.safetensors", sourceOf(safetensors(tensors)));
    const untied = finish(openModel(files, "untied"));
    if (!untied.ok || !("encoder" in untied.input)) throw new Error("it was refused");
    const tied = guessesOf(encoder, [5, 9, 11]);
    guessesOf(untied.input.encoder, [5, 9, 11]).forEach((row, t) => row.forEach((logit, i) => expect(logit - tied[t][i]).toBeCloseTo(2, 4)));
  });

  test.each<[string, EncoderInput, string]>([
    ["an unknown id", { ids: [64] }, "vocabulary"],
    ["an unknown segment", { ids: [1], segments: [2] }, "segment"],
    ["a text longer than its context", { ids: new Array<number>(25).fill(1) }, "context"],
    ["nothing to attend to", { ids: [1, 2], mask: [0, 0] }, "attend"],
    ["no text", { ids: [] }, "attend"],
  ])("refuses %s", (_, input, sentence) => {
    expect(() => statesOf(input)).toThrow(sentence);
  });

  test.each([
    ["positions that it can't run", withConfig("tiny-bert", { position_embedding_type: "relative_key" }), /position_embedding_type = relative_key, which Lumen can't run/],
    ["a width that heads do not divide", withConfig("tiny-bert", { num_attention_heads: 5 }), /width of 32 for 5 heads/],
  ])("is not made of %s", (_, files, sentence) => {
    const refused = finish(openModel(files, "x"));
    expect(refused.ok).toBe(false);
    expect(refused.problems.map(({ message }) => format(message)).join()).toMatch(sentence);
  });

  test("is refused where a text has to go on", () => {
    const refused = finish(loadModel(folder("tiny-bert"), "x"));
    expect(refused.ok).toBe(false);
    expect(refused.problems[0]).toMatchObject({ title: { text: "No next token" }, fixes: [{ choose: "builtInModel" }, { choose: "modelFolder" }] });
  });
});
