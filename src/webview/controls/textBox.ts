import { h } from "../marks/dom.js";

/** Typing rests so long before it counts, in milliseconds. */
const pause = 350;

export type TextBox = {
  readonly element: HTMLElement;
  readonly area: HTMLTextAreaElement;
  /** Shows a text where nothing is being typed. `own`: the reader has typed it, so that it is theirs while they are in the box. */
  show(text: string, own: boolean): void;
  /** Draws behind the text what `make` builds from it; called again only when `key` or the text has changed. */
  mark(key: string, make: (text: string) => readonly (Node | string)[]): void;
  /** Takes a text at once, as "" to give the source's own back. */
  settle(text: string): void;
  dispose(): void;
};

/** A box of text that grows with it, with marks behind what is typed; `change` is told after a pause, at Ctrl+Enter, and when it is left. */
export function createTextBox(options: { readonly label: string; readonly placeholder: string }, change: (text: string) => void): TextBox {
  const area = h("textarea", { class: "prompt-area", rows: 1, spellcheck: "false", autocapitalize: "off", "aria-label": options.label, maxlength: 200000, placeholder: options.placeholder });
  const behind = h("div", { class: "prompt-behind", "aria-hidden": "true" });
  const element = h("div", { class: "prompt-box" }, behind, area);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let composing = false;
  let dirty = false;
  let shown = "";
  let given = "";

  function settle(text: string): void {
    clearTimeout(timer);
    dirty = false;
    change(text);
  }

  function typed(): void {
    dirty = true;
    behind.textContent = `${area.value}\u200b`;
    shown = "";
    clearTimeout(timer);
    if (!composing) timer = setTimeout(() => settle(area.value), pause);
  }

  area.addEventListener("compositionstart", () => (composing = true));
  area.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  area.addEventListener("input", typed);
  area.addEventListener("blur", () => {
    if (dirty && !composing) settle(area.value);
    // What an emptied box stands for is to be seen again.
    else if (area.value === "" && given !== "") area.value = behind.textContent = given;
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    settle(area.value);
  });
  area.addEventListener("scroll", () => (behind.scrollTop = area.scrollTop));

  return {
    element,
    area,
    show(text, own) {
      given = text;
      const mine = document.activeElement === area && (dirty || !own);
      if (!mine && !dirty && area.value !== text) area.value = text;
    },
    mark(key, make) {
      const whole = JSON.stringify([area.value, key]);
      if (whole === shown) return;
      shown = whole;
      behind.replaceChildren(...make(area.value), "\u200b");
      behind.scrollTop = area.scrollTop;
    },
    settle,
    dispose: () => clearTimeout(timer),
  };
}
