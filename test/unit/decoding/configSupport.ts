import { format } from "../../../src/core/contract/index.js";
import { applyEdits, effectiveStrategy, headline, lint, readBlocks, type Block, type ConfigProblem } from "../../../src/core/decoding/config/index.js";

export const json = (text: string): Block[] => readBlocks(text, "json", "generation_config.json");
export const python = (text: string): Block[] => readBlocks(text, "python", "train.py");
/** Reads either: what begins with a brace is JSON. */
export const blocksOf = (text: string): Block[] => (text.trimStart().startsWith("{") ? json(text) : python(text));

export const problemsOf = (text: string): ConfigProblem[] => blocksOf(text).flatMap((block) => lint(text, block));

/** Each problem as "severity code name". */
export const briefly = (text: string): string[] => problemsOf(text).map(({ severity, code, name }) => `${severity} ${code} ${name}`);

/** The texts that the fixes of the problem of a parameter lead to, by their labels. */
export function fixed(text: string, name: string): Record<string, string> {
  const problem = problemsOf(text).find((each) => each.name === name);
  return Object.fromEntries((problem?.edits ?? []).map(({ label, edits }) => [format(label), applyEdits(text, edits)]));
}

/** The strategies of a text's blocks, as ids. */
export const strategies = (text: string): (string | undefined)[] => blocksOf(text).map((block) => effectiveStrategy(block)?.id);

export function headlineOf(text: string): string | undefined {
  const [block] = blocksOf(text);
  const strategy = effectiveStrategy(block);
  return strategy && format(headline(block, strategy));
}
