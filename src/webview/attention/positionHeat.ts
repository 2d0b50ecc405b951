import { msg, type Message } from "../../core/contract/index.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { codeText, type Codes } from "./positionCodes.js";

const left = 46;
const top = 20;
const bottom = 20;
const keyWidth = 120;

export type CodeHeat = {
  readonly element: HTMLElement;
  readonly pictures: readonly (SVGSVGElement | HTMLCanvasElement)[];
  /** `cursor` is [row, column]; `marked` a row with an outline, −1 for none. */
  draw(codes: Codes, cursor: readonly [number, number], marked: number, width: number): void;
};

/** Numbers by their sign, with the cell that is looked at. Hover or arrows choose it. */
export function createCodeHeat(host: ViewHost, look: (row: number, column: number) => void): CodeHeat {
  const canvas = h("canvas", { class: "code-cells" });
  const over = svg("svg", { class: "code-over" });
  const key = svg("svg", { class: "code-key", role: "img" });
  const element = h("div", { class: "code-heat", tabindex: 0, role: "application" }, canvas, over);
  let shown: { readonly codes: Codes; readonly cursor: readonly [number, number]; readonly cell: readonly [number, number] } | undefined;
  let painted: { readonly codes: Codes; readonly palette: Palette; readonly width: number } | undefined;

  function go(row: number, column: number): void {
    if (!shown) return;
    const { codes, cursor } = shown;
    const [r, c] = [Math.max(0, Math.min(codes.rows - 1, row)), Math.max(0, Math.min(codes.columns - 1, column))];
    if (r !== cursor[0] || c !== cursor[1]) look(r, c);
  }
  element.addEventListener("pointermove", (event) => {
    if (!shown) return;
    const box = element.getBoundingClientRect();
    const [column, row] = [Math.floor((event.clientX - box.left - left) / shown.cell[0]), Math.floor((event.clientY - box.top - top) / shown.cell[1])];
    if (row >= 0 && column >= 0 && row < shown.codes.rows && column < shown.codes.columns) go(row, column);
  });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !shown || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { codes, cursor } = shown;
    const [row, column] = [cursor[0] + step[0], cursor[1] + step[1]];
    go(row, column);
    if (row >= 0 && column >= 0 && row < codes.rows && column < codes.columns) host.announce(host.t(codeText(codes, row, column)));
  });

  return {
    element,
    pictures: [canvas, key],
    draw(codes, cursor, marked, width) {
      const palette = host.palette();
      const cell: [number, number] = [Math.min((width - left - 4) / codes.columns, 16), Math.max(4, Math.min(9, 420 / codes.rows))];
      if (codes.view === "alibi") cell[0] = cell[1] = Math.min(12, (width - left - 4) / codes.columns);
      shown = { codes, cursor, cell };
      const plotWidth = cell[0] * codes.columns;
      const plotHeight = cell[1] * codes.rows;
      const all = [left + plotWidth + 4, top + plotHeight + bottom] as const;
      if (painted?.codes !== codes || painted.palette !== palette || painted.width !== width) {
        painted = { codes, palette, width };
        paint(canvas, codes, palette, cell, all, host);
        drawKey(key, codes.limit, palette, host);
      }
      setAttributes(over, { width: all[0], height: all[1] });
      over.replaceChildren(
        ...(marked < 0 ? [] : [svg("rect", { x: left - 1, y: top + marked * cell[1] - 1, width: plotWidth + 2, height: cell[1] + 2, fill: "none", stroke: palette.ink })]),
        ...[[palette.paper, 4], [palette.ink, 2]].map(([stroke, wide]) => svg("rect", { class: "code-cursor", x: left + cursor[1] * cell[0] - 2, y: top + cursor[0] * cell[1] - 2, width: cell[0] + 4, height: cell[1] + 4, fill: "none", stroke, "stroke-width": wide })),
      );
      element.setAttribute("aria-label", host.t(msg("{0} Arrows go to another cell.", codeText(codes, cursor[0], cursor[1]))));
    },
  };
}

function paint(canvas: HTMLCanvasElement, codes: Codes, palette: Palette, [w, hgt]: readonly [number, number], [width, height]: readonly [number, number], host: ViewHost): void {
  const context = sizeCanvas(canvas, width, height);
  if (!context) return;
  const { rows, columns, values, limit, rowNames } = codes;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      if (Number.isNaN(value)) continue;
      context.fillStyle = palette.sign(value, limit);
      context.fillRect(left + column * w, top + row * hgt, w + 0.4, hgt + 0.4);
    }
  }
  context.strokeStyle = palette.grid;
  context.strokeRect(left - 0.5, top - 0.5, columns * w + 1, rows * hgt + 1);
  context.fillStyle = palette.quiet;
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const every = Math.max(1, Math.ceil(24 / hgt / 4) * 4);
  for (let row = 0; row < rows; row += every) context.fillText(String(rowNames[row]), left - 6, top + (row + 0.5) * hgt);
  context.textAlign = "center";
  const across = Math.max(1, 2 ** Math.ceil(Math.log2(36 / w)));
  for (let column = 0; column < columns; column += across) context.fillText(String(column), left + (column + 0.5) * w, top + rows * hgt + 11);
  context.fillStyle = palette.ink;
  context.textAlign = "left";
  const names: Message = msg("{0} ↓  {1} →", codes.rowLabel, codes.columnLabel);
  context.fillText(host.t(names), 0, 8);
}

function drawKey(key: SVGSVGElement, limit: number, palette: Palette, host: ViewHost): void {
  const steps = 48;
  setAttributes(key, { width: keyWidth + 24, height: 28, "aria-label": host.t(msg("Colours from {0} to {1}", significant(-limit, 3), significant(limit, 3))) });
  key.replaceChildren(
    ...Array.from({ length: steps }, (_, i) => svg("rect", { x: 12 + (i * keyWidth) / steps, y: 1, width: keyWidth / steps + 0.5, height: 9, fill: palette.sign(((i + 0.5) / steps) * 2 * limit - limit, limit) })),
    svg("rect", { x: 12, y: 1, width: keyWidth, height: 9, fill: "none", stroke: palette.grid }),
    ...[-1, 0, 1].map((share) => svg("text", { class: "quiet-text", x: 12 + ((share + 1) / 2) * keyWidth, y: 23, "text-anchor": "middle" }, significant(share * limit, 3))),
  );
}
