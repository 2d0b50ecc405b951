import { msg, type Message, type Problem } from "../core/contract/index.js";
import type { SourceInfo } from "../core/protocol.js";
import { h, linkButton, setAttributes } from "./marks/dom.js";
import { icon } from "./marks/icons.js";
import { openMenu, type Item } from "./shellMenu.js";
import { problemLine } from "./shellProblems.js";
import type { Chip, ViewHost } from "./view.js";

export type HeaderState = {
  readonly source: SourceInfo | undefined;
  /** Names of the columns in use; the chip shows one by name and several by number. */
  readonly columns: readonly string[];
  readonly rows: { readonly label: Message; readonly notes: readonly Problem[] } | undefined;
  readonly chips: readonly Chip[];
  /** A short confirmation. */
  readonly notice: string;
};

/** What the header's actions open, made when they are opened. */
export type HeaderActions = {
  copies(): readonly Item[];
  exports(): readonly Item[];
  /** Entries of the "…" menu; `all` adds those that have no room in the header. */
  more(all: boolean): readonly Item[];
  /** Runs from the shown result. */
  continueWith(chip: Chip): void;
};

export interface Header {
  readonly element: HTMLElement;
  draw(state: HeaderState): void;
  openExports(): void;
  /** Closes the rows' reasons; true when they were open. */
  closeReasons(): boolean;
}

/** Letters of a count that is never cut: the narrowest line with actions in it has room for them. */
const briefCount = 20;

/** The one line above everything: where the data is, how much of it is used, and what can be done with the result. */
export function createHeader(host: ViewHost, actions: HeaderActions): Header {
  const t = (message: Message): string => host.t(message);
  const chip = h("button", { type: "button", class: "source" });
  chip.addEventListener("click", () => host.post({ type: "reveal" }));
  const pin = h("button", { type: "button", class: "icon-button", "aria-pressed": "false" }, icon("pin"));
  pin.addEventListener("click", () => host.post({ type: "pin", pinned: pin.getAttribute("aria-pressed") !== "true" }));
  const nothing = h("span", { class: "quiet small" });
  const reasons = h("div", { class: "reasons", id: "reasons", hidden: true });
  const rows = h("button", { type: "button", class: "rows small", "aria-expanded": "false", "aria-controls": "reasons" });
  rows.addEventListener("click", () => showReasons(reasons.hidden));
  const chips = h("span", { class: "chips" });
  const notice = h("span", { class: "notice small" });
  const copy = linkButton("", () => {
    const items = actions.copies();
    if (items.length > 1) openMenu(copy, copy.textContent ?? "", items);
    else if (items[0] && items[0] !== "line") items[0].run();
  }, { class: "link wide" });
  const exportLabel = h("span");
  const exports = linkButton("", () => openMenu(exports, exportLabel.textContent ?? "", actions.exports()), {
    class: "link wide", "aria-haspopup": "menu", "aria-expanded": "false",
  });
  exports.append(exportLabel, h("span", { class: "caret", "aria-hidden": "true" }, " ▾"));
  const more = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("more"));
  const isNarrow = (): boolean => exports.offsetParent === null;
  more.addEventListener("click", () => openMenu(more, more.title, actions.more(isNarrow())));
  const line = h("div", { class: "head-line" }, chip, pin, nothing, rows, notice, chips, h("span", { class: "grow" }), copy, exports, more);
  const remarks = h("div", { class: "head-remarks", hidden: true });
  const element = h("header", { class: "head" }, line, remarks, reasons);
  let measured = "";

  /** Chips get a line of their own where the first one has no room for them. */
  function placeChips(): void {
    const content = `${line.clientWidth}|${line.textContent}|${remarks.textContent}`;
    if (content === measured) return;
    remarks.hidden = false;
    line.classList.add("measured");
    const others = Array.from(line.children).filter((child) => child !== chips) as HTMLElement[];
    const needed = others.reduce((sum, child) => sum + (child.offsetWidth > 0 ? child.offsetWidth + 8 : 0), chips.offsetWidth + 32);
    line.classList.remove("measured");
    const below = chips.childElementCount > 0 && needed > line.clientWidth;
    if (below !== (chips.parentElement === remarks)) {
      if (below) remarks.append(chips);
      else notice.after(chips);
    }
    remarks.hidden = !below;
    measured = `${line.clientWidth}|${line.textContent}|${remarks.textContent}`;
  }

  function showReasons(open: boolean): void {
    reasons.hidden = !open;
    rows.setAttribute("aria-expanded", String(open));
  }

  return {
    element,
    draw({ source, columns, rows: counted, chips: remarks, notice: confirmation }) {
      chip.hidden = pin.hidden = source === undefined;
      nothing.hidden = source !== undefined;
      nothing.textContent = t(msg("Nothing selected yet"));
      if (source) {
        const place = source.lines === "" ? "" : `:${source.lines}`;
        const named = columns.length === 1 ? columns[0] : columns.length > 1 ? t(msg("{0} columns", columns.length)) : "";
        replaceIfChanged(chip, `${source.name}\n${place}\n${named}`, () => [source.name, h("em", {}, place), named === "" ? "" : ` ${named}`]);
        setAttributes(chip, { title: t(msg("Show the source")), "aria-label": t(msg("Show the source {0}", `${source.name}${place}`)) });
        const label = t(source.pinned ? msg("Follow the source again") : msg("Stop following the source"));
        setAttributes(pin, { "aria-pressed": String(source.pinned), "aria-label": label, title: label, "data-on": source.pinned });
      }
      rows.hidden = counted === undefined;
      if (counted) {
        const label = t(counted.label);
        rows.textContent = rows.title = label;
        rows.classList.toggle("brief", label.length <= briefCount);
        rows.disabled = counted.notes.length === 0;
        const content = JSON.stringify(counted.notes);
        replaceIfChanged(reasons, content, () => counted.notes.map((note) => problemLine(host, note)));
      }
      if (!counted || counted.notes.length === 0) showReasons(false);
      notice.textContent = confirmation;
      notice.hidden = confirmation === "";
      replaceIfChanged(chips, JSON.stringify(remarks), () => remarks.map((remark) => chipElement(remark)));
      copy.textContent = t(msg("Copy as Python"));
      exportLabel.textContent = t(msg("Export"));
      setAttributes(more, { "aria-label": t(msg("More")), title: t(msg("More")) });
      const ready = counted !== undefined;
      copy.classList.toggle("absent", !ready || actions.copies().length === 0);
      exports.classList.toggle("absent", !ready);
      placeChips();
    },
    openExports: () => {
      const anchor = isNarrow() ? more : exports;
      openMenu(anchor, exportLabel.textContent ?? "", actions.exports());
    },
    closeReasons() {
      const wasOpen = !reasons.hidden;
      showReasons(false);
      return wasOpen;
    },
  };

  function chipElement(remark: Chip): HTMLElement {
    const element = h("span", { class: `chip ${remark.tone ?? "plain"}` }, t(remark.label));
    if (remark.action) element.append(" · ", linkButton(t(remark.action.label), () => actions.continueWith(remark)));
    return element;
  }
}

const contents = new WeakMap<Element, string>();

/** Rebuilds an element's children only when what they show has changed, so that focus stays. */
export function replaceIfChanged(element: Element, content: string, build: () => readonly (Node | string)[]): void {
  if (contents.get(element) === content) return;
  contents.set(element, content);
  element.replaceChildren(...build());
}
