import { contrast, distance, flatten, fromOklab, hex, inkOn, legible, mixColours, parseColour, ramp, toOklab, type Rgba } from "./colour.js";

export type Theme = "light" | "dark" | "hc-dark" | "hc-light";

/** Colours of the theme in force, all opaque `#rrggbb`. */
export type Palette = {
  readonly theme: Theme;
  /** Dark paper. */
  readonly dark: boolean;
  /** A high-contrast theme: tinted areas gain an outline in full colour. */
  readonly contrast: boolean;
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly grid: string;
  readonly axis: string;
  /** Grey of what is struck, empty or without identity. */
  readonly fill: string;
  /** The mixture, errors and collapsed fits. */
  readonly red: string;
  /** Where the reader is; ink where the theme's focus colour could be taken for the strength scale. */
  readonly focus: string;
  readonly link: string;
  readonly warn: string;
  /** The hovered row, as in the editor. */
  readonly highlight: string;
  readonly border: string;
  /** c1 … c8. */
  readonly components: readonly string[];
  readonly font: string;
  readonly mono: string;
  /** Colour of component `i`; past eight they repeat with a dash (an SVG stroke-dasharray, "" for none). */
  component(i: number): { readonly color: string; readonly dash: string };
  /** Colour of a point that belongs to the components by these shares, mixed in OKLab. */
  mix(shares: ArrayLike<number>, offset?: number, count?: number): string;
  /** The same as 0xRRGGBB, for canvases of many points. */
  mixNumber(shares: ArrayLike<number>, offset: number, count: number): number;
  /** `amount` of the colour over paper, mixed in OKLab; for areas. */
  tint(color: string, amount: number): string;
  /** Amount of the histogram's tint in this theme. */
  readonly tintAmount: number;
  /** A number's sign: clipped at ±limit, 0 is paper. */
  sign(value: number, limit?: number): string;
  /** Strength of a share, attention or similarity in [−1, 1]; 0 is paper, below it ochre. */
  strength(value: number): string;
  /** Black or white, for a number printed on the colour. */
  inkOn(color: string): string;
};

/** Paper's contrast that text in a component's colour needs, and that an axis needs. */
const textRatio = 4.5;
const lineRatio = 3;

const dashes = ["", "7 3", "2 3", "8 3 2 3"];

/** The letter printed beside every component: A … Z, then AA, AB … */
export function letter(i: number): string {
  const last = String.fromCharCode(65 + (i % 26));
  return i < 26 ? last : letter(Math.floor(i / 26) - 1) + last;
}

/** Which column of the tokens a body's classes choose. */
export function themeOf(classes: { contains(name: string): boolean }): Theme {
  if (classes.contains("vscode-high-contrast-light")) return "hc-light";
  if (classes.contains("vscode-high-contrast")) return "hc-dark";
  return classes.contains("vscode-dark") ? "dark" : "light";
}

/**
 * Reads the colours in force from the style sheet and VS Code's variables, moves those that would be hard to read on
 * this theme's paper, and writes the moved ones back as variables on `body`, so that style sheet and marks agree.
 */
export function readPalette(body: HTMLElement): Palette {
  const names = ["quiet", "axis", "red", "warn", "link", "focus", ...components.map((name) => name.slice(8))];
  for (const name of names) body.style.removeProperty(`--lumen-${name}`);
  const style = getComputedStyle(body);
  const probe = body.ownerDocument.createElement("span");
  probe.hidden = true;
  body.append(probe);
  const resolve = (value: string): Rgba | undefined => {
    probe.style.color = "";
    probe.style.color = value;
    return probe.style.color === "" ? undefined : parseColour(getComputedStyle(probe).color);
  };
  const palette = makePalette(themeOf(body.classList), (name) => {
    const value = style.getPropertyValue(name).trim();
    return value === "" ? undefined : resolve(value);
  }, {
    font: style.getPropertyValue("--vscode-font-family").trim() || "system-ui, sans-serif",
    mono: style.getPropertyValue("--vscode-editor-font-family").trim() || "monospace",
  });
  probe.remove();
  const { quiet, axis, red, warn, link, focus } = palette;
  for (const [name, value] of Object.entries({ quiet, axis, red, warn, link, focus })) body.style.setProperty(`--lumen-${name}`, value);
  palette.components.forEach((value, i) => body.style.setProperty(components[i], value));
  return palette;
}

