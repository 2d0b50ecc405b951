import { readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { loadSeq2seq, taskNames } from "../../../src/core/models/seq2seq.js";
import { contextKinds, type ContextKind } from "../../../src/core/models/seq2seqNetwork.js";
import { rightAnswer } from "../../../src/core/models/seq2seqTask.js";
import { translate, type Seq2seqRun } from "../../../src/core/models/seq2seqTranslate.js";
import { finish } from "../../oracle/kmeans.js";
import { filesOf } from "../../oracle/models.js";
import { sourceOf } from "./folders.js";
import { model, sentence, seq2seqFolder, translated } from "./seq2seqFolder.js";

type Matrix = readonly (readonly number[])[];
type Stages = {
  readonly context: ContextKind; readonly text: string; readonly output: readonly string[];
  readonly encoder: Matrix; readonly hidden: Matrix; readonly context_vectors: Matrix; readonly scores?: Matrix; readonly weights?: Matrix;
  readonly attentional: Matrix; readonly probabilities: Matrix;
};
type Expected = Readonly<Record<(typeof taskNames)[number], { readonly stages: readonly Stages[]; readonly translations: Readonly<Record<ContextKind, Readonly<Record<string, string>>>> }>>;

const expected = JSON.parse(readFileSync(path.join(seq2seqFolder, "expected.json"), "utf8")) as Expected;

function refusalOf(task: "dates" | "reversal", text: string): string {
  return sentence(finish(translate(model.tasks[task], "dot", text)));
}

function closeTo(values: Float64Array, matrix: Matrix | undefined): void {
  const flat = (matrix ?? []).flat();
  expect(values).toHaveLength(flat.length);
  values.forEach((value, i) => expect(Math.abs(value - flat[i])).toBeLessThan(1e-5));
}

function mostAttended(run: Seq2seqRun): number[] {
  const T = run.input.length;
  return run.output.map((_, s) => {
    const weights = run.weights.subarray(s * T, (s + 1) * T);
    return weights.indexOf(Math.max(...weights));
  });
}

describe.each(taskNames)("%s", (task) => {
  test.each(expected[task].stages)("all stages of $context on $text are PyTorch's", (stages) => {
    const run = translated(task, stages.context, stages.text);
    expect(run.output).toEqual(stages.output);
    closeTo(run.encoder, stages.encoder);
    closeTo(run.decoder, stages.hidden);
    closeTo(run.scores, stages.scores);
    closeTo(run.weights, stages.weights);
    closeTo(run.contexts, stages.context_vectors);
    closeTo(run.attentional, stages.attentional);
    closeTo(run.probabilities, stages.probabilities);
  });

  test.each(contextKinds)("%s writes what PyTorch writes", (context) => {
    const translations = expected[task].translations[context];
    expect(Object.keys(translations).length).toBeGreaterThan(8);
    const written = Object.keys(translations).map((text) => [text, translated(task, context, text).text]);
    expect(Object.fromEntries(written)).toEqual(translations);
  });
});

describe("a run", () => {
  test("has a row of weights for each step, which sums to 1", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z' -]{1,20}$/), fc.constantFrom(...contextKinds), (text, context) => {
        fc.pre(text.trim() !== "");
        const run = translated("reversal", context, text);
        const [T, S, h, V] = [run.input.length, run.output.length, run.hiddenSize, run.vocabulary.length];
        expect([run.encoder.length, run.decoder.length, run.contexts.length, run.attentional.length]).toEqual([T * h, S * h, S * h, S * h]);
        expect([run.logits.length, run.probabilities.length, run.probability.length]).toEqual([S * V, S * V, S]);
        expect(run.weights).toHaveLength(context === "fixed" ? 0 : S * T);
        for (let at = 0; at < run.weights.length; at += T) expect(run.weights.subarray(at, at + T).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        run.probability.forEach((p, s) => expect(p).toBe(Math.max(...run.probabilities.subarray(s * V, (s + 1) * V))));
        expect(run.ended ? run.output.at(-1) : run.output.length).toBe(run.ended ? "</s>" : 64);
      }),
      { numRuns: 40 },
    );
  });

  test("of a fixed context has the encoder's last state at each step", () => {
    const { contexts, encoder, hiddenSize: h, output } = translated("dates", "fixed", "3 March 2021");
    const last = encoder.slice(-h);
    for (let s = 0; s < output.length; s++) expect(contexts.slice(s * h, (s + 1) * h)).toEqual(last);
  });

  test("keeps the reader's characters and reads capitals, blanks around and curly apostrophes", () => {
    const run = translated("reversal", "dot", " It’s\n");
    expect(run.input).toEqual(["I", "t", "’", "s"]);
    expect([run.text, run.expected]).toEqual(["s'ti", "s'ti"]);
    expect(translated("dates", "general", "3 MARCH 2021").text).toBe("2021-03-03");
  });

  test("attends to a word from its end to its beginning", () => {
    for (const context of ["dot", "general", "concat"] as const) {
      const run = translated("reversal", context, "attention");
      expect(run.text).toBe("noitnetta");
      // The states behind a character hold it too, so a step may look one or two places further on.
      mostAttended(run).slice(0, 9).forEach((at, s) => expect(Math.abs(at - (8 - s))).toBeLessThanOrEqual(2));
    }
  });

  test("of a long word shows what one fixed context can't hold", () => {
    const word = "transformations";
    expect(translated("reversal", "dot", word)).toMatchObject({ text: "snoitamrofsnart", expected: "snoitamrofsnart", ended: true });
    expect(translated("reversal", "fixed", word).text).not.toBe("snoitamrofsnart");
    expect(translated("reversal", "fixed", "hello").text).toBe("olleh");
  });
});

