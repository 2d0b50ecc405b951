import { describe, expect, test } from "vitest";
import { format, msg } from "../../../src/core/contract/index.js";
import { lengthsOf } from "../../../src/core/decoding/effectFigures.js";
import type { EffectFacts } from "../../../src/core/decoding/effectTypes.js";
import { effectWords, nothingWords } from "../../../src/core/decoding/effectWords.js";
import type { EffectPlace } from "../../../src/core/protocol.js";
import { effectMarkdown } from "../../../src/extension/editor/effectMarkdown.js";

type Of<K extends EffectFacts["kind"]> = Extract<EffectFacts, { kind: K }>;

const picture = { svg: "<svg/>", width: 452, height: 100 };
const place: EffectPlace = { after: "…and past", behind: 0, writer: "greedy", source: "model", name: "" };

function distribution(more: Partial<Of<"distribution">> = {}): Of<"distribution"> {
  return {
    kind: "distribution", place, picture, labels: ["top_p 1", "top_p 0.9"], vocabularySize: 50257, kept: [50, 12], keptMass: 0.9123, entropy: [4.1, 3.017], best: ["·the", "·the"], same: false, marked: [],
    rows: [{ name: "·the", before: 0.5, after: 0.75, struck: false }, { name: "a|b*", before: 0.25, after: 0, struck: true }],
    rest: { before: 0.25, after: 0.25, keptBefore: 48, keptAfter: 11 },
    ...more,
  };
}

/** What stands above and below the rest of the hover, as it is read. */
function blocks(facts: EffectFacts): string[] {
  const { first, last } = effectMarkdown({ ...facts, words: effectWords(facts) }, undefined);
  return [...first, ...last].map((each) => each.replaceAll("&emsp;", "").replace(/\\([^|*])/g, "$1"));
}

