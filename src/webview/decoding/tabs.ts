import { msg } from "../../core/contract/index.js";
import { decodingParams, type DecodingTab } from "../../core/decoding/params.js";
import { h, setAttributes } from "../marks/dom.js";
import type { ViewHost } from "../view.js";

/** The tabs' names: one tab stop; arrows walk, Enter or Space opens, since opening may have to compute. */
export function createTabs(host: ViewHost, panel: string, open: (tab: DecodingTab) => void): { readonly element: HTMLElement; show(tab: DecodingTab): void } {
  const { options } = decodingParams.tab;
  const buttons = options.map(({ value, label }) =>
    h("button", { type: "button", role: "tab", id: `decoding-tab-${value}`, "aria-controls": panel, "data-tab": value }, host.t(label)));
  const element = h("div", { class: "decoding-tabs", role: "tablist", "aria-label": host.t(msg("Views of decoding")) }, ...buttons);
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => open(options[i].value));
    button.addEventListener("keydown", (event) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      buttons[(to + buttons.length) % buttons.length].focus();
    });
  });
  return {
    element,
    show(tab) {
      options.forEach(({ value }, i) => {
        const chosen = value === tab;
        setAttributes(buttons[i], { "aria-selected": String(chosen), tabindex: chosen || buttons[i] === document.activeElement ? 0 : -1 });
      });
    },
  };
}
