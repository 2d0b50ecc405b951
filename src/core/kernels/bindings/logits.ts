import type { LogitsKernels } from "../logits.js";
import type { Module } from "./module.js";

type Exports = { expAll(x: number, out: number, n: number): void };

export function bindLogits({ exports, arena }: Module<Exports>): LogitsKernels {
  return {
    expAll(x, out) {
      const mark = arena.mark();
      const at = arena.take(8 * x.length);
      arena.f64(at, x.length).set(x);
      exports.expAll(at, at, x.length);
      out.set(arena.f64(at, x.length));
      arena.release(mark);
    },
  };
}
