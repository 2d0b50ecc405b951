import { msg, type Message } from "../../core/contract/index.js";
import type { Window } from "../../core/formats/tensors.js";
import type { TensorInfo, TensorWindow } from "../../core/protocol.js";
import { h } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { compact } from "../text/number.js";
import { brief, cellAt } from "./cells.js";

const mostRows = 60;
const mostCols = 40;

export interface Twin {
  readonly element: HTMLElement;
  draw(state: { readonly answer: TensorWindow; readonly seen: Window; readonly tensor: TensorInfo; readonly width: number; rowLabel(row: number): string } | undefined): void;
}

/** The seen cells as a table of numbers, exact ones in the cells' titles. */
export function createTwin(t: (message: Message) => string): Twin {
  const note = h("p", { class: "quiet small" });
  const place = h("div", { class: "twin-place", tabindex: 0, role: "region", "aria-label": t(msg("Numbers of the window")) });
  const element = h("section", { class: "window-twin" }, note, place);
  return {
    element,
    draw(state) {
      element.hidden = state === undefined;
      if (!state) return;
      const { answer, seen, tensor, rowLabel } = state;
      const rows = Math.min(mostRows, seen.rowCount);
      const cols = Math.min(mostCols, seen.colCount);
      const whole = rows === seen.rowCount && cols === seen.colCount;
      note.textContent = whole
        ? t(msg("The {0} × {1} cells of the window, exact numbers when pointed at.", compact(rows), compact(cols)))
        : t(msg("The first {0} × {1} of {2} × {3} cells in sight; scroll to see others here.", compact(rows), compact(cols), compact(seen.rowCount), compact(seen.colCount)));
      drawTable(place, {
        caption: t(msg("Numbers of the window")),
        columns: [{ title: "" }, ...Array.from({ length: cols }, (_, c) => ({ title: String(seen.colStart + c), numeric: true }))],
        rows: Array.from({ length: rows }, (_, r) => ({
          cells: [rowLabel(seen.rowStart + r), ...Array.from({ length: cols }, (_, c) => {
            const cell = cellAt(answer, tensor, seen.rowStart + r, seen.colStart + c);
            return cell ? { text: answer.halves || tensor.dtype === "bool" ? cell.text : brief(cell.value), title: cell.text } : "…";
          })],
        })),
      });
    },
  };
}
