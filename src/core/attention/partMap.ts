import { msg, type Env, type Problem, type Progress } from "../contract/index.js";
import type { AttentionParams } from "./params.js";
import { mapSource } from "./partMapSource.js";
import { summarize, type Summary } from "./partMapSummary.js";
import { shownMap } from "./partMapShown.js";
import type { PartResult, Subject } from "./subject.js";
import type { MapPart } from "./trace.js";

/** All heads as thumbnails, and one map in full. The map in full comes first. */
export function* mapPart(subject: Subject, params: AttentionParams, env: Env): Generator<Progress<MapPart>, PartResult<MapPart>, void> {
  const begun = env.now();
  const parsed = yield* mapSource(subject);
  if (!parsed.ok) return parsed;
  const source = parsed.input;
  const { layers, heads, rows, columns, visible } = source;
  const layer = params.layer < 0 ? layers - 1 : Math.min(params.layer, layers - 1);
  const head = Math.min(params.head, heads - 1);
  const notes: Problem[] = [];
  const square = rows === columns;
  if (params.reduce === "rollout" && !square) {
    notes.push({ severity: "info", message: msg("Rollout follows attention from layer to layer, for which a map needs as many rows as columns; this one has {0} and {1}. One head is shown.", rows, columns) });
  }
  const shown = yield* shownMap(source, params.reduce === "rollout" && !square ? "head" : params.reduce, layer, head);
  const last = Math.max(0, visible.lastIndexOf(1));
  const token = params.token < 0 ? last : Math.min(params.token, rows - 1);
  // What is remembered for the next run must not be handed over with this trace.
  const part = (summary: Summary): MapPart => ({
    side: summary.side,
    thumbnails: summary.thumbnails.slice(),
    entropy: summary.entropy.slice(), previous: summary.previous.slice(), first: summary.first.slice(), self: summary.self.slice(), same: summary.same.slice(),
    shown, token, milliseconds: env.now() - begun,
  });
  const running = summarize(source);
  for (;;) {
    const next = running.next();
    if (next.done) return { ok: true, part: part(next.value), notes };
    const { trace, ...rest } = next.value;
    yield trace ? { ...rest, trace: () => part(trace()) } : rest;
  }
}