const components = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `--lumen-c${n}`);

/**
 * Builds a palette from a look-up of CSS variables; pure, so that any theme can be tried without a screen.
 * `lookUp` returns undefined for variables that the theme lacks.
 */
export function makePalette(
  theme: Theme,
  lookUp: (name: string) => Rgba | undefined,
  fonts: { readonly font: string; readonly mono: string },
): Palette {
  const dark = theme === "dark" || theme === "hc-dark";
  const opaque = lookUp("--vscode-editor-background") ?? (dark ? [0.12, 0.12, 0.12, 1] : [1, 1, 1, 1]);
  const paper = hex(opaque);
  const read = (names: readonly string[], fallback: string): string => {
    for (const name of names) {
      const found = lookUp(name);
      if (found && found[3] > 0) return hex(flatten(found, opaque));
    }
    return fallback;
  };
  const ink = legible(read(["--vscode-foreground", "--vscode-editor-foreground"], inkOn(paper)), paper, textRatio);
  const token = (name: string): string => read([`--lumen-${name}`], ink);
  const colors = components.map((name) => legible(read([name], ink), paper, textRatio));
  const labs = colors.map((color) => toOklab(parseColour(color) as Rgba));
  const strengths = [paper, ...[1, 2, 3, 4, 5].map((n) => token(`seq${n}`))];
  const ochres = [paper, token("och1"), token("och2")];
  const positive = [paper, token("pos1"), token("pos2")];
  const negative = [paper, token("neg1"), token("neg2")];
  const accent = legible(read(["--vscode-focusBorder", "--vscode-contrastActiveBorder"], ink), paper, lineRatio);
  const nearStrength = Array.from({ length: 21 }, (_, i) => ramp(strengths, i / 20)).some((c) => distance(c, accent) < 0.1);
  const mixLab = (shares: ArrayLike<number>, offset: number, count: number): readonly [number, number, number] => {
    let [L, a, b] = [0, 0, 0];
    for (let k = 0; k < count; k++) {
      const lab = labs[k % labs.length];
      const share = shares[offset + k];
      L += share * lab[0];
      a += share * lab[1];
      b += share * lab[2];
    }
    return fromOklab([L, a, b]);
  };
  return {
    theme,
    dark,
    contrast: theme.startsWith("hc"),
    paper,
    ink,
    quiet: legible(token("quiet"), paper, textRatio),
    grid: token("grid"),
    axis: legible(token("axis"), paper, lineRatio),
    fill: token("fill"),
    red: legible(token("red"), paper, textRatio),
    focus: nearStrength ? ink : accent,
    link: legible(read(["--vscode-textLink-foreground"], ink), paper, textRatio),
    warn: legible(token("warn"), paper, textRatio),
    highlight: read(["--vscode-editor-findMatchHighlightBackground", "--vscode-editor-hoverHighlightBackground"], token("fill")),
    border: read(["--vscode-panel-border", "--vscode-contrastBorder", "--vscode-widget-border"], token("grid")),
    components: colors,
    ...fonts,
    component: (i) => ({ color: colors[i % colors.length], dash: dashes[Math.floor(i / colors.length) % dashes.length] }),
    mix: (shares, offset = 0, count = shares.length) => hex(mixLab(shares, offset, count)),
    mixNumber: (shares, offset, count) => {
      const [r, g, b] = mixLab(shares, offset, count);
      return (byte(r) << 16) | (byte(g) << 8) | byte(b);
    },
    tint: (color, amount) => mixColours([color, paper], [amount, 1 - amount]),
    tintAmount: dark ? 0.36 : 0.26,
    sign: (value, limit = 2) => ramp(value < 0 ? negative : positive, Math.abs(value) / limit),
    strength: (value) => (value < 0 ? ramp(ochres, -value) : ramp(strengths, value)),
    inkOn,
  };
}

/** Whether text of this colour may stand on the palette's paper. */
export function readable(palette: Palette, color: string): boolean {
  return contrast(color, palette.paper) >= textRatio;
}

function byte(v: number): number {
  return v <= 0 ? 0 : v >= 1 ? 255 : Math.round(255 * v);
}