describe("held-out accuracy", () => {
  test("falls with the length for a fixed context and not for attention", () => {
    const { accuracy, trainedLength } = model.tasks.reversal;
    expect(trainedLength).toBe(16);
    const share = (context: ContextKind, length: number): number => {
      const at = accuracy.find((each) => each.length === length)!;
      return at.right[context] / at.texts;
    };
    for (const kind of ["dot", "general", "concat"] as const) for (let n = 1; n <= 16; n++) expect(share(kind, n)).toBeGreaterThan(0.95);
    expect(share("fixed", 4)).toBeGreaterThan(0.95);
    expect(share("fixed", 16)).toBeLessThan(0.5);
    expect(accuracy.every(({ texts }) => texts === 500)).toBe(true);
    expect(model.tasks.dates.accuracy.reduce((sum, { texts }) => sum + texts, 0)).toBe(8000);
  });
});

describe("a text that can't be read", () => {
  test("is refused with the characters named", () => {
    expect(refusalOf("reversal", "b3ta+γ 3")).toBe("The model that reverses words does not know “3”, “+”, “γ”. Use the letters a to z, blanks, hyphens and apostrophes.");
    expect(refusalOf("dates", "3 März 2021\t?")).toMatch(/does not know “ä”, “z”, U\+0009, “\?”\. Write a date such as 3 March 2021/);
    expect(refusalOf("reversal", "0123456789ABC€𝄞")).toMatch(/“9”, …\. Use/);
  });

  test("is refused when it is empty or too long", () => {
    expect(refusalOf("dates", " \n ")).toBe("There is nothing to translate. Write a date or a word.");
    expect(refusalOf("reversal", "a".repeat(61))).toBe("The text has 61 characters, but the model reads at most 60. Shorten it.");
    expect(refusalOf("reversal", "a".repeat(60))).toBe("");
  });
});

describe("the right answer", () => {
  test.each([
    ["3 March 2021", "2021-03-03"], ["Mar 3, 2021", "2021-03-03"], ["March 3rd, 2021", "2021-03-03"], ["3rd of march 2021", "2021-03-03"],
    ["Wednesday, 3 March 2021", "2021-03-03"], ["wednesday, march 3, 2021", "2021-03-03"], ["wed 03 mar 2021", "2021-03-03"],
    ["3. march 2021", "2021-03-03"], ["03.04.21", "2021-04-03"], ["3/14/2021", "2021-03-14"], ["3/14/50", "1950-03-14"], ["1.2.49", "2049-02-01"],
    ["2021-3-4", "2021-03-04"], ["2021/12/31", "2021-12-31"], ["2021年3月3日", "2021-03-03"], ["31-dec-99", "1999-12-31"], ["29 feb 2000", "2000-02-29"],
    ["29 feb 1900", null], ["31.4.2021", null], ["13/1/2021", null], ["march", null], ["2021-03/04", null],
  ])("of the date %s is %s", (text, answer) => {
    expect(rightAnswer("dates", text)).toBe(answer);
  });

  test("of a word is the word backwards", () => {
    expect(rightAnswer("reversal", " Stressed ")).toBe("desserts");
  });
});

describe("a folder", () => {
  const files = () => new Map(filesOf(seq2seqFolder));
  const config = JSON.parse(readFileSync(path.join(seq2seqFolder, "config.json"), "utf8")) as Record<string, object>;
  const loading = (change: object) => sentence(finish(loadSeq2seq(files().set("config.json", sourceOf({ ...config, ...change })), "mine")));

  test("whose config and weights disagree is refused with the tensor named", () => {
    expect(loading({ hidden_size: 41 })).toMatch(/dates\.fixed\.encoder\.weight_ih_l0 has shape .*120.*12.* asks for .*123/);
    expect(loading({ reversal: { ...config.reversal, source: "abc" } })).toMatch(/reversal\.fixed\.source_embedding\.weight has shape/);
  });

  test("that lacks a part is refused with the part named", () => {
    expect(loading({ reversal: undefined })).toMatch(/config\.json lacks reversal/);
    const without = files();
    without.delete("model.safetensors");
    expect(sentence(finish(loadSeq2seq(without, "mine")))).toMatch(/mine has no model\.safetensors/);
  });

  test("is small", () => {
    expect(files().get("model.safetensors")!.size).toBeLessThan(400_000);
    expect(model.parameters).toBeGreaterThan(100_000);
  });
});
