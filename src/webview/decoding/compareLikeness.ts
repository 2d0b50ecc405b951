import { msg } from "../../core/contract/index.js";
import { h, svg } from "../marks/dom.js";
import { exact, fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import type { ComparedStrategy } from "./compareRow.js";

export interface Likeness {
  readonly element: HTMLElement;
  draw(strategies: readonly ComparedStrategy[], width: number): void;
}

type Texts = ComparedStrategy["samePrompt"];
const bar = 72;

/** How alike each strategy's texts are: samples of one prompt, and texts of different prompts; the texts unfold. */
export function createLikeness(host: ViewHost): Likeness {
  const rows = h("div", { class: "likeness-rows" });
  const note = h("p", { class: "decoding-sentence quiet" });
  const element = h("div", { class: "likeness" },
    h("h2", {}, host.t(msg("Does it always write the same?")), " ", h("span", {}, host.t(msg("share of common n-grams: 1 = the same text")))), rows, note);
  let drawn = "";

  return {
    element,
    draw(strategies, width) {
      const others = strategies.some(({ otherPrompts }) => otherPrompts.texts.length > 0);
      note.hidden = others;
      note.textContent = others ? "" : host.t(msg("Write other prompts below to see whether texts of different prompts resemble one another, too."));
      const palette = host.palette();
      const key = JSON.stringify([strategies.map(({ name, samePrompt, otherPrompts }) => [name, samePrompt, otherPrompts]), others, width < 480, palette.theme, palette.paper]);
      if (key === drawn) return;
      drawn = key;
      const open = new Set(Array.from(rows.querySelectorAll<HTMLDetailsElement>("details[open]"), ({ dataset }) => dataset.name));
      rows.replaceChildren(...strategies.filter(({ problem }) => problem === null).map((strategy) => {
        const { name, samePrompt, otherPrompts } = strategy;
        const texts = [...samePrompt.texts, ...otherPrompts.texts];
        return h("div", { class: "likeness-row" }, h("b", {}, name),
          figure(host.t(msg("same prompt")), samePrompt), ...(others ? [figure(host.t(msg("other prompts")), otherPrompts)] : []),
          texts.length === 0 ? null : h("details", { "data-name": name, open: open.has(name) },
            h("summary", { class: "small link" }, host.t(msg("{0} texts", texts.length))),
            ...list(host.t(msg("same prompt")), samePrompt.texts), ...list(host.t(msg("other prompts")), otherPrompts.texts)));
      }));

      function figure(title: string, { likeness, texts }: Texts): HTMLElement {
        const red = likeness !== null && likeness >= 0.6;
        return h("span", { class: "likeness-figure", title: likeness === null ? "" : exact(likeness) },
          h("span", { class: "small quiet" }, title),
          svg("svg", { width: bar, height: 6, "aria-hidden": "true" },
            svg("rect", { x: 0, y: 1, width: bar, height: 4, fill: palette.grid }),
            likeness === null ? null : svg("rect", { x: 0, y: 1, width: Math.max(1, likeness * bar), height: 4, fill: red ? palette.red : palette.quiet })),
          h("span", { class: "figure" }, likeness === null ? (texts.length < 2 ? "\u2013" : "\u2026") : fixed(likeness, 2)));
      }
    },
  };

  function list(title: string, texts: readonly string[]): HTMLElement[] {
    if (texts.length === 0) return [];
    return [h("p", { class: "small quiet" }, title), h("ol", { class: "decoding-tokens" }, ...texts.map((text) => h("li", {}, text)))];
  }
}
