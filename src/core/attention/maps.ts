import { msg, type Progress } from "../contract/index.js";
import { inRows } from "./inSlices.js";
import type { Reals } from "../math/affine.js";

/** Multiplications between two pauses. */
const STEP = 2 ** 22;
const FOLLOWING: Progress = { fraction: NaN, message: msg("Following attention through the layers") };

/** Attention of all heads, T queries to N keys: weights [layers, heads, queries, keys], 0 where masked. */
export type Maps = {
  readonly layers: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly weights: Reals;
};

/** One head's weights [queries, keys], as a view of them all. */
export function headOf({ heads, queries, keys, weights }: Maps, layer: number, head: number): Reals {
  const cells = queries * keys;
  return weights.subarray((layer * heads + head) * cells, (layer * heads + head + 1) * cells);
}

/** The mean of maps of one size. */
function meanMap(maps: readonly Reals[]): Float64Array {
  const mean = new Float64Array(maps[0].length);
  for (const map of maps) for (let i = 0; i < mean.length; i++) mean[i] += map[i] / maps.length;
  return mean;
}

/** The mean over the heads of a layer. [queries, keys] */
export function layerMean(maps: Maps, layer: number): Float64Array {
  return meanMap(Array.from({ length: maps.heads }, (_, head) => headOf(maps, layer, head)));
}

/**
 * Attention rollout (Abnar and Zuidema 2020, section 3): attention followed through the layers as if it were the share of what
 * flows. Each layer's mean map is halved with the identity for the residual connection, its rows made to sum to 1, and
 * multiplied on those of the layers below.
 * @param layer maps of one layer, [T, T] each, for layers from 0
 * @returns [T, T] from the tokens behind layer `last` to those at the input
 */
export function* rollout(layer: (layer: number) => Reals, last: number, tokens: number): Generator<Progress, Float64Array, void> {
  let rolled = yield* withResidual(layer(0), tokens);
  let work = 0;
  for (let l = 1; l <= last; l++) {
    const step = yield* withResidual(layer(l), tokens);
    const next = new Float64Array(tokens * tokens);
    const ends = yield* rowEnds(rolled, tokens);
    for (let i = 0; i < tokens; i++) {
      const row = next.subarray(i * tokens, (i + 1) * tokens);
      for (let k = 0; k < tokens; k++) {
        const share = step[i * tokens + k];
        if (share === 0) continue;
        const from = k * tokens;
        const end = ends[k];
        work += end;
        for (let j = 0; j < end; j++) row[j] += share * rolled[from + j];
      }
      if (work < STEP) continue;
      work = 0;
      yield { fraction: (l - 1 + i / tokens) / last, message: msg("Following attention through the layers") };
    }
    rolled = next;
  }
  return rolled;
}

/** Where the zeros at the end of each row begin: of causal maps, half of the work. */
function* rowEnds(map: Float64Array, tokens: number): Generator<Progress, Int32Array, void> {
  const ends = new Int32Array(tokens);
  yield* inRows(tokens, tokens, FOLLOWING, (from, to) => {
    for (let i = from; i < to; i++) {
      let end = tokens;
      while (end > 0 && map[i * tokens + end - 1] === 0) end--;
      ends[i] = end;
    }
  });
  return ends;
}

/** 0.5 A + 0.5 I with rows that sum to 1. A row without attention keeps only itself. */
function* withResidual(map: Reals, tokens: number): Generator<Progress, Float64Array, void> {
  const out = new Float64Array(tokens * tokens);
  yield* inRows(tokens, tokens, FOLLOWING, (from, to) => {
    for (let i = from; i < to; i++) {
      let sum = 0.5;
      for (let j = i * tokens; j < (i + 1) * tokens; j++) sum += out[j] = map[j] / 2;
      out[i * tokens + i] += 0.5;
      for (let j = i * tokens; j < (i + 1) * tokens; j++) out[j] /= sum;
    }
  });
  return out;
}
