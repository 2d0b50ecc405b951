import type { Progress } from "../contract/index.js";
import type { LanguageModel } from "../models/languageModel.js";

/** [n, d] the last layer's states of a text. */
export function* hiddenStates(model: LanguageModel, ids: readonly number[]): Generator<Progress, Float32Array, void> {
  const states = new Float32Array(ids.length * model.hiddenSize);
  // Layers come in ascending order at each position, so that the last one stays.
  yield* model.start().feed(ids, { hidden: (_layer, position, values) => states.set(values, position * model.hiddenSize) });
  return states;
}
