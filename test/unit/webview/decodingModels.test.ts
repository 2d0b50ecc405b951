import { describe, expect, it } from "vitest";
import { distributionOf } from "../../../src/core/decoding/distribution.js";
import { Pipeline, type PipelineRun } from "../../../src/core/decoding/pipeline.js";
import { repetitionPenalty } from "../../../src/core/decoding/processors/penalties.js";
import { temperature } from "../../../src/core/decoding/processors/temperature.js";
import { topK } from "../../../src/core/decoding/processors/topK.js";
import { pickAt } from "../../../src/core/decoding/strategies/generate.js";
import type { StagesAt } from "../../../src/core/decoding/trace.js";
import { stagesAt } from "../../../src/core/decoding/exploreStages.js";
import { branch, finishSentence, metricsOf, readForced, textOf, writeForced } from "../../../src/webview/decoding/generationModel.js";
import { segmentsOf, type Segment } from "../../../src/webview/decoding/pickerModel.js";
import { columnsOf, logPlace, lossOf, orderSentence, penalisedIds, reasonOf, rowsOf, scaleOf, tailOf, tieSentence } from "../../../src/webview/decoding/pipelineModel.js";
import { Tokens } from "../../../src/webview/decoding/tokens.js";
import { byteOf, spansOf } from "../../../src/webview/text/tokenSpans.js";
import { tokenName } from "../../../src/core/text/tokenName.js";

const logits = [2, -1, 3, 0.5, 1, -2, 0, 1.5];

/** Penalty on tokens 2 and 7, temperature 0.5, the four best kept; `listed` tokens are named. */
function stages(listed = 8): StagesAt {
  const run = new Pipeline(logits.length).run(logits, [repetitionPenalty(2), temperature(0.5), topK(4)], { ids: [2, 7], promptLength: 2 });
  return stagesAt(run, listed, [], new Uint8Array(logits.length));
}

