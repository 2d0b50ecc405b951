import type { ThemeKind } from "../math/signScale.js";
import type { EffectPicture } from "./effectTypes.js";

/** Colours of a picture that can't read the theme's own; those of strength are src/webview/tokens.css's, a test compares them. */
export type EffectPalette = {
  readonly ink: string;
  readonly quiet: string;
  readonly axis: string;
  /** Bars to compare with, and bars that count. */
  readonly tint: string;
  readonly strong: string;
  readonly red: string;
  /** Around tinted bars, where a theme asks for much contrast. */
  readonly outline: boolean;
};

export const effectPalettes: Readonly<Record<ThemeKind, EffectPalette>> = {
  light: { ink: "#3B3B3B", quiet: "#5F5F5F", axis: "#8A8A8A", tint: "#74C0B3", strong: "#1E8A82", red: "#C8102E", outline: false },
  dark: { ink: "#CCCCCC", quiet: "#B4B4B4", axis: "#7A7A7A", tint: "#1C6562", strong: "#2E9C8C", red: "#F8706B", outline: false },
  "hc-dark": { ink: "#FFFFFF", quiet: "#FFFFFF", axis: "#BBBBBB", tint: "#146966", strong: "#28A895", red: "#FF8A80", outline: true },
  "hc-light": { ink: "#292929", quiet: "#292929", axis: "#595959", tint: "#5FB3A5", strong: "#117A73", red: "#A80018", outline: true },
};

export type Bar = {
  /** Its length as a share of the column's room, 0 … 1; none where it is NaN. */
  readonly share: number;
  readonly text: string;
  /** Removed: hollow, with a stroke through it. */
  readonly struck?: boolean;
};

export type Line = {
  readonly name: string;
  /** Struck out. */
  readonly struck?: boolean;
  /** What a search takes. */
  readonly chosen?: boolean;
  /** The sum of what is not listed: a number without a bar, which could be longer than all others. */
  readonly rest?: boolean;
  readonly bars: readonly Bar[];
};

export type Column = { readonly label: string; /** What counts, rather than what it is compared with. */ readonly strong: boolean };

/** VS Code shows 250 pixels of a hover before one has to scroll: lines are as low as they can be. */
const WIDTH = 452;
/** Width of a letter of a name, and of what stands between names and bars. */
const LETTER = 7.3;
const MARGIN = 12;
const GAP = 12;
/** Where the number behind the longest bar stands. */
const NUMBER = 50;
const HEAD = 18;
const ROW = 15;
const BAR = 10;
/** Characters of a name, and of a column's head, that have room. */
const NAME_LENGTH = 13;
const LABEL_LENGTH = 27;
const MONO = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Bars beside names, a column for each value of a parameter: an SVG document without scripts, links or fonts of its own. */
export function barsPicture(columns: readonly Column[], lines: readonly Line[], theme: ThemeKind): EffectPicture {
  const palette = effectPalettes[theme];
  const names = Math.ceil(MARGIN + LETTER * Math.max(3, ...lines.map(({ name }) => Math.min(NAME_LENGTH, widthOf(name)))));
  const wide = (WIDTH - names) / columns.length;
  const height = HEAD + ROW * lines.length + 3;
  const lefts = columns.map((_, c) => short(names + c * wide) + 0.5);
  const parts = columns.map(({ label, strong }, c) => headOf(label, lefts[c], strong, palette));
  lines.forEach((line, i) => {
    const top = HEAD + i * ROW;
    parts.push(nameOf(line, names - 7, top, palette));
    line.bars.forEach((bar, c) => parts.push(barOf(bar, line, columns[c].strong, lefts[c], wide - GAP - NUMBER, top, palette)));
  });
  for (const x of lefts) parts.push(`<path d="M${x} ${HEAD - 2}V${height - 2}" stroke="${palette.axis}"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">${parts.join("")}</svg>`;
  return { svg, width: WIDTH, height };
}

function headOf(label: string, x: number, strong: boolean, { ink, quiet }: EffectPalette): string {
  const text = label.length > LABEL_LENGTH ? `…${label.slice(1 - LABEL_LENGTH)}` : label;
  return `<text x="${x}" y="11" fill="${strong ? ink : quiet}"${strong ? ' font-weight="600"' : ""}>${escaped(text)}</text>`;
}

function nameOf({ name, struck, chosen, rest }: Line, x: number, top: number, { ink, quiet }: EffectPalette): string {
  const style = [`fill="${struck || rest ? quiet : ink}"`, chosen ? 'font-weight="700"' : "", struck ? 'text-decoration="line-through"' : ""].filter(Boolean).join(" ");
  const font = rest ? "" : ` font-family="${MONO}" font-size="12"`;
  return `<text x="${x}" y="${top + 11.5}" text-anchor="end"${font} ${style}>${escaped(cut(name, NAME_LENGTH))}</text>`;
}

function barOf({ share, text, struck }: Bar, { rest, chosen }: Line, strong: boolean, x: number, room: number, top: number, palette: EffectPalette): string {
  const y = top + (ROW - BAR) / 2;
  const length = Number.isNaN(share) ? 0 : short(Math.max(0, Math.min(1, share)) * room);
  const number = (at: number) => (text === "" ? "" : `<text x="${short(at)}" y="${top + 11.5}" fill="${(strong && !rest) || chosen ? palette.ink : palette.quiet}"${chosen ? ' font-weight="700"' : ""}>${escaped(text)}</text>`);
  if (struck) {
    const box = Math.max(8, length);
    return `<path d="M${x} ${y + 0.5}h${box}v${BAR - 1}h${-box}z" fill="none" stroke="${palette.axis}"/><path d="M${x} ${y + BAR / 2}h${box + 6}" stroke="${palette.red}" stroke-width="1.5"/>${number(x + box + 10)}`;
  }
  const fill = strong || chosen ? palette.strong : palette.tint;
  // A bar too short to be seen is a hairline, as long as there is something.
  const size = share > 0 ? Math.max(1, length) : 0;
  const edge = palette.outline ? ` stroke="${palette.strong}"` : "";
  return (size > 0 ? `<rect x="${x}" y="${y}" width="${size}" height="${BAR}" fill="${fill}"${edge}/>` : "") + number(x + size + 5);
}

/** A name cut to a width. */
function cut(name: string, most: number): string {
  if (widthOf(name) <= most) return name;
  let room = most - 1;
  const letters = [...name];
  const end = letters.findIndex((letter) => (room -= widthOf(letter)) < 0);
  return `${letters.slice(0, end).join("")}…`;
}

/** The width of a text in narrow letters: a wide one is two. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += WIDE.test(letter) ? 2 : 1;
  return width;
}
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u;

/** Text of a file as XML may hold it: control characters have no place there, escaped or not. */
function escaped(text: string): string {
  const plain = Array.from(text, (letter) => (isAllowed(letter.codePointAt(0)!) ? letter : "\ufffd")).join("");
  return plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function isAllowed(code: number): boolean {
  return code >= 0x20 && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

/** Hundredths are enough for lengths. */
function short(length: number): number {
  return Number(length.toFixed(2));
}
