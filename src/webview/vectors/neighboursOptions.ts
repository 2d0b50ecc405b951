import { msg } from "../../core/contract/index.js";
import { vectorParams } from "../../core/vectors/params.js";
import { readTyped } from "../controls/scale.js";
import { h } from "../marks/dom.js";
import { compact } from "../text/number.js";
import type { Shared } from "./tab.js";

export type NeighboursChoices = { readonly element: HTMLElement; draw(): void };

/** How neighbours are scored, where they are looked for, and how many are listed. */
export function createNeighboursOptions(shared: Shared): NeighboursChoices {
  const { host } = shared;
  const { method, topn } = vectorParams;
  const buttons = method.options.map(({ value, label }) => {
    const button = h("button", { type: "button", title: host.t(label), "data-value": value }, value);
    button.addEventListener("click", () => host.run({ tab: "neighbours", method: value }));
    return button;
  });
  const segmented = h("span", { class: "segmented", role: "group", "aria-label": host.t(method.help) }, ...buttons);
  const search = h("select", { class: "plain-select", "aria-label": host.t(vectorParams.search.help) });
  search.addEventListener("change", () => host.run({ tab: "neighbours", search: search.value }));
  const where = h("label", {}, h("span", { class: "quiet" }, host.t(msg("among"))), " ", search);
  const count = h("input", { type: "text", class: "small-input", inputmode: "numeric", size: 4 });
  const take = (): void => {
    const value = readTyped(count.value);
    const fine = Number.isInteger(value) && value >= topn.min && value <= topn.max;
    count.setAttribute("aria-invalid", String(!fine));
    if (!fine) host.announce(host.t(msg("A whole number from {0} to {1}.", topn.min, topn.max)));
    else if (value !== shared.trace.neighbours?.topn) host.run({ tab: "neighbours", topn: value });
  };
  count.addEventListener("change", take);
  count.addEventListener("keydown", (event) => {
    if (event.key === "Enter") take();
  });
  const element = h("div", { class: "neighbours-options small" }, segmented, where, h("label", {}, h("span", { class: "quiet" }, host.t(msg("the first"))), " ", count));

  return {
    element,
    draw() {
      const { neighbours: part, store, n } = shared.trace;
      if (!part) return;
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === part.method));
      where.hidden = shared.trace.origin === "file";
      const words = store === null ? msg("the word vectors in use") : store.name === "" ? msg("the {0} built-in words", compact(store.words)) : msg("the {0} words of {1}", compact(store.words), store.name);
      const texts = [["rows", host.t(msg("the {0} rows", compact(n)))], ["store", host.t(words)]];
      if (Array.from(search.options, ({ text }) => text).join("\u0001") !== texts.map(([, text]) => text).join("\u0001")) {
        search.replaceChildren(...texts.map(([value, text]) => h("option", { value }, text)));
      }
      search.value = part.search;
      if (document.activeElement !== count) {
        count.value = String(part.topn);
        count.setAttribute("aria-invalid", "false");
      }
    },
  };
}
