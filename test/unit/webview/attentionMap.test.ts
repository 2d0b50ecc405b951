import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { headsCsv, mapCsv, mapJson, mapName } from "../../../src/webview/attention/mapFiles.js";
import { arcLayout, gridLayout, gridWindow, heatLayout, mapColumns } from "../../../src/webview/attention/mapLayout.js";
import { arcPath } from "../../../src/webview/attention/mapArcs.js";
import { halved, MapModel } from "../../../src/webview/attention/mapModel.js";
import { cellText, footText, headText, outsideText, readout } from "../../../src/webview/attention/mapText.js";
import { format } from "../../../src/core/contract/index.js";
import { madeTrace, manyWords, words, type Made } from "../../view/attentionTrace.js";

function made(options: Made = {}): MapModel {
  const trace = madeTrace({ tokens: words, ...options });
  return new MapModel(trace, trace.map!);
}
const label = (token: number): string => words[token].trim();
const said = (message: Parameters<typeof format>[0]): string => format(message, {});

describe("a map", () => {
  it("knows what a causal mask and padding hide, which is not the same as zero", () => {
    const causal = made();
    expect([causal.isMasked(2, 3), causal.isMasked(3, 3), causal.isMasked(3, 0), causal.padded]).toEqual([true, false, false, false]);
    const padded = made({ causal: false, padding: 2 });
    expect([padded.isMasked(0, 6), padded.isMasked(0, 7), padded.isMasked(8, 0), padded.padded]).toEqual([false, true, false, true]);
    expect(said(footText(padded))).toContain("hatched: padding");
  });

  it("says when rows do not sum to 1, and counts cells that are no numbers", () => {
    const model = made();
    expect(said(footText(model))).toBe("each row sums to 1");
    const { trace, part } = model;
    const changed = (change: (weights: Float32Array) => void): MapModel => {
      const weights = part.shown.weights.slice();
      change(weights);
      return new MapModel(trace, { ...part, shown: { ...part.shown, weights } });
    };
    expect(said(footText(changed((weights) => (weights[0] = 0.5))))).toBe("rows sum to 0.500 … 1.000, not to 1");
    expect(said(footText(changed((weights) => (weights[9] = NaN))))).toBe("1 cell is no number");
  });

  it("names a role only where more than half of the attention goes there", () => {
    const model = made();
    expect(model.role(0)).toEqual({ role: "previous", share: 0.8 });
    expect(model.role(2)).toBeNull();
    expect(headText(model, 4).map(said).join(" ")).toMatch(/^Layer 2, head 1: mean entropy [\d.]+ bits\. 80% of its attention goes to the first token\.$/);
  });

  it("reads out a row, a cell, and what is masked", () => {
    const model = made();
    expect(said(readout(model, 0, null, label))).toBe("“The” sees itself alone.");
    expect(said(readout(model, 8, null, label))).toMatch(/^“fast” sees 9 tokens; entropy [\d.]+ of at most 3\.17 bits\.$/);
    expect(said(readout(model, 2, 5, label))).toBe("“rose” does not see “snow”: it comes later.");
    expect(said(readout(model, 5, 2, label))).toBe(`“snow” looks at “rose” with weight ${model.weight(5, 2).toFixed(4)}.`);
    expect(model.strongest(8, 3).map((column) => model.weight(8, column))).toEqual([...model.weights.slice(72, 81)].sort((a, b) => b - a).slice(0, 3));
  });

  it("of one token is a map", () => {
    const model = made({ tokens: ["The"] });
    expect([model.n, model.isMasked(0, 0), model.weight(0, 0), model.mostEntropy(0)]).toEqual([1, false, 1, 0]);
    expect(said(readout(model, 0, 0, label))).toBe("“The” looks at “The” with weight 1.0000.");
  });

  it("keeps the strongest of the cells that a dot stands for", () => {
    const plane = halved({ rows: 3, columns: 3, values: Float32Array.of(0, 0.5, 0.1, 0.25, 0, 0, 0, 0.75, 1) });
    expect([plane.rows, plane.columns, ...plane.values]).toEqual([2, 2, 0.5, Math.fround(0.1), 0.75, 1]);
    const bytes = halved({ rows: 2, columns: 1, values: Uint8Array.of(3, 200) });
    expect([bytes.rows, bytes.columns, ...bytes.values]).toEqual([1, 1, 200]);
  });

  it("prints numbers where they have room", () => {
    expect([cellText(0.4771, 20), cellText(0.4771, 24), cellText(0.01, 24), cellText(0.01, 40), cellText(1, 30), cellText(0.4771, 50), cellText(NaN, 50)]).toEqual([undefined, ".48", undefined, ".01", "1.00", "0.477", undefined]);
  });
});

