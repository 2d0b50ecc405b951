import type { Span } from "../../contract/index.js";

/** A value as it stands in the text. `unknown` is an expression, something half typed, or nothing. */
export type Literal =
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer" | "float"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "list"; readonly items: readonly Literal[] }
  | { readonly kind: "null" | "object" | "unknown" };

/** A name with its value. */
export type Entry = {
  readonly name: string;
  /** With the quotes, in JSON. */
  readonly nameSpan: Span;
  readonly value: Literal;
  /** Empty where nothing stands yet. */
  readonly valueSpan: Span;
  /** From the name to the end of the value. */
  readonly span: Span;
  /** Where the comma before it stands; −1: none. In Python it may follow an argument without a name. */
  readonly commaBefore: number;
  readonly commaAfter: number;
};

/**
 * Parameters that are written together: a JSON object, or the keyword arguments of a call in Python.
 *
 * `base` says what holds for parameters that do not stand here: the library's `defaults`; the `model`'s own
 * generation_config.json, which nobody sees from here; or `unknown`, when the call gets more from elsewhere.
 */
export type Block = {
  readonly syntax: "json" | "python";
  readonly base: "defaults" | "model" | "unknown";
  /** Whether it is a call of `generate` itself, which also takes objects such as a streamer. */
  readonly call: boolean;
  /** What stands in the text before the brace or parenthesis begins here: the name of the call, the key of the object. */
  readonly start: number;
  /** Between the brackets. */
  readonly inside: Span;
  readonly entries: readonly Entry[];
  /** Where a name stands that has no colon or equals sign yet; for completion. */
  readonly begun?: Span;
  /** Whether the text of the block could be read to its end; else it is being typed. */
  readonly complete: boolean;
};

/** The value that counts for a name: the last one, as both languages have it. */
export function entryOf(block: Block, name: string): Entry | undefined {
  return block.entries.filter((each) => each.name === name).at(-1);
}

/** A value as a JavaScript value; undefined when it can't be known from the text. Lists and objects are themselves unknown. */
export function plain(literal: Literal): boolean | number | string | null | undefined {
  if (literal.kind === "null") return null;
  return "value" in literal ? literal.value : undefined;
}
