import { msg, type Progress } from "../contract/index.js";
import { rollout } from "./maps.js";
import { entropiesOf, type MapSource } from "./partMapSource.js";
import type { HeadMap } from "./trace.js";

/** Numbers of layers' means that are remembered for one source. */
const REMEMBERED = 2 ** 24;

/** One head's map, or what several make together. */
export function* shownMap(source: MapSource, reduce: HeadMap["reduce"], layer: number, head: number): Generator<Progress, HeadMap, void> {
  const { rows, columns, seen } = source;
  const weights = yield* reduced(source, reduce, layer, head);
  return { reduce, layer, head, rows, columns, weights, entropy: entropiesOf(weights, rows, columns), visible: Int32Array.from({ length: rows }, (_, row) => seen(row)) };
}

function* reduced(source: MapSource, reduce: HeadMap["reduce"], layer: number, head: number): Generator<Progress, Float32Array, void> {
  switch (reduce) {
    case "head":
      return source.map(layer, head).slice();
    case "heads":
      return (yield* layerMean(source, layer)).slice();
    case "layers": {
      const sum = new Float64Array(source.rows * source.columns);
      for (let l = 0; l < source.layers; l++) {
        const mean = yield* layerMean(source, l);
        for (let i = 0; i < sum.length; i++) sum[i] += mean[i];
      }
      return Float32Array.from(sum, (value) => value / source.layers);
    }
    case "rollout": {
      const means: Float32Array[] = [];
      for (let l = 0; l <= layer; l++) means.push(yield* layerMean(source, l));
      return Float32Array.from(yield* rollout((l) => means[l], layer, source.rows));
    }
  }
}

const remembered = new WeakMap<object, Map<number, Float32Array>>();

/** The mean over a layer's heads, remembered where that is little. */
function* layerMean(source: MapSource, layer: number): Generator<Progress, Float32Array, void> {
  const { identity, layers, heads, rows, columns } = source;
  let known = remembered.get(identity);
  if (!known) remembered.set(identity, (known = new Map()));
  const found = known.get(layer);
  if (found) return found;
  const sum = new Float64Array(rows * columns);
  for (let h = 0; h < heads; h++) {
    const map = source.map(layer, h);
    for (let i = 0; i < sum.length; i++) sum[i] += map[i];
    yield { fraction: (layer + (h + 1) / heads) / layers, message: msg("Averaging layer {0} of {1}", layer + 1, layers) };
  }
  const mean = Float32Array.from(sum, (value) => value / heads);
  if (layers * mean.length <= REMEMBERED) known.set(layer, mean);
  return mean;
}
