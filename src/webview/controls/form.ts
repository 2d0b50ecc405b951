import { msg, type ColumnChoice, type Computed, type Message, type Param, type ParamSchema, type Problem } from "../../core/contract/index.js";
import type { Values } from "../../core/protocol.js";
import { h, linkButton } from "../marks/dom.js";
import { icon } from "../marks/icons.js";
import type { Preset, ViewHost } from "../view.js";
import { createColumnPicker, createComputedEditor } from "./columns.js";
import { createField, type Field } from "./fields.js";
import { summary } from "./summary.js";

export type FormState = {
  readonly params: Values;
  /** The parameters that matter now; undefined when all do. */
  readonly shown?: readonly string[];
  readonly columns: readonly ColumnChoice[];
  /** Problems of the last run, for the computed columns. */
  readonly problems: readonly Problem[];
  readonly presets: readonly Preset[];
};

export interface Form {
  readonly element: HTMLElement;
  draw(state: FormState): void;
  open(): void;
  dispose(): void;
}

/** How long the form waits for the next keystroke before it runs. */
const pause = 350;

/** The parameters: one quiet line that says them all, opening to a form made from the schema. */
export function createForm(host: ViewHost, schema: ParamSchema): Form {
  const t = (message: Message): string => host.t(message);
  const sentence = h("span", { class: "summary-text" });
  const toggle = h("button", { type: "button", class: "disclosure", "aria-controls": "parameters", "aria-expanded": "false" },
    icon("chevron"), h("span", { class: "disclosure-name" }, t(msg("Parameters"))), sentence);
  const body = h("div", { class: "form", id: "parameters", hidden: true });
  const element = h("section", { class: "parameters" }, toggle, body);
  const fields = new Map<string, Field>();
  const rows = new Map<string, HTMLElement>();
  const more = h("details", { class: "advanced" }, h("summary", { class: "small" }, t(msg("More parameters"))));
  const invalid = new Set<string>();
  let state: FormState | undefined;
  let pending: Record<string, unknown> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawnPresets = "";

  const presets = h("div", { class: "presets small" });
  const picker = createColumnPicker(host, (columns) => change(nameOf("columns"), columns, true));
  const computed = createComputedEditor(host, (columns, now) => change(nameOf("computed"), columns, now));
  const help = h("p", { class: "form-help small quiet", "aria-live": "off" });

  function nameOf(kind: Param["kind"]): string {
    return Object.keys(schema).find((name) => schema[name].kind === kind) ?? kind;
  }

  function isShown(name: string): boolean {
    return !schema[name].hidden && (state?.shown?.includes(name) ?? true);
  }

  /** Runs with what changed, at once or after a pause. */
  function change(name: string, value: unknown, now: boolean): void {
    pending[name] = value;
    clearTimeout(timer);
    if (now) flush();
    else timer = setTimeout(flush, pause);
  }

  function flush(): void {
    clearTimeout(timer);
    if (invalid.size > 0) return;
    const patch = pending;
    pending = {};
    const changed = Object.entries(patch).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(state?.params[name] ?? schema[name].default));
    if (changed.length > 0) host.run(Object.fromEntries(changed));
  }

  function defaults(): void {
    const kept = Object.entries(schema).filter(([name, param]) => isShown(name) && param.kind !== "columns" && param.kind !== "computed");
    host.run(Object.fromEntries(kept.map(([name, param]) => [name, param.default])));
  }

  function build(): void {
    const plain = h("div", { class: "form-grid" });
    const advanced = h("div", { class: "form-grid" });
    for (const [name, param] of Object.entries(schema)) {
      if (param.hidden || param.kind === "columns" || param.kind === "computed") continue;
      const field = createField(host, name, param, {
        change: (value, now) => change(name, value, now),
        invalid: (problem) => {
          if (problem) invalid.add(name);
          else invalid.delete(name);
        },
      });
      fields.set(name, field);
      explain(field.cells, param);
      const row = h("div", { class: "form-row" }, ...field.cells);
      rows.set(name, row);
      (param.advanced ? advanced : plain).append(row);
    }
    const lists = Object.entries(schema).flatMap(([name, param]) => {
      if (param.hidden || (param.kind !== "columns" && param.kind !== "computed")) return [];
      const editor = param.kind === "columns" ? picker.element : computed.element;
      const section = h("div", { class: "form-list", "data-name": name }, h("span", { class: "field-label" }, param.label), editor);
      explain([section], param);
      return [section];
    });
    more.append(advanced);
    body.append(presets, plain, advanced.childElementCount > 0 ? more : "", ...lists, help);
    help.textContent = restingHelp();
  }

  function restingHelp(): string {
    return t(msg("Changes run after a short pause, Enter runs at once."));
  }

  /** The help line says what the control under the pointer or the focus means. */
  function explain(cells: readonly HTMLElement[], param: Param): void {
    const text = `${param.label}: ${t(param.help)}`;
    for (const cell of cells) {
      cell.addEventListener("pointerenter", () => (help.textContent = text));
      cell.addEventListener("focusin", () => (help.textContent = text));
      cell.addEventListener("pointerleave", () => (help.textContent = restingHelp()));
    }
    cells.at(-1)?.querySelectorAll("[aria-label]").forEach((control) => control.setAttribute("aria-description", t(param.help)));
  }

  function setOpen(open: boolean): void {
    if (open && fields.size === 0) build();
    body.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (state) draw(state);
  }

  function draw(next: FormState): void {
    state = next;
    sentence.textContent = summary(schema, next.params, isShown).map(t).join(" · ");
    if (body.hidden) return;
    for (const [name, row] of rows) row.hidden = !isShown(name);
    more.hidden = [...rows].every(([name, row]) => row.hidden || !schema[name].advanced);
    for (const [name, field] of fields) if (!(name in pending)) field.show(next.params[name] ?? schema[name].default);
    const chosen = (next.params[nameOf("columns")] ?? []) as readonly string[];
    if (!(nameOf("columns") in pending)) picker.show(next.columns, chosen);
    picker.element.parentElement?.toggleAttribute("hidden", next.columns.length === 0);
    const shown = nameOf("computed") in pending ? undefined : ((next.params[nameOf("computed")] ?? []) as readonly Computed[]);
    computed.show(shown, next.problems.map((problem) => problem.message));
    drawPresets(next.presets);
  }

  function drawPresets(list: readonly Preset[]): void {
    const content = JSON.stringify(list);
    if (content === drawnPresets) return;
    drawnPresets = content;
    presets.replaceChildren(h("span", { class: "quiet" }, t(msg("Presets:"))), " ");
    for (const preset of list) {
      presets.append(linkButton(t(preset.label), () => host.run(preset.params), { title: preset.help && t(preset.help) }), " · ");
    }
    presets.append(linkButton(t(msg("Defaults")), defaults));
  }

  toggle.addEventListener("click", () => {
    const open = body.hidden;
    host.setUi("parametersOpen", open);
    setOpen(open);
  });
  if (host.ui("parametersOpen", false)) setOpen(true);

  return {
    element,
    draw,
    open: () => setOpen(true),
    dispose() {
      clearTimeout(timer);
      element.remove();
    },
  };
}
