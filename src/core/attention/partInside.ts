import type { Problem, Progress } from "../contract/index.js";
import { lensOf } from "./partInsideLens.js";
import { pullsOf } from "./partInsidePulls.js";
import { rolesOf } from "./partInsideRoles.js";
import type { AttentionParams } from "./params.js";
import type { Reading } from "./reading.js";
import type { PartResult, Subject } from "./subject.js";
import type { InsidePart } from "./trace.js";

/** What happens to a text between the embedding and the next token. */
export function* insidePart(subject: Subject, params: AttentionParams): Generator<Progress<InsidePart>, PartResult<InsidePart>, void> {
  const parsed = yield* subject.reading();
  if (!parsed.ok) return parsed;
  const reading = parsed.input;
  const notes: Problem[] = [];
  const visible = reading.tokens.visible.lastIndexOf(1) + 1;
  const place = params.token < 0 ? visible - 1 : Math.min(params.token, visible - 1);
  const lens = yield* lensOf(reading, visible, place, params.listed, notes);
  const roles = yield* rolesOf(reading, params.repeat_length, params.random_state, notes);
  const pulls = yield* pullsOf(reading, params.max_new_tokens, roles, notes);
  const ids = new Set([...(lens?.ids ?? []), ...(lens?.target ?? []), ...(pulls?.ids ?? [])]);
  ids.delete(-1);
  return {
    ok: true,
    notes,
    part: {
      lens, roles, pulls,
      names: Array.from(ids, (id) => [id, reading.vocabulary.piece(id)] as const),
      stream: lengths(reading, reading.layers + 1, visible, (layer) => reading.states(layer)),
      attention: lengths(reading, reading.layers, visible, (layer) => reading.added(layer, "attention")),
      mlp: lengths(reading, reading.layers, visible, (layer) => reading.added(layer, "mlp")),
      norms: normsOf(reading, visible),
    },
  };
}

/** Euclidean lengths of rows. [layers, n] */
function lengths({ hiddenSize: d }: Reading, layers: number, n: number, of: (layer: number) => Float32Array): Float64Array {
  const out = new Float64Array(layers * n);
  for (let layer = 0; layer < layers; layer++) {
    const rows = of(layer);
    for (let t = 0; t < n; t++) {
      let sum = 0;
      for (let i = t * d; i < (t + 1) * d; i++) sum += rows[i] * rows[i];
      out[layer * n + t] = Math.sqrt(sum);
    }
  }
  return out;
}

function normsOf(reading: Reading, n: number): InsidePart["norms"] {
  const all = Array.from({ length: reading.layers }, (_, layer) => (["attention", "mlp"] as const).map((at) => ({ layer, at, ...reading.norm(layer, at) }))).flat();
  const last = { layer: reading.layers, at: "last" as const, ...reading.norm(0, "last") };
  return [...all, last].filter(({ deviation }) => deviation.length > 0).map((norm) => ({ ...norm, mean: norm.mean.slice(0, n), deviation: norm.deviation.slice(0, n) }));
}
