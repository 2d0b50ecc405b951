import { entryOf, plain, type Block, type Entry } from "../../formats/settings/block.js";
import { parameterOf } from "./table.js";

/** What is known of one parameter in a block. */
export type Known = {
  /** The value in force; undefined when it can't be known: an expression, or set elsewhere. */
  readonly value: boolean | number | string | null | undefined;
  /** Where it stands, if it does. */
  readonly entry: Entry | undefined;
  /** Whether the value is the library's default that a model's own generation_config.json could replace. */
  readonly replaceable: boolean;
};

/** What a parameter is for a block: as it stands there, else its default. `null` in the text means the default too. */
export function known(block: Block, name: string): Known {
  const entry = entryOf(block, name);
  const byDefault = parameterOf(name)?.default ?? null;
  const stated = entry && plain(entry.value);
  if (entry && stated !== null) return { value: stated, entry, replaceable: false };
  if (block.base === "unknown" && !entry) return { value: undefined, entry, replaceable: false };
  return { value: byDefault, entry, replaceable: block.base === "model" };
}

/** Whether a parameter is set to something, as far as that can be seen: an expression is something. */
export function isSet(block: Block, name: string): boolean {
  const entry = entryOf(block, name);
  return entry !== undefined && entry.value.kind !== "null";
}
