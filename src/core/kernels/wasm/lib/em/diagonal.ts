import { madd64, nmadd64, sum64 } from "../lanes";
import { choose, gather } from "./chosen";
import { centres, counts, D, K, means, offsets, places, products, roots, stride, sums, weights } from "./work";

/** Eight rows at a time: their exponents stay in registers while the columns go by. */
export function logDensitiesDiagonal(x: usize, bytes: usize, shares: usize): void {
  const columns = D;
  let mean = means;
  let root = roots;
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    const offset = v128.load64_splat(offsets + (k << 3));
    for (let i: usize = 0; i < bytes; i += 64) {
      let e0 = offset;
      let e1 = offset;
      let e2 = offset;
      let e3 = offset;
      for (let d: usize = 0, at = x + i; d < columns; d++, at += stride) {
        const m = v128.load64_splat(mean + (d << 3));
        const r = v128.load64_splat(root + (d << 3));
        const y0 = f64x2.mul(f64x2.sub(v128.load(at), m), r);
        const y1 = f64x2.mul(f64x2.sub(v128.load(at, 16), m), r);
        const y2 = f64x2.mul(f64x2.sub(v128.load(at, 32), m), r);
        const y3 = f64x2.mul(f64x2.sub(v128.load(at, 48), m), r);
        e0 = nmadd64(y0, y0, e0);
        e1 = nmadd64(y1, y1, e1);
        e2 = nmadd64(y2, y2, e2);
        e3 = nmadd64(y3, y3, e3);
      }
      v128.store(share + i, e0);
      v128.store(share + i, e1, 16);
      v128.store(share + i, e2, 32);
      v128.store(share + i, e3, 48);
    }
    mean += columns << 3;
    root += columns << 3;
  }
}

/**
 * Squared distances to the means, [K, stride]. Nothing is fused: where two means are equally near, or all but, every build and
 * TypeScript take the same.
 */
export function squaredDistances(x: usize, bytes: usize, out: usize): void {
  for (let k: usize = 0, mean = means; k < K; k++, mean += D << 3, out += stride) {
    for (let i: usize = 0; i < bytes; i += 64) {
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let d: usize = 0, at = x + i; d < D; d++, at += stride) {
        const m = v128.load64_splat(mean + (d << 3));
        const y0 = f64x2.sub(v128.load(at), m);
        const y1 = f64x2.sub(v128.load(at, 16), m);
        const y2 = f64x2.sub(v128.load(at, 32), m);
        const y3 = f64x2.sub(v128.load(at, 48), m);
        s0 = f64x2.add(s0, f64x2.mul(y0, y0));
        s1 = f64x2.add(s1, f64x2.mul(y1, y1));
        s2 = f64x2.add(s2, f64x2.mul(y2, y2));
        s3 = f64x2.add(s3, f64x2.mul(y3, y3));
      }
      v128.store(out + i, s0);
      v128.store(out + i, s1, 16);
      v128.store(out + i, s2, 32);
      v128.store(out + i, s3, 48);
    }
  }
}

export function statisticsDiagonal(x: usize, n: i32, shares: usize, totals: usize): void {
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    const count = counts + (k << 3);
    const m = choose(share, totals, n, count, false);
    const bytes = <usize>m << 3;
    for (let d: usize = 0; d < D; d++) {
      const at = (k * D + d) << 3;
      const column = x + d * stride;
      const centre = v128.load64_splat(centres + at);
      let sum = f64x2.splat(0);
      let product = sum;
      for (let i: usize = 0; i < bytes; i += 16) {
        const v = f64x2.sub(gather(column, places + (i >> 1)), centre);
        const rv = f64x2.mul(v, v128.load(weights + i));
        sum = f64x2.add(sum, rv);
        product = madd64(rv, v, product);
      }
      store<f64>(sums + at, load<f64>(sums + at) + sum64(sum));
      store<f64>(products + at, load<f64>(products + at) + sum64(product));
    }
  }
}
