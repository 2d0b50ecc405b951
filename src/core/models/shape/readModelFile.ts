import { entryOf, type Block, type Entry, type Literal } from "../../formats/settings/block.js";
import { readJson } from "../../formats/settings/readJson.js";
import type { ConfigValues } from "./modelShape.js";

/** A longer text is none: it would be read at every edit. */
const LONGEST_TEXT = 1_000_000;
/** Objects that are looked into. */
const nested = ["rope_parameters", "rope_scaling", "id2label"];

/** A config.json as it stands in its text. */
export type ModelFile = {
  /** The names and values of the outermost object. */
  readonly block: Block;
  /** Those of rope_scaling or else rope_parameters, where it is an object with something in it: transformers looks in this order. */
  readonly rope: { readonly name: string; readonly block: Block } | undefined;
  readonly values: ConfigValues;
};

/**
 * The outermost object of a JSON document that is named as a model's configuration is (config.json, bert-base-config.json) and
 * mentions what such a file holds. Comments and half-typed text are read as far as possible. Never throws.
 * @param name the file's name, without its folders
 */
export function readModelFile(text: string, languageId: string, name: string): ModelFile | undefined {
  if (languageId !== "json" && languageId !== "jsonc") return undefined;
  if (!/(?:^|[-_.])config\.json$/i.test(name) || /^(?:generation|tokenizer|preprocessor|processor)_config/i.test(name)) return undefined;
  if (text.length > LONGEST_TEXT || !/"(?:model_type|architectures)"/.test(text)) return undefined;
  // Of the objects that are read, the outermost alone begins with its brace rather than with a name.
  const block = readJson(text, true).find(({ start, inside }) => inside.start === start + 1);
  if (!block) return undefined;
  const rope = ["rope_scaling", "rope_parameters"].flatMap((each) => {
    const entry = entryOf(block, each);
    const within = entry && objectAt(text, entry);
    return within && within.entries.length > 0 ? [{ name: each, block: within }] : [];
  })[0];
  return { block, rope, values: valuesOf(text, block) };
}

/** The names and values of an object that is itself a value. */
function objectAt(text: string, { value, valueSpan }: Entry): Block | undefined {
  if (value.kind !== "object") return undefined;
  const block = readJson(text.slice(valueSpan.start, valueSpan.end), true).find(({ start, inside }) => inside.start === start + 1);
  return block && shifted(block, valueSpan.start);
}

function shifted(block: Block, by: number): Block {
  const span = ({ start, end }: { readonly start: number; readonly end: number }) => ({ start: start + by, end: end + by });
  const comma = (at: number) => (at < 0 ? at : at + by);
  return {
    ...block,
    start: block.start + by,
    inside: span(block.inside),
    begun: block.begun && span(block.begun),
    entries: block.entries.map((each) => ({
      ...each,
      nameSpan: span(each.nameSpan),
      valueSpan: span(each.valueSpan),
      span: span(each.span),
      commaBefore: comma(each.commaBefore),
      commaAfter: comma(each.commaAfter),
    })),
  };
}

function valuesOf(text: string, block: Block): ConfigValues {
  return Object.fromEntries(
    block.entries.map((entry) => {
      const within = nested.includes(entry.name) ? objectAt(text, entry) : undefined;
      return [entry.name, within ? valuesOf(text, within) : plainValue(entry.value)];
    }),
  );
}

function plainValue(literal: Literal): unknown {
  if (literal.kind === "list") return literal.items.map(plainValue);
  if (literal.kind === "null") return null;
  return "value" in literal ? literal.value : undefined;
}
