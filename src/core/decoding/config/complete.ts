import type { Span } from "../../contract/index.js";
import { entryOf, type Block, type Entry } from "../../formats/settings/block.js";
import { writtenFor } from "./parameter.js";
import type { Parameter } from "./parameter.js";
import { parameterOf, parameters } from "./table.js";

/** What stands, or could stand, at a place in a block. `span` is what a completion replaces. */
export type Place =
  | { readonly kind: "name"; readonly block: Block; readonly span: Span; readonly entry: Entry | undefined }
  | { readonly kind: "value"; readonly block: Block; readonly span: Span; readonly entry: Entry };

/** What is at an offset: the innermost block's name or value there; undefined inside lists, comments and other code. */
export function placeAt(text: string, blocks: readonly Block[], offset: number): Place | undefined {
  const around = blocks.filter(({ inside }) => offset >= inside.start && offset <= inside.end);
  const block = around.reduce<Block | undefined>((best, each) => (best && best.inside.start > each.inside.start ? best : each), undefined);
  if (!block || inComment(text, block, offset)) return undefined;
  for (const entry of block.entries) {
    const { nameSpan, valueSpan, value } = entry;
    if (within(offset, nameSpan)) return { kind: "name", block, span: nameSpan, entry };
    if (offset <= nameSpan.end || offset < entry.span.start) continue;
    const empty = valueSpan.end === valueSpan.start;
    if (empty && offset >= valueSpan.start && blank(text, valueSpan.end, offset)) return { kind: "value", block, span: { start: offset, end: offset }, entry };
    if (!empty && offset <= valueSpan.end) {
      const nested = value.kind === "list" || value.kind === "object";
      if (nested && offset > valueSpan.start && offset < valueSpan.end) return undefined;
      if (offset >= valueSpan.start) return { kind: "value", block, span: valueSpan, entry };
      return undefined;
    }
  }
  if (block.begun && within(offset, block.begun)) return { kind: "name", block, span: block.begun, entry: undefined };
  const before = text.slice(block.inside.start, offset).trimEnd();
  const opens = before === "" || before.endsWith(",");
  return opens ? { kind: "name", block, span: { start: offset, end: offset }, entry: undefined } : undefined;
}

const within = (offset: number, { start, end }: Span) => offset >= start && offset <= end;

/** Only blanks of one line stand between. */
function blank(text: string, from: number, to: number): boolean {
  return to >= from && /^[ \t]*$/.test(text.slice(from, to));
}

function inComment(text: string, block: Block, offset: number): boolean {
  const line = text.slice(Math.max(block.inside.start, text.lastIndexOf("\n", offset - 1) + 1), offset);
  const code = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "");
  return (block.syntax === "json" ? /\/\// : /#/).test(code);
}

/** The parameters that a block does not have yet, in the table's order. */
export function namesFor(block: Block, but?: Entry): readonly Parameter[] {
  return parameters.filter(({ name }) => name === but?.name || !entryOf(block, name));
}

/** The values worth offering for a parameter: its words, then its suggestion and its default. */
export function valuesFor(name: string, syntax: Block["syntax"]): readonly string[] {
  const parameter = parameterOf(name);
  if (!parameter) return [];
  const { types, choices = [], suggestion, default: byDefault } = parameter;
  const values = [...(types.includes("boolean") ? [true, false] : []), ...choices, ...(suggestion === undefined ? [] : [suggestion]), byDefault];
  return [...new Set(values.map((value) => writtenFor(parameter, value, syntax)))];
}

/** What is typed for a parameter that has no value yet: its suggestion, else its default, else nothing. */
export function firstValue(parameter: Parameter, syntax: Block["syntax"]): string {
  const { suggestion, default: byDefault, types } = parameter;
  const value = suggestion ?? byDefault;
  if (value !== null && value !== undefined) return writtenFor(parameter, value, syntax);
  if (types[0] === "boolean") return writtenFor(parameter, true, syntax);
  return types[0] === "list" ? "[]" : types[0] === "object" ? "{}" : types[0] === "text" ? '""' : "0";
}
