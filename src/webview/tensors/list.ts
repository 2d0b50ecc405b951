import { msg, type Message } from "../../core/contract/index.js";
import type { TensorInfo } from "../../core/protocol.js";
import { shortByteText } from "../../core/text/byteText.js";
import { textField } from "../controls/toolkit.js";
import { h } from "../marks/dom.js";
import { compact } from "../text/number.js";

/** More are not listed at once: the filter finds them. */
const mostListed = 500;

export interface ArrayList {
  readonly element: HTMLElement;
  draw(tensors: readonly TensorInfo[], chosen: number): void;
  setFilter(filter: string): void;
}

/** The arrays of a file, to choose one: a list that is one tab stop, with a filter above it. */
export function createList(t: (message: Message) => string, on: { choose(index: number): void; filter(filter: string): void }): ArrayList {
  let tensors: readonly TensorInfo[] = [];
  let chosen = 0;
  let filter = "";
  let shown: number[] = [];
  const field = textField(t(msg("Filter arrays")), "", { input: (value) => { filter = value; on.filter(value); fill(); }, enter: () => list.focus() });
  field.setAttribute("placeholder", t(msg("Filter arrays")));
  const list = h("div", { class: "array-list", role: "listbox", tabindex: 0, "aria-label": t(msg("Arrays of the file")) });
  const note = h("p", { class: "quiet small", role: "status" });
  const element = h("nav", { class: "arrays" }, field, list, note);

  const fits = ({ name, dtype, descr, shape }: TensorInfo): boolean => {
    const text = `${name} ${dtype} ${descr} (${shape.join(", ")})`.toLowerCase();
    return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
  };

  function fill(): void {
    const fitting = tensors.map((_, i) => i).filter((i) => fits(tensors[i]));
    shown = fitting.slice(0, mostListed);
    list.replaceChildren(...shown.map((i) => option(tensors[i], i)));
    note.textContent =
      fitting.length === 0
        ? t(msg("No array is called so. Clear the filter."))
        : shown.length < fitting.length
          ? t(msg("{0} of {1} arrays; filter to find others.", compact(shown.length), compact(fitting.length)))
          : filter === "" ? t(msg("{0} arrays", compact(tensors.length))) : t(msg("{0} of {1} arrays", compact(fitting.length), compact(tensors.length)));
    mark();
  }

  function option({ name, dtype, shape, bytes }: TensorInfo, i: number): HTMLElement {
    const item = h("div", { class: "array", role: "option", id: `array-${i}`, title: name },
      h("span", { class: "array-name mono" }, h("bdi", {}, name)),
      h("span", { class: "array-facts" }, `${dtype} (${shape.join(", ")}${shape.length === 1 ? "," : ""}) · ${shortByteText(bytes)}`));
    item.addEventListener("click", () => {
      list.focus();
      on.choose(i);
    });
    return item;
  }

  function mark(): void {
    for (const item of list.children) item.setAttribute("aria-selected", String(item.id === `array-${chosen}`));
    const item = list.querySelector(`#array-${chosen}`);
    if (item) list.setAttribute("aria-activedescendant", item.id);
    else list.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  list.addEventListener("keydown", (event) => {
    const at = shown.indexOf(chosen);
    const page = Math.max(1, Math.floor(list.clientHeight / 40));
    const last = shown.length - 1;
    const moves: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, Home: 0, End: last, PageDown: at + page, PageUp: at - page };
    const to = moves[event.key];
    if (to === undefined || last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    on.choose(shown[Math.max(0, Math.min(last, to))]);
  });

  return {
    element,
    draw(next, index) {
      const other = next !== tensors;
      tensors = next;
      chosen = index;
      element.hidden = tensors.length < 2;
      if (other) fill();
      else mark();
    },
    setFilter(value) {
      if (value === filter) return;
      filter = value;
      field.value = value;
      fill();
    },
  };
}
