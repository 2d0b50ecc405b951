import type { ModelShape } from "./modelShape.js";
import { parameterCount, parameterParts, sumOf } from "./parameters.js";

/**
 * How the tokens of a text learn of each other: `own`: as the configuration says; `full`: multi-head attention, keys and values
 * for each query head; `grouped`: for each group of heads (Ainslie et al. 2023); `multiQuery`: for all heads together (Shazeer
 * 2019); `linear`: attention with a kernel, which sums keys and values up in a state (Katharopoulos et al. 2020); `recurrent`:
 * no attention but decaying sums, as in RWKV-4 (Peng et al. 2023).
 */
export const costKinds = ["own", "full", "grouped", "multiQuery", "linear", "recurrent"] as const;
export type CostKind = (typeof costKinds)[number];

/** A model whose costs are asked for: a shape with one kind of mixing. Other than `own`, a kind has no window. */
export type CostModel = { readonly kind: CostKind; readonly shape: ModelShape };

/**
 * A model of the same width, depth and vocabulary with another kind of attention, for comparison.
 * @param groups key-value heads of `grouped`; by default the model's own if it is grouped, else a quarter of its heads or as
 * near below as divides them, at least 2 where that does
 * @throws RangeError when `groups` does not divide the heads
 */
export function costModel(shape: ModelShape, kind: CostKind, groups?: number): CostModel {
  const { heads } = shape;
  if (groups !== undefined && (!Number.isInteger(groups) || groups < 1 || heads % groups !== 0)) throw new RangeError(`${groups} groups for ${heads} heads`);
  if (kind === "own") return { kind, shape };
  const kvHeads = kind === "multiQuery" ? 1 : kind === "grouped" ? groups ?? usualGroups(shape) : heads;
  return { kind, shape: { ...shape, kvHeads, window: undefined } };
}

function usualGroups({ heads, kvHeads }: ModelShape): number {
  if (kvHeads > 1 && kvHeads < heads) return kvHeads;
  for (let groups = Math.max(2, Math.floor(heads / 4)); groups > 1; groups--) if (heads % groups === 0) return groups;
  return 1;
}

/** The inner width of RWKV-4's channel mixing. */
export function recurrentInner({ width }: ModelShape): number {
  return 4 * width;
}

/**
 * Parameters of a model of this kind. A recurrent one has 2·V·d + 13·d²·L + d·(11·L + 4) (Peng et al. 2023, appendix), whichever
 * norms, biases and positions the shape has.
 */
export function costParameters({ kind, shape }: CostModel): number {
  if (kind !== "recurrent") return parameterCount(shape);
  const { vocabulary, width: d, layers } = shape;
  return 2 * vocabulary * d + 13 * d * d * layers + d * (11 * layers + 4);
}

/** Numbers in the matrices that every token is multiplied with, by group; without a head that is applied once a text. */
export function multipliedMatrices({ kind, shape }: CostModel): { readonly attention: number; readonly mlp: number; readonly head: number } {
  const { layers, width: d, vocabulary } = shape;
  const scored = shape.head === "language" || shape.head === "pretraining";
  const transformed = scored && shape.family === "bert" ? d * d : 0;
  const head = scored ? vocabulary * d + transformed : shape.head === "tokens" ? shape.labels * d : shape.head === "question" ? 2 * d : 0;
  if (kind === "recurrent") return { attention: 4 * d * d * layers, mlp: (d * d + 2 * d * recurrentInner(shape)) * layers, head };
  const matrices = (group: string) => sumOf(parameterParts(shape).filter((each) => each.group === group).map(({ times, matrix }) => ({ count: times * matrix })));
  return { attention: matrices("attention"), mlp: matrices("mlp"), head };
}
