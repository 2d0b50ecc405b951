import { msg, type Problem } from "../contract/index.js";
import type { NamedArray } from "./readArrays.js";

/** The first number of arrays that has no place in a calculation. */
export function strangeNumber(arrays: readonly NamedArray[]): Problem | undefined {
  for (const { name, shape, values, placeOf } of arrays) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const columns = shape[shape.length - 1];
    const row = Math.floor(at / columns);
    return {
      severity: "error",
      message: msg("{0} has {1} in row {2}, column {3}. Replace it by a number.", name, values[at], row + 1, (at % columns) + 1),
      ...placeOf?.(at),
    };
  }
  return undefined;
}
