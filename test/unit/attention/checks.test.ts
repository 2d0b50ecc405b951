import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { checkMaps, SLACK } from "../../../src/core/attention/checkMaps.js";
import { looksGiven } from "../../../src/core/attention/looksGiven.js";
import { readGiven } from "../../../src/core/attention/readGiven.js";
import { bytesOf, finish, text } from "../formats/helpers.js";

function check(layers: number, heads: number, queries: number, keys: number, values: readonly number[]) {
  const { causal, problems } = finish(checkMaps({ layers, heads, queries, keys, weights: Float32Array.from(values) }));
  return { causal, said: problems.map(({ severity, message }) => `${severity}: ${format(message)}`) };
}

describe("attention maps are looked through", () => {
  test("nothing is said of weights that sum to 1, and causal is told from not", () => {
    expect(check(1, 1, 2, 2, [1, 0, 0.5, 0.5])).toEqual({ causal: true, said: [] });
    expect(check(1, 2, 2, 2, [1, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])).toEqual({ causal: false, said: [] });
    expect(check(1, 1, 1, 3, [0.25, 0.25, 0.5])).toEqual({ causal: true, said: [] });
    expect(check(1, 1, 1, 3, [0.3, 0.3, 0.4 + SLACK / 2]).said).toEqual([]);
  });

  test("rows that do not sum to 1: which, how far, how many", () => {
    expect(check(1, 1, 2, 2, [1, 0, 0.5, 0.25]).said).toEqual(["warning: Row 2 sums to 0.75, not to 1. Save the weights as they come from the softmax, without dropout."]);
    expect(check(2, 1, 2, 2, [1, 0, 0.5, 0.5, 1, 0, 0.5, 0.25]).said[0]).toMatch(/^warning: Row 2 of layer 2, head 1 sums to 0\.75/);
    expect(check(1, 2, 2, 2, [0.9, 0, 0.5, 0.5, 1, 0, 0.25, 0.25]).said).toEqual([
      "warning: 2 of 4 rows do not sum to 1; the farthest is row 2 of layer 1, head 2, which sums to 0.5. Save the weights as they come from the softmax, without dropout.",
    ]);
  });

  test("exchanged axes, scores instead of weights, rows of zeros", () => {
    expect(check(1, 1, 2, 2, [0.9, 0.4, 0.1, 0.6]).said).toEqual(["warning: The columns sum to 1, not the rows: queries and keys are exchanged. Save the maps as x.swapaxes(-1, -2)."]);
    expect(check(1, 1, 2, 2, [0.5, 0.5, 3.25, -1]).said).toEqual([
      "error: Column 1 of row 2 is 3.25, but attention weights are from 0 to 1. These look like scores before the softmax: save torch.softmax(scores, -1).",
    ]);
    expect(check(1, 1, 2, 2, [1, 0, 0, 0]).said).toEqual(["warning: Rows that are all 0: 1 of 2, such as row 2, which attends to nothing. That is right for padding; else its mask hides every key."]);
    expect(check(1, 1, 1, 2, [-Infinity, 1]).said[0]).toMatch(/is −Infinity, but/);
  });

  test("NaN: one number, or a row whose mask hid every key", () => {
    expect(check(1, 2, 1, 2, [1, 0, 0.5, NaN]).said).toEqual(["error: Column 2 of row 1 of layer 1, head 2 is NaN. Find out where it comes from, and save the maps again."]);
    expect(check(1, 1, 2, 2, [1, 0, NaN, NaN]).said[0]).toMatch(/^error: All of row 2 is NaN, as a softmax gives when the mask hides every key/);
  });

  test("many maps come in short steps", () => {
    const weights = new Float32Array(10 * 1000 * 1000).fill(1 / 1000);
    const steps = [...checkMaps({ layers: 2, heads: 5, queries: 1000, keys: 1000, weights })];
    expect(steps.length).toBeGreaterThan(1);
  });
});

describe("any text and any file", () => {
  const piece = fc.constantFrom("[", "]", "{", "}", "[[1, 2], [3, 4]]", "Q = ", "K=", "V:", '"q": ', '"tokens"', '["a", " b"]', ",", ":", "1", "-2.5e3", "NaN", "null", "true", "np.array(", ")", "encoder = ", "\n", " ", '"', "#", "'", "mask", "...", "é");

  test("is read or refused with sentences, and never throws", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.constantFrom("json", "python", "plaintext", "markdown"), fc.boolean(), (pieces, languageId, selected) => {
        const content = pieces.join("");
        const source = text(content, selected ? [{ start: 0, end: content.length }] : [], languageId, languageId === "json" ? "x.json" : "x");
        expect(typeof looksGiven(source)).toBe("boolean");
        const parsed = finish(readGiven(source));
        if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { message, span } of parsed.problems) {
          expect(format(message)).not.toMatch(/\{\d\}|undefined/);
          if (span) expect(span.start >= 0 && span.end <= content.length && span.start <= span.end).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("bytes that are no array are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom("x.npy", "x.npz", "x.safetensors", "x.json"), (content, name) => {
        const parsed = finish(readGiven({ kind: "bytes", uri: "file:///x", name, bytes: bytesOf(content) }));
        if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});
