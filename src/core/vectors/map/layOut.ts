import { msg, type Env, type Outcome, type Progress } from "../../contract/index.js";
import type { MapPart } from "../trace.js";
import type { MapParams, MapPoints } from "./points.js";

/**
 * Lays points out in the plane. Yields every few milliseconds, with `trace` once there is a layout to draw; ends early, and
 * keeps what there is, when `env.stopping()` says so. What the reader can mend (a perplexity too large) is a problem.
 */
export function* layOut(points: MapPoints, params: MapParams, env: Env): Generator<Progress<MapPart>, Outcome<MapPart>, void> {
  yield { fraction: 0, message: msg("Laying out {0} points", points.n) };
  void params;
  void env;
  return { ok: false, problems: [] };
}
