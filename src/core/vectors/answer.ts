import type { Env, Progress } from "../contract/index.js";
import type { VectorInput } from "./input.js";
import { nearestOnMap } from "./map/nearest.js";
import { rowPoints, storePoints, type MapPoints } from "./map/points.js";
import type { VectorParams } from "./params.js";
import { takeRows } from "./run.js";
import type { VectorAsk, VectorReply } from "./trace.js";

/** Points of maps, kept as long as their input, since a pointer on its way over a map asks many times. */
const kept = new WeakMap<VectorInput, { readonly key: string; readonly points: MapPoints }>();

/** Answers a question of the view about its run; undefined where the rows are no longer there. */
export function* answerVectors(input: VectorInput, params: VectorParams, question: unknown, env: Env): Generator<Progress, VectorReply | undefined, void> {
  const { kind, point, k } = question as VectorAsk;
  if (kind !== "nearest" || !Number.isInteger(point) || !Number.isInteger(k) || point < 0 || k < 1) return undefined;
  const points = yield* pointsOf(input, params, env);
  return points && (yield* nearestOnMap(points, params, point, k, env.now));
}

function* pointsOf(input: VectorInput, params: VectorParams, env: Env): Generator<Progress, MapPoints | undefined, void> {
  const map: VectorParams = { ...params, tab: "map" };
  const store = env.vectors?.name ?? "";
  const key = JSON.stringify([params.points, params.rows, params.map_rows, store]);
  const held = kept.get(input);
  // The store may be another one under the same name: only rows that do not come from it are kept.
  if (held?.key === key && input.kind !== "words" && params.points === "rows") return held.points;
  const taken = yield* takeRows(input, map, env);
  if (!taken.ok) return undefined;
  const { hand } = taken;
  const points = params.points === "store" && hand.store ? storePoints(hand.store, hand.rows.names) : rowPoints(hand.rows);
  kept.set(input, { key, points });
  return points;
}
