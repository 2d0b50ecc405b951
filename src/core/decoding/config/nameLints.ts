import { msg } from "../../contract/index.js";
import type { Entry } from "../../formats/settings/block.js";
import { entryOf } from "../../formats/settings/block.js";
import { nearestName } from "./nearest.js";
import { problem, remove, type ConfigProblem, type Looked } from "./problem.js";
import type { TextFix } from "../../formats/settings/edits.js";
import { callArguments, foreignNames, parameterOf } from "./table.js";

/**
 * Names that are no parameter but look like one, and objects of a program that a configuration can't hold. Other
 * unknown names are let be: models keep settings of their own there.
 */
export function nameLints(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  return block.entries.flatMap((entry) => {
    const { name } = entry;
    if (parameterOf(name) || name.startsWith("_")) return [];
    if (callArguments.includes(name)) {
      if (block.call) return [];
      const message = msg("GenerationConfig refuses {0}. Pass it to generate() instead.", name);
      return [problem("call-argument", "error", entry, message, [remove(looked, entry)])];
    }
    const meant = nearestName(name);
    if (meant) {
      const message = block.call
        ? msg("generate() knows no {0} and refuses it. {1} is what it has.", name, meant)
        : msg("transformers knows no {0}, so it does nothing. {1} is what it has.", name, meant);
      // With the right name there already, one of the two has to go.
      const fix = entryOf(block, meant) ? remove(looked, entry) : rename(looked, entry, meant);
      return [problem("unknown-name", block.call ? "error" : "warning", entry, message, [fix])];
    }
    if (!foreignNames.has(name)) return [];
    const message = block.call
      ? msg("generate() knows no {0} and refuses it. repetition_penalty is the nearest it has.", name)
      : msg("transformers knows no {0}, so it does nothing here. repetition_penalty is the nearest it has.", name);
    return [problem("unknown-name", block.call ? "error" : "warning", entry, message, [remove(looked, entry)])];
  });
}

function rename({ block }: Looked, { nameSpan }: Entry, name: string): TextFix {
  return { label: msg("Change to {0}", name), edits: [{ span: nameSpan, text: block.syntax === "json" ? `"${name}"` : name }] };
}