describe("files of a map", () => {
  it("leave masked cells empty, and count layers and heads from 0", () => {
    const model = made({ layer: 1, head: 2 });
    const lines = mapCsv(model).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe(`,${words.join(",")}`);
    expect(lines[1]).toBe("The,1,,,,,,,,");
    expect(lines[9].split(",").slice(1).map(Number)).toEqual([...model.weights.slice(72)]);
    const heads = headsCsv(model).trimEnd().split("\n");
    expect(heads).toHaveLength(17);
    expect(heads[16].split(",").slice(0, 2)).toEqual(["3", "3"]);
    expect(heads[1].split(",").at(-1)).toBe("");
    const json = JSON.parse(mapJson(model)) as { shown: { layer: number; head: number; weights: number[][] }; heads: { entropy_bits: number[][]; same_token: (number | null)[][] } };
    expect([json.shown.layer, json.shown.head, json.shown.weights.length, json.shown.weights[8].length, json.heads.entropy_bits.length, json.heads.entropy_bits[0].length, json.heads.same_token[0][0]]).toEqual([1, 2, 9, 9, 4, 4, null]);
    expect(mapName(model)).toBe("layer-1-head-2");
  });
});

describe("places of the map", () => {
  // Without a canvas a letter counts as 7 px wide.
  beforeAll(() => vi.stubGlobal("document", { createElement: () => ({ getContext: () => null }) }));
  afterAll(() => vi.unstubAllGlobals());

  it("fit every width", () => {
    for (const count of [1, 9, 60, 512]) {
      for (const width of [276, 336, 588, 700, 868, 1068, 1600]) {
        const { beside, grid, heat } = mapColumns(width, heatLayout(10_000, manyWords(count), count, "mono", 12).width);
        expect(beside ? grid + heat : Math.max(grid, heat), `${count} ${width}`).toBeLessThanOrEqual(width);
        const layout = heatLayout(heat, manyWords(count), count, "mono", 12);
        expect(layout.width, `${count} ${width}`).toBeLessThanOrEqual(heat);
        expect(layout.side).toBeGreaterThan(100);
        for (const heads of [1, 4, 12, 1000]) expect(gridLayout(grid, 400, 4, heads, 64, true).width).toBeLessThanOrEqual(grid);
      }
    }
  });

  it("show those of 1,000 heads that are in sight", () => {
    const layout = gridLayout(400, 400, 25, 40, 9, false);
    expect(layout.fullWidth).toBeGreaterThan(400);
    const { layers, heads } = gridWindow(layout, layout.pitchX * 10, layout.pitchY * 3, 25, 40);
    expect(layers[0]).toBeLessThanOrEqual(3);
    expect(heads[0]).toBeLessThanOrEqual(10);
    expect((heads[1] - heads[0] + 1) * layout.pitchX).toBeLessThan(layout.width + 2 * layout.pitchX);
    expect((layers[1] - layers[0] + 1) * layout.pitchY).toBeLessThan(layout.height + 2 * layout.pitchY);
    const end = gridWindow(layout, layout.fullWidth, layout.fullHeight, 25, 40);
    expect([end.layers[1], end.heads[1]]).toEqual([24, 39]);
  });

  it("put all tokens under the arcs, or those around the row, and say what is left out", () => {
    const short = arcLayout(700, words.map((word) => word.length * 7), 8, 8, 12);
    expect([short.slanted, short.first, short.count]).toEqual([false, 0, 9]);
    expect(short.x(8)).toBeLessThan(700);
    const widths = Array.from({ length: 512 }, () => 50);
    const long = arcLayout(700, widths, 300, 300, 12);
    expect(long.slanted).toBe(true);
    expect(long.first).toBeLessThanOrEqual(300);
    expect(long.first + long.count).toBeGreaterThan(300);
    // A row in sight moves nothing; one out of sight is gone to.
    expect(arcLayout(700, widths, long.first + 2, long.first, 12).first).toBe(long.first);
    expect(arcLayout(700, widths, 0, long.first, 12).first).toBe(0);
    const model = made();
    const outside = 1 - model.weight(8, 7) - model.weight(8, 8);
    expect(said(outsideText(model, 8, { first: 7, count: 2 }))).toBe(`Tokens 8 to 9 of 9 have room here; ${Math.round(100 * outside)}% of the row’s weight goes to others.`);
  });

  it("loop where a token looks at itself", () => {
    const layout = arcLayout(700, words.map((word) => word.length * 7), 8, 8, 12);
    expect(arcPath(layout, 3, 3)).not.toContain("NaN");
    expect(arcPath(layout, 3, 1)).toContain(`M${layout.x(3)} ${layout.arcs}C`);
    const one = arcLayout(300, [20], 0, 0, 12);
    expect(arcPath(one, 0, 0)).not.toContain("NaN");
  });
});
