/** What of the plane a plot of `width` × `height` pixels shows: the place in its middle, and the pixels of a unit, equal both ways. */
export type Viewport = { readonly x: number; readonly y: number; readonly scale: number; readonly width: number; readonly height: number };
/** [left, right, low, high] of the plane. */
export type Extent = readonly [number, number, number, number];

/** How far one may zoom in beyond all points. */
const CLOSEST = 2000;
/** Pixels kept free around all points: names stand there. */
const PAD = 26;

/** The points' extent at some layouts. */
export function extentOf(positions: Float32Array): Extent {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 2) {
    const x = positions[at];
    const y = positions[at + 1];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  return right >= left ? [left, right, low, high] : [-1, 1, -1, 1];
}

/** The smallest extent that holds both. */
export function joined(a: Extent, b: Extent): Extent {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.max(a[3], b[3])];
}

/** All of an extent. */
export function fitted([left, right, low, high]: Extent, width: number, height: number): Viewport {
  const across = (right - left) / Math.max(1, width - 2 * PAD);
  const up = (high - low) / Math.max(1, height - 2 * PAD);
  const unit = Math.max(across, up);
  return { x: (left + right) / 2, y: (low + high) / 2, scale: unit > 0 ? 1 / unit : 1, width, height };
}

export function toX(view: Viewport, x: number): number {
  return view.width / 2 + (x - view.x) * view.scale;
}

export function toY(view: Viewport, y: number): number {
  return view.height / 2 - (y - view.y) * view.scale;
}

/** The place of the plane at a pixel. */
export function placeAt(view: Viewport, px: number, py: number): readonly [number, number] {
  return [view.x + (px - view.width / 2) / view.scale, view.y - (py - view.height / 2) / view.scale];
}

/** Zooms so that what is at (px, py) stays there; between all points and two thousand times nearer. */
export function zoomed(view: Viewport, factor: number, px: number, py: number, all: Viewport): Viewport {
  const scale = Math.max(all.scale, Math.min(CLOSEST * all.scale, view.scale * factor));
  const [x, y] = placeAt(view, px, py);
  return clamped({ ...view, scale, x: x - (px - view.width / 2) / scale, y: y + (py - view.height / 2) / scale }, all);
}

export function panned(view: Viewport, dx: number, dy: number, all: Viewport): Viewport {
  return clamped({ ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale }, all);
}

/** Moved just as far as a place needs to stand `margin` pixels inside. */
export function showing(view: Viewport, x: number, y: number, all: Viewport, margin = 40): Viewport {
  const near = (middle: number, place: number, size: number): number => {
    const half = Math.max(0, size / 2 - margin) / view.scale;
    return Math.max(place - half, Math.min(place + half, middle));
  };
  return clamped({ ...view, x: near(view.x, x, view.width), y: near(view.y, y, view.height) }, all);
}

/** Keeps the middle over what all points cover. */
function clamped(view: Viewport, all: Viewport): Viewport {
  const clamp = (middle: number, whole: number, size: number): number => {
    const room = Math.max(0, size / 2 / all.scale - size / 2 / view.scale);
    return Math.max(whole - room, Math.min(whole + room, middle));
  };
  return { ...view, x: clamp(view.x, all.x, view.width), y: clamp(view.y, all.y, view.height) };
}
