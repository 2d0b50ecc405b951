import { overlap, type Box } from "../marks/labels.js";

/** Where direct labels stand: near their mark, off the points, off each other. Pixels throughout. */

export type Anchor = { readonly x: number; readonly y: number };

/** An ellipse that a label belongs to: semi-axes rx, ry, the first turned by `angle` radians. */
export type Outline = Anchor & { readonly rx: number; readonly ry: number; readonly angle: number };

export type Room = {
  /** Labels stay inside. */
  readonly bounds: Box;
  /** Share of a box that lies over points, in [0, 1]. */
  crowd(left: number, top: number, width: number, height: number): number;
  /** Marks and labels that must not be covered. */
  readonly taken: readonly Box[];
  /** A line will lead from the mark to the box: it should not run through what is taken. */
  readonly leader?: boolean;
};

const directions = 24;
/** What lying over points all through costs, in pixels of distance. */
const crowding = 500;
/** What covering something costs, whatever the area. */
const covering = 120;
const distances = [8, 20, 36, 60, 90, 130, 180, 240];

/** How far an outline reaches from its centre in a direction. */
function reach({ rx, ry, angle }: Outline, direction: number): number {
  const c = Math.cos(direction - angle) / Math.max(rx, 1);
  const s = Math.sin(direction - angle) / Math.max(ry, 1);
  return 1 / Math.hypot(c, s);
}

/** The box of a size whose nearest edge lies in a direction, `distance` from the anchor. */
function boxAt(anchor: Anchor, direction: number, distance: number, width: number, height: number): Box {
  const [dx, dy] = [Math.cos(direction), Math.sin(direction)];
  return {
    x: anchor.x + dx * (distance + width / 2) - width / 2,
    y: anchor.y + dy * (distance + height / 2) - height / 2,
    width,
    height,
  };
}

/**
 * The best of the boxes around an outline: crowding and distance are weighed, an overlap with what is taken counts most.
 * Null when every box leaves the bounds.
 */
export function placeBox(outline: Outline, width: number, height: number, room: Room): Box | null {
  let best: Box | null = null;
  let least = Infinity;
  for (let i = 0; i < directions; i++) {
    const direction = (2 * Math.PI * i) / directions;
    const edge = reach(outline, direction);
    for (const distance of distances) {
      const box = boxAt(outline, direction, edge + distance, width, height);
      if (!contains(room.bounds, box)) continue;
      let cost = distance + 0.25 * edge + crowding * room.crowd(box.x - 2, box.y, width + 4, height);
      const end = edgePoint(box, outline);
      for (const other of room.taken) {
        const shared = overlap(grown(box), other);
        if (shared > 0) cost += covering + 10 * Math.sqrt(shared);
        if (room.leader && cost < least && crosses(other, outline, end)) cost += 200;
      }
      if (cost < least) [least, best] = [cost, box];
    }
  }
  return best;
}

/** A label keeps 4 px from others. */
function grown({ x, y, width, height }: Box): Box {
  return { x: x - 4, y: y - 4, width: width + 8, height: height + 8 };
}

function contains(bounds: Box, box: Box): boolean {
  return (
    box.x >= bounds.x &&
    box.y >= bounds.y &&
    box.x + box.width <= bounds.x + bounds.width &&
    box.y + box.height <= bounds.y + bounds.height
  );
}

/** Whether the line from a to b passes through a box (Liang and Barsky's clipping). */
function crosses(box: Box, a: Anchor, b: Anchor): boolean {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  let [from, to] = [0, 1];
  for (const [p, q] of [[-dx, a.x - box.x], [dx, box.x + box.width - a.x], [-dy, a.y - box.y], [dy, box.y + box.height - a.y]]) {
    if (p === 0 && q < 0) return false;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  return from < to;
}

/** Places labels one after the other, those first whose outline is the smallest: they have the least choice. */
export function placeAll(
  labels: readonly { readonly outline: Outline; readonly width: number; readonly height: number }[],
  room: Room,
): (Box | null)[] {
  const taken = [...room.taken];
  const placed: (Box | null)[] = labels.map(() => null);
  const order = labels.map((_, i) => i).sort((a, b) => area(labels[a].outline) - area(labels[b].outline));
  for (const i of order) {
    const box = placeBox(labels[i].outline, labels[i].width, labels[i].height, { ...room, taken });
    placed[i] = box;
    if (box) taken.push(box);
  }
  return placed;
}

function area({ rx, ry }: Outline): number {
  return rx * ry;
}

/** Where the line from a mark to a box ends: the box's nearest point. */
export function edgePoint(box: Box, from: Anchor): Anchor {
  return {
    x: Math.min(box.x + box.width, Math.max(box.x, from.x)),
    y: Math.min(box.y + box.height, Math.max(box.y, from.y)),
  };
}
