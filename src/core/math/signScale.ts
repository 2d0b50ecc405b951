import { fromOklab, hex, toOklab, type Oklab } from "./oklab.js";

/** The four kinds of VS Code's themes. */
export type ThemeKind = "light" | "dark" | "hc-dark" | "hc-light";

/** Colours of a picture that can't read the theme's own, such as an SVG image in a hover. */
export type SignPalette = {
  /** Two and one scale steps below zero, zero, one and two above. */
  readonly stops: readonly [string, string, string, string, string];
  /** Quiet text on a hover's background. */
  readonly ink: string;
  /** A hairline, with its opacity. */
  readonly edge: string;
  readonly edgeOpacity: number;
};

/** The stops are those of src/webview/tokens.css, zero is the editor background of VS Code's own theme; a test compares them. */
export const signPalettes: Readonly<Record<ThemeKind, SignPalette>> = {
  light: {
    stops: ["#0F4C9C", "#7FB2EA", "#FFFFFF", "#F0897D", "#A50F1C"],
    ink: "#5F5F5F",
    edge: "#000000",
    edgeOpacity: 0.35,
  },
  dark: {
    stops: ["#8CC6FF", "#2E65AE", "#1F1F1F", "#A8443C", "#FF9C90"],
    ink: "#B4B4B4",
    edge: "#FFFFFF",
    edgeOpacity: 0.35,
  },
  "hc-dark": {
    stops: ["#A6D6FF", "#3673C8", "#000000", "#C24A40", "#FFB0A6"],
    ink: "#FFFFFF",
    edge: "#6FC3DF",
    edgeOpacity: 1,
  },
  "hc-light": {
    stops: ["#083A80", "#6AA3E0", "#FFFFFF", "#E8776A", "#8C0010"],
    ink: "#292929",
    edge: "#0F4A85",
    edgeOpacity: 1,
  },
};

/**
 * The colour of a number on the sign scale: red above zero, blue below, paper at zero, mixed in OKLab between three stops
 * a side and clipped beyond ±`scale`.
 */
export function signColour(value: number, scale: number, { stops }: Pick<SignPalette, "stops">): string {
  const at = 2 + 2 * Math.max(-1, Math.min(1, value / scale));
  const i = Math.min(3, Math.floor(at));
  const [p, q] = [labOf(stops[i]), labOf(stops[i + 1])];
  const share = at - i;
  const mixed = p.map((v, c) => v + share * (q[c] - v)) as unknown as Oklab;
  return hex(fromOklab(mixed));
}

function labOf(color: string): Oklab {
  return toOklab([1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255));
}
