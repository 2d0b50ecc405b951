import { benchAttention } from "./attention.js";
import { benchDecoding } from "./decoding.js";
import { benchMaps } from "./maps.js";
import { benchMatrix } from "./matrix.js";
import { benchMixture } from "./mixture.js";
import { benchPython } from "./python.js";
import { benchStart } from "./start.js";
import { benchThreads } from "./threads.js";
import { benchVectors } from "./vectors.js";

export type Line = {
  readonly case: string;
  /** Results differ, or something did not run: the reason. */
  readonly failed?: string;
  readonly [key: string]: unknown;
};

/** Every bench by name. */
export const benches: Readonly<Record<string, () => AsyncGenerator<Line, void, void>>> = {
  attention: benchAttention,
  decoding: benchDecoding,
  maps: benchMaps,
  matrix: benchMatrix,
  mixture: benchMixture,
  python: benchPython,
  start: benchStart,
  threads: benchThreads,
  vectors: benchVectors,
};
