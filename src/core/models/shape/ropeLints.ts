import { msg } from "../../contract/index.js";
import { entryOf, type Block, type Entry } from "../../formats/settings/block.js";
import type { TextFix } from "../../formats/settings/edits.js";
import { isRopeType, ropeNeeds, ropeTypeOf, ropeTypes, type RopeType } from "./ropeRules.js";
import { isSize, sizeOf, type ConfigValues } from "./modelShape.js";
import { ropeContextLints } from "./ropeContextLints.js";
import { floatText, nearestWord, numberIn, removed, setTo, shownValue, type LookedShape, type ShapeProblem } from "./shapeProblem.js";

/** What other libraries and older versions call a kind. */
const otherNames = new Map([["su", "longrope"], ["ntk", "dynamic"], ["ntk-aware", "dynamic"], ["dynamic_ntk", "dynamic"], ["interpolation", "linear"], ["none", "default"]]);

/** What is wrong with rope_scaling or rope_parameters. */
export function ropeLints(looked: LookedShape): ShapeProblem[] {
  const { text, file, family } = looked;
  const entries = ["rope_scaling", "rope_parameters"].flatMap((name) => entryOf(file.block, name) ?? []);
  if (family.id !== "llama") {
    return entries
      .filter(({ value }) => value.kind === "object")
      .map((entry) => ({ code: "rope-idle", severity: "warning", name: entry.name, message: msg("{0} does nothing: {1} has learned positions, not rotary ones.", entry.name, family.name), span: entry.span, edits: [removed(text, file.block, entry)] }));
  }
  const broken = entries.filter(({ value }) => value.kind !== "object" && value.kind !== "null").map((entry): ShapeProblem => ({
    code: "rope-value", severity: "error", name: entry.name, message: msg("{0} must be an object, not {1}.", entry.name, shownValue(text, entry)), span: entry.span, edits: [setTo(text, file.block, entry.name, "null")],
  }));
  const { rope } = file;
  if (!rope) return broken;
  const values = file.values[rope.name] as ConfigValues;
  const kind = ropeTypeOf(values);
  const found = [...broken, ...doubleType(text, rope.block)];
  if (!isRopeType(kind)) return [...found, ...unknownType(text, rope.block, kind)];
  return [...found, ...missing(looked, rope.block, kind), ...badFactor(text, rope.block, kind), ...badLists(looked, rope.block, kind), ...badBounds(text, rope.block, kind), ...ropeContextLints(looked, rope, kind)];
}

function doubleType(text: string, block: Block): ShapeProblem[] {
  const [now, old] = [entryOf(block, "rope_type"), entryOf(block, "type")];
  if (!now || !old) return [];
  const same = shownValue(text, now) === shownValue(text, old);
  const message = same
    ? msg("type is the old name of rope_type, which says the same. One is enough.")
    : msg("rope_type says {0}, and type, its old name, says {1}. transformers takes rope_type.", shownValue(text, now), shownValue(text, old));
  const other = same || old.value.kind !== "text" || !isRopeType(old.value.value) ? [] : [setTo(text, block, "rope_type", shownValue(text, old))];
  return [{ code: "rope-names", severity: same ? "info" : "warning", name: "type", message, span: old.span, edits: [removed(text, block, old), ...other] }];
}

function unknownType(text: string, block: Block, kind: unknown): ShapeProblem[] {
  const entry = entryOf(block, "rope_type") ?? entryOf(block, "type");
  if (!entry) return [];
  const word = typeof kind === "string" ? kind : "";
  const meant = otherNames.get(word.toLowerCase()) ?? nearestWord(word, ropeTypes, 2);
  const edits: TextFix[] = meant === undefined ? [] : [setTo(text, block, entry.name, JSON.stringify(meant))];
  const message = msg("transformers knows no rotary positions of the kind {0}. It knows: {1}.", shownValue(text, entry), ropeTypes.join(", "));
  return [{ code: "rope-type", severity: "error", name: entry.name, message, span: entry.span, edits }];
}

