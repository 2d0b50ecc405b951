import { msg, type ColumnChoice, type Computed, type Message } from "../../core/contract/index.js";
import { h, linkButton } from "../marks/dom.js";
import { compact } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { checkbox, textField } from "./toolkit.js";

export interface ColumnPicker {
  readonly element: HTMLElement;
  /** `chosen` empty means the preselected ones. */
  show(available: readonly ColumnChoice[], chosen: readonly string[]): void;
}

/** So many columns are listed at once; of more, those that are chosen or whose name is looked for. */
const listed = 60;

/** A list of the source's columns with how many numbers each has. At least one stays chosen. */
export function createColumnPicker(host: ViewHost, change: (columns: readonly string[]) => void): ColumnPicker {
  const list = h("div", { class: "column-list", role: "group", "aria-label": host.t(msg("columns")) });
  const rest = h("p", { class: "small quiet", "aria-live": "polite", hidden: true });
  const element = h("div", {}, list, rest);
  let sought = "";
  let search: ReturnType<typeof textField> | undefined;
  let drawn = "";
  let last: Parameters<ColumnPicker["show"]> | undefined;

  /** The columns to list, in the source's order. */
  const some = (available: readonly ColumnChoice[], taken: ReadonlySet<string>): ReadonlySet<ColumnChoice> => {
    const found = available.filter(({ name }) => name.toLowerCase().includes(sought.toLowerCase()));
    const first = sought === "" ? found.filter(({ name }) => taken.has(name)) : [];
    return new Set([...new Set([...first, ...found])].slice(0, listed));
  };

  const show: ColumnPicker["show"] = (available, chosen) => {
    last = [available, chosen];
    const preselected = available.filter((column) => column.numeric).map((column) => column.name);
    const taken = new Set(chosen.length > 0 ? chosen : preselected);
    const content = JSON.stringify([available, [...taken], sought]);
    if (content === drawn) return;
    drawn = content;
    const shown = available.length > listed ? some(available, taken) : new Set(available);
    const focused = Array.from(list.children).indexOf(document.activeElement as Element);
    list.replaceChildren(
      ...available.filter((column) => shown.has(column)).map((column) => {
        const box = checkbox(column.name, taken.has(column.name), (checked) => {
          const names = available.map(({ name }) => name).filter((name) => (name === column.name ? checked : taken.has(name)));
          if (names.length === 0) box.checked = true;
          else change(sameAs(names, preselected) ? [] : names);
        });
        if (column.numbers === 0) box.disabled = true;
        box.append(h("span", { class: "quiet" }, ` ${host.t(column.numbers === 1 ? msg("1 number") : msg("{0} numbers", compact(column.numbers)))}`));
        return box;
      }),
    );
    (list.children[focused] as HTMLElement | undefined)?.focus();
    if (available.length > listed) seek();
    else search?.remove();
    rest.hidden = shown.size === available.length;
    rest.textContent = rest.hidden ? "" : host.t(msg("{0} of {1} columns are listed. Type a part of the name of another.", shown.size, available.length));
  };

  /** Puts the line for a part of a name above the list. */
  const seek = (): void => {
    const again = (): void => void (last && show(...last));
    if (!search) {
      const label = host.t(msg("Find a column"));
      search = textField(label, "", { input: (value) => ((sought = value.trim()), again()), enter: again });
      search.placeholder = label;
    }
    if (!search.isConnected) element.prepend(search);
  };
  return { element, show };
}

export interface ComputedEditor {
  readonly element: HTMLElement;
  /** `columns` undefined leaves what the reader is typing alone. */
  show(columns: readonly Computed[] | undefined, problems: readonly Message[]): void;
}

/**
 * Columns computed from others: a name and an expression each. A problem of the run is shown under the line it is
 * about, found by the name or the expression among the sentence's arguments.
 */
export function createComputedEditor(host: ViewHost, change: (columns: readonly Computed[], now: boolean) => void): ComputedEditor {
  const list = h("div", { class: "computed-list" });
  const add = linkButton(host.t(msg("Add a column")), () => {
    columns = [...columns, { name: "", expression: "" }];
    build();
    (list.lastElementChild?.querySelector("vscode-text-field") as HTMLElement | null)?.focus();
  });
  const element = h("div", { class: "computed" }, list, add);
  let columns: readonly Computed[] = [];
  let sent = "[]";

  /** Lines that are only half typed stay in the form. */
  const send = (now: boolean): void => {
    const whole = columns.filter((column) => column.name.trim() !== "" && column.expression.trim() !== "");
    const content = JSON.stringify(whole);
    if (content === sent && !now) return;
    sent = content;
    change(whole, now);
  };
  const build = (): void => {
    list.replaceChildren(
      ...columns.map((column, i) => {
        const update = (part: Partial<Computed>): void => {
          columns = columns.map((other, j) => (j === i ? { ...other, ...part } : other));
          send(false);
        };
        const name = textField(host.t(msg("Name of the computed column")), column.name, { input: (value) => update({ name: value.trim() }), enter: () => send(true) });
        name.placeholder = host.t(msg("name"));
        const expression = textField(host.t(msg("Expression")), column.expression, { input: (value) => update({ expression: value.trim() }), enter: () => send(true) });
        expression.placeholder = host.t(msg("expression, such as log(price) or a / b"));
        const remove = linkButton(host.t(msg("Remove")), () => {
          columns = columns.filter((_, j) => j !== i);
          build();
          send(true);
          add.focus();
        });
        return h("div", { class: "computed-row" }, name, h("span", { class: "quiet" }, "="), expression, remove, h("span", { class: "field-problem", role: "alert" }));
      }),
    );
  };
  return {
    element,
    show(values, problems) {
      const content = values && JSON.stringify(values);
      if (values && content !== undefined && content !== sent) {
        sent = content;
        columns = values;
        build();
      }
      Array.from(list.children).forEach((row, i) => {
        const { name, expression } = columns[i];
        const own = problems.find((problem) => problem.args.some((arg) => name !== "" && (arg === name || arg === expression)));
        const place = row.querySelector(".field-problem") as HTMLElement;
        const text = own ? host.t(own) : "";
        if (place.textContent !== text) place.textContent = text;
      });
    },
  };
}

function sameAs(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
