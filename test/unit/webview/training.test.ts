import { describe, expect, test } from "vitest";
import { sequenceUnlikelihood, tokenUnlikelihood } from "../../../src/core/decoding/unlikelihood.js";
import type { TrainingPart } from "../../../src/core/decoding/trace.js";
import { gradientFormula } from "../../../src/webview/decoding/trainingFormula.js";
import { candidatesAt, costliest, countOf, gradientsAt, isPredicted, sequenceTerm, unlikelihoodTerm } from "../../../src/webview/decoding/trainingModel.js";

/** A vocabulary of four; logits that favour what came before. */
const ids = [0, 1, 2, 0, 1, 2];
const V = 4;
const logits = Float64Array.from({ length: ids.length * V }, (_, i) => Math.sin(3 * i) + (i % V === ids[Math.floor(i / V)] ? 1.5 : 0));
const token = tokenUnlikelihood(logits, ids, 1);
const sequence = sequenceUnlikelihood(logits, ids, 2);
const all = Int32Array.from({ length: V }, (_, i) => i);
const part: TrainingPart = {
  ids: Int32Array.from(ids), promptLength: 2, text: "abcabc", ends: Int32Array.of(1, 2, 3, 4, 5, 6),
  likelihood: Float64Array.from(token.likelihood, (v, t) => (t === 0 ? NaN : v)), unlikelihood: token.unlikelihood, candidates: token.candidates, tokenLoss: token.loss,
  sequenceMask: sequence.mask, sequenceLoss: sequence.loss,
  gradients: ids.map((_, t) => ({ ids: all, token: token.gradient.slice(t * V, (t + 1) * V), sequence: sequence.gradient.slice(t * V, (t + 1) * V) })),
  pull: Float64Array.from(ids, (_, t) => token.candidates[t].reduce((sum, c) => sum + oddsOf(t, c), 0)),
  contrastive: null, filters: [],
};

/** p(c) / (1 − p(c)) at a place. */
function oddsOf(t: number, c: number): number {
  const row = Array.from(logits.slice(t * V, (t + 1) * V), Math.exp);
  return row[c] / (row.reduce((sum, e) => sum + e, 0) - row[c]);
}

describe("what is shown of training", () => {
  test("sums up to the losses of the sequence", () => {
    const sum = ids.reduce((all, _, t) => all + sequenceTerm(part, t), 0);
    expect(sum).toBeCloseTo(part.sequenceLoss, 12);
    expect(countOf(part.sequenceMask)).toBe(3);
    expect(unlikelihoodTerm(part, "token", 4)).toBe(token.unlikelihood[4]);
  });

  test("names the candidates of both levels", () => {
    expect(candidatesAt(part, "token", 3)).toEqual([1, 2]);
    expect(candidatesAt(part, "sequence", 3)).toEqual([0]);
    expect(candidatesAt(part, "sequence", 1)).toEqual([]);
  });

  test("begins where unlikelihood costs most, never at the first token", () => {
    expect(isPredicted(part, 0)).toBe(false);
    const terms = ids.map((_, t) => sequenceTerm(part, t));
    expect(costliest(part, "sequence")).toBe(terms.indexOf(Math.max(...terms)));
    expect(costliest({ ...part, unlikelihood: Float64Array.of(99, 0, 0, 0, 5, 0) }, "token")).toBe(4);
  });

  test("lists the token itself first, then the largest gradients", () => {
    const rows = gradientsAt(part, "token", 4);
    expect(rows[0].id).toBe(1);
    const sizes = rows.slice(1).map(({ value }) => Math.abs(value));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(rows.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(0, 12);
    // ∂(−log(1 − p)) / ∂z of the token itself is p.
    expect(gradientsAt(part, "sequence", 4)[0].value).toBeCloseTo(Math.exp(-part.likelihood[4]), 12);
  });

  test("fills the gradient's formula in with the numbers of the token itself", () => {
    for (const alpha of [1, 0.5]) {
      const { gradient } = tokenUnlikelihood(logits, ids, alpha);
      const last = gradientFormula(part, "token", 4, alpha, false).at(-1)!;
      const [filled, result] = last.split("=").slice(-2);
      const p = Math.exp(-part.likelihood[4]);
      expect(filled.replace(/[^0-9.]+/g, " ").trim()).toBe(`${p.toFixed(3)} 1 ${alpha} ${p.toFixed(3)} ${part.pull[4].toFixed(3)}`);
      expect(/result\}(.*)$/.exec(result)![1].replace(/[{}]/g, "").replace("\u2212", "-")).toBe(gradient[4 * V + ids[4]].toFixed(3));
    }
    expect(gradientFormula(part, "token", 4, 1, true)).toHaveLength(4);
  });

  test("keeps its digits where the model is certain", () => {
    const sure = { ...part, likelihood: part.likelihood.map((v, t) => (t === 4 ? 1e-18 : v)) };
    expect(sequenceTerm(sure, 4)).toBeCloseTo(-Math.log(1e-18), 9);
  });
});
