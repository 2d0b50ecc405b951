import { msg } from "../../core/contract/index.js";
import { h, linkButton } from "../marks/dom.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { FIRST_ROWS } from "./stripsModel.js";

/** Names listed at once; typing finds the others. */
const LISTED = 200;
/** More strips than this are no longer seen together. */
export const MOST_ROWS = 100;

export type StripsPicker = {
  readonly element: HTMLElement;
  draw(names: readonly string[], chosen: readonly number[]): void;
  focus(): void;
};

/** A list of all rows with a box to find them by name; those that are ticked have a strip. */
export function createStripsPicker(host: ViewHost, choose: (rows: readonly number[]) => void): StripsPicker {
  const find = h("input", { type: "search", class: "query-input", "aria-label": host.t(msg("Find rows by name")), placeholder: host.t(msg("Find rows by name")), spellcheck: "false" });
  const list = h("div", { class: "strips-list", role: "group", "aria-label": host.t(msg("Rows with a strip")) });
  const note = h("p", { class: "vectors-note" });
  let names: readonly string[] = [];
  let chosen: readonly number[] = [];
  let drawn: readonly unknown[] = [];
  const first = linkButton("", () => choose(names.slice(0, FIRST_ROWS).map((_, i) => i)));
  const none = linkButton(host.t(msg("None")), () => choose([]));
  const element = h("div", { class: "strips-picker" }, h("div", { class: "strips-find" }, find, first, none), list, note);
  find.addEventListener("input", () => fill());
  find.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "ArrowDown") return;
    list.querySelector("input")?.focus();
    event.preventDefault();
  });
  list.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    const row = Number(box.value);
    choose(box.checked ? [...chosen, row] : chosen.filter((each) => each !== row));
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    const boxes = Array.from(list.querySelectorAll("input"));
    const at = boxes.indexOf(event.target as HTMLInputElement) + step;
    (at < 0 ? find : boxes[Math.min(at, boxes.length - 1)]).focus();
    event.preventDefault();
    event.stopPropagation();
  });

  function fill(): void {
    const wanted = find.value.trim().toLowerCase();
    const now = [names, wanted];
    if (now.some((value, i) => value !== drawn[i])) {
      drawn = now;
      const found: number[] = [];
      let count = 0;
      names.forEach((name, i) => {
        if (!name.toLowerCase().includes(wanted)) return;
        count++;
        if (found.length < LISTED) found.push(i);
      });
      list.replaceChildren(...found.map((i) => h("label", {}, h("input", { type: "checkbox", value: i }), h("span", { class: "mono" }, names[i]))));
      note.textContent = count === 0 ? host.t(msg("No row has “{0}” in its name.", find.value.trim()))
        : count > found.length ? host.t(msg("{0} of {1} names are listed. Type to find the others.", found.length, fixed(count, 0))) : "";
    }
    const full = chosen.length >= MOST_ROWS;
    for (const box of list.querySelectorAll("input")) {
      box.checked = chosen.includes(Number(box.value));
      box.disabled = full && !box.checked;
    }
    if (full) note.textContent = host.t(msg("At most {0} strips are shown at once. Take some away to add others.", MOST_ROWS));
  }

  return {
    element,
    draw(all, rows) {
      names = all;
      chosen = rows;
      first.textContent = host.t(msg("First {0}", Math.min(FIRST_ROWS, all.length)));
      fill();
    },
    focus: () => find.focus(),
  };
}
