/** A label that wants to stand at (x, y), its box's left top corner, and the places it would accept instead. */
export type LabelBox = {
  readonly width: number;
  readonly height: number;
  /** Left top corners, the best first. */
  readonly places: readonly (readonly [number, number])[];
};
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/**
 * Chooses a place for each label so that labels overlap neither each other nor the obstacles and stay in bounds.
 * Labels come in order of importance. Where no place is free, the one that hides least is taken.
 */
export function placeLabels(labels: readonly LabelBox[], obstacles: readonly Box[] = [], bounds?: Box): Box[] {
  const placed: Box[] = [];
  for (const label of labels) {
    let best: Box | undefined;
    let least = Infinity;
    label.places.forEach(([x, y], order) => {
      const box = bounds ? inside({ x, y, width: label.width, height: label.height }, bounds) : { x, y, width: label.width, height: label.height };
      const moved = Math.hypot(box.x - x, box.y - y);
      const cost =
        placed.reduce((sum, other) => sum + 4 * overlap(box, other), 0) +
        obstacles.reduce((sum, other) => sum + overlap(box, other), 0) + moved + order * 1e-3;
      if (cost < least) [best, least] = [box, cost];
    });
    if (best) placed.push(best);
  }
  return placed;
}

/** Corners around a point: right, left, above and below it, then the diagonals, `gap` px away, and then further. */
export function placesAround(x: number, y: number, width: number, height: number, gap = 8): [number, number][] {
  const places: [number, number][] = [];
  for (const d of [gap, gap * 2.5, gap * 5]) {
    places.push([x + d, y - height / 2], [x - d - width, y - height / 2], [x - width / 2, y - d - height], [x - width / 2, y + d]);
    places.push([x + d, y - d - height], [x - d - width, y - d - height], [x + d, y + d], [x - d - width, y + d]);
  }
  return places;
}

/** The first of the heights at which a box meets none of the others; undefined where it meets one at each. */
export function freeHeight(heights: readonly number[], box: Omit<Box, "y">, others: readonly Box[]): number | undefined {
  return heights.find((y) => others.every((other) => overlap(other, { ...box, y }) === 0));
}

/** Area that two boxes share. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function inside(box: Box, bounds: Box): Box {
  const x = Math.max(bounds.x, Math.min(box.x, bounds.x + bounds.width - box.width));
  const y = Math.max(bounds.y, Math.min(box.y, bounds.y + bounds.height - box.height));
  return { ...box, x, y };
}

let measure: CanvasRenderingContext2D | null = null;

/** Width of a text in CSS pixels; `font` as in CSS, such as "600 12px sans-serif". */
export function textWidth(text: string, font: string): number {
  measure ??= document.createElement("canvas").getContext("2d");
  if (!measure) return text.length * 7;
  measure.font = font;
  return measure.measureText(text).width;
}

/** Texts that were cut before: names are asked for again with every frame. */
const cut = new Map<string, string>();

/** A text cut to a width in CSS pixels, with an ellipsis where it was longer. */
export function shortened(text: string, width: number, font: string): string {
  if (textWidth(text, font) <= width) return text;
  const key = `${font}|${width}|${text}`;
  let short = cut.get(key);
  if (short === undefined) {
    const letters = Array.from(text);
    let [low, high] = [0, letters.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (textWidth(`${letters.slice(0, middle).join("")}\u2026`, font) <= width) low = middle;
      else high = middle - 1;
    }
    short = `${letters.slice(0, low).join("").trimEnd()}\u2026`;
    if (cut.size > 5000) cut.clear();
    cut.set(key, short);
  }
  return short;
}

/** A text broken at its blanks into lines of at most `width`. */
export function wrapped(text: string, width: number, font: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, font) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
