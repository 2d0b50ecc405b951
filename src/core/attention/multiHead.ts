import { affine, type Reals } from "../math/affine.js";
import { keyHeadOf } from "../models/anatomy.js";
import { scaledDotProduct, type HeadOptions, type HeadShape, type HeadSteps } from "./scaledDotProduct.js";

/** A linear layer y = x Wᵀ + b. */
export type Projection = {
  readonly weight: Reals; // [out, in]
  readonly bias?: Reals; // [out]
};

export type MultiHeadWeights = {
  readonly query: Projection; // [heads · size, width]
  readonly key: Projection; // [kvHeads · size, key width]
  readonly value: Projection; // [kvHeads · valueSize, value width]
  readonly output: Projection; // [width, heads · valueSize]
};

export type MultiHeadSteps = {
  /** Stages by query head. */
  readonly heads: readonly HeadSteps[];
  readonly queries: Float64Array; // [T, heads · size]
  readonly keys: Float64Array; // [N, kvHeads · size]
  readonly values: Float64Array; // [N, kvHeads · valueSize]
  /** The heads' outputs side by side. [T, heads · valueSize] */
  readonly concatenated: Float64Array;
  readonly output: Float64Array; // [T, width]
};

/** Options of all heads, or by head (ALiBi gives each its own mask). */
export type ByHead = HeadOptions | ((head: number) => HeadOptions);

/**
 * Attention of several heads: multi-head (Vaswani et al. 2017), multi-query with one head of keys and values (Shazeer 2019), and
 * grouped-query between (Ainslie et al. 2023), where query head h uses key-value head ⌊h kvHeads / heads⌋.
 * @param q [heads, queries, size]
 * @param k [kvHeads, keys, size]
 * @param v [kvHeads, keys, valueSize]
 * @throws RangeError when kvHeads does not divide heads, or an array is too short
 */
export function attendHeads(q: Reals, k: Reals, v: Reals, shape: HeadShape & { readonly heads: number; readonly kvHeads: number }, options: ByHead = {}): HeadSteps[] {
  const { heads, kvHeads, queries, keys, size, valueSize } = shape;
  if (!(kvHeads > 0) || heads % kvHeads !== 0) throw new RangeError(`${kvHeads} heads of keys for ${heads} heads of queries`);
  return Array.from({ length: heads }, (_, head) => {
    const shared = keyHeadOf(head, shape);
    return scaledDotProduct(
      part(q, head, queries * size),
      part(k, shared, keys * size),
      part(v, shared, keys * valueSize),
      shape,
      typeof options === "function" ? options(head) : options,
    );
  });
}

/**
 * Multi-head attention with its projections, of `x` to `y` (the same for self-attention).
 * @param x [queries, width]
 * @param y [keys, keyWidth]
 * @throws RangeError when the heads divide a projection's rows unevenly
 */
export function multiHead(
  x: Reals,
  y: Reals,
  shape: { readonly queries: number; readonly keys: number; readonly width: number; readonly keyWidth?: number; readonly heads: number; readonly kvHeads?: number },
  { query, key, value, output }: MultiHeadWeights,
  options: ByHead = {},
): MultiHeadSteps {
  const { queries, keys, width, keyWidth = width, heads, kvHeads = heads } = shape;
  const size = query.weight.length / width / heads;
  const valueSize = value.weight.length / keyWidth / kvHeads;
  if (!Number.isInteger(size) || !Number.isInteger(valueSize)) throw new RangeError(`${heads} heads do not divide the projections`);
  const q = affine(x, queries, width, query.weight, heads * size, query.bias);
  const k = affine(y, keys, keyWidth, key.weight, kvHeads * size, key.bias);
  const v = affine(y, keys, keyWidth, value.weight, kvHeads * valueSize, value.bias);
  const found = attendHeads(
    splitHeads(q, queries, heads),
    splitHeads(k, keys, kvHeads),
    splitHeads(v, keys, kvHeads),
    { heads, kvHeads, queries, keys, size, valueSize },
    options,
  );
  const concatenated = joinHeads(found.map((head) => head.output), queries);
  return { heads: found, queries: q, keys: k, values: v, concatenated, output: affine(concatenated, queries, heads * valueSize, output.weight, width, output.bias) };
}

/** [n, heads · size] as [heads, n, size]. */
export function splitHeads(x: Float64Array, n: number, heads: number): Float64Array {
  const size = x.length / n / heads;
  const out = new Float64Array(x.length);
  for (let h = 0; h < heads; h++) {
    for (let i = 0; i < n; i++) for (let j = 0; j < size; j++) out[(h * n + i) * size + j] = x[(i * heads + h) * size + j];
  }
  return out;
}

/** Outputs [n, size] of several heads side by side, [n, heads · size]. */
export function joinHeads(outputs: readonly Float64Array[], n: number): Float64Array {
  const heads = outputs.length;
  const size = heads === 0 || n === 0 ? 0 : outputs[0].length / n;
  const out = new Float64Array(n * heads * size);
  outputs.forEach((each, h) => {
    for (let i = 0; i < n; i++) for (let j = 0; j < size; j++) out[(i * heads + h) * size + j] = each[i * size + j];
  });
  return out;
}

function part(values: Reals, index: number, length: number): Reals {
  return values.subarray(index * length, (index + 1) * length);
}
