import type { Viewport } from "./viewport.js";
import { cellAt, fitted, isWhole, panned, showing, zoomed } from "./viewport.js";

/** What the gestures move, and what they do. */
export type GestureTargets = {
  size(): { readonly n: number; readonly side: number; readonly left: number; readonly top: number };
  view(): Viewport;
  setView(view: Viewport): void;
  cursor(): readonly [number, number] | null;
  /** Where the keys' cursor begins; without it, at the corner of what is seen. */
  start?(): readonly [column: number, row: number];
  setCursor(cell: readonly [column: number, row: number] | null, byKey: boolean): void;
  /** A click or Enter on a cell. */
  choose(cell: readonly [column: number, row: number]): void;
  /** A click on a row's or a column's name, and the pointer over it. */
  chooseName(place: number): void;
  overName(place: number | null): void;
  /** Esc; true when there was something to let go of. */
  letGo(): boolean;
};

/** A press that moved less is a click. */
const slack = 4;
const zoomStep = 1.5;

/** Pointer, wheel and keys over the plot: `element` covers the whole figure and is one tab stop. */
export function watchHeatmap(element: SVGSVGElement, targets: GestureTargets): void {
  let press: { readonly x: number; readonly y: number; readonly view: Viewport; moved: boolean } | undefined;

  const inPlot = (event: MouseEvent): readonly [number, number] | null => {
    const box = element.getBoundingClientRect();
    const { left, top, side } = targets.size();
    const [x, y] = [event.clientX - box.left - left, event.clientY - box.top - top];
    return x >= 0 && y >= 0 && x < side && y < side ? [x, y] : null;
  };
  const placeOf = (event: Event): number | null => {
    const place = event.target instanceof Element ? event.target.closest("[data-place]")?.getAttribute("data-place") : undefined;
    return place === undefined || place === null ? null : Number(place);
  };
  const moves = (): boolean => {
    const { n, side } = targets.size();
    return !isWhole(targets.view(), n, side);
  };

  element.addEventListener("pointerdown", (event) => {
    const at = inPlot(event);
    if (event.button !== 0 || !at) return;
    press = { x: event.clientX, y: event.clientY, view: targets.view(), moved: false };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    const { n, side } = targets.size();
    if (press) {
      const [dx, dy] = [event.clientX - press.x, event.clientY - press.y];
      press.moved ||= Math.hypot(dx, dy) > slack;
      if (press.moved && moves()) {
        targets.setCursor(null, false);
        targets.setView(panned(press.view, dx, dy, n, side));
        element.classList.add("dragging");
      }
      return;
    }
    const at = inPlot(event);
    const place = placeOf(event);
    targets.overName(at ? null : place);
    if (at || place === null) targets.setCursor(at && cellAt(targets.view(), at[0], at[1], n), false);
  });
  const release = (event: PointerEvent): void => {
    element.classList.remove("dragging");
    const was = press;
    press = undefined;
    if (!was || event.type === "pointercancel") return;
    const at = inPlot(event);
    const cell = at && cellAt(targets.view(), at[0], at[1], targets.size().n);
    if (was.moved) targets.setCursor(cell, false);
    else if (cell) targets.choose(cell);
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("pointerleave", () => {
    if (press) return;
    targets.setCursor(null, false);
    targets.overName(null);
  });
  element.addEventListener("click", (event) => {
    const place = inPlot(event) ? null : placeOf(event);
    if (place !== null) targets.chooseName(place);
  });
  element.addEventListener("wheel", (event) => {
    const at = inPlot(event);
    if (!at) return;
    const { n, side } = targets.size();
    const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : event.ctrlKey ? 0.01 : 0.002));
    const view = targets.view();
    // A picture whose cells are large already, or that is whole and would shrink, lets the page scroll.
    const pinch = event.ctrlKey || event.metaKey;
    if (!pinch && (side / n >= 24 || (factor < 1 && !moves()))) return;
    event.preventDefault();
    const next = zoomed(view, factor, at[0], at[1], n, side);
    targets.setView(next);
    targets.setCursor(cellAt(next, at[0], at[1], n), false);
  }, { passive: false });
  element.addEventListener("keydown", (event) => {
    if (event.metaKey || event.altKey || event.ctrlKey || !key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("blur", () => targets.setCursor(null, true));

  function key(event: KeyboardEvent): boolean {
    const { n, side } = targets.size();
    const view = targets.view();
    const cursor = targets.cursor();
    const [column, row] = cursor ?? targets.start?.() ?? [Math.max(0, Math.ceil(view.x)), Math.max(0, Math.ceil(view.y))];
    const far = event.shiftKey ? 10 : 1;
    const go = (dx: number, dy: number): boolean => {
      const to = cursor ? [column + dx, row + dy] : [column, row];
      const cell = to.map((place) => Math.max(0, Math.min(n - 1, place))) as [number, number];
      targets.setView(showing(targets.view(), cell[0], cell[1], n, side));
      targets.setCursor(cell, true);
      return true;
    };
    const zoom = (factor: number): boolean => {
      const [px, py] = cursor ? [(column + 0.5 - view.x) * view.cell, (row + 0.5 - view.y) * view.cell] : [side / 2, side / 2];
      targets.setView(zoomed(view, factor, px, py, n, side));
      return true;
    };
    switch (event.key) {
      case "ArrowLeft":
        return go(-far, 0);
      case "ArrowRight":
        return go(far, 0);
      case "ArrowUp":
        return go(0, -far);
      case "ArrowDown":
        return go(0, far);
      case "Home":
        return go(-n, 0);
      case "End":
        return go(n, 0);
      case "PageUp":
        return go(0, -Math.max(1, Math.floor(side / view.cell)));
      case "PageDown":
        return go(0, Math.max(1, Math.floor(side / view.cell)));
      case "+":
      case "=":
        return zoom(zoomStep);
      case "-":
      case "\u2212":
        return zoom(1 / zoomStep);
      case "0":
        targets.setView(fitted(n, side));
        return true;
      case "Enter":
        if (cursor) targets.choose(cursor);
        return cursor !== null;
      case "Escape":
        return targets.letGo();
      default:
        return false;
    }
  }
}
