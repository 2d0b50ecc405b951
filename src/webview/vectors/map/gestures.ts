/** What a pointer over the plot may do. Coordinates are the plot's pixels. */
export type MapGestures = {
  /** Whether a drag circles instead of moving the map; Shift does the other. */
  circles(): boolean;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  circling(path: readonly (readonly [number, number])[]): void;
  circled(path: readonly (readonly [number, number])[]): void;
  cancel(): void;
};

/** A press that moved less is a click. */
const slack = 4;
/** Pixels between two vertices of a lasso. */
const fineness = 3;
/** Zoom for a pixel of the wheel. */
const wheel = 0.0016;

type Press = { readonly id: number; readonly circle: boolean; x: number; y: number; moved: boolean };

/** Tells clicks, moves of the map and lassos apart. Returns what gives a drag up; true when there was one. */
export function watchMap(surface: SVGSVGElement, gestures: MapGestures): () => boolean {
  let press: Press | null = null;
  let path: [number, number][] = [];
  const place = (event: MouseEvent): [number, number] => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || press) return;
    const [x, y] = place(event);
    press = { id: event.pointerId, circle: gestures.circles() !== event.shiftKey, x, y, moved: false };
    path = [[x, y]];
    surface.setPointerCapture(event.pointerId);
  });
  surface.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    if (!press) return gestures.hover(x, y);
    if (event.pointerId !== press.id) return;
    if (!press.moved && Math.hypot(x - press.x, y - press.y) < slack) return;
    press.moved = true;
    if (!press.circle) {
      gestures.pan(x - press.x, y - press.y);
      press.x = x;
      press.y = y;
      return;
    }
    const [lastX, lastY] = path[path.length - 1];
    if (Math.hypot(x - lastX, y - lastY) < fineness) return;
    path.push([x, y]);
    gestures.circling(path);
  });
  surface.addEventListener("pointerup", (event) => {
    if (!press || event.pointerId !== press.id) return;
    const { moved, circle } = press;
    press = null;
    const [x, y] = place(event);
    if (!moved) gestures.click(x, y);
    else if (circle && path.length > 2) gestures.circled(path);
    else gestures.cancel();
  });
  const cancel = (): boolean => {
    const busy = press?.moved ?? false;
    press = null;
    if (busy) gestures.cancel();
    return busy;
  };
  surface.addEventListener("pointercancel", cancel);
  surface.addEventListener("pointerleave", () => {
    if (!press) gestures.leave();
  });
  surface.addEventListener("wheel", (event) => {
    event.preventDefault();
    const [x, y] = place(event);
    const pixels = event.deltaY * [1, 16, 400][event.deltaMode];
    gestures.zoom(Math.exp(-wheel * Math.max(-400, Math.min(400, pixels)) * (event.ctrlKey ? 6 : 1)), x, y);
  }, { passive: false });
  return cancel;
}
