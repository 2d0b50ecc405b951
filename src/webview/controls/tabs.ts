import type { Message } from "../../core/contract/index.js";
import { h, setAttributes } from "../marks/dom.js";
import type { ViewHost } from "../view.js";

export type TabsOptions<T extends string> = {
  /** Begins the ids and the class: "vectors" makes vectors-tab-heatmap and vectors-tabs. */
  readonly name: string;
  readonly label: Message;
  readonly tabs: readonly { readonly value: T; readonly label: Message }[];
  /** Id of the element that the tabs fill. */
  readonly panel: string;
  open(tab: T): void;
};

/** The names of a view's tabs: one tab stop; arrows walk, Enter or Space opens, since opening may have to compute. */
export function createTabs<T extends string>(host: ViewHost, { name, label, tabs, panel, open }: TabsOptions<T>): { readonly element: HTMLElement; show(tab: T): void } {
  const buttons = tabs.map((tab) =>
    h("button", { type: "button", role: "tab", id: `${name}-tab-${tab.value}`, "aria-controls": panel, "data-tab": tab.value }, host.t(tab.label)));
  const element = h("div", { class: `view-tabs ${name}-tabs`, role: "tablist", "aria-label": host.t(label) }, ...buttons);
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => open(tabs[i].value));
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
      tabs.forEach(({ value }, i) => {
        const chosen = value === tab;
        setAttributes(buttons[i], { "aria-selected": String(chosen), tabindex: chosen || buttons[i] === document.activeElement ? 0 : -1 });
      });
    },
  };
}
