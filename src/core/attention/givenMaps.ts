import { msg, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { shapeText } from "../formats/tensorFile.js";
import { refuse } from "../formats/tensorSource.js";
import { checkMaps } from "./checkMaps.js";
import { inSlices, SLICE } from "./inSlices.js";
import type { Holdings, NamedArray } from "./readArrays.js";
import type { GivenArrays } from "./subject.js";

const NAMES = /(?:^|[._/])(?:attentions?|attn|att|attention_?(?:weights|maps|probs|scores)|attn_?(?:weights|maps|probs)|weights|maps?|probs|alignments?)(?:[._/]?\d+)?$/i;

/** The arrays that are attention maps: those called so, one for each layer, or the only one. Undefined when it is not clear. */
export function mapArrays(arrays: readonly NamedArray[]): readonly NamedArray[] | undefined {
  const named = arrays.filter(({ name }) => NAMES.test(name));
  const found = named.length > 0 ? named : arrays;
  if (found.length <= 1) return found.length === 1 ? found : undefined;
  // layer_0, layer_1 …: told apart by a number only.
  const numbered = found.every(({ name }) => /\d/.test(name)) && new Set(found.map(({ name }) => name.replace(/\d+/g, "#"))).size === 1;
  if (!numbered && named.length === 0) return undefined;
  return numbered ? [...found].sort((a, b) => numberIn(a.name) - numberIn(b.name)) : found;
}

function numberIn(name: string): number {
  return Number(/\d+(?=\D*$)/.exec(name)![0]);
}

/** Attention maps [layers, heads, rows, columns] of the arrays, looked through for what is no attention. */
export function* givenMaps(arrays: readonly NamedArray[], { words }: Holdings, source: string): Generator<Progress, Parsed<GivenArrays>, void> {
  const first = arrays[0];
  const different = arrays.find(({ shape }) => shapeText(shape) !== shapeText(first.shape));
  if (different) {
    return refuse(msg("{0} {1} and {2} {3} differ in shape, so they are no layers of one model. Select one array.", nameOf(first, source), shapeText(first.shape), nameOf(different, source), shapeText(different.shape)));
  }
  const size = sizesOf(first, arrays.length, source);
  if ("severity" in size) return { ok: false, problems: [size] };
  const weights = arrays.length === 1 ? first.values : yield* joined(arrays);
  const check = yield* checkMaps({ layers: size.layers, heads: size.heads, queries: size.rows, keys: size.columns, weights }, arrays.length === 1 ? first.placeOf : undefined);
  const problems = [...check.problems];
  if (problems.some(({ severity }) => severity === "error")) return { ok: false, problems };
  const tokens = words.get("tokens") ?? words.get("words") ?? words.get("labels");
  const fitting = tokens && tokens.length === size.columns && size.rows === size.columns ? tokens : undefined;
  if (tokens && !fitting) {
    problems.push({ severity: "warning", message: msg("tokens has length {0}, but the maps have {1} rows and {2} columns, so it is left out. Save as many tokens as the maps have rows.", tokens.length, size.rows, size.columns) });
  }
  return { ok: true, input: { kind: "maps", ...size, weights, tokens: fitting, causal: check.causal && size.rows > 1 }, problems };
}

type Sizes = { readonly layers: number; readonly heads: number; readonly rows: number; readonly columns: number };

/** What the axes of an array are; `count` such arrays are layers. */
function sizesOf(array: NamedArray, count: number, source: string): Sizes | Problem {
  const shape = [...array.shape];
  const refusal = (message: Problem["message"]): Problem => ({ severity: "error", message, ...array.placeOf?.(0) });
  const name = nameOf(array, source);
  // transformers gives one array a layer, [texts, heads, T, T]; stacked, [layers, texts, heads, T, T].
  const texts = shape.length === 5 ? 1 : shape.length === 4 && count > 1 ? 0 : -1;
  if (texts >= 0) {
    if (shape[texts] !== 1) return refusal(msg("{0} {1} holds {2} texts. Save one of them: {3}.", name, shapeText(array.shape), shape[texts], texts === 1 ? "x[:, 0]" : "x[0]"));
    shape.splice(texts, 1);
  }
  if (shape.length < 2 || shape.length > 4 || (count > 1 && shape.length > 3)) {
    return refusal(msg("{0} has shape {1}; attention is [layers, heads, T, T], [heads, T, T] or [T, T].", name, shapeText(array.shape)));
  }
  const [rows, columns] = shape.slice(-2);
  const rest = shape.slice(0, -2);
  if (count > 1) return { layers: count, heads: rest[0] ?? 1, rows, columns };
  return { layers: rest.length === 2 ? rest[0] : 1, heads: rest[rest.length - 1] ?? 1, rows, columns };
}

function* joined(arrays: readonly NamedArray[]): Generator<Progress, Float32Array, void> {
  const length = arrays[0].values.length;
  const all = new Float32Array(length * arrays.length);
  for (const [i, { values }] of arrays.entries()) {
    const progress = { fraction: i / arrays.length, message: msg("Putting the layers together") };
    yield* inSlices(length, 4 * SLICE, progress, (from, to) => all.set(values.subarray(from, to), i * length + from));
    yield progress;
  }
  return all;
}

function nameOf({ name }: NamedArray, source: string): string {
  return name || source;
}
