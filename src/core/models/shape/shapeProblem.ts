import { msg, type Problem } from "../../contract/index.js";
import { entryOf, type Block, type Entry } from "../../formats/settings/block.js";
import { distance } from "../../text/distance.js";
import { removeEntries, setEntry } from "../../formats/settings/edits.js";
import type { TextFix } from "../../formats/settings/edits.js";
import type { Family } from "./families.js";
import type { ModelFile } from "./readModelFile.js";

export type ShapeRule = "size" | "heads" | "kv-heads" | "token-id" | "activation" | "unknown-name" | "rope-idle" | "rope-type" | "rope-names" | "rope-value" | "rope-context";

/** Something wrong with a model's configuration, with what mends it; the first fix is the one most wanted. */
export type ShapeProblem = Problem & {
  readonly code: ShapeRule;
  /** The name it is about. */
  readonly name: string;
  readonly edits: readonly TextFix[];
};

/** A file that is looked at, with its text. */
export type LookedShape = { readonly text: string; readonly file: ModelFile; readonly family: Family };

/** Sets a name's value in a block; where it does not stand yet, behind the last one. */
export function setTo(text: string, block: Block, name: string, literal: string): TextFix {
  return { label: msg("Set {0} to {1}", name, literal), edits: setEntry(text, block, name, literal) };
}

export function removed(text: string, block: Block, entry: Entry): TextFix {
  return { label: msg("Remove {0}", entry.name), edits: removeEntries(text, block, [entry]) };
}

/** A value as it is written. */
export function shownValue(text: string, { valueSpan }: Entry): string {
  const written = text.slice(valueSpan.start, valueSpan.end);
  return written.length > 40 ? `${written.slice(0, 39)}…` : written;
}

/** A number with a decimal point, as transformers wants factors. */
export function floatText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** The number that an entry of a block states; undefined for anything else. */
export function numberIn(block: Block, name: string): number | undefined {
  const value = entryOf(block, name)?.value;
  return value?.kind === "integer" || value?.kind === "float" ? value.value : undefined;
}

/** The word that was meant: the one with the fewest slips, up to `slips` of them. */
export function nearestWord(word: string, words: readonly string[], slips: number): string | undefined {
  if (word.length > 60) return undefined;
  const near = words.map((each) => ({ each, off: distance(word.toLowerCase(), each) })).sort((a, b) => a.off - b.off)[0];
  return near && near.off <= slips ? near.each : undefined;
}
