import { msg, type Message } from "../contract/index.js";
import { activationBytes, cacheBytes, costModel, costParameters, crossings, flopsOfToken, workingActivations, type CostKind, type CostModel, type ModelShape } from "../models/shape/index.js";
import type { CostCurve, CostPart, CostQuantity } from "./trace.js";

/** Lengths on the curves: so many a doubling, up to 2 ** OCTAVES tokens. */
const A_DOUBLING = 4;
const OCTAVES = 20;
/** Crossings beyond this are of no text. */
const LONGEST_CROSSING = 2 ** OCTAVES;

export type CostLoad = { readonly length: number; readonly batch: number; readonly bytes: number };

const costQuantities: readonly CostQuantity[] = ["flops", "activations", "cache"];

export function kindLabel(kind: CostKind): Message {
  switch (kind) {
    case "own":
      return msg("with its window");
    case "full":
      return msg("full");
    case "grouped":
      return msg("grouped-query");
    case "multiQuery":
      return msg("multi-query");
    case "linear":
      return msg("linear");
    case "recurrent":
      return msg("recurrent");
  }
}

/** The kind of attention that a model has itself: a window makes it one of its own. */
export function ownKind({ window, heads, kvHeads }: ModelShape): CostKind {
  if (window) return "own";
  return kvHeads === heads ? "full" : kvHeads === 1 ? "multiQuery" : "grouped";
}

function kindsOf(shape: ModelShape): CostKind[] {
  const all: CostKind[] = ["full", "grouped", "multiQuery", "linear", "recurrent"];
  // A single pair of heads has no groups in between.
  const distinct = all.filter((kind) => kind !== "grouped" || costModel(shape, "grouped").shape.kvHeads > 1);
  return shape.window ? ["own", ...distinct] : distinct;
}

/** FLOPs of one more token behind `length` − 1, bytes while a text is read, bytes that are kept of it. */
export function measured(quantity: CostQuantity, { batch, bytes }: Pick<CostLoad, "batch" | "bytes">): (model: CostModel, length: number) => number {
  if (quantity === "flops") return (model, length) => batch * flopsOfToken(model, length).total;
  if (quantity === "cache") return (model, length) => cacheBytes(model, { length, batch, bytes });
  return (model, length) => activationBytes(workingActivations, model, { length, batch, bytes }).total;
}

/** 1, 2, 4 … with steps between, in whole tokens. */
export function costLengths(): Float64Array {
  const all = Array.from({ length: A_DOUBLING * OCTAVES + 1 }, (_, i) => Math.round(2 ** (i / A_DOUBLING)));
  return Float64Array.from(new Set(all));
}

/** The curves of all kinds, with what they are at `load.length`. */
export function costCurves(shape: ModelShape, load: CostLoad, lengths: Float64Array): CostCurve[] {
  return kindsOf(shape).map((kind) => {
    const model = costModel(shape, kind);
    const of = (quantity: CostQuantity) => {
      const measure = measured(quantity, load);
      return { curve: lengths.map((length) => measure(model, length)), now: measure(model, load.length) };
    };
    const [flops, activations, cache] = costQuantities.map(of);
    const label = kind === "grouped" ? msg("grouped-query, {0} heads of keys", model.shape.kvHeads) : kindLabel(kind);
    return { name: kind, label, parameters: costParameters(model), flops: flops.curve, activations: activations.curve, cache: cache.curve, now: { flops: flops.now, activations: activations.now, cache: cache.now } };
  });
}

/** Where two curves cross within the plot, the shortest text first. */
export function costCrossings(shape: ModelShape, load: CostLoad): CostPart["crossings"] {
  const kinds = kindsOf(shape);
  return costQuantities.flatMap((quantity) => {
    const measure = measured(quantity, load);
    // A model that reads both ways keeps nothing.
    if (quantity === "cache" && !shape.causal) return [];
    return crossings(shape, measure, kinds, LONGEST_CROSSING).map(({ cheaper, dearer, length: from }) => {
      const [less, more] = [costModel(shape, cheaper), costModel(shape, dearer)];
      // The first text for which it is less, not just no more.
      const length = measure(less, from) < measure(more, from) ? from : from + 1;
      return { quantity, cheaper, dearer, length, cost: measure(less, length) };
    });
  });
}
