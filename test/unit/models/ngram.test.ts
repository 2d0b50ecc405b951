import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { finishRun } from "../../../src/core/decoding/strategies/events.js";
import { generate } from "../../../src/core/decoding/strategies/generate.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { feedAll } from "../../../src/core/models/languageModel.js";
import { trainNgrams, type NgramModel } from "../../../src/core/models/ngram/ngramModel.js";
import { NgramTrie } from "../../../src/core/models/ngram/trie.js";
import { Units, type UnitKind } from "../../../src/core/models/ngram/units.js";
import { finish } from "../../oracle/kmeans.js";

function trained(texts: readonly string[], kind: UnitKind, order: number): NgramModel {
  const parsed = finish(trainNgrams(texts.map((text, i) => ({ name: `${i}.txt`, text })), kind, order));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => format(message)).join(" "));
  return parsed.input;
}

function predicted({ smoothing, tokenizer }: NgramModel, context: string): Float64Array {
  const out = new Float64Array(tokenizer.size);
  smoothing.predict(tokenizer.encode(context), out);
  return out;
}

/** Kneser-Ney word for word from its definition, by lists of strings. */
class ByDefinition {
  private readonly counts: Map<string, number>[];
  private readonly discounts: number[];

  constructor(texts: readonly string[][], private readonly order: number, private readonly size: number) {
    this.counts = Array.from({ length: order + 1 }, () => new Map<string, number>());
    for (const text of texts) {
      const padded = ["<s>", ...text];
      for (let n = 1; n <= order; n++) {
        for (let i = 0; i + n <= padded.length; i++) {
          if (n === 1 && i === 0) continue;
          const gram = padded.slice(i, i + n).join(" ");
          this.counts[n].set(gram, (this.counts[n].get(gram) ?? 0) + 1);
        }
      }
    }
    this.discounts = this.counts.map((grams, n) => {
      const weights = [...grams.keys()].map((gram) => this.weight(gram, n));
      const [once, twice] = [1, 2].map((w) => weights.filter((weight) => weight === w).length);
      return once > 0 && twice > 0 ? once / (once + 2 * twice) : 0.75;
    });
  }

  private weight(gram: string, n: number): number {
    if (n === this.order || gram.startsWith("<s>")) return this.counts[n].get(gram) ?? 0;
    return [...this.counts[n + 1].keys()].filter((longer) => longer.split(" ").slice(1).join(" ") === gram).length;
  }

  probability(context: string[], unit: string): number {
    const n = context.length + 1;
    const lower = n === 1 ? 1 / this.size : 0;
    const followers = [...this.counts[n].keys()].filter((gram) => gram.split(" ").slice(0, -1).join(" ") === context.join(" "));
    const weights = followers.map((gram) => this.weight(gram, n));
    const total = weights.reduce((a, b) => a + b, 0);
    const rest = n === 1 ? lower : this.probability(context.slice(1), unit);
    if (total === 0) return rest;
    const own = this.weight([...context, unit].join(" "), n);
    return Math.max(own - this.discounts[n], 0) / total + ((this.discounts[n] * weights.filter((w) => w > 0).length) / total) * rest;
  }
}

const letters = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 40 });

