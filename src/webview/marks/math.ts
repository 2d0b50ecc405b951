import temml from "temml";

/**
 * Renders TeX as MathML into `root`, replacing what was there. Colours come from classes: `\class{c0}{…}` is drawn in
 * the colour of component A, `\class{result}{…}` bold. No font is fetched. TeX that does not parse is shown as it is.
 */
export function math(tex: string, root: HTMLElement, options: { readonly display?: boolean } = {}): void {
  if (root.dataset.tex === tex) return;
  root.dataset.tex = tex;
  // In Chinese, the generic font of mathematics is one of Chinese characters, whose bars and brackets are as wide as those.
  root.lang = "en";
  temml.render(tex, root, {
    displayMode: options.display ?? true,
    annotate: false,
    throwOnError: false,
    trust: (context) => context.command === "\\class",
  });
  for (const words of root.querySelectorAll("mtext")) words.setAttribute("lang", document.documentElement.lang);
}

/** TeX of any words, upright. No \mathrm: of several digits behind a letter it leaves but one. */
export function upright(text: string): string {
  return `\\text{${escapeTex(text)}}`;
}

/** TeX of a number that was formatted for people, with its true minus. */
export function number(text: string): string {
  return text.replace(/\u2212/g, "{-}").replace(/,/g, "{,}").replace(/%/g, "\\%");
}

/** Escapes what TeX would read as a command, or as one mark, in words between \text{ and }. */
export function escapeTex(text: string): string {
  const names: { [character: string]: string } = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  return text.replace(/[#$%&_{}\\~^]/g, (character) => names[character] ?? `\\${character}`).replace(/([-'`])(?=\1)/g, "$1{}");
}
