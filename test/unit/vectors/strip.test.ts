import * as fc from "../../support/fastCheck.js";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { signColour, signPalettes, type ThemeKind } from "../../../src/core/math/signScale.js";
import { MOST_CELLS, stripOf } from "../../../src/core/vectors/strip.js";

const kinds: readonly ThemeKind[] = ["light", "dark", "hc-dark", "hc-light"];
const selectors: Readonly<Record<ThemeKind, string>> = {
  light: "body {",
  dark: "body.vscode-dark {",
  "hc-dark": "body.vscode-high-contrast {",
  "hc-light": "body.vscode-high-contrast-light {",
};

describe("the sign scale", () => {
  test.each(kinds)("has the stops of the style sheet in %s", (kind) => {
    const css = readFileSync(new URL("../../../src/webview/tokens.css", import.meta.url), "utf8");
    const block = css.slice(css.indexOf(selectors[kind])).split("}")[0];
    const token = (name: string) => new RegExp(`--lumen-${name}: (#\\w{6});`).exec(block)?.[1];
    const { stops } = signPalettes[kind];
    expect([token("neg2"), token("neg1"), token("pos1"), token("pos2")]).toEqual([stops[0], stops[1], stops[3], stops[4]]);
  });

  test.each(kinds)("passes through its stops and is clipped at its ends in %s", (kind) => {
    const palette = signPalettes[kind];
    const at = (value: number) => signColour(value, 2, palette).toUpperCase();
    expect([-2, -1, 0, 1, 2].map(at)).toEqual([...palette.stops]);
    expect(at(99)).toBe(palette.stops[4]);
    expect(at(-Infinity)).toBe(palette.stops[0]);
    expect(signColour(0.5, 0.5, palette)).toBe(signColour(2, 2, palette));
  });
});

/** What the path elements of a strip's cells draw: how often each colour begins a cell. */
function cellsOf(svg: string): Map<string, number> {
  const group = svg.slice(svg.indexOf("<g "), svg.indexOf("</g>"));
  return new Map([...group.matchAll(/<path fill="([^"]+)" d="([^"]+)"/g)].map(([, fill, d]) => [fill, d.match(/M/g)!.length]));
}

describe("a strip", () => {
  test("draws a cell for each number but zero, and a notch for those beyond the scale", () => {
    const { svg, clipped, missing, perCell } = stripOf([2, -2, 0, 3, NaN, -Infinity], { theme: "light", scale: 2 });
    expect(cellsOf(svg)).toEqual(new Map([["#a50f1c", 2], ["#0f4c9c", 2], ["#FFFFFF", 2]]));
    expect({ clipped, missing, perCell }).toEqual({ clipped: 2, missing: 1, perCell: 1 });
  });

  test("shows its scale", () => {
    expect(stripOf([1, 2], { theme: "dark", scale: 0.5 }).svg).toMatch(/>\u22120\.5<.*>\+0\.5</);
  });

  test("goes on in further rows, and beyond them shows the largest of several", () => {
    const wide = stripOf(new Float64Array(1536).fill(1), { theme: "dark", scale: 2 });
    expect(wide.perCell).toBe(1);
    expect(wide.height).toBeGreaterThan(stripOf([1, 2], { theme: "dark", scale: 2 }).height);
    const values = new Float64Array(4 * MOST_CELLS);
    values[5] = -2;
    values[6] = 1;
    const long = stripOf(values, { theme: "light", scale: 2 });
    expect(long.perCell).toBe(4);
    expect(cellsOf(long.svg)).toEqual(new Map([["#0f4c9c", 1]]));
  });

  test("is one well-formed picture without words, small enough for a hover, whatever the numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 60 }), fc.constantFrom(...kinds), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (values, theme, scale) => {
        const { svg, width, height } = stripOf(values, { theme, scale });
        expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>$/);
        expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|href/);
        expect(svg.replace(/<text[^>]*>[^<]*<\/text>/g, "")).not.toMatch(/>[^<]+</);
        expect([width, height].every((v) => v > 0)).toBe(true);
      }),
    );
    const worst = Array.from({ length: 2 * MOST_CELLS }, (_, i) => (i % 2 ? -1 : 1) * (1 + ((i * 37) % 97) / 48));
    expect(stripOf(worst, { theme: "hc-light", scale: 2 }).svg.length * (4 / 3)).toBeLessThan(80_000);
  });
});
