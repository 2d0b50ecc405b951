import { multipliedMatrices, type CostModel } from "./costModel.js";

/**
 * Floating-point operations by part; a multiplication with its addition counts as two. Norms, softmax, activations, rotations
 * and divisions are left out, as is usual: they grow with the width, not with its square.
 */
export type Flops = {
  /** Matrices of queries, keys, values and output; of a recurrent model those of its time mixing. */
  readonly projections: number;
  /** What the text adds: scores and weighted sums, or the state's update and reading. */
  readonly mixing: number;
  readonly mlp: number;
  readonly head: number;
  readonly total: number;
};

function flops(projections: number, mixing: number, mlp: number, head: number): Flops {
  return { projections, mixing, mlp, head, total: projections + mixing + mlp + head };
}

/**
 * The forward pass for one token in a text of T tokens: the T-th, which sees all T with itself, while keys and values of those before it
 * are kept; in a model that reads both ways, any of the T.
 *   matrices: 2 a number; attention: 4·H·s·T a layer (q·k and the sum of values), T no more than a window;
 *   linear attention: per head S += φ(k)·vᵀ, z += φ(k), S·φ(q), z·φ(q): 4·s·(s + 1) a layer and head, whatever T;
 *   recurrent (RWKV-4): 4 multiply-adds a channel for its two decaying sums and their reading, 2 for each of 5 token shifts: 28·d a layer.
 * Sources: Kaplan et al. 2020, table 1; Katharopoulos et al. 2020, eq. 18–20; Peng et al. 2023, eq. 11–20.
 * @param length T ≥ 1
 */
export function flopsOfToken(model: CostModel, length: number): Flops {
  const { attention, mlp, head } = multipliedMatrices(model);
  return flops(2 * attention, mixingOf(model, length), 2 * mlp, 2 * head);
}

/** The forward pass over a whole text of T tokens: the sum of its tokens' where each sees those before it, else T times one's. */
export function flopsOfText(model: CostModel, length: number): Flops {
  const { attention, mlp, head } = multipliedMatrices(model);
  const grows = model.kind !== "linear" && model.kind !== "recurrent" && model.shape.causal;
  const mixing = grows ? perPair(model) * seenByAll(model, length) : length * mixingOf(model, length);
  return flops(2 * attention * length, mixing, 2 * mlp * length, 2 * head * length);
}

function mixingOf(model: CostModel, length: number): number {
  const { kind, shape } = model;
  if (kind === "linear") return 4 * shape.headSize * (shape.headSize + 1) * shape.heads * shape.layers;
  if (kind === "recurrent") return 28 * shape.width * shape.layers;
  const { layers, window } = shape;
  const windowed = window?.layers ?? 0;
  return perPair(model) * ((layers - windowed) * length + windowed * Math.min(length, window?.size ?? length));
}

/** Operations of a query with one key and its value, in all heads. */
function perPair({ shape }: CostModel): number {
  return 4 * shape.heads * shape.headSize;
}

/** Pairs of query and key in a text in which a token sees itself and those before it, over all layers. */
function seenByAll({ shape: { layers, window } }: CostModel, length: number): number {
  const triangle = (n: number) => (n * (n + 1)) / 2;
  if (!window || length <= window.size) return layers * triangle(length);
  const within = triangle(window.size) + (length - window.size) * window.size;
  return (layers - window.layers) * triangle(length) + window.layers * within;
}
