import { PART, type ForceCurves } from "../forceCurves.js";
import { moveRoom, type MapsKernels, type Sparse, type TsneForces, type UmapMoves } from "../maps.js";
import { PlaneTree, type TreeRoom } from "../planeTree.js";

export const maps: MapsKernels = {
  // eslint-disable-next-line require-yield -- nothing to do
  forces: function* (p) {
    return new Forces(p);
  },
  moves,
  tasks: [],
};

/** Entries of p, and groups of the tree, between two yields: those of a few milliseconds. */
const ENTRIES = 1 << 18;
const GROUPS = 64;

class Forces implements TsneForces {
  private readonly room: TreeRoom;
  private readonly tree: PlaneTree;
  private positions = new Float64Array(0);

  constructor(private readonly p: Sparse) {
    const { m } = p;
    this.room = {
      order: new Int32Array(m), x: new Float64Array(m), y: new Float64Array(m),
      cells: new Float64Array(8 * m), boxes: new Float64Array(8 * m), links: new Int32Array(8 * m), groups: new Int32Array(m),
    };
    this.tree = new PlaneTree(m, this.room);
  }

  *at(positions: Float64Array, theta: number, pull: Float64Array, push: Float64Array): Generator<void, number, void> {
    this.positions = positions.slice();
    for (const [from, to] of parts(this.p)) {
      attract(this.p, positions, from, to, pull);
      yield;
    }
    this.tree.build(positions, theta);
    const sums = new Float64Array(this.p.m);
    for (let n = 0; n < this.tree.groups; n++) {
      if (n % GROUPS === 0) yield;
      repel(this.room, this.room.groups[n], push, sums);
    }
    return sums.reduce((total, sum) => total + sum, 0);
  }

  *logDistances(): Generator<void, number, void> {
    const { p: { starts, columns, values }, positions } = this;
    let total = 0;
    for (const [from, to] of parts(this.p)) {
      for (let i = from; i < to; i++) {
        for (let e = starts[i]; e < starts[i + 1]; e++) {
          const dx = positions[2 * i] - positions[2 * columns[e]];
          const dy = positions[2 * i + 1] - positions[2 * columns[e] + 1];
          total += values[e] * Math.log(1 + (dx * dx + dy * dy));
        }
      }
      yield;
    }
    return total;
  }
}

/** Rows from … to, all in all, of as many entries as are gone through at once. */
function* parts({ m, starts }: Sparse): Generator<readonly [number, number], void, void> {
  for (let from = 0, to = 0; from < m; from = to) {
    while (to < m && starts[to] - starts[from] < ENTRIES) to++;
    yield [from, to];
  }
}

/** Even and odd entries of a row have a sum of their own, as the lanes of the other implementations have. */
function attract({ starts, columns, values }: Sparse, positions: Float64Array, from: number, to: number, pull: Float64Array): void {
  const sums = new Float64Array(4);
  for (let i = from; i < to; i++) {
    sums.fill(0);
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const dx = positions[2 * i] - positions[2 * columns[e]];
      const dy = positions[2 * i + 1] - positions[2 * columns[e] + 1];
      const weight = values[e] / (1 + (dx * dx + dy * dy));
      const lane = (e - starts[i]) & 1;
      sums[lane] += weight * dx;
      sums[2 + lane] += weight * dy;
    }
    pull[2 * i] = sums[0] + sums[1];
    pull[2 * i + 1] = sums[2] + sums[3];
  }
}

/** Sets push and Σ q of the points of a group. */
function repel(room: TreeRoom, group: number, push: Float64Array, sums: Float64Array): void {
  const { order, x, y, links } = room;
  const others = seenFrom(room, group);
  for (let i = links[4 * group]; i < links[4 * group + 1]; i++) {
    let sum = -1; // itself, at distance 0
    let sumX = 0;
    let sumY = 0;
    for (let at = 0; at < others.length; at += 3) {
      const dx = x[i] - others[at];
      const dy = y[i] - others[at + 1];
      const q = 1 / (1 + (dx * dx + dy * dy));
      const share = others[at + 2] * q;
      sum += share;
      sumX += share * q * dx;
      sumY += share * q * dy;
    }
    push[2 * order[i]] = sumX;
    push[2 * order[i] + 1] = sumY;
    sums[order[i]] = sum;
  }
}

/** [n, 3] place and mass of what the points of a group see: cells that are far enough away, and points. */
function seenFrom({ x, y, cells, boxes, links }: TreeRoom, group: number): number[] {
  const [left, right, top, bottom] = boxes.subarray(4 * group, 4 * group + 4);
  const seen: number[] = [];
  const near: number[] = [];
  const look = (from: number, to: number): void => {
    for (let cell = from; cell < to; cell++) {
      const place = 4 * cell;
      const dx = Math.max(0, Math.max(left - cells[place], cells[place] - right));
      const dy = Math.max(0, Math.max(top - cells[place + 1], cells[place + 1] - bottom));
      if (dx * dx + dy * dy <= cells[place + 3]) near.push(place);
      else seen.push(cells[place], cells[place + 1], cells[place + 2]);
    }
  };
  look(0, 1);
  for (let place = near.pop(); place !== undefined; place = near.pop()) {
    if (links[place + 3] === 0) for (let i = links[place]; i < links[place + 1]; i++) seen.push(x[i], y[i], 1);
    look(links[place + 2], links[place + 3]);
  }
  return seen;
}

/** UMAP clips what a coordinate moves by. */
const MOST = 4;

function moves(m: number, curves: ForceCurves): UmapMoves {
  const positions = new Float64Array(2 * m);
  const edges = new Int32Array(3 * moveRoom.edges);
  const others = new Int32Array(moveRoom.others);
  const clipped = (value: number): number => (value > MOST ? MOST : value < -MOST ? -MOST : value);
  return {
    positions,
    edges,
    others,
    move(count, rate) {
      let other = 0;
      for (let edge = 0; edge < 3 * count; edge += 3) {
        const own = 2 * edges[edge];
        const tied = 2 * edges[edge + 1];
        let x = positions[own];
        let y = positions[own + 1];
        const dx = x - positions[tied];
        const dy = y - positions[tied + 1];
        const distance = dx * dx + dy * dy;
        if (distance > 0) {
          const pull = strength(curves, curves.pull, distance);
          const moveX = clipped(pull * dx) * rate;
          const moveY = clipped(pull * dy) * rate;
          x += moveX;
          y += moveY;
          positions[tied] -= moveX;
          positions[tied + 1] -= moveY;
        }
        for (const end = other + edges[edge + 2]; other < end; other++) {
          const far = 2 * others[other];
          if (far === own) continue;
          const byX = x - positions[far];
          const byY = y - positions[far + 1];
          const apart = byX * byX + byY * byY;
          // Points that lie on one another are parted one way.
          const push = apart > 0 ? strength(curves, curves.push, apart) : undefined;
          x += (push === undefined ? MOST : clipped(push * byX)) * rate;
          y += (push === undefined ? MOST : clipped(push * byY)) * rate;
        }
        positions[own] = x;
        positions[own + 1] = y;
      }
    },
  };
}

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

/** A curve at a squared distance above 0; beyond its ends its last pieces are taken. */
function strength({ first, parts }: ForceCurves, curve: Float64Array, distance: number): number {
  float[0] = distance;
  const part = PART * Math.max(0, Math.min(parts - 1, (halves[1] >> 13) - first));
  const t = distance - curve[part];
  return ((curve[part + 4] * t + curve[part + 3]) * t + curve[part + 2]) * t + curve[part + 1];
}