describe("the pipeline's model", () => {
  it("has a column for raw and each stage, with short heads and values", () => {
    expect(columnsOf(stages()).map(({ head, values, penalises, cuts }) => [head, values, penalises, cuts])).toEqual([
      ["raw", "", false, false], ["penalty", "2", true, false], ["temp.", "0.5", false, false], ["top-k", "4", false, true],
    ]);
  });

  it("keeps the rows in the order of raw, and always shows the chosen token", () => {
    const at = stages();
    expect(rowsOf(at, 8, null).map(({ id }) => id)).toEqual([2, 0, 7, 4, 3, 6, 1, 5]);
    expect(rowsOf(at, 3, 4).map(({ id }) => id)).toEqual([2, 0, 4]);
    expect(rowsOf(at, 3, 0).map(({ id }) => id)).toEqual([2, 0, 7]);
    // Penalised to 1.5, 2 … 0.75: 0, 2, 4, 7 have 2, 1.5, 1, 0.75, so that 3, 6, 1 and 5 go at stage 3.
    expect(rowsOf(at, 8, null).filter(({ removedAt }) => removedAt === 3).map(({ id }) => id)).toEqual([3, 6, 1, 5]);
  });

  it("sums what has no row, and says at which column the last of it went", () => {
    const at = stages(6);
    const tail = tailOf(at, rowsOf(at, 4, null));
    expect(tail.count).toBe(4);
    expect(tail.kept).toEqual([4, 4, 4, 0]);
    expect(tail.removedAt).toBe(3);
    const { probabilities } = distributionOf(logits);
    expect(tail.mass[0]).toBeCloseTo(probabilities[3] + probabilities[6] + probabilities[1] + probabilities[5], 12);
    expect(tailOf(at, rowsOf(at, 2, null)).removedAt).toBe(0);
    expect(tailOf(stages(8), rowsOf(stages(8), 8, null))).toEqual({ count: 0, kept: [0, 0, 0, 0], mass: [0, 0, 0, 0], removedAt: 0 });
  });

  it("draws what a penalty took, and only that", () => {
    const at = stages();
    const columns = columnsOf(at);
    const rows = rowsOf(at, 8, null);
    expect(lossOf(at, columns, rows[0], 1)).toBeCloseTo(distributionOf(logits).probabilities[2], 12);
    expect(lossOf(at, columns, rows[1], 1)).toBeNull();
    expect(lossOf(at, columns, rows[0], 2)).toBeNull();
    expect([...penalisedIds(at)].sort()).toEqual([2, 7]);
  });

  it("says why a token changed or went", () => {
    const at = stages();
    expect(reasonOf(at, 2, 1)?.text).toBe("occurred before: divided by {0}");
    expect(reasonOf(at, 5, 3)?.text).toBe("not among the {0} highest scores");
    expect(reasonOf(at, 0, 1)).toBeNull();
  });

  it("ends its bars at a round number that no bar passes", () => {
    const at = stages();
    const scale = scaleOf(at);
    expect(scale).toBeGreaterThanOrEqual(Math.max(...at.probabilities));
    expect([0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1]).toContain(scale);
    expect([logPlace(1), logPlace(0.001), logPlace(0), logPlace(1e-6)]).toEqual([1, 0.5, 0, 0]);
  });

  it("tells the orders apart by their tokens where it knows them", () => {
    const name = (id: number): string => `t${id}`;
    const there = orderSentence("transformers", 0.5, { kept: 3, onlyHere: Int32Array.of(), onlyThere: Int32Array.of(1, 2) }, name);
    expect(there?.args).toEqual(["llama.cpp", 3, "t1, t2"]);
    const both = orderSentence("llama.cpp", 0.5, { kept: 3, onlyHere: Int32Array.of(4), onlyThere: Int32Array.of(1) }, name);
    expect(both?.args).toEqual(["transformers", 3, "t1", "t4"]);
    const none = { kept: 3, onlyHere: Int32Array.of(), onlyThere: Int32Array.of() };
    expect(orderSentence("transformers", 0.5, none, name)?.text).toBe("Here both orders keep the same tokens.");
    expect(orderSentence("transformers", 0.5, null, name)?.text).toBe("Here both orders keep the same tokens.");
    expect(orderSentence("transformers", 1, null, name)).toBeNull();
  });

  it("says why more stay than top_k, and only then", () => {
    const cut = (values: number[], k: number) => stagesAt(new Pipeline(values.length).run(values, [topK(k)], { ids: [], promptLength: 0 }), values.length, [], new Uint8Array(values.length));
    expect(tieSentence(cut([3, 1, 1, 1, 0], 2))?.args).toEqual([4, 2]);
    for (const at of [cut([3, 2, 1, 0], 2), cut([1, 1, 1], 2), cut([1, 2], 5), stages()]) expect(tieSentence(at)).toBeNull();
  });
});

/** Tokens of lower ids that are left to draw from. */
function keptBelow({ last }: PipelineRun, token: number): number {
  return last.scores.slice(0, token).filter((score) => score !== -Infinity).length;
}

describe("the line that a number is thrown on", () => {
  it("gives every listed token the place that core's pick gives it", () => {
    const at = stages();
    const run = new Pipeline(logits.length).run(logits, [repetitionPenalty(2), temperature(0.5), topK(4)], { ids: [2, 7], promptLength: 2 });
    for (const u of [0.01, 0.3, 0.62, 0.8, 0.97]) {
      const pick = pickAt(run.last, u);
      const segments = segmentsOf(at, pick.token, pick.below, pick.upTo, keptBelow(run, pick.token));
      const hit = segments.find(({ from, to }) => from <= u && u < to);
      expect(hit?.id).toBe(pick.token);
      expect(segments.map(({ id }) => id)).toEqual([0, 2, 4, 7]);
      expect(segments.at(-1)?.to).toBeCloseTo(1, 9);
    }
  });

  it("keeps the picked token's borders right where others are not listed, and counts those on each side", () => {
    const run = new Pipeline(logits.length).run(logits, [topK(7), temperature(3)], { ids: [], promptLength: 0 });
    for (const u of [0.05, 0.35, 0.7, 0.99]) {
      const pick = pickAt(run.last, u);
      const at = stagesAt(run, 2, [pick.token], new Uint8Array(logits.length));
      const segments = segmentsOf(at, pick.token, pick.below, pick.upTo, keptBelow(run, pick.token));
      const unlisted = (side: (id: number) => boolean) => Array.from(logits.keys()).filter((id) => side(id) && run.last.scores[id] !== -Infinity && !at.ids.includes(id)).length;
      const place = segments.findIndex(({ id }) => id === pick.token);
      const others = (some: readonly Segment[]) => some.reduce((sum, { id, count }) => sum + (id === null ? count : 0), 0);
      expect([others(segments.slice(0, place)), others(segments.slice(place))]).toEqual([unlisted((id) => id < pick.token), unlisted((id) => id > pick.token)]);
      const chosen = segments.find(({ id }) => id === pick.token);
      expect(chosen?.from).toBeCloseTo(pick.below, 12);
      expect(chosen?.to).toBeCloseTo(pick.upTo, 12);
      segments.slice(1).forEach((segment, i) => expect(segment.from).toBeCloseTo(segments[i].to, 9));
      expect(segments[0].from).toBe(0);
      expect(segments.at(-1)?.to).toBeCloseTo(1, 9);
      expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(7);
    }
  });
});

