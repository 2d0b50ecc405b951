import { costKinds, costModel, type CostKind, type CostModel } from "./costModel.js";
import type { ModelShape } from "./modelShape.js";

/** Longer texts are not looked at. */
export const LONGEST = 2 ** 40;

/**
 * The shortest text at which the order of two costs is no longer that of one token: where their curves cross, in whole tokens.
 * Both must be costs whose difference changes its sign once at most, as all of `flops`, `cache` and `activations` are.
 * @returns undefined when they do not cross up to `longest`
 */
export function crossing(a: (length: number) => number, b: (length: number) => number, longest = LONGEST): number | undefined {
  const order = (length: number) => Math.sign(a(length) - b(length));
  const first = order(1);
  if (order(longest) === first) return undefined;
  let [low, high] = [1, longest];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (order(middle) === first) low = middle;
    else high = middle;
  }
  return high;
}

/** Where the costs of two kinds cross; from there on `cheaper` is not the dearer one. */
export type Crossing = { readonly cheaper: CostKind; readonly dearer: CostKind; readonly length: number };

/** All crossings of a shape's kinds under one measure, the shortest text first. */
export function crossings(shape: ModelShape, measure: (model: CostModel, length: number) => number, kinds: readonly CostKind[] = costKinds, longest = LONGEST): Crossing[] {
  const found: Crossing[] = [];
  kinds.forEach((one, i) => {
    for (const other of kinds.slice(i + 1)) {
      const [a, b] = [costModel(shape, one), costModel(shape, other)];
      const length = crossing((n) => measure(a, n), (n) => measure(b, n), longest);
      if (length === undefined) continue;
      // Where both cost the same, it is the one that was dearer that becomes cheaper.
      const difference = measure(a, length) - measure(b, length) || measure(b, 1) - measure(a, 1);
      found.push({ cheaper: difference < 0 ? one : other, dearer: difference < 0 ? other : one, length });
    }
  });
  return found.sort((x, y) => x.length - y.length);
}
