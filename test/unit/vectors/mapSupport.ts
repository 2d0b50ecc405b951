import { defaultsOf, type Env } from "../../../src/core/contract/index.js";
import { seededRandom } from "../../../src/core/math/random.js";
import type { MapParams, MapPoints } from "../../../src/core/vectors/map/points.js";
import { vectorParams } from "../../../src/core/vectors/params.js";

/** Runs a generator to its end and counts its steps. */
export function finish<R>(steps: Generator<unknown, R, void>): R {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** m standard normal vectors around `groups` far apart centres, in turns. */
export function clouds(m: number, d: number, groups: number, seed = 1, spread = 0.3): Float32Array {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Float32Array.from({ length: groups * d }, normal);
  return Float32Array.from({ length: m * d }, (_, at) => centres[(Math.floor(at / d) % groups) * d + (at % d)] + spread * normal());
}

export function pointsOf(values: Float32Array | Float64Array, d: number): MapPoints {
  const n = values.length / d;
  return { kind: "rows", n, d, values, names: Array.from({ length: n }, (_, i) => `w${i}`), rowOf: (point) => point };
}

export function paramsOf(changes: Partial<MapParams>): MapParams {
  return { ...defaultsOf(vectorParams), ...changes };
}

export function envOf(seed: number, stopping: () => boolean = () => false): Env {
  return { random: seededRandom(seed), stopping, now: () => 0 };
}
