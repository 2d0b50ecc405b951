import { msg, type Message } from "../../contract/index.js";
import { entryOf, type Block } from "../../formats/settings/block.js";
import type { TextFix } from "../../formats/settings/edits.js";
import { isSize, sizeOf } from "./modelShape.js";
import type { RopeType } from "./ropeRules.js";
import { floatText, numberIn, removed, setTo, type LookedShape, type ShapeProblem } from "./shapeProblem.js";

const longestName = "max_position_embeddings";
const originalName = "original_max_position_embeddings";

/**
 * Where the length of training, the factor and max_position_embeddings contradict each other. linear, yarn and longrope stretch
 * the one to the other, so that factor × original = max; llama3 only wants more than the original; dynamic begins where
 * max_position_embeddings ends, so that this is the original.
 * Source: transformers 5.18, `modeling_rope_utils.py`.
 */
export function ropeContextLints({ text, file, family }: LookedShape, rope: { readonly name: string; readonly block: Block }, kind: RopeType): ShapeProblem[] {
  // Phi-3 and others state it outside, which then comes first.
  const original = numberIn(file.block, originalName) ?? numberIn(rope.block, originalName);
  const longest = sizeOf(file.values, family, "context");
  const factor = numberIn(rope.block, "factor");
  if (kind === "default" || !isSize(original) || !isSize(longest)) return [];
  const entry = entryOf(file.block, longestName) ?? entryOf(rope.block, originalName);
  const problem = (message: Message, edits: readonly TextFix[]): ShapeProblem[] => [{ code: "rope-context", severity: "warning", name: longestName, message, span: entry?.span, edits }];
  const setLongest = (length: number) => setTo(text, file.block, longestName, String(length));
  const section = entryOf(file.block, rope.name);
  const without = section ? [removed(text, file.block, section)] : [];

  if (kind === "dynamic") {
    if (longest === original) return [];
    return problem(msg("Dynamic scaling begins beyond {0} ({1}), which should be the length of training, {2}.", longestName, longest, original), [setLongest(original)]);
  }
  if (kind === "llama3") {
    if (longest > original) return [];
    const reach = Math.round(original * (factor ?? 1));
    return problem(msg("{0} ({1}) must be above {2} ({3}): the scaling stretches the one to the other.", longestName, longest, originalName, original), reach > original && isSize(reach) ? [setLongest(reach), ...without] : without);
  }
  const reach = Math.round(original * (factor ?? NaN));
  if (factor === undefined || factor < 1 || !isSize(reach) || reach === longest) return [];
  if (longest === original) {
    return problem(msg("The scaling reaches {0} × {1} = {2} tokens, but {3} is still {0}: programs that go by it cut texts there.", original, factor, reach, longestName), [setLongest(reach), ...without]);
  }
  const ratio = longest / original;
  const byFactor = ratio >= 1 ? [setTo(text, rope.block, "factor", floatText(Number(ratio.toPrecision(12))))] : [];
  return problem(msg("{0} is {1}, but {2} tokens of training × {3} are {4}.", longestName, longest, original, factor, reach), [setLongest(reach), ...byFactor]);
}
