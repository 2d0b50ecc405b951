import { fractions } from "../../math/exp.js";
import type { LogitsKernels } from "../logits.js";
import { logits as typescript } from "../ts/logits.js";
import { newVocabulary } from "../ts/vocabulary.js";
import type { Module } from "./module.js";
import { bindVocabulary, type LogitsExports } from "./vocabulary.js";

/** @param open starts a module with a memory of its own */
export function bindLogits(open: () => Module<LogitsExports>): LogitsKernels {
  const { exports, arena } = open();
  const table = arena.take(8 * fractions.length);
  arena.f64(table, fractions.length).set(fractions);
  const results = exports.resultsAt();

  /** Copies a row in, computes e^(x − the largest) over it, and hands on where that is. */
  function withRow<T>(values: ArrayLike<number>, n: number, from: number, use: (row: number, largest: number, sum: number, odd: boolean) => T): T {
    const mark = arena.mark();
    const row = arena.take(8 * n);
    arena.f64(row, n).set(rowOf(values, n, from));
    exports.exponentials(row, row, n, table);
    const [largest, sum, , , odd] = arena.f64(results, 5);
    const result = use(row, largest, sum, odd > 0);
    arena.release(mark);
    return result;
  }

  return {
    leastRow: 128,
    leastVocabulary: 512,
    logSumExp(values, n, from) {
      return withRow(values, n, from, (_, largest, sum, odd) => (odd ? typescript.logSumExp(values, n, from) : largest === -Infinity ? largest : largest + Math.log(sum)));
    },
    softmax(values, out, n, from) {
      if (!(out instanceof Float64Array)) return typescript.softmax(values, out, n, from);
      withRow(values, n, from, (row, largest, sum) => {
        if (largest === -Infinity) out.fill(0, from, from + n);
        else {
          exports.scale(row, 1 / sum, row, n);
          out.set(arena.f64(row, n), from);
        }
      });
    },
    vocabulary(size, reals, integers) {
      try {
        return bindVocabulary(open(), size, reals, integers);
      } catch {
        // Where there is no memory for it any more.
        return newVocabulary(size, reals, integers);
      }
    },
  };
}

function rowOf(values: ArrayLike<number>, n: number, from: number): ArrayLike<number> {
  if (from === 0 && n === values.length) return values;
  return values instanceof Float64Array || values instanceof Float32Array ? values.subarray(from, from + n) : Array.prototype.slice.call(values, from, from + n);
}
