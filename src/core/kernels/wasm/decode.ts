export { heapBase } from "./lib/memory";
import { halfMask, halfScale, strangeHalf4 } from "./lib/half";

/** out[i] = the i-th of n binary16. */
export function float16(from: usize, out: usize, n: i32): void {
  const mask = halfMask();
  const scale = halfScale();
  for (const end = out + (<usize>n << 2); out < end; out += 16, from += 8) v128.store(out, strangeHalf4(v128.load16x4_s(from), mask, scale));
}

/** out[i] = the i-th of n bfloat16, which are the upper halves of binary32. */
export function bfloat16(from: usize, out: usize, n: i32): void {
  for (const end = out + (<usize>n << 2); out < end; out += 16, from += 8) v128.store(out, i32x4.shl(v128.load16x4_u(from), 16));
}
