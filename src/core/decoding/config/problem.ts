import { msg, type Message, type Problem } from "../../contract/index.js";
import type { Block, Entry } from "../../formats/settings/block.js";
import { ordered, removeEntries, setEntry, type TextFix, type PlainValue } from "../../formats/settings/edits.js";
import { writtenFor } from "./parameter.js";
import { parameterOf } from "./table.js";
import { isSet, known } from "./values.js";

/** Something wrong with a parameter, with what mends it; the first fix is the one most wanted. */
export type ConfigProblem = Problem & {
  readonly code: Rule;
  /** The parameter it is about. */
  readonly name: string;
  readonly edits: readonly TextFix[];
};

export type Rule =
  | "type"
  | "range"
  | "float"
  | "unknown-name"
  | "call-argument"
  | "needs-sampling"
  | "needs-beams"
  | "needs-dictionary"
  | "needs-cache"
  | "needs-assistant"
  | "contrastive"
  | "groups"
  | "constrained"
  | "returned"
  | "lengths";

/** The block that is looked at, with the text it stands in. */
export type Looked = { readonly text: string; readonly block: Block };

export function problem(code: Rule, severity: Problem["severity"], entry: Entry, message: Message, edits: readonly TextFix[]): ConfigProblem {
  return { code, severity, name: entry.name, message, span: entry.span, edits };
}

/** Removes what is wrong, and what would be idle without it. */
export function removal(looked: Looked, entry: Entry): TextFix {
  return entry.name === "num_beam_groups" || entry.name === "penalty_alpha" ? removeWith(looked, entry.name) : remove(looked, entry);
}

export function remove({ text, block }: Looked, ...entries: readonly Entry[]): TextFix {
  const label = entries.length === 1 ? msg("Remove {0}", entries[0].name) : msg("Remove {0} parameters that do nothing", entries.length);
  return { label, edits: removeEntries(text, block, entries) };
}

/** Removes a parameter together with the one that serves it alone, which would do nothing after. */
export function removeWith(looked: Looked, name: "num_beam_groups" | "penalty_alpha"): TextFix {
  const { block } = looked;
  const kept = name === "penalty_alpha" && known(block, "do_sample").value === true;
  const servant = name === "penalty_alpha" ? "top_k" : "diversity_penalty";
  const entries = block.entries.filter((each) => each.name === name || (each.name === servant && !kept && isSet(block, servant)));
  const fix = remove(looked, ...entries);
  return entries.length === 1 ? fix : { ...fix, label: msg("Remove {0} and {1}", name, servant) };
}

/** Sets a parameter, written before the entry if it isn't there yet. */
export function set({ text, block }: Looked, name: string, value: PlainValue, before?: Entry): TextFix {
  const literal = writtenFor(parameterOf(name), value, block.syntax);
  return { label: msg("Set {0} to {1}", name, literal), edits: setEntry(text, block, name, literal, before) };
}

/** Both changes as one. */
export function both(label: Message, a: TextFix, b: TextFix): TextFix {
  return { label, edits: ordered([...a.edits, ...b.edits]) };
}
