import { msg, type Progress } from "../contract/index.js";
import { rowEntropies } from "../math/rowEntropies.js";
import { inRows, inSlices, SLICE } from "./inSlices.js";
import { MapMemory } from "./mapMemory.js";
import { rollout } from "./maps.js";
import type { MapSource } from "./partMapSource.js";
import type { HeadMap } from "./trace.js";

/** One head's map, or what several make together. */
export function* shownMap(source: MapSource, reduce: HeadMap["reduce"], layer: number, head: number): Generator<Progress, HeadMap, void> {
  const { rows, columns, seen } = source;
  const weights = yield* reduced(source, reduce, layer, head);
  const entropy = new Float64Array(rows);
  const visible = new Int32Array(rows);
  yield* inRows(rows, columns, { fraction: NaN, message: msg("Measuring the map") }, (from, to) => {
    rowEntropies(weights.subarray(from * columns), columns, entropy.subarray(from, to));
    for (let row = from; row < to; row++) visible[row] = seen(row);
  });
  return { reduce, layer, head, rows, columns, weights, entropy, visible };
}

function* reduced(source: MapSource, reduce: HeadMap["reduce"], layer: number, head: number): Generator<Progress, Float32Array, void> {
  switch (reduce) {
    case "head":
      return yield* divided(yield* source.map(layer, head), 1);
    case "heads":
      return yield* divided(yield* layerMean(source, layer), 1);
    case "layers": {
      const sum = new Float64Array(source.rows * source.columns);
      for (let l = 0; l < source.layers; l++) {
        yield* add(sum, yield* layerMean(source, l), averaging(l, source.layers));
      }
      return yield* divided(sum, source.layers);
    }
    case "rollout": {
      const means: Float32Array[] = [];
      for (let l = 0; l <= layer; l++) means.push(yield* layerMean(source, l));
      return yield* divided(yield* rollout((l) => means[l], layer, source.rows), 1);
    }
  }
}

const memories = new WeakMap<object, MapMemory>();

/** The mean over a layer's heads, remembered where that is little. */
function layerMean(source: MapSource, layer: number): Generator<Progress, Float32Array, void> {
  const { identity, rows, columns } = source;
  let memory = memories.get(identity);
  if (!memory) memories.set(identity, (memory = new MapMemory(rows * columns)));
  return memory.take(layer, () => meanOf(source, layer));
}

function* meanOf(source: MapSource, layer: number): Generator<Progress, Float32Array, void> {
  const { layers, heads, rows, columns } = source;
  const sum = new Float64Array(rows * columns);
  for (let h = 0; h < heads; h++) {
    const progress = averaging(layer + h / heads, layers);
    yield* add(sum, yield* source.map(layer, h), progress);
    yield progress;
  }
  return yield* divided(sum, heads);
}

function averaging(done: number, layers: number): Progress {
  return { fraction: done / layers, message: msg("Averaging layer {0} of {1}", Math.floor(done) + 1, layers) };
}

function add(sum: Float64Array, map: Float32Array, progress: Progress): Generator<Progress, void, void> {
  return inSlices(sum.length, 2 * SLICE, progress, (from, to) => {
    for (let i = from; i < to; i++) sum[i] += map[i];
  });
}

/** A copy, as it is posted: what is remembered must stay. */
function* divided(sum: Float32Array | Float64Array, by: number): Generator<Progress, Float32Array, void> {
  const out = new Float32Array(sum.length);
  yield* inSlices(sum.length, 2 * SLICE, { fraction: NaN, message: msg("Measuring the map") }, (from, to) => {
    for (let i = from; i < to; i++) out[i] = sum[i] / by;
  });
  return out;
}
