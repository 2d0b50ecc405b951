export { heapBase } from "./lib/memory";
import { sum64 } from "./lib/lanes";

// All numbers are float64, and nothing is fused: sums are those of TypeScript to the last bit.

/** Cells that a walk has yet to open: three a level, and the last four. */
const STACK: usize = 128 * 4;
/** Points and cells that are summed at once, and a leaf more: they stay in the first-level cache. */
const LIST: i32 = 256;
const ITEM: usize = 24;

@inline
function splat(at: usize): v128 {
  return v128.load64_splat(at);
}

/** Adds to Σ q, Σ q² dx and Σ q² dy of four points, of which the first `left` are stored, what the others from `list` to `end` do. */
@inline
function add(x: usize, y: usize, left: i32, list: usize, end: usize, sums: usize, pushX: usize, pushY: usize): void {
  const one = f64x2.splat(1);
  const x0 = v128.load(x), x1 = v128.load(x, 16), y0 = v128.load(y), y1 = v128.load(y, 16);
  let s0 = v128.load(sums), s1 = v128.load(sums, 16);
  let u0 = v128.load(pushX), u1 = v128.load(pushX, 16);
  let v0 = v128.load(pushY), v1 = v128.load(pushY, 16);
  for (let at = list; at < end; at += ITEM) {
    const otherX = splat(at), otherY = splat(at + 8), mass = splat(at + 16);
    const dx0 = f64x2.sub(x0, otherX), dx1 = f64x2.sub(x1, otherX);
    const dy0 = f64x2.sub(y0, otherY), dy1 = f64x2.sub(y1, otherY);
    const q0 = f64x2.div(one, f64x2.add(one, f64x2.add(f64x2.mul(dx0, dx0), f64x2.mul(dy0, dy0))));
    const q1 = f64x2.div(one, f64x2.add(one, f64x2.add(f64x2.mul(dx1, dx1), f64x2.mul(dy1, dy1))));
    const share0 = f64x2.mul(mass, q0), share1 = f64x2.mul(mass, q1);
    const weight0 = f64x2.mul(share0, q0), weight1 = f64x2.mul(share1, q1);
    s0 = f64x2.add(s0, share0);
    s1 = f64x2.add(s1, share1);
    u0 = f64x2.add(u0, f64x2.mul(weight0, dx0));
    u1 = f64x2.add(u1, f64x2.mul(weight1, dx1));
    v0 = f64x2.add(v0, f64x2.mul(weight0, dy0));
    v1 = f64x2.add(v1, f64x2.mul(weight1, dy1));
  }
  put(sums, s0, s1, left);
  put(pushX, u0, u1, left);
  put(pushY, v0, v1, left);
}

/** The first `left` of four numbers: what stands behind may be another thread's. */
@inline
function put(at: usize, a: v128, b: v128, left: i32): void {
  if (left == 1) v128.store64_lane(at, a, 0);
  else v128.store(at, a);
  if (left == 3) v128.store64_lane(at, b, 0, 16);
  else if (left > 3) v128.store(at, b, 16);
}

/** The same for all points of a group, [first, last) in bytes. */
function addAll(x: usize, y: usize, first: usize, last: usize, list: usize, end: usize, sums: usize, pushX: usize, pushY: usize): void {
  for (let i = first; i < last; i += 32) {
    add(x + i, y + i, <i32>((last - i) >> 3), list, end, sums + i, pushX + i, pushY + i);
  }
}

/**
 * Sets Σ q, Σ q² dx and Σ q² dy of the points of groups [from, to), in the order of the tree: see TreeRoom.
 * @param scratch room for the walk: 8192 bytes
 */
