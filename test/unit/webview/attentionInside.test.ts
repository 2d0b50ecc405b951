import { describe, expect, it } from "vitest";
import { insidePython } from "../../../src/core/attention/partInsidePython.js";
import { layersPython } from "../../../src/core/attention/partLayersPython.js";
import { attentionStory } from "../../../src/core/attention/story.js";
import type { AttentionTrace } from "../../../src/core/attention/trace.js";
import { format } from "../../../src/core/contract/index.js";
import { insideJson, lensCsv, pullsCsv, rolesCsv } from "../../../src/webview/attention/insideFiles.js";
import { InsideModel, strongestPulls, type Pull } from "../../../src/webview/attention/insideModel.js";
import { cosinesCsv, documentsCsv, layersJson, vectorsCsv } from "../../../src/webview/attention/layersFiles.js";
import { LayersModel } from "../../../src/webview/attention/layersModel.js";
import { inductionFiles } from "../attention/inductionModel.js";
import { opened, textSource, traceOf } from "../attention/readingSupport.js";
import { folder } from "../models/folders.js";

const circuit = traceOf(textSource("7 3 9 4 7 3"), { tab: "inside", max_new_tokens: 6 }, opened(inductionFiles()));
const bert = traceOf(textSource("5 9 11 3"), { tab: "inside", max_length: 7 }, opened(folder("tiny-bert")));
const tiny = traceOf(textSource("The snow melted. The snow fell."), { tab: "inside", max_new_tokens: 4 });
const modelOf = (trace: AttentionTrace) => new InsideModel(trace, trace.inside!);
const books = traceOf(textSource("A book and a book.\nBook a seat."), { tab: "layers", word: 1, layers: "0,-1" });
const layers = new LayersModel(books, books.layers!);
const told = (trace: AttentionTrace, tab: "inside" | "layers", token = 0) => {
  const { title, lede } = attentionStory(trace, tab, { token, step: 0 });
  return [format(title), lede.map(({ text }) => format(text)).join("")];
};
const lines = (csv: string) => csv.trimEnd().split(/\r?\n/);

describe("the model of the inside", () => {
  it("has guesses with their names, and tells which are right", () => {
    const model = modelOf(circuit);
    expect(model.guesses(2, 5)[0]).toMatchObject({ id: 9, name: " 9" });
    expect([model.hits(2, 5), model.hits(2, 4), model.hits(0, 1)]).toEqual([false, false, false]);
    const { ids, count, listed } = modelOf(tiny).part.lens!;
    const snow = tiny.tokens.pieces.lastIndexOf(" fell") >= 0 ? tiny.tokens.pieces.lastIndexOf(" fell") - 1 : 0;
    expect(modelOf(tiny).hits(4, snow)).toBe(ids[(4 * count + snow) * listed] === tiny.tokens.ids[snow + 1]);
    expect([model.column(99), model.column(-3)]).toEqual([5, 0]);
  });

  it("adds the parts of a logit up, and marks induction heads", () => {
    const model = modelOf(circuit);
    for (let step = 0; step < 6; step++) {
      const { total, own, heads } = model.sum(step);
      expect(total).toBeCloseTo(own, 4);
      expect(heads[1]).toBeGreaterThan(1);
    }
    expect(model.pulls(3).filter(({ induction }) => induction).map(({ layer, head }) => [layer, head])).toEqual([[1, 0]]);
    expect(model.named("random", 0, 0)).toBe("previous");
    expect(model.named("random", 0, 1)).toBeUndefined();
  });

  it("keeps induction heads and the strongest in the picture, and sums up the others", () => {
    const all = Array.from({ length: 20 }, (_, i): Pull => ({ layer: Math.floor(i / 4), head: i % 4, value: i - 10, look: 0, induction: i === 10 }));
    const { shown, others, count } = strongestPulls(all, 4);
    expect(shown.map(({ value }) => value)).toEqual([-10, -9, 0, 9]);
    expect([others, count]).toEqual([all.reduce((sum, { value }) => sum + value, 0) + 10, 16]);
    expect(strongestPulls(all, 20)).toEqual({ shown: all, others: 0, count: 0 });
  });

  it("writes files with all numbers", () => {
    expect(lines(lensCsv(modelOf(circuit)))).toHaveLength(1 + 3 * 6);
    expect(lines(lensCsv(modelOf(circuit)))[1]).toMatch(/^0,0, 7, 3,/);
    expect(lines(rolesCsv(modelOf(circuit)))[3]).toMatch(/^1,0,.*induction$/);
    const pulls = lines(pullsCsv(modelOf(circuit)));
    expect(pulls).toHaveLength(7);
    expect(pulls[0].split(",")).toHaveLength(pulls[1].split(",").length);
    expect(pullsCsv(modelOf(bert))).toBe("");
    expect(JSON.parse(insideJson(modelOf(circuit)))).toMatchObject({ roles: { threshold: 0.3 }, pulls: { ids: [9, 4, 7, 3, 9, 4] }, source: { layers: 2 } });
    expect(JSON.parse(insideJson(modelOf(bert)))).toMatchObject({ pulls: null });
  });
});