describe("Kneser-Ney", () => {
  test("agrees with its definition", () => {
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 5 }), letters, (texts, order, context) => {
        const model = trained(texts.map((text) => text.join(" ")), "word", order);
        const known = context.filter((unit) => texts.some((text) => text.includes(unit)));
        const probabilities = predicted(model, known.join(" "));
        const reference = new ByDefinition(texts, order, model.tokenizer.size);
        const recent = order === 1 ? [] : known.slice(-(order - 1));
        probabilities.forEach((p, id) => expect(p).toBeCloseTo(reference.probability(recent, id === 0 ? "<unk>" : model.tokenizer.text(id)), 10));
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  test("sums to 1 after any context, also of units that it does not know", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200, unit: "grapheme" }), fc.constantFrom<UnitKind>("word", "character"), fc.integer({ min: 1, max: 5 }), fc.string({ maxLength: 12 }), (text, kind, order, context) => {
        const parsed = finish(trainNgrams([{ name: "x", text }], kind, order));
        if (!parsed.ok) return;
        const probabilities = predicted(parsed.input, context);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
        expect(probabilities.every((p) => p > 0)).toBe(true);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test("prefers words of many contexts when the context is new: San Francisco does not win", () => {
    const text = `${"San Francisco. ".repeat(8)}red glasses. my glasses. new glasses. old glasses. Your pen, a cup`;
    const model = trained([text], "word", 2);
    const probabilities = predicted(model, "cup");
    const [francisco] = model.tokenizer.encode("Francisco");
    const [glasses] = model.tokenizer.encode("glasses");
    expect(probabilities[glasses]).toBeGreaterThan(2 * probabilities[francisco]);
  });

  test("texts do not run into each other", () => {
    const model = trained(["a b", "c d"], "word", 2);
    const separate = predicted(model, "b");
    const joined = predicted(trained(["a b c d"], "word", 2), "b");
    const [c] = model.tokenizer.encode("c");
    expect(joined[c]).toBeGreaterThan(1.5 * separate[c]);
  });

  test("works through the interface of language models, in pieces and forks", () => {
    const { model, tokenizer, smoothing } = trained(["the cat sat on the mat and the cat ran"], "word", 3);
    const state = model.start();
    feedAll(state, tokenizer.encode("on the"));
    const fork = state.fork();
    feedAll(state, tokenizer.encode("mat"));
    feedAll(fork, tokenizer.encode("cat"));
    const out = new Float64Array(tokenizer.size);
    smoothing.predict(tokenizer.encode("on the cat"), out);
    fork.logits.forEach((logit, i) => expect(logit).toBe(Math.log(out[i])));
    const { sequence } = finishRun(generate(model, tokenizer.encode("sat on"), { max_new_tokens: 2 }), () => 0).result;
    expect(tokenizer.decode(sequence)).toMatch(/^sat on the (cat|mat)$/);
    expect(() => feedAll(model.start(), [tokenizer.size])).toThrow(RangeError);
  });

  test.each<[string, string[], number, RegExp]>([
    ["no text", [], 3, /There is no text/],
    ["blanks", ["  \t "], 3, /There is no text/],
    ["order 0", ["a"], 0, /from 1 to 5, not 0/],
    ["order 6", ["a"], 6, /from 1 to 5, not 6/],
  ])("refuses %s", (_, texts, order, sentence) => {
    expect(() => trained(texts, "word", order)).toThrow(sentence);
  });
});

describe("units", () => {
  const cut = (text: string, kind: UnitKind = "word") => {
    const units = new Units(kind);
    const out: string[] = [];
    units.cut(text, 0, text.length, true, (id) => out.push(units.text(id)));
    return out;
  };

  test("words keep apostrophes and hyphens within, marks stand alone, lines end with one unit", () => {
    expect(cut("Don't well-known, 'quoted' 3.5\n\n  — end")).toEqual(["Don't", "well-known", ",", "'", "quoted", "'", "3", ".", "5", "\n", "—", "end"]);
    expect(cut("我爱 NLP。ça va")).toEqual(["我", "爱", "NLP", "。", "ça", "va"]);
  });

  test("characters keep pairs of surrogates together", () => {
    expect(cut("a😀b", "character")).toEqual(["a", "😀", "b"]);
  });

  test("a text cut in parts gives the same units", () => {
    const text = "One two-three four's 五六 seven\neight";
    for (const kind of ["word", "character"] as const) {
      for (let size = 1; size < 12; size++) {
        const units = new Units(kind);
        const out: string[] = [];
        for (let at = 0; at < text.length; ) at = units.cut(text, at, Math.min(text.length, at + size), true, (id) => out.push(units.text(id)));
        expect(out).toEqual(cut(text, kind));
      }
    }
  });

  test("come back as readable text", () => {
    const text = "“Oh, no!” she said (twice): 我爱你，真的。好！\nDon't.";
    const units = new Units("word");
    const ids: number[] = [];
    units.cut(text, 0, text.length, true, (id) => ids.push(id));
    expect(units.decode(ids)).toBe(text);
    expect(units.encode("zebra")).toEqual([0]);
  });
});

test("the trie finds again what it made, while it grows", () => {
  const trie = new NgramTrie();
  const random = seededRandom(1);
  const made = new Map<string, number>();
  for (let i = 0; i < 60000; i++) {
    const parent = Math.floor(random() * Math.min(trie.size, 400));
    const unit = Math.floor(random() * 300);
    const node = trie.reach(parent, unit);
    expect(made.get(`${parent} ${unit}`) ?? node).toBe(node);
    made.set(`${parent} ${unit}`, node);
  }
  expect(trie.size).toBe(made.size + 1);
  for (const [key, node] of made) {
    const [parent, unit] = key.split(" ").map(Number);
    if (trie.find(parent, unit) !== node) throw new Error(key);
  }
  expect(trie.find(5, 100000)).toBe(0);
});
