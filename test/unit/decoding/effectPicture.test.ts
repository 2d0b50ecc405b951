import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { scoreText } from "../../../src/core/decoding/effectFigures.js";
import { barsPicture, effectPalettes, type Line } from "../../../src/core/decoding/effectPicture.js";
import type { ThemeKind } from "../../../src/core/math/signScale.js";
import { contrast } from "../../../src/webview/marks/colour.js";
import { effectAs } from "./effectSupport.js";

const kinds: readonly ThemeKind[] = ["light", "dark", "hc-dark", "hc-light"];
const selectors: Readonly<Record<ThemeKind, string>> = { light: "body {", dark: "body.vscode-dark {", "hc-dark": "body.vscode-high-contrast {", "hc-light": "body.vscode-high-contrast-light {" };
/** The hover's background in VS Code's own themes. */
const papers: Readonly<Record<ThemeKind, string>> = { light: "#F8F8F8", dark: "#202020", "hc-dark": "#000000", "hc-light": "#FFFFFF" };

const line = (name: string, share: number, more: Partial<Line> = {}): Line => ({ name, bars: [{ share, text: `${share}` }], ...more });
const one = [{ label: "top_k 5", strong: true }];
const svgOf = (lines: readonly Line[], theme: ThemeKind = "dark") => barsPicture(one, lines, theme).svg;

describe("the picture of an effect", () => {
  test.each(kinds)("has the colours of the style sheet in %s, legible on a hover", (kind) => {
    const css = readFileSync(new URL("../../../src/webview/tokens.css", import.meta.url), "utf8");
    const block = css.slice(css.indexOf(selectors[kind])).split("}")[0];
    const token = (name: string) => new RegExp(`--lumen-${name}: (#\\w{6});`).exec(block)?.[1];
    const palette = effectPalettes[kind];
    expect([token("seq2"), token("seq3"), token("red")]).toEqual([palette.tint, palette.strong, palette.red]);
    for (const text of [palette.ink, palette.quiet]) expect(contrast(text, papers[kind])).toBeGreaterThan(4.5);
    for (const mark of [palette.axis, palette.strong, palette.red]) expect(contrast(mark, papers[kind])).toBeGreaterThan(3);
  });

  test("draws bars in proportion, from zero", () => {
    const widths = Array.from(svgOf([line("a", 1), line("b", 0.5), line("c", 0)]).matchAll(/<rect [^>]*width="([\d.]+)"/g), ([, width]) => Number(width));
    expect(widths).toHaveLength(2);
    expect(widths[1] / widths[0]).toBeCloseTo(0.5, 3);
    // What is there is seen.
    expect(svgOf([line("a", 1), line("b", 1e-9)])).toContain('width="1"');
    expect(svgOf([line("a", NaN)])).not.toContain("<rect");
  });

  test("strikes removed tokens out, name and bar", () => {
    const { svg } = effectAs("distribution", '{"do_sample": true, "top_k": 5}', "top_k").picture;
    expect(svg.match(/text-decoration="line-through"/g)).toHaveLength(3);
    // The three, and the tokens that are not listed.
    expect(svg.match(new RegExp(`stroke="${effectPalettes.dark.red}"`, "g"))).toHaveLength(4);
    expect(svg).toContain(">top_k 0</text>");
    expect(svg).toContain(">+2,040</text>");
  });

  test("emphasises what a search takes", () => {
    const { svg } = effectAs("candidates", '{"num_beams": 3}', "num_beams").picture;
    expect(svg.match(new RegExp(`fill="${effectPalettes.dark.strong}"`, "g"))).toHaveLength(3);
    expect(svg.match(/font-weight="700"/g)).toHaveLength(6);
  });

  test.each(kinds)("is a whole document without anything from outside in %s", (theme) => {
    const { svg, width, height } = effectAs("distribution", '{"do_sample": true, "top_k": 5}', "top_k", { theme }).picture;
    expect(svg.startsWith(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`)).toBe(true);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|href|url\(|<script|<style/);
    expect(svg.match(/<text/g)!.length).toBe(svg.match(/<\/text>/g)!.length);
    expect(height).toBeLessThan(190);
    expect(svg.length).toBeLessThan(10_000);
  });

  test("holds any name: markup, control characters, lone surrogates, wide letters", () => {
    const svg = svgOf([line('<b>&"', 1), line("\u0000\u001b", 1), line("\ud800", 1), line("永远永远永远永远永远", 1), line("a".repeat(40), 1)]);
    expect(svg).toContain('>&lt;b&gt;&amp;"</text>');
    // eslint-disable-next-line no-control-regex -- it is what must not be there
    expect(svg).not.toMatch(/[\u0000-\u001f\ud800-\udfff]/);
    expect(svg).toContain(">永远永远永远…</text>");
    expect(svg).toContain(`>${"a".repeat(12)}…</text>`);
    expect(barsPicture([{ label: "encoder_repetition_penalty 1.25", strong: true }], [], "dark").svg).toMatch(/>…\w+_penalty 1\.25</);
  });

  test("writes scores with as many digits as tell them apart", () => {
    expect([-1.2, -0.0474342, -0.000012, -Infinity, 0].map(scoreText)).toEqual(["\u22121.20", "\u22120.0474", "\u22121.20e\u22125", "\u2212∞", "0.00"]);
  });
});
