import { h } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";

/** A token of a text that is drawn as it reads. */
export type ShownToken = {
  readonly text: string;
  /** Its strength in [0, 1]: the probability that the model gives it; absent without a tint. */
  readonly strength?: number;
  readonly repeated?: boolean;
  readonly struck?: boolean;
  readonly className?: string;
  readonly title?: string;
};

/** Tint behind a token that the model gives this probability: paper at 0, and never so strong that text would be hard to read. */
export function tokenTint(palette: Palette, strength: number): string {
  return palette.tint(palette.strength(0.6), 0.5 * Math.min(1, Math.max(0, strength)) ** 1.3);
}

const drawn = new WeakMap<HTMLElement, { readonly tokens: readonly ShownToken[]; readonly palette: Palette }>();

/** Draws tokens into `root` as one running text. Keeps the elements of tokens that stay, so that focus and hover do too. */
export function drawTokens(root: HTMLElement, tokens: readonly ShownToken[], palette: Palette): void {
  const last = drawn.get(root);
  if (last?.palette === palette && last.tokens.length === tokens.length && last.tokens.every((token, i) => equal(token, tokens[i]))) return;
  drawn.set(root, { tokens, palette });
  while (root.children.length > tokens.length) root.lastElementChild?.remove();
  while (root.children.length < tokens.length) root.append(h("span", { "data-token": root.children.length }));
  tokens.forEach((token, i) => {
    if (last?.palette === palette && i < last.tokens.length && equal(token, last.tokens[i])) return;
    const span = root.children[i] as HTMLElement;
    if (span.textContent !== token.text) span.textContent = token.text;
    span.className = ["shown-token", token.repeated ? "repeated" : "", token.struck ? "struck" : "", token.className ?? ""].filter(Boolean).join(" ");
    const tint = token.strength === undefined ? "" : tokenTint(palette, token.strength);
    span.style.background = tint;
    span.style.color = tint === "" ? "" : inkOver(palette, tint);
    if (token.title === undefined) span.removeAttribute("title");
    else span.title = token.title;
  });
}

/** Text keeps its colour on tints that are near the paper. */
function inkOver(palette: Palette, tint: string): string {
  return palette.contrast ? palette.inkOn(tint) : "";
}

function equal(a: ShownToken, b: ShownToken): boolean {
  return a.text === b.text && a.strength === b.strength && a.repeated === b.repeated && a.struck === b.struck && a.className === b.className && a.title === b.title;
}

/** The pieces of a text by the lengths that it has with each token: [text of token 0, …]. */
export function piecesOf(text: string, ends: ArrayLike<number>): string[] {
  return Array.from(ends, (end, i) => text.slice(i === 0 ? 0 : ends[i - 1], end));
}

/** Line breaks made visible, so that a token that is only one can be seen and chosen. */
export function withBreaks(text: string): string {
  return text.replace(/\n/g, "\u21b5\n");
}