export function repel(
  x: usize, y: usize, cells: usize, boxes: usize, links: usize, groups: usize, from: i32, to: i32, scratch: usize,
  sums: usize, pushX: usize, pushY: usize,
): void {
  const list = scratch + STACK;
  const full = list + <usize>LIST * ITEM;
  for (let group = groups + (<usize>from << 2), end = groups + (<usize>to << 2); group < end; group += 4) {
    const own = <usize>load<i32>(group);
    const first = <usize>load<i32>(links + (own << 4)) << 3, last = <usize>load<i32>(links + (own << 4), 4) << 3;
    const box = boxes + (own << 5);
    const left = load<f64>(box), right = load<f64>(box, 8), top = load<f64>(box, 16), bottom = load<f64>(box, 24);
    for (let i = first; i < last; i += 8) store<f64>(sums + i, -1); // itself, at distance 0
    memory.fill(pushX + first, 0, last - first);
    memory.fill(pushY + first, 0, last - first);
    let item = list;
    let stack = scratch;
    let cell = 0, stop = 1;
    for (;;) {
      // Each is written both to the list and to the stack, and left in one of them: a branch would often be guessed wrong.
      for (; cell < stop; cell++) {
        const centre = cells + (<usize>cell << 5);
        const centreX = load<f64>(centre), centreY = load<f64>(centre, 8);
        const dx = max<f64>(0, max<f64>(left - centreX, centreX - right));
        const dy = max<f64>(0, max<f64>(top - centreY, centreY - bottom));
        const near = <usize>(dx * dx + dy * dy <= load<f64>(centre, 24));
        v128.store(item, v128.load(centre));
        store<f64>(item, load<f64>(centre, 16), 16);
        store<i32>(stack, cell);
        item += ITEM * (1 - near);
        stack += near << 2;
      }
      const done = stack == scratch;
      if (!done) {
        stack -= 4;
        const link = links + (<usize>load<i32>(stack) << 4);
        cell = load<i32>(link, 8);
        stop = load<i32>(link, 12);
        if (stop == 0) {
          for (let i = <usize>load<i32>(link) << 3, over = <usize>load<i32>(link, 4) << 3; i < over; i += 8, item += ITEM) {
            store<f64>(item, load<f64>(x + i));
            store<f64>(item, load<f64>(y + i), 8);
            store<f64>(item, 1, 16);
          }
        }
      }
      if (item >= full || done) {
        addAll(x, y, first, last, list, item, sums, pushX, pushY);
        item = list;
      }
      if (done) break;
    }
  }
}

/** x and y of two points side by side, the first given by [x, y]. */
@inline
function xs(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

@inline
function ys(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

@inline
function point(positions: usize, column: usize): v128 {
  return v128.load(positions + (<usize>load<i32>(column) << 4));
}

/** The lanes that count: the last entry of an odd row is alone. */
@inline
function counting(alone: bool): v128 {
  return i64x2.replace_lane(i64x2.splat(-1), 1, alone ? 0 : -1);
}

/** Sets Σ p q (y_i − y_j) of points [from, to). p is as Sparse has it. */
export function attract(starts: usize, columns: usize, values: usize, positions: usize, from: i32, to: i32, pull: usize): void {
  const one = f64x2.splat(1);
  for (let i = from; i < to; i++) {
    const own = v128.load(positions + (<usize>i << 4));
    const x = xs(own, own), y = ys(own, own);
    const row = starts + (<usize>i << 2);
    let sumX = f64x2.splat(0), sumY = f64x2.splat(0);
    for (let e = <usize>load<i32>(row), end = <usize>load<i32>(row, 4); e < end; e += 2) {
      const alone = e + 1 == end;
      const a = point(positions, columns + (e << 2));
      const b = alone ? a : point(positions, columns + (e << 2) + 4);
      const dx = f64x2.sub(x, xs(a, b));
      const dy = f64x2.sub(y, ys(a, b));
      const weight = f64x2.div(v128.load(values + (e << 3)), f64x2.add(one, f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy))));
      sumX = f64x2.add(sumX, v128.and(f64x2.mul(weight, dx), counting(alone)));
      sumY = f64x2.add(sumY, v128.and(f64x2.mul(weight, dy), counting(alone)));
    }
    store<f64>(pull + (<usize>i << 4), sum64(sumX));
    store<f64>(pull + (<usize>i << 4), sum64(sumY), 8);
  }
}

const table = memory.data<f64>([
  1.4142135623730951,
  0.6931471805599453,
  2 / 17.0, 2 / 15.0, 2 / 13.0, 2 / 11.0, 2 / 9.0, 2 / 7.0, 2 / 5.0, 2 / 3.0, 2,
]);

/**
 * Natural logarithms of two numbers of at least 1, or NaN, to 3e-16: artanh's series of (m − 1) / (m + 1), m the number without its powers
 * of two.
 */
