export { heapBase } from "./lib/memory";
import { exp64 } from "./lib/exp";

/** out[i] = e^x[i] of n numbers ≤ 0; both arrays may be read and written to the next multiple of two. */
export function expAll(x: usize, out: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) v128.store(out + i, exp64(v128.load(x + i)));
}