describe("the story of the inside", () => {
  it("says from which layer on the guess stands, and what heads do", () => {
    expect(told(circuit, "inside", 5)).toEqual(["Behind “3” (token 6) the guess is “9”, from layer 2 on", expect.stringContaining("Layer 2, head 1 is an induction head (score 0.98)")]);
    expect(told(circuit, "inside", 0)[1]).toMatch(/^“3”, which follows in the text, has rank \d+ in the embedding and \d+ behind the last layer\. /);
    expect(told(tiny, "inside", 1)[1]).toContain("No head is an induction head: on 24 random tokens that come twice none puts more than 0.0");
  });

  it("says what a model that reads both ways lacks", () => {
    const [title, lede] = told(bert, "inside", 3);
    expect(title).toMatch(/^(In place of|What the layers make of) “3”/);
    expect(lede).toContain("it has no next token");
  });
});

describe("the model of layers", () => {
  it("names places by sentence, and by word where a sentence has several", () => {
    expect([0, 1, 2].map((i) => layers.name(i))).toEqual(["1.2", "1.5", "2"]);
    expect(layers.chosen).toBe(0);
    expect(layers.context(1)).toEqual(["… and a", "book", "."]);
    expect(layers.context(2)).toEqual(["", "Book", "a seat …"]);
    expect(layers.cosine(1, 0, 2)).toBe(layers.part.cosines[9 + 2]);
    const sizes = Array.from(layers.part.vectors, Math.abs).sort((a, b) => a - b);
    expect(layers.limit).toBe(sizes[Math.floor(0.98 * sizes.length)]);
  });

  it("writes files with all numbers", () => {
    const [head, first] = lines(vectorsCsv(layers));
    expect(head.split(",").slice(0, 4)).toEqual(["sentence", "word", "text", "layer0_first_0"]);
    expect(head.split(",")[3 + 128]).toBe("layer4_first_0");
    expect(Number(first.split(",")[3 + 128])).toBe(layers.part.vectors[128]);
    expect(lines(cosinesCsv(layers))).toHaveLength(6);
    expect(lines(cosinesCsv(layers))[0]).toBe("layer,1.2 – 1.5,1.2 – 2,1.5 – 2,different_words");
    expect(lines(documentsCsv(layers))).toHaveLength(3);
    expect(JSON.parse(layersJson(layers))).toMatchObject({ word: "book", settings: { layers: [0, 4], subtoken_pooling: "first" } });
  });

  it("tells the length and the cosines", () => {
    const [title, lede] = told(books, "layers");
    expect(title).toMatch(/^“book” 3 times: mean cosine 0\.\d{3} in the embedding, /);
    expect(lede).toContain("A word’s vector: 2 layers × 128 = 256. The same choice makes 1536 of a bert-base.");
    expect(lede).toContain("The built-in model is far too small");
    const alone = traceOf(textSource("Snow fell."), { tab: "layers" });
    expect(told(alone, "layers")[0]).toBe("“fell” as 128 numbers");
  });
});

describe("programs", () => {
  it("do the same with Flair and transformers", () => {
    expect(layersPython(books)).toContain('layers="0,4", layer_mean=False, subtoken_pooling="first"');
    expect(layersPython(books)).toContain("places = [(0, 1), (0, 4), (1, 0)]");
    expect(insidePython(circuit, 3)).toContain("ids = torch.tensor([[7, 3, 9, 4, 7, 3]])");
    expect(insidePython(circuit, 3)).toContain("model.transformer.ln_f(state)");
    expect(insidePython(bert, 2)).toContain("AutoModelForMaskedLM");
  });
});
