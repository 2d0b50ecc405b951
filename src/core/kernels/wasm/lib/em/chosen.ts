import { sum64 } from "../lanes";
import { places, weights } from "./work";

/** Shares at or below it leave no trace in sums of doubles, beside the 2e-15 that the M-step adds to every count. */
const negligible: f64 = 1e-30;

/**
 * Lays down the places and the responsibilities (or their roots) of the rows that count for one component, and adds all to its count.
 * Up to an even number, the first row is there again with nothing.
 * @returns how many
 */
export function choose(share: usize, totals: usize, n: i32, count: usize, root: bool): i32 {
  let sum = f64x2.splat(0);
  let m: usize = 0;
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
    // Past n the totals are zero.
    const r = f64x2.mul(v128.load(share + i), v128.load(totals + i));
    const weight = root ? f64x2.sqrt(r) : r;
    sum = f64x2.add(sum, r);
    store<u32>(places + (m << 2), <u32>i);
    store<f64>(weights + (m << 3), f64x2.extract_lane(weight, 0));
    m += <usize>!(f64x2.extract_lane(r, 0) <= negligible);
    store<u32>(places + (m << 2), <u32>(i + 8));
    store<f64>(weights + (m << 3), f64x2.extract_lane(weight, 1));
    m += <usize>!(f64x2.extract_lane(r, 1) <= negligible);
  }
  store<f64>(count, load<f64>(count) + sum64(sum));
  store<u32>(places + (m << 2), 0);
  store<f64>(weights + (m << 3), 0);
  return <i32>m;
}

/** Two numbers of a column, whose places are at `place`. */
@inline
export function gather(column: usize, place: usize): v128 {
  return v128.load64_lane(column + load<u32>(place, 4), v128.load64_zero(column + load<u32>(place)), 1);
}
