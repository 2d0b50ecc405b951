import { h, setAttributes } from "../marks/dom.js";

export type ScrollState = {
  readonly start: number;
  readonly count: number;
  readonly length: number;
  /** Length of the track, pixels, and where it begins. */
  readonly size: number;
  readonly offset: number;
};

export interface Scrollbar {
  readonly element: HTMLElement;
  draw(state: ScrollState): void;
}

/** The thumb is never smaller. */
const smallest = 24;

/** A bar for what is far longer than a browser can scroll; hidden where all is seen. The figure itself takes the keys. */
export function createScrollbar(way: "horizontal" | "vertical", label: string, move: (start: number) => void): Scrollbar {
  const thumb = h("div", { class: "tensor-thumb" });
  const element = h("div", { class: `tensor-scroll ${way}`, role: "scrollbar", "aria-orientation": way, "aria-label": label, "aria-valuemin": 0, hidden: true }, thumb);
  let state: ScrollState | undefined;
  const upright = way === "vertical";
  const place = (event: PointerEvent): number => (upright ? event.clientY - element.getBoundingClientRect().top : event.clientX - element.getBoundingClientRect().left);
  const geometry = ({ count, length, size, start }: ScrollState) => {
    const extent = Math.min(size, Math.max(smallest, (size * count) / length));
    const free = size - extent;
    const most = Math.max(1, length - count);
    return { extent, free, most, at: (free * start) / most };
  };
  let grip: number | undefined;
  element.addEventListener("pointerdown", (event) => {
    if (!state || event.button !== 0) return;
    const { at, extent } = geometry(state);
    const where = place(event);
    grip = where >= at && where <= at + extent ? where - at : extent / 2;
    element.setPointerCapture(event.pointerId);
    drag(event);
  });
  const drag = (event: PointerEvent): void => {
    if (!state || grip === undefined) return;
    const { free, most } = geometry(state);
    move(Math.round((Math.max(0, Math.min(free, place(event) - grip)) / Math.max(1, free)) * most));
  };
  element.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (grip = undefined));
  return {
    element,
    draw(next) {
      state = next;
      element.hidden = next.count >= next.length;
      const { at, extent } = geometry(next);
      element.style[upright ? "height" : "width"] = `${next.size}px`;
      element.style[upright ? "top" : "left"] = `${next.offset}px`;
      thumb.style[upright ? "height" : "width"] = `${extent}px`;
      thumb.style[upright ? "top" : "left"] = `${at}px`;
      setAttributes(element, { "aria-valuenow": next.start, "aria-valuemax": Math.max(0, next.length - next.count) });
    },
  };
}
