import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import { compact } from "../text/number.js";

/** Longer values are cut, which is said. */
const longest = 4000;
const mostShown = 500;

/** What the file says of itself, such as `__metadata__` of .safetensors. */
export function createMetadata(t: (message: Message) => string): { readonly element: HTMLElement; draw(entries: readonly (readonly [string, string])[]): void } {
  const summary = h("summary");
  const list = h("dl", { class: "metadata" });
  const element = h("details", { class: "metadata-place" }, summary, list);
  let drawn: unknown;
  return {
    element,
    draw(entries) {
      element.hidden = entries.length === 0;
      if (drawn === entries) return;
      drawn = entries;
      element.toggleAttribute("open", entries.length <= 8);
      summary.textContent = entries.length === 1 ? t(msg("1 note in the file")) : t(msg("{0} notes in the file", compact(entries.length)));
      list.replaceChildren(...entries.slice(0, mostShown).flatMap(([key, value]) => [
        h("dt", { class: "mono" }, key),
        h("dd", { class: "mono" }, value.length <= longest ? value : t(msg("{0} … ({1} characters in all)", value.slice(0, longest), compact(value.length)))),
      ]));
      if (entries.length > mostShown) list.append(h("dd", { class: "quiet" }, t(msg("{0} more notes are not shown.", compact(entries.length - mostShown)))));
    },
  };
}
