import { msg } from "../../core/contract/index.js";
import { h, setAttributes } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import type { LayersModel } from "./layersModel.js";

/** The sentences in words, of which one is chosen; one tab stop. */
export function createLayersWords(host: ViewHost, choose: (word: number) => void): { readonly element: HTMLElement; draw(model: LayersModel): void } {
  const list = h("ol", { class: "layers-sentences", role: "group", "aria-label": host.t(msg("Words")) });
  const element = h("section", {}, h("h2", {}, host.t(msg("Sentences")), " ", h("span", {}, host.t(msg("choose a word; words that are equal are compared")))), list);
  let chosen = 0;
  let drawn: unknown;
  list.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = list.querySelector<HTMLElement>(`[data-word="${chosen + by}"]`);
    next?.focus();
    next?.click();
  });
  return {
    element,
    draw(model) {
      const { part } = model;
      chosen = part.wordIndex;
      if (drawn !== part) {
        drawn = part;
        const focused = list.contains(document.activeElement);
        let at = 0;
        list.replaceChildren(...part.sentences.map(({ text: sentence, words }) => {
          let end = 0;
          const buttons = words.flatMap(({ text, pieces, first }) => {
            const index = at++;
            const start = sentence.indexOf(text, end);
            const between = start < 0 ? " " : sentence.slice(end, start);
            if (start >= 0) end = start + text.length;
            const button = h("button", {
              type: "button", class: "layers-word mono", "data-word": index, tabindex: -1,
              title: first < 0 ? host.t(msg("no token of its own")) : host.t(msg("tokens: {0}", pieces.map((piece) => piece.trim()).join(" · "))),
            }, text);
            button.addEventListener("click", () => choose(index));
            return [between, button];
          });
          return h("li", {}, ...buttons, sentence.slice(end));
        }));
        if (focused) list.querySelector<HTMLElement>(`[data-word="${chosen}"]`)?.focus();
      }
      const same = new Set(part.occurrences.map(({ sentence, word }) => `${sentence} ${word}`));
      list.querySelectorAll<HTMLElement>("[data-word]").forEach((button, i) => {
        const { sentence, word } = model.words[i];
        setAttributes(button, { "aria-pressed": String(i === chosen), tabindex: i === chosen ? 0 : -1 });
        button.classList.toggle("equal", same.has(`${sentence} ${word}`));
      });
    },
  };
}
