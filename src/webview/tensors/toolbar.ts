import { msg, type Message } from "../../core/contract/index.js";
import type { TensorScale } from "../../core/protocol.js";
import { readTyped, typed } from "../controls/scale.js";
import { dropdown, textField } from "../controls/toolkit.js";
import { h } from "../marks/dom.js";
import { significant } from "../text/number.js";
import { digitsZoom } from "./viewport.js";

export type ToolbarEvents = {
  scale(scale: TensorScale): void;
  zoom(by: number): void;
  /** Row and column; a column that was not given is undefined. */
  go(row: number, col: number | undefined): void;
  table(): void;
};

export interface Toolbar {
  readonly element: HTMLElement;
  draw(state: { readonly scale: TensorScale; readonly limit: number; readonly zoom: number; readonly table: boolean }): void;
  focusGo(): void;
}

/** What the reader sets on the picture: where colours end, how large cells are, where to look. */
export function createToolbar(t: (message: Message) => string, setting: number, on: ToolbarEvents): Toolbar {
  const options = [
    { value: "setting", label: t(msg("±{0}", significant(setting, 4))) },
    { value: "window", label: t(msg("largest in sight")) },
    { value: "array", label: t(msg("largest in the array")) },
    { value: "own", label: t(msg("my own")) },
  ];
  let limit = setting;
  let scale: TensorScale | undefined;
  const choice = dropdown({
    label: t(msg("Where the colours end")), options, value: "setting",
    change: (value) => on.scale(value === "own" ? limit : (value as "setting" | "window" | "array")),
  });
  const own = textField(t(msg("Where the colours end")), "", { input: () => put(), enter: () => put() }, 6);
  const put = (): void => {
    const value = readTyped(own.value);
    if (value > 0 && Number.isFinite(value)) on.scale(value);
  };
  const zoomButton = (sign: string, by: number, label: string): HTMLButtonElement => {
    const button = h("button", { type: "button", class: "icon-button", title: label, "aria-label": label }, sign);
    button.addEventListener("click", () => on.zoom(by));
    return button;
  };
  const [out, into] = [zoomButton("−", -1, t(msg("Smaller cells"))), zoomButton("+", 1, t(msg("Larger cells")))];
  const go = textField(t(msg("Go to row, column")), "", { input: () => undefined, enter: () => jump() }, 12);
  go.setAttribute("placeholder", t(msg("row, column")));
  const jump = (): void => {
    const [row, col] = go.value.split(/[\s,;，]+/).filter(Boolean).map((each) => readTyped(each));
    if (Number.isInteger(row)) on.go(row, Number.isInteger(col) ? col : undefined);
  };
  const table = h("button", { type: "button", class: "link", "aria-pressed": "false" }, t(msg("Table")));
  table.addEventListener("click", on.table);
  const element = h("div", { class: "tensor-tools" },
    h("span", { class: "tool" }, h("span", { class: "quiet" }, t(msg("Colours to"))), choice, own),
    h("span", { class: "tool" }, h("span", { class: "quiet" }, t(msg("Cells"))), out, into),
    h("span", { class: "tool" }, h("span", { class: "quiet" }, t(msg("Go to"))), go),
    table);
  return {
    element,
    draw(state) {
      limit = state.limit;
      const value = typeof state.scale === "number" ? "own" : state.scale;
      if (choice.value !== value) choice.value = value;
      own.hidden = value !== "own";
      // A number that is still being typed ("0.") is left alone: pictures are drawn meanwhile.
      if (typeof state.scale === "number" && state.scale !== scale && readTyped(own.value) !== state.scale) own.value = typed(state.scale);
      scale = state.scale;
      out.disabled = state.zoom === 0;
      into.disabled = state.zoom === digitsZoom;
      table.setAttribute("aria-pressed", String(state.table));
    },
    focusGo: () => go.focus(),
  };
}
