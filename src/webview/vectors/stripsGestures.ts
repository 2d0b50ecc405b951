import { numbersPerCell } from "../marks/signStrip.js";
import { placeAt, STRIP_HEIGHT, type StripsCursor, type StripsLayout, type StripsPicture } from "./stripsLayout.js";
import { windowOf, zoomed, type Window } from "./stripsModel.js";

/** What the reader may do to the strips. Rows are counted from the top of the figure. */
export type StripsActions = {
  /** The cursor moved; `spoken` when by the keyboard. */
  pointed(spoken: boolean): void;
  /** Keeps the cursor at a dimension. */
  hold(dimension: number): void;
  zoom(window: Window): void;
  move(from: number, to: number): void;
  remove(row: number): void;
  reference(row: number): void;
  reveal(row: number): void;
};

type Scene = { readonly picture: StripsPicture; readonly layout: StripsLayout };
/** Pixels that a press may wander and still be a click. */
const SLACK = 4;
type Press = { readonly kind: "brush" | "row" | "pan"; readonly x: number; readonly y: number; readonly row: number | null; readonly from: number; moved: boolean };

/** Pointer and keys of the figure. Returns a function that takes the listeners away. */
export function listenToStrips(figure: SVGSVGElement, actions: StripsActions, cursor: StripsCursor, scene: () => Scene | undefined): () => void {
  let press: Press | undefined;
  /** Where the keys have brought the window since it was drawn. */
  let ahead: { readonly drawn: StripsPicture; readonly window: Window } | undefined;

  const placeOf = (event: MouseEvent): [number, number] => {
    const box = figure.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const rowAt = (y: number, { ys }: StripsLayout): number | null => {
    const found = ys.findIndex((top) => y >= top - 2 && y < top + STRIP_HEIGHT + 2);
    return found < 0 ? null : found;
  };
  const dimensionAt = (x: number, { picture, layout }: Scene): number => {
    const place = placeAt(x, picture, layout);
    return picture.order === null ? place : picture.order[place];
  };
  const inStrips = (x: number, y: number, { x0, x1, bottom }: StripsLayout): boolean => x >= x0 && x <= x1 && y <= bottom + 3;

  function onMove(event: PointerEvent): void {
    const now = scene();
    if (!now) return;
    const [x, y] = placeOf(event);
    const { layout, picture } = now;
    if (press) drag(press, x, y, now);
    else {
      cursor.row = rowAt(y, layout);
      cursor.dimension = inStrips(x, y, layout) ? dimensionAt(x, now) : null;
      const removable = cursor.row !== null && cursor.row < picture.movable && x < 14;
      figure.style.cursor = inStrips(x, y, layout) ? "crosshair" : cursor.row !== null && (removable || x > layout.x1 || picture.rows[cursor.row].row >= 0) ? "pointer" : "";
    }
    actions.pointed(false);
  }

  function drag(held: Press, x: number, y: number, { picture, layout }: Scene): void {
    held.moved ||= Math.abs(x - held.x) > SLACK || Math.abs(y - held.y) > SLACK;
    if (!held.moved) return;
    const { x0, x1 } = layout;
    if (held.kind === "brush") cursor.brush = [held.x, Math.max(x0, Math.min(x1, x))];
    else if (held.kind === "pan") {
      const { d, from, to } = picture.window;
      const start = Math.max(0, Math.min(d - (to - from), Math.round(held.from + ((x - held.x) / (x1 - x0)) * d)));
      actions.zoom({ d, from: start, to: start + (to - from) });
    } else if (held.row !== null && held.row < picture.movable) {
      const over = layout.ys.slice(0, picture.movable).filter((top) => y > top + STRIP_HEIGHT / 2).length;
      cursor.dragged = { row: held.row, to: Math.max(0, Math.min(picture.movable - 1, over > held.row ? over - 1 : over)) };
    }
  }

  function onDown(event: PointerEvent): void {
    const now = scene();
    if (!now || event.button !== 0) return;
    const [x, y] = placeOf(event);
    const { layout, picture } = now;
    const { d, from, to } = picture.window;
    const overview = to - from < d && y > layout.bottom + 3 && y < layout.bottom + 16 && x >= layout.x0 && x <= layout.x1;
    const kind = overview ? "pan" : inStrips(x, y, layout) ? "brush" : "row";
    press = { kind, x, y, row: rowAt(y, layout), from, moved: false };
    figure.setPointerCapture(event.pointerId);
  }

  function onUp(event: PointerEvent): void {
    const now = scene();
    const held = press;
    press = undefined;
    const { brush, dragged } = cursor;
    cursor.brush = null;
    cursor.dragged = null;
    if (!now || !held || event.type === "pointercancel") return actions.pointed(false);
    if (held.moved) {
      if (brush) actions.zoom(brushed(brush, now));
      if (dragged && dragged.row !== dragged.to) actions.move(dragged.row, dragged.to);
    } else click(held, now);
    actions.pointed(false);
  }

  function click({ kind, x, row }: Press, now: Scene): void {
    const { picture, layout } = now;
    if (kind === "brush") actions.hold(dimensionAt(x, now));
    else if (kind === "row" && row !== null) {
      if (x < 14 && row < picture.movable) actions.remove(row);
      else if (x < layout.x0) actions.reveal(row);
      else if (x > layout.x1) actions.reference(row);
    }
  }

  function onLeave(): void {
    if (press) return;
    cursor.row = null;
    cursor.dimension = null;
    actions.pointed(false);
  }

  function onDouble(event: MouseEvent): void {
    const now = scene();
    if (!now) return;
    const [x, y] = placeOf(event);
    if (x >= now.layout.x0 && x <= now.layout.x1 && y <= now.layout.bottom + 16) actions.zoom({ ...now.picture.window, from: 0, to: now.picture.window.d });
  }

  function onKey(event: KeyboardEvent): void {
    const now = scene();
    if (!now || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (!pressed(event, now)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function pressed({ key, altKey }: KeyboardEvent, { picture }: Scene): boolean {
    const { rows, order, movable } = picture;
    // What is drawn follows with the next frame; another key may come before it.
    const window = ahead?.drawn === picture ? ahead.window : picture.window;
    const { d, from, to } = window;
    const dimension = cursor.dimension ?? picture.dimension;
    const place = order === null ? dimension : order.indexOf(dimension);
    const zoom = (next: Window): void => {
      ahead = { drawn: picture, window: next };
      actions.zoom(next);
    };
    const go = (next: number): boolean => {
      const p = Math.max(0, Math.min(d - 1, next));
      cursor.dimension = order === null ? p : order[p];
      const start = p < from ? p : p >= to ? p - (to - from) + 1 : from;
      if (start !== from) zoom({ d, from: start, to: start + to - from });
      actions.pointed(true);
      return true;
    };
    const rowStep = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (rowStep !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, cursor.row === null ? (rowStep > 0 ? 0 : rows.length - 1) : cursor.row + rowStep));
      if (altKey && cursor.row !== null && cursor.row < movable && next < movable && next !== cursor.row) actions.move(cursor.row, next);
      if (!altKey || (cursor.row !== null && cursor.row < movable && next < movable)) cursor.row = next;
      actions.pointed(true);
      return true;
    }
    if (altKey) return false;
    switch (key) {
      case "ArrowLeft": return go(place - 1);
      case "ArrowRight": return go(place + 1);
      case "Home": return go(0);
      case "End": return go(d - 1);
      case "PageUp": return go(place - Math.max(1, Math.round((to - from) / 10)));
      case "PageDown": return go(place + Math.max(1, Math.round((to - from) / 10)));
      case "+": case "=": zoom(zoomed(window, place, 0.5)); return true;
      case "-": zoom(zoomed(window, place, 2)); return true;
      case "0": zoom({ d, from: 0, to: d }); return true;
      case "Enter":
        actions.hold(dimension);
        if (cursor.row !== null) actions.reveal(cursor.row);
        return true;
      case "Delete": case "Backspace":
        if (cursor.row === null || cursor.row >= movable) return false;
        actions.remove(cursor.row);
        return true;
      case "r":
        if (cursor.row === null) return false;
        actions.reference(cursor.row);
        return true;
      case "Escape":
        if (cursor.row === null && cursor.dimension === null) return false;
        onLeave();
        return true;
      default: return false;
    }
  }

  const listeners: readonly (readonly [string, (event: never) => void])[] = [
    ["pointermove", onMove], ["pointerdown", onDown], ["pointerup", onUp], ["pointercancel", onUp], ["pointerleave", onLeave],
    ["dblclick", onDouble], ["keydown", onKey], ["blur", onLeave], ["focus", () => actions.pointed(false)],
  ];
  for (const [name, listener] of listeners) figure.addEventListener(name, listener as EventListener);
  return () => {
    for (const [name, listener] of listeners) figure.removeEventListener(name, listener as EventListener);
  };
}

/** The places between two pixels, whole cells of them and at least four. */
function brushed(pixels: readonly [number, number], { picture, layout: { x0, x1 } }: Scene): Window {
  const { d, from, to } = picture.window;
  const [a, b] = [...pixels].sort((p, q) => p - q);
  const perCell = numbersPerCell(to - from, x1 - x0);
  const place = (x: number): number => from + ((x - x0) / (x1 - x0)) * (to - from);
  const start = from + Math.floor((place(a) - from) / perCell) * perCell;
  const end = Math.max(start + Math.min(4, d), from + Math.ceil((place(b) - from) / perCell) * perCell);
  return windowOf({ d, from: Math.min(start, Math.max(0, d - 4)), to: end }, d);
}
