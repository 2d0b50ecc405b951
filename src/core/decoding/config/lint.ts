import { decodingLints } from "./decodingLints.js";
import type { Block } from "../../formats/settings/block.js";
import { countLints } from "./countLints.js";
import { nameLints } from "./nameLints.js";
import type { ConfigProblem } from "./problem.js";
import { valueLints } from "./valueLints.js";

/**
 * What is wrong with the parameters of a block, in the order of the text: what `generate` refuses (errors), what does
 * nothing or contradicts (warnings), and what may do nothing, because it depends on the model (info). A block that is
 * being typed has no problems yet.
 */
export function lint(text: string, block: Block): ConfigProblem[] {
  if (!block.complete) return [];
  const looked = { text, block };
  const values = valueLints(looked);
  // Of a value that can't be used, it isn't said besides that it does nothing.
  const wrong = new Set(values.map(({ name }) => name));
  const others = [...decodingLints(looked), ...countLints(looked)].filter(({ name }) => !wrong.has(name));
  return [...values, ...nameLints(looked), ...others].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}
