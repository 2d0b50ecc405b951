import type { Span } from "../contract/index.js";

/** What is shown where nothing was typed or selected: it repeats words, so that penalties have something to act on. */
export const DEFAULT_PROMPT = "The old king looked out at the snow and the sea, and past";

/** The prompt of a model: what was typed, else what is selected in a text, else a default. */
export function promptText(typed: string, text: string, ranges: readonly Span[]): string {
  if (typed !== "") return typed;
  return ranges.length > 0 ? ranges.map(({ start, end }) => text.slice(start, end)).join("\n") : DEFAULT_PROMPT;
}
