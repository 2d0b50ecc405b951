export { heapBase } from "./lib/memory";
import { first4, halfMask, halfScale, last4, Strange16 } from "./lib/half";

/** out[i] = the i-th of n binary16; up to seven more are written. */
export function float16(from: usize, out: usize, n: i32): void {
  const mask = halfMask();
  const scale = halfScale();
  for (const end = out + (<usize>n << 2); out < end; out += 32, from += 16) {
    const pairs = v128.load(from);
    v128.store(out, first4<Strange16>(pairs, mask, scale));
    v128.store(out, last4<Strange16>(pairs, mask, scale), 16);
  }
}

/** out[i] = the i-th of n bfloat16, which are the upper halves of binary32. */
export function bfloat16(from: usize, out: usize, n: i32): void {
  for (const end = out + (<usize>n << 2); out < end; out += 16, from += 8) v128.store(out, i32x4.shl(v128.load16x4_u(from), 16));
}
