import { sizeCanvas } from "../marks/canvas.js";
import { h } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { labelFont, paint, type Scene } from "./heatmapPaint.js";
import { createScrollbar } from "./scrollbar.js";
import { cellSizes, clampCorner, shownCells, visible, zoomAt, type Corner } from "./viewport.js";

export type Spot = { readonly row: number; readonly col: number };

export type HeatmapEvents = {
  /** The pointer or the keyboard is on another cell; `told`: say it, since it was the keyboard. */
  cursor(spot: Spot | null, told: boolean): void;
  corner(corner: Corner): void;
  /** The reader holds the cell, so that the pointer may leave it. */
  hold(): void;
};

export type HeatmapState = Omit<Scene, "left" | "top"> & { readonly label: string };

export interface Heatmap {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** The room for cells beside the labels. */
  room(width: number, tallest: number, palette: Palette, longest: string): { readonly width: number; readonly height: number };
  draw(state: HeatmapState): void;
}

const top = 20;
const bar = 14;
/** The longest name of a row that gets all its room. */
const widestLabel = 120;

/** The figure of cells, which is one tab stop: arrows walk, the wheel scrolls, and with Ctrl zooms. */
export function createHeatmap(events: HeatmapEvents, words: { readonly rows: string; readonly cols: string }): Heatmap {
  const canvas = h("canvas", { tabindex: 0, role: "img", class: "cells" });
  let left = 40;
  let state: HeatmapState | undefined;
  const across = createScrollbar("horizontal", words.cols, (col) => state && events.corner(clampCorner(state.extent, { ...state.corner, col })));
  const down = createScrollbar("vertical", words.rows, (row) => state && events.corner(clampCorner(state.extent, { ...state.corner, row })));
  const element = h("div", { class: "tensor-cells" }, canvas, down.element, across.element);

  const spotAt = (event: MouseEvent): Spot | null => {
    if (!state) return null;
    const { corner, extent } = state;
    const size = cellSizes[corner.zoom];
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - left, event.clientY - box.top - top];
    if (x < 0 || y < 0 || x >= extent.width || y >= extent.height) return null;
    const spot = { row: corner.row + Math.floor(y / size.h), col: corner.col + Math.floor(x / size.w) };
    return spot.row < extent.rows && spot.col < extent.cols ? spot : null;
  };

  let drag: { readonly x: number; readonly y: number; readonly corner: Corner; moved: boolean } | undefined;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !state) return;
    drag = { x: event.clientX, y: event.clientY, corner: state.corner, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!state) return;
    if (!drag) return events.cursor(spotAt(event), false);
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < 5) return;
    drag.moved = true;
    const size = cellSizes[state.corner.zoom];
    events.corner(clampCorner(state.extent, { ...drag.corner, row: drag.corner.row - dy / size.h, col: drag.corner.col - dx / size.w }));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (drag && !drag.moved && spotAt(event)) {
      events.cursor(spotAt(event), false);
      events.hold();
    }
    drag = undefined;
  });
  canvas.addEventListener("pointercancel", () => (drag = undefined));
  canvas.addEventListener("pointerleave", () => {
    if (!drag) events.cursor(null, false);
  });

  let [restX, restY] = [0, 0];
  canvas.addEventListener("wheel", (event) => {
    if (!state) return;
    const { corner, extent } = state;
    const size = cellSizes[corner.zoom];
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      return events.corner(zoomAt(extent, corner, event.deltaY < 0 ? 1 : -1, Math.max(0, event.clientX - box.left - left), Math.max(0, event.clientY - box.top - top)));
    }
    const unit = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? 20 : extent.height;
    const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    restX += (dx * unit) / size.w;
    restY += (dy * unit) / size.h;
    const [cols, rows] = [Math.trunc(restX), Math.trunc(restY)];
    const next = clampCorner(extent, { ...corner, row: corner.row + rows, col: corner.col + cols });
    const shown = shownCells(extent, corner.zoom);
    // At the end of the array the page scrolls on.
    const canMove = (from: number, most: number, by: number): boolean => (by < 0 ? from > 0 : by > 0 && from < most);
    if (canMove(corner.row, extent.rows - shown.rows, dy) || canMove(corner.col, extent.cols - shown.cols, dx)) event.preventDefault();
    restX -= cols;
    restY -= rows;
    if (next.row !== corner.row || next.col !== corner.col) events.corner(next);
  }, { passive: false });

  return {
    element,
    canvas,
    room(width, tallest, palette, longest) {
      const context = canvas.getContext("2d");
      if (context) {
        context.font = labelFont(palette, true);
        left = Math.ceil(Math.min(widestLabel, Math.max(18, context.measureText(longest).width))) + 10;
      }
      return { width: Math.max(24, width - left - bar - 2), height: Math.max(60, tallest) };
    },
    draw(next) {
      state = next;
      const { extent, corner } = next;
      const size = cellSizes[corner.zoom];
      const seen = visible(extent, corner);
      const width = Math.min(extent.width, seen.colCount * size.w);
      const height = Math.min(extent.height, seen.rowCount * size.h);
      const context = sizeCanvas(canvas, left + width + 2, top + height + 2);
      if (context) paint(context, { ...next, left, top });
      canvas.setAttribute("aria-label", next.label);
      const shown = shownCells(extent, corner.zoom);
      across.draw({ start: corner.col, count: shown.cols, length: extent.cols, size: width, offset: left });
      down.draw({ start: corner.row, count: shown.rows, length: extent.rows, size: height, offset: top });
    },
  };
}
