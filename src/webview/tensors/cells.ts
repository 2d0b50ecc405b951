import { allDigits, shortest } from "../../core/formats/cellText.js";
import { integerText } from "../../core/formats/integerHalves.js";
import type { Plane } from "../../core/formats/tensors.js";
import type { TensorInfo, TensorWindow } from "../../core/protocol.js";
import { significant } from "../text/number.js";

/** A cell of a window, by its row and column of the plane. */
export type Cell = { readonly value: number; readonly text: string; /** All its digits where `text` is shorter. */ readonly all: string };

/** Undefined when the window does not have the cell. */
export function cellAt(answer: TensorWindow | undefined, { dtype }: Pick<TensorInfo, "dtype">, row: number, col: number): Cell | undefined {
  if (!answer) return undefined;
  const { rowStart, rowCount, colStart, colCount } = answer.window;
  if (row < rowStart || row >= rowStart + rowCount || col < colStart || col >= colStart + colCount) return undefined;
  const i = (row - rowStart) * colCount + col - colStart;
  const value = answer.values[i];
  return answer.halves
    ? { value, text: minus(integerText(answer.halves, i)), all: "" }
    : { value, text: minus(shortest(value, dtype)), all: minus(allDigits(value, dtype)) };
}

/** A number short enough for its cell. */
export function brief(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const text = significant(value, 3);
  return text.length <= 7 ? text : significant(value, 2);
}

/** The indices of a cell in its array, "12, 40"; "" for a single number. */
export function indexText({ shape }: Pick<TensorInfo, "shape">, plane: Plane, row: number, col: number): string {
  return shape.map((_, axis) => (axis === plane.rowAxis ? row : axis === plane.colAxis ? col : plane.index[axis])).join(", ");
}

function minus(text: string): string {
  return text.replaceAll("-", "−").replace("inf", "∞").replace("nan", "NaN");
}

/** What of the seen part of a window is out of the ordinary, and its largest finite number by size. */
export function census({ values, window }: TensorWindow, seen: TensorWindow["window"]): { readonly nan: number; readonly infinite: number; readonly largest: number } {
  let nan = 0;
  let infinite = 0;
  let largest = 0;
  const rowEnd = Math.min(window.rowStart + window.rowCount, seen.rowStart + seen.rowCount);
  const colEnd = Math.min(window.colStart + window.colCount, seen.colStart + seen.colCount);
  for (let row = Math.max(window.rowStart, seen.rowStart); row < rowEnd; row++) {
    const base = (row - window.rowStart) * window.colCount - window.colStart;
    for (let col = Math.max(window.colStart, seen.colStart); col < colEnd; col++) {
      const value = values[base + col];
      if (value - value === 0) largest = Math.max(largest, Math.abs(value));
      else if (value !== value) nan++;
      else infinite++;
    }
  }
  return { nan, infinite, largest };
}
