import { msg } from "../../contract/index.js";
import type { Entry } from "../../formats/settings/block.js";
import type { SizeId } from "./families.js";
import { sizeTexts } from "./keyTexts.js";
import { isSize, sizeOf, statedName } from "./modelShape.js";
import { nearestWord, removed, setTo, shownValue, type LookedShape, type ShapeProblem } from "./shapeProblem.js";

/** The activations of transformers 5.18, `ACT2FN`. */
const activations = [
  "gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish", "gelu_10", "gelu_fast", "gelu_python", "gelu_python_tanh", "gelu_accurate", "hardswish", "laplace",
  "leaky_relu", "linear", "mish", "quick_gelu", "relu2", "relu6", "sigmoid", "sqrtsoftplus", "tanh", "prelu", "xielu",
];

/** Token ids outside the vocabulary, activations that nobody knows, and names that miss by a letter. */
export function nameLints(looked: LookedShape): ShapeProblem[] {
  return looked.file.block.entries.flatMap((entry) => {
    if (/^(?:pad|bos|eos|sep|cls|mask|unk|decoder_start)_token_id$/.test(entry.name)) return badId(looked, entry);
    if (entry.name === "hidden_act" || entry.name === "activation_function") return badActivation(looked, entry);
    return misspelt(looked, entry);
  });
}

function badId({ text, file, family }: LookedShape, entry: Entry): ShapeProblem[] {
  const { name, value, span } = entry;
  const vocabulary = sizeOf(file.values, family, "vocabulary");
  if (!isSize(vocabulary)) return [];
  const ids = value.kind === "list" ? value.items : [value];
  const bad = ids.find((id) => (id.kind === "integer" ? id.value < 0 || id.value >= vocabulary : id.kind === "float" || id.kind === "text" || id.kind === "boolean"));
  if (!bad) return [];
  const remove = removed(text, file.block, entry);
  if (bad.kind !== "integer") return [{ code: "token-id", severity: "error", name, message: msg("{0} must be a whole number, not {1}.", name, shownValue(text, entry)), span, edits: [remove] }];
  // torch's Embedding counts a negative padding from the end, and refuses one outside the table.
  const refused = name === "pad_token_id" && family.id !== "gpt2" && (bad.value >= vocabulary || bad.value < -vocabulary);
  const message = msg("{0} is {1}, but the ids of {2} tokens go from 0 to {3}.", name, bad.value, vocabulary, vocabulary - 1);
  const grown = bad.value >= vocabulary && isSize(bad.value + 1) ? [setTo(text, file.block, "vocab_size", String(bad.value + 1))] : [];
  return [{ code: "token-id", severity: refused ? "error" : "warning", name, message, span, edits: [remove, ...grown] }];
}

function badActivation({ text, file, family }: LookedShape, entry: Entry): ShapeProblem[] {
  const { name, value, span } = entry;
  if (value.kind === "null" || (value.kind === "text" && activations.includes(value.value))) return [];
  const word = value.kind === "text" ? value.value : "";
  const meant = nearestWord(word, activations, 2) ?? family.activation;
  const message = msg("transformers knows no activation {0}. {1} is the nearest it has.", shownValue(text, entry), meant);
  return [{ code: "activation", severity: "error", name, message, span, edits: [setTo(text, file.block, name, JSON.stringify(meant))] }];
}

/** A name that is a slip or two from a size that is not stated: transformers takes its default without a word. */
function misspelt({ file, family }: LookedShape, { name, nameSpan, value }: Entry): ShapeProblem[] {
  const known = Object.values(family.names).flat();
  if (known.includes(name) || sizeTexts.has(name) || name.length < 6 || (value.kind !== "integer" && value.kind !== "float")) return [];
  const open = (Object.keys(family.names) as SizeId[]).filter((size) => statedName(file.values, family, size) === undefined);
  const meant = nearestWord(name, open.flatMap((size) => family.names[size]![0]), 2);
  const size = open.find((each) => family.names[each]![0] === meant);
  if (meant === undefined || size === undefined) return [];
  const byDefault = family.defaults[size];
  const message =
    byDefault === undefined
      ? msg("transformers knows no {0}, so it does nothing. {1} is what it has.", name, meant)
      : msg("transformers knows no {0}. It takes {1} as {2}, its default.", name, meant, byDefault);
  return [{ code: "unknown-name", severity: "warning", name, message, span: nameSpan, edits: [{ label: msg("Change to {0}", meant), edits: [{ span: nameSpan, text: JSON.stringify(meant) }] }] }];
}
