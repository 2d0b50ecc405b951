import { msg } from "../../contract/index.js";
import { entryOf, type Entry } from "../../formats/settings/block.js";
import type { TextFix } from "../../formats/settings/edits.js";
import type { SizeId } from "./families.js";
import { isSize, LARGEST_SIZE, sizeOf, statedName } from "./modelShape.js";
import { setTo, shownValue, type LookedShape, type ShapeProblem } from "./shapeProblem.js";

const most = 2;

/** Sizes that can be none: negative, broken, zero, or beyond any model. */
export function sizeLints(looked: LookedShape): ShapeProblem[] {
  const { family, file } = looked;
  return (Object.keys(family.names) as SizeId[]).flatMap((size) => {
    const name = statedName(file.values, family, size) ?? (family.names[size] ?? []).find((each) => entryOf(file.block, each)?.value.kind === "object");
    const entry = name === undefined ? undefined : entryOf(file.block, name);
    return entry && !isSize(file.values[entry.name]) ? [badSize(looked, size, entry)] : [];
  });
}

function badSize({ text, file, family }: LookedShape, size: SizeId, entry: Entry): ShapeProblem {
  const { value, name } = entry;
  const shown = shownValue(text, entry);
  const number = value.kind === "integer" || value.kind === "float" ? value.value : value.kind === "text" && value.value.trim() !== "" ? Number(value.value) : NaN;
  const tooLarge = number > LARGEST_SIZE;
  const meant = isSize(Math.abs(number)) ? Math.abs(number) : tooLarge ? undefined : family.defaults[size];
  const message = tooLarge
    ? msg("{0} is {1}, more than any model has. Check its digits.", name, shown)
    : msg("{0} must be a whole number of at least {1}, not {2}.", name, 1, shown);
  return { code: "size", severity: "error", name, message, span: entry.span, edits: meant === undefined ? [] : [setTo(text, file.block, name, String(meant))] };
}

/** Heads that do not share the width evenly, or key-value heads that do not share the query heads. */
export function headLints(looked: LookedShape): ShapeProblem[] {
  const { family, file } = looked;
  const [width, heads, kvHeads, size] = (["width", "heads", "kvHeads", "headSize"] as const).map((each) => sizeOf(file.values, family, each));
  if (!isSize(width) || !isSize(heads) || (size !== undefined && !isSize(size))) return [];
  const found: ShapeProblem[] = [];
  if (width % heads !== 0 && (size === undefined || family.modelType === "llama")) found.push(unevenWidth(looked, width, heads, size));
  else if (family.id === "llama" && (size ?? width / heads) % 2 !== 0) found.push(...oddHead(looked, width, heads, size));
  if (isSize(kvHeads) && heads % kvHeads !== 0) {
    // Of heads that are wrong themselves, the ones that would be right count.
    const meant = found.length > 0 ? (nearestHeads(looked, width, heads)[0] ?? heads) : heads;
    found.push(unevenGroups(looked, heads, kvHeads, meant));
  }
  return found;
}

function unevenWidth(looked: LookedShape, width: number, heads: number, size: number | undefined): ShapeProblem {
  const [name, widthName] = [nameOf(looked, "heads"), nameOf(looked, "width")];
  const message =
    size === undefined
      ? msg("{0} ({1}) must be a multiple of {2} ({3}), since each head takes an equal share.", widthName, width, name, heads)
      : msg("{0} ({1}) is no multiple of {2} ({3}). transformers refuses this since version 5, even with head_dim.", widthName, width, name, heads);
  return { code: "heads", severity: size === undefined ? "error" : "warning", name, message, span: spanOf(looked, "heads", "width"), edits: headFixes(looked, width, heads) };
}

function oddHead(looked: LookedShape, width: number, heads: number, size: number | undefined): ShapeProblem[] {
  const { text, file } = looked;
  const entry = entryOf(file.block, "head_dim");
  const message = msg("Heads of {0} numbers can't be rotated: rotary positions turn pairs, so the number must be even.", size ?? width / heads);
  if (!entry || !isSize(size)) return [{ code: "heads", severity: "error", name: nameOf(looked, "heads"), message, span: spanOf(looked, "heads", "width"), edits: headFixes(looked, width, heads) }];
  return [{ code: "heads", severity: "error", name: "head_dim", message, span: entry.span, edits: [setTo(text, file.block, "head_dim", String(size + 1))] }];
}

function headFixes(looked: LookedShape, width: number, heads: number): TextFix[] {
  return nearestHeads(looked, width, heads).map((count) => setTo(looked.text, looked.file.block, nameOf(looked, "heads"), String(count)));
}

/** The nearest numbers of heads that fit; of two as near, the one with heads of 64 or 128 numbers comes first. */
function nearestHeads({ file, family }: LookedShape, width: number, heads: number): number[] {
  const kvHeads = sizeOf(file.values, family, "kvHeads");
  const isEven = (count: number) => family.id !== "llama" || (width / count) % 2 === 0;
  const fits = (count: number) => isEven(count) && !(isSize(kvHeads) && count % kvHeads !== 0);
  const shared = divisorsOf(width).filter(fits);
  // Key-value heads that divide no number of heads are a slip themselves.
  const all = shared.length > 0 ? shared : divisorsOf(width).filter(isEven);
  const unusual = (count: number) => (width / count === 64 || width / count === 128 ? 0 : 1);
  return all.sort((a, b) => Math.abs(a - heads) - Math.abs(b - heads) || unusual(a) - unusual(b)).slice(0, most);
}

function unevenGroups(looked: LookedShape, heads: number, kvHeads: number, meant: number): ShapeProblem {
  const { text, file } = looked;
  const [name, headsName] = [nameOf(looked, "kvHeads"), nameOf(looked, "heads")];
  const near = divisorsOf(meant).sort((a, b) => Math.abs(a - kvHeads) - Math.abs(b - kvHeads) || b - a).slice(0, most);
  const message = msg("{0} ({1}) must divide {2} ({3}), since each head of keys and values serves as many query heads.", name, kvHeads, headsName, heads);
  return { code: "kv-heads", severity: "error", name, message, span: spanOf(looked, "kvHeads", "heads"), edits: near.map((count) => setTo(text, file.block, name, String(count))) };
}

/** Divisors in rising order, of numbers up to `LARGEST_SIZE`. */
function divisorsOf(n: number): number[] {
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 1; i * i <= n; i++) {
    if (n % i !== 0) continue;
    small.push(i);
    if (i * i !== n) large.unshift(n / i);
  }
  return [...small, ...large];
}

function nameOf({ file, family }: LookedShape, size: SizeId): string {
  return statedName(file.values, family, size) ?? family.names[size]![0];
}

/** Where the first of some sizes stands that stands at all. */
function spanOf(looked: LookedShape, ...sizes: readonly SizeId[]): ShapeProblem["span"] {
  return sizes.map((size) => entryOf(looked.file.block, nameOf(looked, size))?.span).find(Boolean);
}
