import { msg } from "../../core/contract/index.js";
import { h, linkButton } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import { readStrategy, type WrittenStrategy } from "./compareConfig.js";

export interface StrategyEditor {
  readonly element: HTMLElement;
  /** Shows a strategy to be changed; `again` keeps what was typed. */
  open(strategy: WrittenStrategy): void;
  focus(): void;
}

/** A strategy's name and its parameters as JSON; a sentence under them says what keeps it from being taken. */
export function createStrategyEditor(host: ViewHost, done: (strategy: WrittenStrategy | null) => void): StrategyEditor {
  const name = h("input", { type: "text", class: "compare-input", spellcheck: "false", "aria-label": host.t(msg("Name")) });
  const config = h("textarea", { class: "compare-input mono", rows: 5, spellcheck: "false", "aria-label": host.t(msg("Parameters as JSON")) });
  const problem = h("p", { class: "compare-problem", role: "status" });
  const save = linkButton(host.t(msg("Save")), () => take());
  const element = h("div", { class: "compare-editor", hidden: true },
    h("label", { class: "small quiet" }, host.t(msg("Name")), name), h("label", { class: "small quiet" }, host.t(msg("Parameters as JSON")), config), problem,
    h("span", { class: "compare-actions" }, save, linkButton(host.t(msg("Cancel")), () => done(null))));

  function check(): WrittenStrategy | null {
    const read = readStrategy(name.value, config.value);
    problem.textContent = read.ok ? "" : host.t(read.problem);
    config.toggleAttribute("aria-invalid", !read.ok);
    save.toggleAttribute("disabled", !read.ok);
    return read.ok ? read.strategy : null;
  }

  function take(): void {
    const strategy = check();
    if (strategy) done(strategy);
  }

  for (const field of [name, config]) {
    field.addEventListener("input", check);
    field.addEventListener("keydown", (given: Event) => {
      const event = given as KeyboardEvent;
      if (event.key === "Escape") done(null);
      else if (event.key === "Enter" && (field === name || event.ctrlKey || event.metaKey)) take();
      else return;
      event.preventDefault();
    });
  }
  return {
    element,
    open(strategy) {
      name.value = strategy.name;
      config.value = JSON.stringify(strategy.config, null, 1).replace(/\n\s*/g, (line) => (line.length > 1 ? line : "\n"));
      check();
    },
    focus: () => name.focus(),
  };
}
