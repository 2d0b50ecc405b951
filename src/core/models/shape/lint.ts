import { familyOf } from "./families.js";
import { modelShape } from "./modelShape.js";
import { nameLints } from "./nameLints.js";
import type { ModelFile } from "./readModelFile.js";
import { ropeLints } from "./ropeLints.js";
import type { ShapeProblem } from "./shapeProblem.js";
import { headLints, sizeLints } from "./sizeLints.js";

/**
 * What is wrong with a model's configuration, in the order of the text: what transformers refuses (errors), what contradicts
 * (warnings) and what is better written otherwise (info). A file that is being typed, or of another architecture, has none.
 */
export function lintModel(text: string, file: ModelFile): ShapeProblem[] {
  const { kind } = modelShape(file.values);
  if (!file.block.complete || (kind !== "shape" && kind !== "unfit")) return [];
  const { model_type: modelType, architectures } = file.values;
  const family = familyOf(modelType, Array.isArray(architectures) ? architectures[0] : undefined);
  if (!family) return [];
  const looked = { text, file, family };
  const sizes = sizeLints(looked);
  const wrong = new Set(sizes.map(({ name }) => name));
  const others = [...headLints(looked), ...nameLints(looked), ...ropeLints(looked)].filter(({ name, code }) => !wrong.has(name) || code === "rope-context");
  return [...sizes, ...others].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}