@inline
function log(v: v128): v128 {
  const one = f64x2.splat(1);
  let m = v128.or(v128.and(v, i64x2.splat(0x000fffffffffffff)), one);
  const above = f64x2.gt(m, splat(table));
  m = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, above);
  // The exponent behind 2^52 is a whole number in binary64; `above` is −1 where one more power was taken away.
  const exponent = i64x2.sub(i64x2.shr_u(v, 52), above);
  const powers = f64x2.sub(v128.or(exponent, i64x2.splat(0x4330000000000000)), f64x2.splat(4503599627371519));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const z = f64x2.mul(s, s);
  let p = splat(table + 16);
  for (let at = table + 24; at < table + 88; at += 8) p = f64x2.add(f64x2.mul(p, z), splat(at));
  const result = f64x2.add(f64x2.mul(p, s), f64x2.mul(powers, splat(table + 8)));
  return v128.bitselect(result, v, f64x2.lt(v, f64x2.splat(Infinity)));
}

/** Σ p log(1 + distance²) of the rows [from, to). */
export function logDistances(starts: usize, columns: usize, values: usize, positions: usize, from: i32, to: i32): f64 {
  const one = f64x2.splat(1);
  let sum = f64x2.splat(0);
  for (let i = from; i < to; i++) {
    const own = v128.load(positions + (<usize>i << 4));
    const x = xs(own, own), y = ys(own, own);
    const row = starts + (<usize>i << 2);
    for (let e = <usize>load<i32>(row), end = <usize>load<i32>(row, 4); e < end; e += 2) {
      const alone = e + 1 == end;
      const a = point(positions, columns + (e << 2));
      const b = alone ? a : point(positions, columns + (e << 2) + 4);
      const dx = f64x2.sub(x, xs(a, b));
      const dy = f64x2.sub(y, ys(a, b));
      const logs = log(f64x2.add(one, f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy))));
      sum = f64x2.add(sum, v128.and(f64x2.mul(v128.load(values + (e << 3)), logs), counting(alone)));
    }
  }
  return sum64(sum);
}

/** A curve at a squared distance, in both lanes: see forceCurves.ts, whose pieces are 40 bytes. */
@inline
function strength(curve: usize, first: i32, parts: i32, distances: v128): v128 {
  const part = max(0, min(parts - 1, <i32>(i64x2.extract_lane(distances, 0) >> 45) - first));
  const piece = curve + <usize>part * 40;
  const t = f64x2.sub(distances, splat(piece));
  let value = f64x2.add(f64x2.mul(splat(piece + 32), t), splat(piece + 24));
  value = f64x2.add(f64x2.mul(value, t), splat(piece + 16));
  return f64x2.add(f64x2.mul(value, t), splat(piece + 8));
}

/** dx² + dy² in both lanes. */
@inline
function squared(by: v128): v128 {
  const squares = f64x2.mul(by, by);
  return f64x2.add(squares, v128.shuffle<f64>(squares, squares, 1, 0));
}

@inline
function clipped(value: v128, most: v128): v128 {
  return f64x2.pmax(f64x2.pmin(value, most), f64x2.neg(most));
}

/** Makes the moves of `count` edges: see UmapMoves. */
export function move(
  positions: usize, edges: usize, count: i32, others: usize, first: i32, parts: i32, pulls: usize, pushes: usize, rate: f64,
): void {
  const most = f64x2.splat(4);
  const rates = f64x2.splat(rate);
  for (let end = edges + <usize>count * 12; edges < end; edges += 12) {
    const own = load<i32>(edges);
    const tied = positions + (<usize>load<i32>(edges, 4) << 4);
    let place = v128.load(positions + (<usize>own << 4));
    const by = f64x2.sub(place, v128.load(tied));
    const distances = squared(by);
    if (f64x2.extract_lane(distances, 0) > 0) {
      const step = f64x2.mul(clipped(f64x2.mul(strength(pulls, first, parts, distances), by), most), rates);
      place = f64x2.add(place, step);
      v128.store(tied, f64x2.sub(v128.load(tied), step));
    }
    for (let stop = others + (<usize>load<i32>(edges, 8) << 2); others < stop; others += 4) {
      const other = load<i32>(others);
      if (other == own) continue;
      const away = f64x2.sub(place, v128.load(positions + (<usize>other << 4)));
      const apart = squared(away);
      // Points that lie on one another are parted one way.
      const gradient = f64x2.extract_lane(apart, 0) > 0 ? clipped(f64x2.mul(strength(pushes, first, parts, apart), away), most) : most;
      place = f64x2.add(place, f64x2.mul(gradient, rates));
    }
    v128.store(positions + (<usize>own << 4), place);
  }
}
