import { msg, type Env, type Problem, type Progress } from "../contract/index.js";
import { familyNames, modelShape, parameterCount, type ModelShape } from "../models/shape/index.js";
import { grouped } from "../text/numberText.js";
import type { AttentionParams } from "./params.js";
import { costCrossings, costCurves, costLengths, ownKind, type CostLoad } from "./partCostCurves.js";
import { costFacts } from "./partCostFacts.js";
import { costParts } from "./partCostParts.js";
import { knownShapes, offeredShapes } from "./partCostShapes.js";
import type { PartResult, Subject } from "./subject.js";
import type { CostPart } from "./trace.js";

const bytesOf = { float32: 4, float16: 2, int8: 1, int4: 0.5 } as const;

type Chosen = { readonly ok: true; readonly name: string; readonly shape: ModelShape; readonly notes: readonly Problem[] } | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a model costs: parameters, operations and memory, and what other kinds of attention would cost in its place. */
export function* costPart(subject: Subject, params: AttentionParams, _env: Env): Generator<Progress<CostPart>, PartResult<CostPart>, void> {
  const chosen = yield* chosenShape(subject, params);
  if (!chosen.ok) return chosen;
  const { name, shape, notes } = chosen;
  const load: CostLoad = { length: params.sequence_length, batch: params.batch_size, bytes: bytesOf[params.dtype] };
  const lengths = costLengths();
  const { layers, heads, kvHeads, headSize, width, context, causal } = shape;
  const part: CostPart = {
    name, shape: params.shape, shapes: offeredShapes(), sizes: { layers, heads, kvHeads, headSize, width, context, causal },
    parts: costParts(shape), parameters: parameterCount(shape), facts: costFacts(shape, load), ...load,
    lengths, curves: costCurves(shape, load, lengths), own: ownKind(shape), crossings: costCrossings(shape, load), notes: [...notes, ...beyond(shape, load)],
  };
  return { ok: true, part, notes: part.notes };
}

/** The shape that costs are counted of: a known one by name, the config.json that is shown, or the model in use. */
function* chosenShape({ modelConfig }: Pick<Subject, "modelConfig">, { shape: id }: Pick<AttentionParams, "shape">): Generator<Progress, Chosen, void> {
  if (id !== "") {
    const known = knownShapes().find((each) => each.id === id);
    if (known) return { ok: true, name: known.name, shape: known.shape, notes: [] };
    return refused(msg("Lumen knows no model of the name {0}. Choose another, or the one in use.", id), true);
  }
  const parsed = yield* modelConfig();
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map((each) => ({ ...each, fixes: [...(each.fixes ?? []), toKnown()] })) };
  const { name, config } = parsed.input;
  const found = modelShape(config);
  switch (found.kind) {
    case "shape":
      return { ok: true, name, shape: found.shape, notes: [] };
    case "unfit":
      return refused(msg("The sizes in the config.json of {0} do not fit together. Open it: the wrong ones are underlined.", found.family.name), false);
    case "unknown":
      return refused(msg("Lumen does not know how a {0} is built. It knows {1}.", found.modelType, familyNames), false);
    case "none":
      return refused(msg("The model in use has no layers of attention whose cost could be counted. Choose a model to count, or another folder."), false);
  }
}

function refused(message: Problem["message"], back: boolean): Chosen {
  const own = { label: msg("Count the model in use"), params: { shape: "" } };
  return { ok: false, problems: [{ severity: "error", title: msg("No cost to count"), message, fixes: back ? [own, toKnown()] : [toKnown()] }] };
}

function toKnown() {
  const [{ id, name }] = knownShapes();
  return { label: msg("Count {0} instead", name), params: { shape: id } };
}

function beyond({ context, positions }: ModelShape, { length }: CostLoad): Problem[] {
  if (length <= context) return [];
  const message = positions > 0
    ? msg("The model has positions for {0} tokens, so that it can't read {1}: what it would cost is shown even so.", grouped(context), grouped(length))
    : msg("The model was trained for {0} tokens; {1} are more than it has seen.", grouped(context), grouped(length));
  return [{ severity: "info", message, prominent: true }];
}
