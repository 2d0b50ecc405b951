/** Small helpers for drawing that only the mixture needs; elements are made by marks/dom. */

/** Builds the children of a group only when one of `keys` changed since the last call for it. */
export function memo(group: Element, keys: readonly unknown[], build: () => readonly Node[]): void {
  const before = built.get(group);
  if (before && before.length === keys.length && before.every((key, i) => Object.is(key, keys[i]))) return;
  built.set(group, keys);
  group.replaceChildren(...build());
}

const built = new WeakMap<Element, readonly unknown[]>();

/** Coordinates as SVG writes them, a tenth of a pixel fine. */
export function px(v: number): string {
  return String(Math.round(v * 10) / 10);
}

/** Path through points [x0, y0, x1, y1, …]; NaN breaks the line. */
export function pathOf(points: ArrayLike<number>): string {
  let d = "";
  let pen = "M";
  for (let i = 0; i < points.length; i += 2) {
    if (!Number.isFinite(points[i + 1])) {
      pen = "M";
      continue;
    }
    d += `${pen}${px(points[i])} ${px(points[i + 1])}`;
    pen = "L";
  }
  return d;
}

/** Width of a text in CSS pixels. Measured once a font and text. */
export function textWidth(text: string, size: number, font: string, bold = false): number {
  const style = `${bold ? "600 " : ""}${size}px ${font}`;
  const key = `${style}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    measure ??= document.createElement("canvas").getContext("2d");
    if (!measure) return text.length * size * 0.55;
    measure.font = style;
    width = measure.measureText(text).width;
    if (widths.size > 2000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

const widths = new Map<string, number>();
let measure: CanvasRenderingContext2D | null | undefined;