describe("the text of an effect", () => {
  test("says whose distribution it is, shows the picture, its figures, and its numbers as a table", () => {
    const [head, figures, table] = blocks(distribution());
    expect(head).toBe("The next token after “…and past” by the built-in model  \n![Bars: the probabilities of the first tokens with top_p 1 and with top_p 0.9](data:image/svg+xml;base64,PHN2Zy8+|width=452,height=100)");
    expect(figures).toBe("12 of 50 tokens kept, with 91.2% of the probability; entropy 4.10 → 3.02 bits.");
    expect(table.split("\n")).toEqual([
      "| token | top_p 1 | top_p 0.9 |", "| :-- | --: | --: |",
      "| ·the | 50.00% | 75.00% |", "| ~~a\\|b\\*~~ | 25.00% | – |", "| 48 others | 25.00% | 25.00% |",
    ]);
  });

  test("puts the figures in the words that fit", () => {
    const figuresOf = (more: Partial<Of<"distribution">>) => blocks(distribution(more))[1];
    expect(figuresOf({ kept: [2048, 2048], keptMass: 1 })).toBe("2,048 of 2,048 tokens kept; entropy 4.10 → 3.02 bits.");
    expect(figuresOf({ kept: [1, 50] })).toBe("50 tokens instead of 1 can follow; entropy 4.10 → 3.02 bits.");
    expect(figuresOf({ best: ["·the", "·they"] })).toMatch(/ The most probable token is “·they” instead of “·the”\.$/);
    expect(figuresOf({ keptMass: 0.99999 })).toContain("with >99.9% of the probability");
    expect(figuresOf({ marked: ["a|b*", "x", "y"] })).toMatch(/ Removed: “a\\\|b\\\*” and 2 more\.$/);
    expect(figuresOf({ marked: ["·the"] })).toMatch(/what the second group sees when the first has begun with “·the”\.$/);
    const [, same, table] = blocks(distribution({ same: true, kept: [50, 50] }));
    expect(same).toBe("It changes nothing here: 50 tokens are left, entropy 3.02 bits.");
    expect(table.split("\n")[0]).toBe("| token | top_p 0.9 |");
  });

  test("names the place and the source", () => {
    const headOf = (more: Partial<EffectPlace>) => blocks(distribution({ place: { ...place, ...more } }))[0].split("  \n")[0];
    expect(headOf({ name: "Llama-3" })).toBe("The next token after “…and past” by the model Llama-3");
    expect(headOf({ source: "words", name: "notes.md" })).toBe("The next token after “…and past” by n-grams of notes.md");
    expect(headOf({ source: "given", name: "logits.json", after: "" })).toBe("The next token by the numbers of logits.json");
    expect(headOf({ behind: 7 })).toBe("The next token after “…and past”, 7 tokens into the text that greedy search writes, by the built-in model");
    expect(headOf({ behind: 7, writer: "explorer", source: "server", name: "localhost:8080" })).toBe("The next token after “…and past”, 7 tokens into the explorer's text, by the server localhost:8080");
    expect(format(nothingWords({ kind: "nothing", place, why: msg("No token.") }))).toBe("No token. (after “…and past” by the built-in model)");
    expect(effectMarkdown({ kind: "nothing", why: msg("No {0}.", "a_b") }, undefined)).toEqual({ first: ["No a\\_b\\."], last: [] });
  });

  test("says what a search does with the tokens", () => {
    const rows = [{ name: "·the", probability: 0.5, taken: true }, { name: "·a", probability: 0.00001, taken: false }];
    const [, beams, table] = blocks({ kind: "candidates", place, picture, rows, vocabularySize: 2048, taken: 4, looked: 8, mass: 0.315 });
    expect(beams).toBe("The 4 beams begin with the marked tokens, which have 31.5% of the probability. Each later step compares 8,192 scores and looks at the best 8.");
    expect(table).toContain("| **·the** | 50.00% | ✓ |\n| ·a | &lt;0.01% |  |");
    expect(blocks({ kind: "candidates", place, picture, rows, vocabularySize: 2048, taken: 4, looked: 4, mass: 0.315 })[1]).toBe("4 of 2,048 tokens are candidates, with 31.5% of the probability.");
    const weighed = [{ name: "·the", probability: 0.5, similarity: 0.9, score: -0.34 }, { name: "·a", probability: 0.25, similarity: 0.1, score: 0.04 }];
    const contrastive = (selected: number) => blocks({ kind: "contrastive", place, picture, alpha: 0.6, k: 2, rows: weighed, selected });
    expect(contrastive(1)[1]).toBe("score = (1 − 0.6) p − 0.6 max cos: “·a” is taken instead of “·the”, the most probable, which is more like what came before.");
    expect(contrastive(0)[1]).toBe("score = (1 − 0.6) p − 0.6 max cos: “·the”, the most probable, is taken.");
    expect(contrastive(1)[2]).toContain("| ·the | 50.00% | 0.900 | −0.340 |\n| **·a** | 25.00% | 0.100 | 0.040 |");
  });

  test("says which length a penalty favours", () => {
    const [head, longer, table] = blocks(lengthsOf(1.5, "dark"));
    expect(head).toMatch(/^The score of a sum of log-probabilities of −12\.0, by the length of the text/);
    expect(longer).toBe("score = sum / length^1.5: of equal sums the longest text wins.");
    expect(table).toContain("| tokens | length_penalty 1 | length_penalty 1.5 |\n| --: | --: | --: |\n| 10 | −1.2000 | −0.3795 |");
    expect(blocks(lengthsOf(-1, "dark"))[1]).toBe("score = sum / length^−1: of equal sums the shortest text wins.");
    expect(blocks(lengthsOf(0, "dark"))[1]).toBe("At 0 sums are compared as they are, so that short texts win.");
    expect(blocks(lengthsOf(1, "dark"))[2].split("\n")[0]).toBe("| tokens | length_penalty 1 |");
  });

  test("speaks the reader's language", () => {
    const bundle = { "The next token {0}": "{0}的下一个词元", "after “{0}” by {1}": "“{0}”之后，{1}给出", "the built-in model": "内置模型" };
    expect(effectMarkdown({ ...distribution(), words: effectWords(distribution()) }, bundle).first[0]).toMatch(/^“…and past”之后，内置模型给出的下一个词元/);
  });
});
