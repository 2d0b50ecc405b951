import { madd64, nmadd64, sum64 } from "../lanes";
import { centres, counts, K, means, offsets, products, roots, stride, sums } from "./work";

// One and two columns: everything about a component stays in registers.

@inline
function splat(at: usize, i: usize): v128 {
  return v128.load64_splat(at + (i << 3));
}

@inline
function add(at: usize, i: usize, v: v128): void {
  store<f64>(at + (i << 3), load<f64>(at + (i << 3)) + sum64(v));
}

export function logDensities1(x: usize, bytes: usize, shares: usize): void {
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    const mean = splat(means, k);
    const root = splat(roots, k);
    const offset = splat(offsets, k);
    for (let i: usize = 0; i < bytes; i += 16) {
      const y = f64x2.mul(f64x2.sub(v128.load(x + i), mean), root);
      v128.store(share + i, nmadd64(y, y, offset));
    }
  }
}

export function statistics1(x: usize, bytes: usize, shares: usize, totals: usize): void {
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    const centre = splat(centres, k);
    let count = f64x2.splat(0);
    let sum = count;
    let product = count;
    for (let i: usize = 0; i < bytes; i += 16) {
      const r = f64x2.mul(v128.load(share + i), v128.load(totals + i));
      const d = f64x2.sub(v128.load(x + i), centre);
      const rd = f64x2.mul(r, d);
      count = f64x2.add(count, r);
      sum = f64x2.add(sum, rd);
      product = madd64(rd, d, product);
    }
    add(counts, k, count);
    add(sums, k, sum);
    add(products, k, product);
  }
}

export function logDensities2(x: usize, bytes: usize, shares: usize): void {
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    const mean0 = splat(means, 2 * k);
    const mean1 = splat(means, 2 * k + 1);
    const root00 = splat(roots, 4 * k);
    const root10 = splat(roots, 4 * k + 2);
    const root11 = splat(roots, 4 * k + 3);
    const offset = splat(offsets, k);
    for (let i: usize = 0; i < bytes; i += 16) {
      const d0 = f64x2.sub(v128.load(x + i), mean0);
      const d1 = f64x2.sub(v128.load(x + stride + i), mean1);
      const y0 = f64x2.mul(d0, root00);
      const y1 = madd64(d1, root11, f64x2.mul(d0, root10));
      v128.store(share + i, nmadd64(y1, y1, nmadd64(y0, y0, offset)));
    }
  }
}

export function statistics2(x: usize, bytes: usize, shares: usize, totals: usize): void {
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    const centre0 = splat(centres, 2 * k);
    const centre1 = splat(centres, 2 * k + 1);
    let count = f64x2.splat(0);
    let sum0 = count;
    let sum1 = count;
    let product00 = count;
    let product10 = count;
    let product11 = count;
    for (let i: usize = 0; i < bytes; i += 16) {
      const r = f64x2.mul(v128.load(share + i), v128.load(totals + i));
      const d0 = f64x2.sub(v128.load(x + i), centre0);
      const d1 = f64x2.sub(v128.load(x + stride + i), centre1);
      const rd0 = f64x2.mul(r, d0);
      const rd1 = f64x2.mul(r, d1);
      count = f64x2.add(count, r);
      sum0 = f64x2.add(sum0, rd0);
      sum1 = f64x2.add(sum1, rd1);
      product00 = madd64(rd0, d0, product00);
      product10 = madd64(rd1, d0, product10);
      product11 = madd64(rd1, d1, product11);
    }
    add(counts, k, count);
    add(sums, 2 * k, sum0);
    add(sums, 2 * k + 1, sum1);
    add(products, 4 * k, product00);
    add(products, 4 * k + 2, product10);
    add(products, 4 * k + 3, product11);
  }
}
