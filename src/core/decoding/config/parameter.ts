import type { Message } from "../../contract/index.js";
import type { Block } from "../../formats/settings/block.js";
import { written, type PlainValue } from "../../formats/settings/edits.js";

/** What a value may be. `null` is always allowed: it means "not set". */
export type ValueType = "boolean" | "integer" | "number" | "text" | "list" | "object";

/** Numbers that make sense; an open end is itself left out. */
export type NumberRange = { readonly least: number; readonly most: number; readonly openLeast?: boolean; readonly openMost?: boolean };

/** What must be the case for a parameter to do anything. */
export type Need = "sampling" | "beams" | "groups" | "contrastive" | "assistant" | "dictionary" | "cache" | "encoder";

/** One parameter of `generate`, under its Hugging Face name. */
export type Parameter = {
  readonly name: string;
  readonly types: readonly ValueType[];
  /** What it is when nobody sets it; null: it is off, or the model decides. */
  readonly default: number | boolean | string | null;
  readonly range?: NumberRange;
  /** The words allowed, for a text. */
  readonly choices?: readonly string[];
  /** Whether transformers refuses a whole number written without a point, such as 2 for 2.0. */
  readonly float?: boolean;
  readonly need?: Need;
  /** A value to begin with, where the default switches it off. */
  readonly suggestion?: number | boolean | string;
  /** What the items of a list are, as a JSON schema. */
  readonly items?: object;
  /** A name that no other library's `generate` has. */
  readonly distinct?: boolean;
  readonly help: Message;
};

export const unit: NumberRange = { least: 0, most: 1 };
export const count: NumberRange = { least: 0, most: Infinity };
export const some: NumberRange = { least: 1, most: Infinity };
export const positive: NumberRange = { least: 0, most: Infinity, openLeast: true };

/** Whether a number lies in a range. Without a range every finite number does. */
export function inRange(value: number, range: NumberRange | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  if (!range) return true;
  const above = range.openLeast ? value > range.least : value >= range.least;
  return above && (range.openMost ? value < range.most : value <= range.most);
}

/** The text of a value of this parameter. */
export function writtenFor(parameter: Parameter | undefined, value: PlainValue, syntax: Block["syntax"]): string {
  return written(value, syntax, parameter?.types[0] === "number");
}
