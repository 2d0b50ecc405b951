import { msg, type Env, type Outcome, type Progress } from "../contract/index.js";
import type { AttentionParams, AttentionTab } from "./params.js";
import { costPart } from "./partCost.js";
import { insidePart } from "./partInside.js";
import { layersPart } from "./partLayers.js";
import { mapPart } from "./partMap.js";
import { positionPart } from "./partPosition.js";
import { sequencePart } from "./partSequence.js";
import { stepsPart } from "./partSteps.js";
import { createSubject } from "./subjectFor.js";
import type { AttentionInput, PartMaker } from "./subject.js";
import type { AttentionTrace } from "./trace.js";

/** What makes each tab's part; a tab without one is refused. */
const makers: { readonly [T in AttentionTab]?: PartMaker<NonNullable<AttentionTrace[T]>> } = {
  map: mapPart,
  steps: stepsPart,
  sequence: sequencePart,
  position: positionPart,
  cost: costPart,
  layers: layersPart,
  inside: insidePart,
};

/** Computes the part that the tab asks for. */
export function* runAttention(input: AttentionInput, params: AttentionParams, env: Env): Generator<Progress<AttentionTrace>, Outcome<AttentionTrace>, void> {
  const { subject, head } = createSubject(input, params, env);
  const found = yield* head();
  if (!found.ok) return found;
  const { trace, problems } = found;
  const make = makers[params.tab] as PartMaker<unknown> | undefined;
  if (!make) return { ok: false, problems: [{ severity: "error", message: msg("Lumen does not show this yet. Choose another tab.") }] };
  const made = yield* wrapped(make(subject, params, env), (part) => ({ ...trace, [params.tab]: part }));
  if (!made.ok) return made;
  const notes = [...trace.notes, ...(made.notes ?? [])];
  return { ok: true, trace: { ...trace, notes, [params.tab]: made.part }, problems: [...problems, ...notes] };
}

/** A part's progress as that of the whole trace. */
function* wrapped<Part, Result>(running: Generator<Progress<Part>, Result, void>, wrap: (part: Part) => AttentionTrace): Generator<Progress<AttentionTrace>, Result, void> {
  for (;;) {
    const next = running.next();
    if (next.done) return next.value;
    const { trace, ...rest } = next.value;
    yield trace ? { ...rest, trace: () => wrap(trace()) } : rest;
  }
}