describe("the generation's model", () => {
  it("reads and writes tokens chosen by hand, and drops what a branch leaves behind", () => {
    expect(writeForced(readForced("7:3 2:10"))).toBe("2:10 7:3");
    expect(writeForced(branch(readForced("2:10 5:1 7:3"), 5, 9))).toBe("2:10 5:9");
    expect(readForced("nonsense 1:2:3").size).toBe(0);
  });

  it("cuts the text where its tokens end", () => {
    const part = { text: "a 你b", ends: Int32Array.of(1, 2, 2, 2, 3, 4) };
    expect([0, 1, 2, 3, 4, 5].map((i) => textOf(part, i))).toEqual(["a", " ", "", "", "你", "b"]);
  });

  it("says how every text ended", () => {
    const ids = new Int32Array(3);
    for (const finish of ["eos", "length", "context", "no token", "invalid", "stopped"] as const) expect(finishSentence({ finish, ids }, 256)).not.toBeNull();
    expect(finishSentence({ finish: "running", ids }, 256)).toBeNull();
  });

  it("leaves out measures of texts that are too short for them", () => {
    const metrics = { seqRep: [0.5, null, null, null], distinct: [0.5, 1, null, null], diversity: null, uniqSeq: 3, rep: null, wrep: null, perplexity: 12 };
    expect(metricsOf(metrics).map(([name]) => name)).toEqual(["seq-rep-1", "distinct-1", "distinct-2", "uniq-seq", "perplexity"]);
  });
});

describe("tokens as text", () => {
  it("shows blanks, line breaks and bytes", () => {
    expect([" the", "a\n", "\t", ""].map(tokenName)).toEqual(["·the", "a↵", "⇥", "∅"]);
    expect([byteOf("<0xE4>"), byteOf("<0xe4>"), byteOf("E4")]).toEqual(["E4", "E4", null]);
  });

  it("finds tokens in the prompt from its end, so that a cut beginning does no harm", () => {
    expect(spansOf("The old king", [" old", " king"])).toEqual([[3, 7], [7, 12]]);
    expect(spansOf("The old", [" The", " old"])).toEqual([[0, 3], [3, 7]]);
    expect(spansOf("a你b", ["a", "<0xE4>", "<0xBD>", "<0xA0>", "b"])).toEqual([[0, 1], [1, 1], [1, 1], [1, 2], [2, 3]]);
  });

  it("remembers names until the vocabulary is another", () => {
    const source = { kind: "model" as const, name: "", vocabularySize: 9, contextLength: 0, hiddenSize: 0, parameters: 0, eos: [] };
    const tokens = new Tokens();
    tokens.add({ source, pieceIds: Int32Array.of(3), pieces: [" king"] });
    tokens.add({ source, pieceIds: Int32Array.of(4), pieces: ["\n"] });
    expect([tokens.name(3), tokens.name(4), tokens.piece(3)]).toEqual(["·king", "↵", " king"]);
    tokens.add({ source: { ...source, name: "other" }, pieceIds: Int32Array.of(4), pieces: ["x"] });
    expect([tokens.name(3), tokens.name(4)]).toEqual(["#3", "x"]);
  });
});