function missing(looked: LookedShape, block: Block, kind: RopeType): ShapeProblem[] {
  const { text, file, family } = looked;
  const type = entryOf(block, "rope_type") ?? entryOf(block, "type");
  const original = numberIn(block, "original_max_position_embeddings");
  const longest = sizeOf(file.values, family, "context");
  const stretch = original && longest && longest > original ? longest / original : 2;
  const usual: Readonly<Record<string, string>> = { factor: floatText(stretch), low_freq_factor: "1.0", high_freq_factor: "4.0", original_max_position_embeddings: "8192" };
  return ropeNeeds[kind]
    .filter((name) => !entryOf(block, name) && !(name === "original_max_position_embeddings" && isSize(file.values[name])))
    .map((name) => ({
      code: "rope-value", severity: "error", name, message: msg("Rotary positions of the kind {0} need {1}.", kind, name), span: type?.span,
      edits: usual[name] ? [setTo(text, block, name, usual[name])] : [],
    }));
}

function badFactor(text: string, block: Block, kind: RopeType): ShapeProblem[] {
  const entry = entryOf(block, "factor");
  if (!entry || kind === "default" || (entry.value.kind === "null" && kind === "longrope")) return [];
  const problem = (severity: ShapeProblem["severity"], message: ShapeProblem["message"], edits: readonly TextFix[]): ShapeProblem[] => [{ code: "rope-value", severity, name: "factor", message, span: entry.span, edits }];
  const { value } = entry;
  if (value.kind !== "integer" && value.kind !== "float") {
    const meant = value.kind === "text" && value.value.trim() !== "" ? Number(value.value) : NaN;
    return problem("error", msg("{0} must be a number, not {1}.", "factor", shownValue(text, entry)), meant >= 1 && Number.isFinite(meant) ? [setTo(text, block, "factor", floatText(meant))] : []);
  }
  if (value.value < 1) {
    const inverse = Number((1 / value.value).toPrecision(12));
    const fix = value.value > 0 && Number.isFinite(inverse) ? [setTo(text, block, "factor", floatText(inverse))] : [];
    return problem("warning", msg("A factor of {0} would make texts shorter: it is how many times longer they may be, so at least 1.", value.value), fix);
  }
  const wantsFloat = value.kind === "integer" && (kind === "linear" || kind === "dynamic" || kind === "yarn");
  return wantsFloat ? problem("info", msg("transformers complains about a whole number here; some versions refuse it. Write {0}.", floatText(value.value)), [setTo(text, block, "factor", floatText(value.value))]) : [];
}

/** LongRoPE has a divisor for each pair of a head. */
function badLists({ text, file, family }: LookedShape, block: Block, kind: RopeType): ShapeProblem[] {
  const [width, heads, stated] = (["width", "heads", "headSize"] as const).map((each) => sizeOf(file.values, family, each));
  const size = stated ?? (width ?? NaN) / (heads ?? NaN);
  if (kind !== "longrope" || !isSize(size)) return [];
  return ["short_factor", "long_factor"].flatMap((name): ShapeProblem[] => {
    const entry: Entry | undefined = entryOf(block, name);
    if (!entry || (entry.value.kind === "list" && entry.value.items.length === size / 2)) return [];
    const message = entry.value.kind === "list" ? msg("{0} has {1} numbers, but a head has {2} pairs.", name, entry.value.items.length, size / 2) : msg("{0} must be a list, not {1}.", name, shownValue(text, entry));
    return [{ code: "rope-value", severity: "error", name, message, span: entry.span, edits: [] }];
  });
}

function badBounds(text: string, block: Block, kind: RopeType): ShapeProblem[] {
  const [low, high] = [numberIn(block, "low_freq_factor"), numberIn(block, "high_freq_factor")];
  const entry = entryOf(block, "high_freq_factor");
  if (kind !== "llama3" || low === undefined || high === undefined || !entry || low < high) return [];
  const message = msg("high_freq_factor ({0}) must be above low_freq_factor ({1}): between them pairs are scaled in part.", high, low);
  return [{ code: "rope-value", severity: "error", name: "high_freq_factor", message, span: entry.span, edits: low < 4 ? [setTo(text, block, "high_freq_factor", "4.0")] : [] }];
}
