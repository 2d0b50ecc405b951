import { madd64, nmadd64, sum64 } from "../lanes";
import { choose, gather } from "./chosen";
import { block, centres, counts, D, K, means, offsets, pitch, places, products, roots, rows, stride, sums, weights } from "./work";

/** For each component the differences of a block, and the squares of their products with the root, four rows of it by four points at a time. */
export function logDensitiesFull(x: usize, bytes: usize, shares: usize): void {
  let root = roots;
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    for (let d: usize = 0; d < D; d++) {
      const mean = v128.load64_splat(means + ((k * D + d) << 3));
      const column = x + d * stride;
      const row = rows + d * pitch;
      for (let i: usize = 0; i < bytes; i += 16) v128.store(row + i, f64x2.sub(v128.load(column + i), mean));
    }
    const offset = v128.load64_splat(offsets + (k << 3));
    let next = root;
    for (let i: usize = 0; i < bytes; i += 32) {
      let e0 = offset;
      let e1 = offset;
      next = root;
      for (let a: usize = 0; a < D; a += 4) {
        let y00 = f64x2.splat(0), y01 = y00, y02 = y00, y03 = y00;
        let y10 = y00, y11 = y00, y12 = y00, y13 = y00;
        const end = next + (min(D, a + 4) << 5);
        for (let at = rows + i; next < end; next += 32, at += pitch) {
          const d0 = v128.load(at);
          const d1 = v128.load(at, 16);
          const r0 = v128.load64_splat(next);
          y00 = madd64(d0, r0, y00);
          y10 = madd64(d1, r0, y10);
          const r1 = v128.load64_splat(next, 8);
          y01 = madd64(d0, r1, y01);
          y11 = madd64(d1, r1, y11);
          const r2 = v128.load64_splat(next, 16);
          y02 = madd64(d0, r2, y02);
          y12 = madd64(d1, r2, y12);
          const r3 = v128.load64_splat(next, 24);
          y03 = madd64(d0, r3, y03);
          y13 = madd64(d1, r3, y13);
        }
        e0 = nmadd64(y00, y00, nmadd64(y01, y01, nmadd64(y02, y02, nmadd64(y03, y03, e0))));
        e1 = nmadd64(y10, y10, nmadd64(y11, y11, nmadd64(y12, y12, nmadd64(y13, y13, e1))));
      }
      v128.store(share + i, e0);
      v128.store(share + i, e1, 16);
    }
    root = next;
  }
}

/** The rows that count for a component, a block of them at a time, times the root of their shares: the products of these are r d dᵀ. */
export function statisticsFull(x: usize, n: i32, shares: usize, totals: usize): void {
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    const m = <usize>choose(share, totals, n, counts + (k << 3), true);
    for (let from: usize = 0; from < m; from += block) {
      const bytes = min(m - from, <usize>block) << 3;
      weighted(x, k * D, places + (from << 2), weights + (from << 3), bytes);
      addProducts(products + k * ((D * D) << 3), bytes);
    }
  }
}

/** rows[d, j] = √r d of the j-th chosen row; adds Σ r d to the sums. */
function weighted(x: usize, first: usize, places: usize, weights: usize, bytes: usize): void {
  for (let d: usize = 0; d < D; d++) {
    const at = (first + d) << 3;
    const column = x + d * stride;
    const row = rows + d * pitch;
    const centre = v128.load64_splat(centres + at);
    let sum = f64x2.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const weight = v128.load(weights + i);
      const v = f64x2.mul(f64x2.sub(gather(column, places + (i >> 1)), centre), weight);
      v128.store(row + i, v);
      sum = madd64(v, weight, sum);
    }
    store<f64>(sums + at, load<f64>(sums + at) + sum64(sum));
  }
}

/** products += rows rowsᵀ, the lower triangle, in tiles of four by two. */
function addProducts(products: usize, bytes: usize): void {
  for (let a: usize = 0; a < D; a += 4) {
    for (let b: usize = 0; b < min(D, a + 4); b += 2) {
      let p00 = f64x2.splat(0), p01 = p00, p10 = p00, p11 = p00;
      let p20 = p00, p21 = p00, p30 = p00, p31 = p00;
      let u = rows + a * pitch;
      let v = rows + b * pitch;
      for (const end = u + bytes; u < end; u += 16, v += 16) {
        const v0 = v128.load(v);
        const v1 = v128.load(v, pitch);
        const u0 = v128.load(u);
        p00 = madd64(u0, v0, p00);
        p01 = madd64(u0, v1, p01);
        const u1 = v128.load(u, pitch);
        p10 = madd64(u1, v0, p10);
        p11 = madd64(u1, v1, p11);
        const u2 = v128.load(u, 2 * pitch);
        p20 = madd64(u2, v0, p20);
        p21 = madd64(u2, v1, p21);
        const u3 = v128.load(u, 3 * pitch);
        p30 = madd64(u3, v0, p30);
        p31 = madd64(u3, v1, p31);
      }
      add(products, a, b, p00, p01);
      add(products, a + 1, b, p10, p11);
      add(products, a + 2, b, p20, p21);
      add(products, a + 3, b, p30, p31);
    }
  }
}

function add(products: usize, a: usize, b: usize, first: v128, second: v128): void {
  if (a >= D || b > a) return;
  const at = products + ((a * D + b) << 3);
  store<f64>(at, load<f64>(at) + sum64(first));
  if (b < a) store<f64>(at, load<f64>(at, 8) + sum64(second), 8);
}
