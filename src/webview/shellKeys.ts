import { msg, type Message } from "../core/contract/index.js";
import { h } from "./marks/dom.js";
import type { ViewHost } from "./view.js";

const keys: readonly (readonly [readonly string[], Message])[] = [
  [["Space"], msg("play and pause")],
  [["←", "→"], msg("half a step back and forward")],
  [["Shift+←", "Shift+→"], msg("a whole step back and forward")],
  [["Home", "End"], msg("first and last step")],
  [["↑", "↓"], msg("previous and next point or row, in the picture")],
  [["Enter"], msg("hold it and show it in the editor")],
  [["Esc"], msg("let go")],
  [["[", "]"], msg("previous and next restart")],
  [["1", "…", "8"], msg("choose a component")],
  [["+", "−", "0"], msg("closer, farther and all, in heatmaps and maps")],
  [["t"], msg("table")],
  [["f"], msg("formula")],
  [["e"], msg("export")],
  [["?"], msg("this list")],
];

/** The list of keys, a dialog. Returns a function that opens it. */
export function createKeyList(host: ViewHost): { open(): void } {
  let dialog: HTMLDialogElement | undefined;
  const build = (): HTMLDialogElement => {
    const list = h("dl", { class: "keys" });
    for (const [names, meaning] of keys) {
      const term = h("dt");
      names.forEach((name, i) => term.append(i > 0 && name !== "…" && names[i - 1] !== "…" ? " " : "", name === "…" ? "…" : h("kbd", {}, name)));
      list.append(term, h("dd", {}, host.t(meaning)));
    }
    const close = h("button", { type: "button", class: "link" }, host.t(msg("Close")));
    const element = h("dialog", { class: "key-list", "aria-label": host.t(msg("Keyboard")) }, h("h2", {}, host.t(msg("Keyboard"))), list, close);
    close.addEventListener("click", () => element.close());
    element.addEventListener("close", () => element.remove());
    return element;
  };
  return {
    open() {
      if (dialog?.open) return;
      dialog = build();
      document.body.append(dialog);
      dialog.showModal();
    },
  };
}

/** Whether the reader is typing, so that letters are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["range", "checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || target.matches("textarea, select, vscode-text-field, vscode-dropdown, [role=menuitem]");
}
