/** What a pointer over the plot may do. Coordinates are the plot's pixels. */
export type Gestures = {
  /** The component whose letter is there, or null. */
  letterAt(x: number, y: number): number | null;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
  /** A letter is being dragged, was dropped, or was let go (null). */
  drag(component: number, x: number, y: number): void;
  drop(component: number, x: number, y: number): void;
  /** The plane is being circled, or was. */
  circling(path: readonly [number, number][]): void;
  circled(path: readonly [number, number][]): void;
  /** The drag or the circle was given up. */
  cancel(): void;
};

/** Pixels a pressed pointer must move to be more than a click. */
const threshold = 4;
/** Pixels between two vertices of a lasso. */
const fineness = 3;

type Press = { readonly id: number; readonly x: number; readonly y: number; readonly letter: number | null; moved: boolean };

/** Tells clicks, drags of a letter and lassos apart. */
export function listenTo(surface: SVGSVGElement, gestures: Gestures): { cancel(): boolean; dispose(): void } {
  let press: Press | null = null;
  let path: [number, number][] = [];
  const place = (event: PointerEvent): [number, number] => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || press) return;
    const [x, y] = place(event);
    press = { id: event.pointerId, x, y, letter: gestures.letterAt(x, y), moved: false };
    path = [[x, y]];
    surface.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const [x, y] = place(event);
    if (!press) {
      surface.style.cursor = gestures.letterAt(x, y) === null ? "crosshair" : "grab";
      gestures.hover(x, y);
      return;
    }
    if (event.pointerId !== press.id) return;
    if (!press.moved && Math.hypot(x - press.x, y - press.y) < threshold) return;
    press.moved = true;
    if (press.letter !== null) {
      surface.style.cursor = "grabbing";
      gestures.drag(press.letter, x, y);
      return;
    }
    const [lastX, lastY] = path[path.length - 1];
    if (Math.hypot(x - lastX, y - lastY) < fineness) return;
    path.push([x, y]);
    gestures.circling(path);
  };
  const up = (event: PointerEvent) => {
    if (!press || event.pointerId !== press.id) return;
    const { letter, moved } = press;
    const [x, y] = place(event);
    press = null;
    if (!moved) gestures.click(x, y);
    else if (letter !== null) gestures.drop(letter, x, y);
    else if (path.length > 2) gestures.circled(path);
    else gestures.cancel();
  };
  const cancel = () => {
    const busy = press?.moved ?? false;
    press = null;
    if (busy) gestures.cancel();
    return busy;
  };
  const leave = () => {
    if (!press) gestures.leave();
  };
  surface.addEventListener("pointerdown", down);
  surface.addEventListener("pointermove", move);
  surface.addEventListener("pointerup", up);
  surface.addEventListener("pointercancel", cancel);
  surface.addEventListener("pointerleave", leave);
  return {
    cancel,
    dispose() {
      surface.removeEventListener("pointerdown", down);
      surface.removeEventListener("pointermove", move);
      surface.removeEventListener("pointerup", up);
      surface.removeEventListener("pointercancel", cancel);
      surface.removeEventListener("pointerleave", leave);
    },
  };
}
