import { h } from "./dom.js";
import { math } from "./math.js";

/** Draws formulas under one another. Idempotent. */
export function drawFormulas(root: HTMLElement, lines: readonly string[]): void {
  while (root.children.length > lines.length) root.lastElementChild?.remove();
  while (root.children.length < lines.length) root.append(h("div"));
  lines.forEach((line, i) => math(line, root.children[i] as HTMLElement));
}

/** A chain of equal terms on one line, or each on a line of its own where there is little room. */
export function chain([first, ...rest]: readonly string[], narrow: boolean): string[] {
  return narrow ? [first, ...rest.map((term) => `= ${term}`)] : [[first, ...rest].join(" = ")];
}
