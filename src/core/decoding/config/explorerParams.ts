import { decodingParams } from "../params.js";
import { entryOf, type Block } from "../../formats/settings/block.js";
import { applyEdits, removeEntries, setEntry, type PlainValue } from "../../formats/settings/edits.js";
import { writtenFor } from "./parameter.js";
import { readBlocks } from "./readBlocks.js";
import { parameterOf } from "./table.js";
import { known } from "./values.js";

type Values = Readonly<Record<string, unknown>>;

/** The explorer's parameters that are generate()'s too, under the same names. */
export const writtenParams: readonly string[] = Object.keys(decodingParams).filter((name) => parameterOf(name) !== undefined);

const byDefault = (name: string): unknown => decodingParams[name as keyof typeof decodingParams].default;

/**
 * The explorer's parameters as a block has them: what stands there, else the library's default, else what switches it off.
 * Those that can't be known from the text (expressions, arguments set elsewhere) are left out.
 */
export function paramsOfBlock(block: Block): Values {
  const values: Record<string, unknown> = {};
  for (const name of writtenParams) {
    const { value } = known(block, name);
    if (value === undefined) continue;
    const own = value ?? byDefault(name);
    // A choice of words here is a boolean or a word there.
    values[name] = typeof byDefault(name) === "string" ? String(own) : own;
  }
  return values;
}

/**
 * The text with changed parameters written into one of its blocks: a value that stands there is replaced, another one added
 * behind the last. What is as it was is not touched; a parameter that is off without standing there is taken out.
 * @param at which block, from 0
 * @returns undefined when there is no such block, or it is half typed
 */
export function withParams(text: string, languageId: string, name: string, at: number, changes: Values): string | undefined {
  let result = text;
  for (const [parameter, value] of Object.entries(changes)) {
    const block = readBlocks(result, languageId, name)[at];
    if (!block?.complete) return undefined;
    if (!writtenParams.includes(parameter) || !isPlain(value) || paramsOfBlock(block)[parameter] === value) continue;
    result = applyEdits(result, editsFor(result, block, parameter, value));
  }
  return result;
}

function editsFor(text: string, block: Block, name: string, value: PlainValue) {
  const entry = entryOf(block, name);
  const parameter = parameterOf(name);
  // Without a default of the library's, only its absence switches it off without a remark.
  if (entry && parameter?.default === null && value === byDefault(name)) return removeEntries(text, block, [entry]);
  return setEntry(text, block, name, writtenFor(parameter, native(name, value), block.syntax));
}

/** The value as the library has it: numbers without the traces of binary fractions, words that mean booleans as such. */
function native(name: string, value: PlainValue): PlainValue {
  if (typeof value === "number") return Number(value.toPrecision(6));
  const own = parameterOf(name)?.types ?? [];
  return own.includes("boolean") && (value === "true" || value === "false") ? value === "true" : value;
}

function isPlain(value: unknown): value is PlainValue {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string";
}
