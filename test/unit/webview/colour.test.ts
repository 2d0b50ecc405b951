import { readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import {
  contrast, distance, flatten, fromOklab, hex, inkOn, legible, luminance, mixColours, parseColour, ramp, toOklab, type Rgba,
} from "../../../src/webview/marks/colour.js";
import { letter, makePalette, readable, themeOf, type Palette, type Theme } from "../../../src/webview/marks/palette.js";
import { solarizedLight, themes, type ThemeVariables } from "../../view/themes.js";

const css = readFileSync(path.resolve(import.meta.dirname, "../../../src/webview/tokens.css"), "utf8");
const selectors: { [T in Theme]: string } = {
  "light": "body", "dark": "body.vscode-dark", "hc-dark": "body.vscode-high-contrast", "hc-light": "body.vscode-high-contrast-light",
};
const names = Object.keys(selectors) as Theme[];

/** The variables that the style sheet gives a theme. */
function tokens(theme: Theme): Map<string, string> {
  const found = new Map<string, string>();
  for (const selector of ["body", selectors[theme]]) {
    const block = new RegExp(`(?:^|\\n)${selector.replace(/[.]/g, "\\.")} \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
    for (const [, name, value] of block.matchAll(/(--lumen-[\w-]+):\s*([^;]+);/g)) found.set(name, value);
  }
  return found;
}

function paletteOf(theme: Theme, variables: ThemeVariables = themes[theme]): Palette {
  const values = tokens(theme);
  const resolve = (value: string): Rgba | undefined => {
    const mix = /^color-mix\(in oklab, var\(([^)]+)\) (\d+)%, var\(([^)]+)\)\)$/.exec(value);
    if (!mix) return parseColour(value);
    const share = Number(mix[2]) / 100;
    return parseColour(mixColours([variables.variables[mix[1]], variables.variables[mix[3]]], [share, 1 - share]));
  };
  return makePalette(theme, (name) => {
    const value = values.get(name) ?? variables.variables[name];
    return value === undefined ? undefined : resolve(value);
  }, { font: "sans-serif", mono: "monospace" });
}

/** Lightness of OKLab. */
const lightness = (color: string): number => toOklab(parseColour(color) as Rgba)[0];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const sights: { readonly [name: string]: readonly (readonly number[])[] } = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
function seen(color: string, sight: string): string {
  const linear = (parseColour(color) as Rgba).slice(0, 3).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const out = sights[sight].map((row) => Math.min(1, Math.max(0, row.reduce((sum, w, i) => sum + w * linear[i], 0))));
  return hex(out.map((v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)));
}

describe("colour arithmetic", () => {
  it("reads what style sheets and browsers write", () => {
    expect(parseColour("#fff")).toEqual([1, 1, 1, 1]);
    expect(parseColour("#1A6AE0")?.map((v) => Math.round(v * 255))).toEqual([0x1a, 0x6a, 0xe0, 255]);
    expect(parseColour("#00000080")?.[3]).toBeCloseTo(128 / 255, 12);
    expect(parseColour("rgba(234, 92, 0, 0.33)")).toEqual([234 / 255, 92 / 255, 0, 0.33]);
    expect(parseColour("rgb(10 20 30 / 50%)")).toEqual([10 / 255, 20 / 255, 30 / 255, 0.5]);
    expect(parseColour("color(srgb 0.5 0 1)")).toEqual([0.5, 0, 1, 1]);
    expect(hex(parseColour("oklab(0.627955 0.224863 0.125846)") as Rgba)).toBe("#ff0000");
    expect(parseColour("transparent")?.[3]).toBe(0);
    for (const wrong of ["", "red-ish", "#12", "#12345", "rgb(1, 2)", "var(--x)"]) expect(parseColour(wrong)).toBeUndefined();
  });

  it("measures contrast as WCAG 2 defines it", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2); // the guideline's well-known near miss
    expect(contrast("#ff0000", "#ffffff")).toBeCloseTo(3.998, 3);
    expect(luminance("#00ff00")).toBeCloseTo(0.7152, 10);
  });

  it("has Ottosson's OKLab and its inverse", () => {
    const [L, a, b] = toOklab([1, 0, 0]);
    expect([L, a, b].map((v) => Number(v.toFixed(3)))).toEqual([0.628, 0.225, 0.126]);
    expect(toOklab([1, 1, 1])[0]).toBeCloseTo(1, 6);
    fc.assert(fc.property(fc.tuple(unit(), unit(), unit()), (rgb) => {
      // The published matrices have ten digits; a 255th is 0.004.
      fromOklab(toOklab(rgb)).forEach((v, i) => expect(v).toBeCloseTo(rgb[i], 5));
    }));
  });

  it("puts half-transparent colours on paper", () => {
    expect(hex(flatten([1, 0, 0, 0.5], [1, 1, 1, 1]))).toBe("#ff8080");
  });

  it("mixes between its ends", () => {
    expect(ramp(["#000000", "#ffffff"], 0)).toBe("#000000");
    expect(ramp(["#000000", "#ffffff"], 7)).toBe("#ffffff");
    expect(mixColours(["#123456", "#abcdef"], [1, 0])).toBe("#123456");
    expect(lightness(mixColours(["#000000", "#ffffff"], [0.5, 0.5]))).toBeCloseTo(0.5, 2);
  });

  it("moves a colour only as far as it must", () => {
    expect(legible("#1A6AE0", "#ffffff", 4.5)).toBe("#1A6AE0");
    fc.assert(fc.property(colour(), colour(), fc.constantFrom(3, 4.5), (color, paper, ratio) => {
      const moved = legible(color, paper, ratio);
      expect(contrast(moved, paper)).toBeGreaterThanOrEqual(ratio);
      if (contrast(color, paper) >= ratio) expect(moved).toBe(color);
      else if (moved !== "#ffffff" && moved !== "#000000") expect(contrast(moved, paper)).toBeLessThan(ratio * 1.08);
    }));
  });

  it("takes the better of black and white where no lightness suffices", () => {
    expect(legible("#808080", "#777777", 21)).toBe(inkOn("#777777"));
  });
});

describe.each(names)("the tokens of %s", (theme) => {
  const palette = paletteOf(theme);
  const { variables } = themes[theme];
  const papers = ["--vscode-editor-background", "--vscode-sideBar-background"].map((name) => variables[name]);
  const atLeast = { "light": 4.59, "dark": 4.63, "hc-dark": 6.2, "hc-light": 6.67 }[theme];

  it("leaves VS Code's own themes as designed", () => {
    expect(palette.components.map((color) => color.toUpperCase())).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => tokens(theme).get(`--lumen-c${n}`)));
    expect(palette.red.toUpperCase()).toBe(tokens(theme).get("--lumen-red"));
  });

  it(`has text of contrast ${atLeast} or more`, () => {
    for (const paper of papers) {
      for (const color of [palette.ink, palette.quiet, palette.link, palette.warn, palette.red, ...palette.components]) {
        expect(contrast(color, paper), `${color} on ${paper}`).toBeGreaterThanOrEqual(atLeast - 0.005);
      }
      expect(contrast(palette.axis, paper)).toBeGreaterThanOrEqual(3.25 - 0.005);
    }
  });

  it("keeps the components apart for every sight", () => {
    const least = { "light": [0.094, 0.094, 0.052], "dark": [0.124, 0.115, 0.087], "hc-dark": [0.11, 0.11, 0.061], "hc-light": [0.09, 0.081, 0.045] }[theme];
    [3, 5, 8].forEach((count, i) => {
      for (const sight of Object.keys(sights)) {
        const colors = palette.components.slice(0, count).map((color) => seen(color, sight));
        for (let a = 0; a < count; a++) {
          for (let b = 0; b < a; b++) expect(distance(colors[a], colors[b]), `${sight}: ${a}, ${b} of ${count}`).toBeGreaterThanOrEqual(least[i] - 0.0015);
        }
      }
    });
  });

  it("has scales that leave paper steadily and numbers that can be read on them", () => {
    const steps = Array.from({ length: 101 }, (_, i) => i / 100);
    const strengths = steps.map((v) => palette.strength(v));
    expect(strengths[0]).toBe(palette.paper);
    const sign = palette.dark ? 1 : -1;
    for (let i = 1; i < strengths.length; i++) expect(sign * (lightness(strengths[i]) - lightness(strengths[i - 1]))).toBeGreaterThan(-0.002);
    for (const v of steps) {
      const cell = palette.strength(v);
      expect(contrast(inkOn(cell), cell)).toBeGreaterThanOrEqual(4.5);
    }
    expect(palette.sign(0)).toBe(palette.paper);
    expect(palette.sign(-9)).toBe(palette.sign(-2));
    expect(palette.sign(2).toUpperCase()).toBe(tokens(theme).get("--lumen-pos2"));
    expect(palette.sign(-1).toUpperCase()).toBe(tokens(theme).get("--lumen-neg1"));
    expect(palette.strength(-1).toUpperCase()).toBe(tokens(theme).get("--lumen-och2"));
  });

  it("knows its kind", () => {
    expect(palette.theme).toBe(theme);
    expect(palette.dark).toBe(theme.endsWith("dark"));
    expect(palette.contrast).toBe(theme.startsWith("hc"));
  });
});

describe("the palette", () => {
  const palette = paletteOf("light");

  it("moves colours on a paper that they were not made for, and only those", () => {
    const other = paletteOf("light", solarizedLight);
    expect(other.paper).toBe("#fdf6e3");
    for (const color of [...other.components, other.ink, other.quiet, other.red, other.link]) expect(readable(other, color)).toBe(true);
    expect(contrast(other.axis, other.paper)).toBeGreaterThanOrEqual(3);
    const grey = paletteOf("light", { ...themes.light, variables: { ...themes.light.variables, "--vscode-editor-background": "#d5d5d5" } });
    const designed = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => tokens("light").get(`--lumen-c${n}`)?.toLowerCase() ?? "");
    const moved = designed.map((color, i) => color !== grey.components[i]);
    expect(moved).toEqual(designed.map((color) => contrast(color, "#d5d5d5") < 4.5));
    expect(moved.filter(Boolean).length).toBeGreaterThan(0);
    expect(grey.components.every((color) => readable(grey, color))).toBe(true);
  });

  it("mixes points by share, the same for pictures and canvases", () => {
    expect(palette.mix([1, 0])).toBe(palette.components[0]);
    expect(palette.mix([0, 0, 1])).toBe(palette.components[2]);
    const shares = new Float64Array([9, 9, 0.25, 0.75]);
    const mixed = palette.mix(shares, 2, 2);
    expect(mixed).toBe(mixColours(palette.components.slice(0, 2), [0.25, 0.75]));
    expect(palette.mixNumber(shares, 2, 2)).toBe(parseInt(mixed.slice(1), 16));
  });

  it("repeats colours with dashes after eight, and never repeats a letter", () => {
    expect(palette.component(0)).toEqual({ color: palette.components[0], dash: "" });
    expect(palette.component(8).color).toBe(palette.components[0]);
    const looks = Array.from({ length: 30 }, (_, i) => `${palette.component(i).color} ${palette.component(i).dash}`);
    expect(new Set(looks).size).toBe(30);
    expect(Array.from({ length: 30 }, (_, i) => letter(i)).join(" ")).toBe("A B C D E F G H I J K L M N O P Q R S T U V W X Y Z AA AB AC AD");
  });

  it("takes ink for the place where the theme's accent looks like strength", () => {
    const green: ThemeVariables = { ...themes.dark, variables: { ...themes.dark.variables, "--vscode-focusBorder": "#2E9C8C" } };
    expect(paletteOf("dark", green).focus).toBe(paletteOf("dark", green).ink);
    expect(paletteOf("light").focus).toBe("#005fb8");
  });

  it("survives a theme without variables", () => {
    const bare = makePalette("dark", () => undefined, { font: "", mono: "" });
    expect(readable(bare, bare.ink)).toBe(true);
    expect(bare.components).toHaveLength(8);
  });

  it("reads the theme from the body's classes", () => {
    const classes = (...list: string[]) => ({ contains: (name: string) => list.includes(name) });
    expect(themeOf(classes("vscode-light"))).toBe("light");
    expect(themeOf(classes("vscode-dark", "vscode-reduce-motion"))).toBe("dark");
    expect(themeOf(classes("vscode-high-contrast"))).toBe("hc-dark");
    expect(themeOf(classes("vscode-high-contrast", "vscode-high-contrast-light"))).toBe("hc-light");
  });
});

function unit(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, noNaN: true });
}

function colour(): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: 0xffffff }).map((v) => `#${v.toString(16).padStart(6, "0")}`);
}
