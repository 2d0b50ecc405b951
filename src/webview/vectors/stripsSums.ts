import { msg } from "../../core/contract/index.js";
import type { StripsPart } from "../../core/vectors/trace.js";
import { h, linkButton } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import { createQueryBox, problemParts, underlined } from "./query.js";

export type StripsSums = {
  readonly element: HTMLElement;
  draw(part: StripsPart | undefined): void;
  /** Takes the computed row with this text away. */
  remove(text: string): void;
  dispose(): void;
};

/** The rows computed from others: a box to add one, and those that can't be computed with what is wrong in them. */
export function createStripsSums(host: ViewHost): StripsSums {
  let texts: readonly string[] = [];
  let drawn: StripsPart | undefined;
  const set = (next: readonly string[]): void => host.run({ tab: "strips", expressions: next.join("\n") });
  const box = createQueryBox(host, {
    label: msg("Row to add"),
    placeholder: msg("Add a row, such as {0}", "king - man"),
    history: "stripSums",
    submit(text) {
      if (text === "") return;
      box.clear();
      if (!texts.includes(text)) set([...texts, text]);
    },
  });
  const add = linkButton(host.t(msg("Add")), () => {
    const text = box.input.value.trim();
    if (text === "") return box.input.focus();
    box.clear();
    if (!texts.includes(text)) set([...texts, text]);
  });
  const refused = h("div", { class: "strips-refused" });
  const element = h("div", { class: "strips-sums" }, h("div", { class: "strips-add" }, box.element, add), refused);
  const remove = (text: string): void => set(texts.filter((each) => each !== text));

  return {
    element,
    draw(part) {
      if (part === drawn) return;
      drawn = part;
      texts = part?.rows.map(({ text }) => text) ?? [];
      refused.replaceChildren(...(part?.rows ?? []).flatMap((row) => {
        if (row.ok) return [];
        const { text, problem } = row;
        const change = (next: string): void => set(texts.map((each) => (each === text ? next : each)));
        const edit = linkButton(host.t(msg("Edit")), () => {
          remove(text);
          box.input.value = text;
          box.input.focus();
        });
        return [h("div", { class: "query-problem" },
          h("code", { class: "query-quoted" }, ...underlined(text, problem)), " ",
          ...problemParts(host, problem, (word) => change(text.slice(0, problem.start) + word + text.slice(problem.end))), " ",
          edit, " ", linkButton(host.t(msg("Remove")), () => remove(text)))];
      }));
    },
    remove,
    dispose: () => box.dispose(),
  };
}
