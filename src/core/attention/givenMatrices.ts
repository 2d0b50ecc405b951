import { msg, type Message, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { shapeText } from "../formats/tensorFile.js";
import { booleanMask, causalMask, combineMasks, emptyRows, paddingMask, type Mask } from "./mask.js";
import type { Holdings, NamedArray } from "./readArrays.js";
import { strangeNumber } from "./strangeNumber.js";
import type { GivenArrays, Matrix } from "./subject.js";

const QUERY = /^(?:q|quer(?:y|ies)|(?:q|query)_(?:states|matrix|proj))$/i;
const KEY = /^(?:k|keys?|(?:k|key)_(?:states|matrix|proj))$/i;
const VALUE = /^(?:v|values?|(?:v|value)_(?:states|matrix|proj))$/i;
const ALL = /^(?:x|e|emb|embeddings?|inputs?|hidden(?:_states)?)$/i;
const MASK = /^(?:m|mask|bias|(?:attn|attention|causal)_(?:mask|bias))$/i;

export type MatrixArrays = { readonly query: NamedArray; readonly key: NamedArray; readonly value: NamedArray; readonly mask: NamedArray | undefined; readonly note: Message | undefined } | { readonly missing: Message };

/** Q, K and V by their names, or three arrays without names in this order, or a matrix X that is all three. */
export function matrixArrays(arrays: readonly NamedArray[]): MatrixArrays | undefined {
  const called = (pattern: RegExp) => arrays.find(({ name }) => pattern.test(name.replace(/^.*\./, "")));
  const [query, key, value, mask, all] = [QUERY, KEY, VALUE, MASK, ALL].map(called);
  if (query && key && value) return { query, key, value, mask, note: undefined };
  const there = [query, key, value].filter((each) => each !== undefined);
  if (there.length > 0 && (query || key)) {
    const lacking = [query ? "" : "Q", key ? "" : "K", value ? "" : "V"].filter((name) => name !== "").join(", ");
    return { missing: msg("{0} is there, but {1} is missing. Select Q, K and V together.", there.map(({ name }) => name).join(", "), lacking) };
  }
  const matrices = (list: readonly NamedArray[]) => list.every(({ shape }) => shape.length === 2 || shape.length === 3);
  if (arrays.length === 3 && arrays.every(({ name }) => name === "") && matrices(arrays)) {
    return { query: arrays[0], key: arrays[1], value: arrays[2], mask: undefined, note: msg("The three matrices were taken as Q, K and V, in this order.") };
  }
  if (all && arrays.every((array) => array === all || array === mask)) {
    return { query: all, key: all, value: all, mask, note: msg("{0} was taken as Q, K and V alike: self-attention without projections.", all.name) };
  }
  return undefined;
}

/** Q, K and V as the heads that they hold, refused where they do not multiply. */
// eslint-disable-next-line require-yield -- the readers of arrays are generators alike
export function* givenMatrices(found: MatrixArrays, { words, flags }: Holdings): Generator<Progress, Parsed<GivenArrays>, void> {
  if ("missing" in found) return { ok: false, problems: [{ severity: "error", message: found.missing }] };
  const problem = misfit(found) ?? strangeNumber([found.query, found.key, found.value].map((array, i) => ({ ...array, name: array.name || "QKV"[i] })));
  if (problem) return { ok: false, problems: [problem] };
  const [query, key, value] = [found.query, found.key, found.value].map((array, i) => headsOf(array, "QKV"[i])!);
  const [queries, keys] = [query[0].rows, key[0].rows];
  const problems: Problem[] = found.note ? [{ severity: "info", message: found.note }] : [];
  const causal = flags.get("causal") ?? flags.get("is_causal") ?? false;
  const mask = found.mask && maskOf(found.mask, queries, keys, causal);
  if (mask && "severity" in mask) return { ok: false, problems: [mask] };
  const tokens = words.get("tokens") ?? words.get("words") ?? words.get("labels");
  const fitting = tokens && tokens.length === keys ? tokens : undefined;
  if (tokens && !fitting) problems.push({ severity: "warning", message: msg("tokens has length {0}, but K has {1} rows, so it is left out. Give each key its token.", tokens.length, keys) });
  return { ok: true, input: { kind: "matrices", query, key, value, causal, tokens: fitting, mask }, problems };
}

/** [n, d], [heads, n, d] or [1, heads, n, d] as a matrix for each head; a single vector is one row. */
function headsOf({ shape, values }: NamedArray, name: string): Matrix[] | undefined {
  const axes = shape.length === 1 ? [1, shape[0]] : shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (axes.length < 2 || axes.length > 3) return undefined;
  const [rows, columns] = axes.slice(-2);
  const heads = axes.length === 3 ? axes[0] : 1;
  return Array.from({ length: heads }, (_, h) => ({ name, rows, columns, values: values.slice(h * rows * columns, (h + 1) * rows * columns) }));
}

/** Why Q, K and V do not go together. */
function misfit({ query, key, value }: { readonly query: NamedArray; readonly key: NamedArray; readonly value: NamedArray }): Problem | undefined {
  const refusal = (message: Message, { placeOf }: NamedArray): Problem => ({ severity: "error", message, ...placeOf?.(0) });
  const [q, k, v] = [query, key, value].map((array) => headsOf(array, ""));
  for (const [array, heads, name] of [[query, q, "Q"], [key, k, "K"], [value, v, "V"]] as const) {
    if (!heads) return refusal(msg("{0} has shape {1}; it is [tokens, size], or [heads, tokens, size].", name, shapeText(array.shape)), array);
  }
  const shapes = [query, key, value].map(({ shape }) => shapeText(shape));
  if (q![0].columns !== k![0].columns) {
    return refusal(msg("Q {0} and K {1} do not multiply: each query needs as many numbers as each key, but they have {2} and {3}. Check which matrix is which, and whether one is transposed.", shapes[0], shapes[1], q![0].columns, k![0].columns), key);
  }
  if (k![0].rows !== v![0].rows) {
    return refusal(msg("The weights of K {0} and V {1} do not multiply: each key needs its value, but there are {2} and {3}. Check which matrix is which, and whether one is transposed.", shapes[1], shapes[2], k![0].rows, v![0].rows), value);
  }
  if (k!.length !== v!.length || q!.length % k!.length !== 0) {
    return refusal(msg("Q {0}, K {1} and V {2} have {3}, {4} and {5} heads. K and V need equally many, and Q as many or a multiple.", ...shapes, q!.length, k!.length, v!.length), key);
  }
  return undefined;
}

/** A mask of one's own: 0 and 1 say which keys may be attended to, anything else is added to the scaled similarities. */
function maskOf(array: NamedArray, queries: number, keys: number, causal: boolean): Mask | Problem {
  const { shape, values, placeOf } = array;
  const refusal = (message: Message, index = 0): Problem => ({ severity: "error", message, ...placeOf?.(index) });
  const axes = shape.filter((length, axis) => length !== 1 || axis >= shape.length - 2);
  const padding = axes.length === 1 && axes[0] === keys;
  if (!padding && (axes.length !== 2 || axes[0] !== queries || axes[1] !== keys)) {
    return refusal(msg("The mask has shape {0}, but there are {1} queries and {2} keys. It is [queries, keys], or [keys] for padding.", shapeText(shape), queries, keys));
  }
  const strange = values.findIndex((value) => Number.isNaN(value) || value === Infinity);
  if (strange >= 0) return refusal(msg("The mask has {0} in row {1}, column {2}. Use 1 and 0 for keys that may and may not be seen, or 0 and −Infinity.", values[strange], Math.floor(strange / keys) + 1, (strange % keys) + 1), strange);
  const boolean = values.includes(1) && values.every((value) => value === 0 || value === 1);
  const rows = padding ? Float64Array.from({ length: queries * keys }, (_, i) => values[i % keys]) : Float64Array.from(values);
  const mask = !boolean ? rows : padding ? paddingMask(queries, values) : booleanMask(queries, keys, values);
  const [empty] = emptyRows(causal ? combineMasks(mask, causalMask(queries, keys))! : mask, queries, keys);
  if (empty === undefined) return mask;
  if (causal) return refusal(msg("The mask and causal together leave row {0} of Q without any key, so its softmax would be 0 / 0. Let it see one key up to its own place.", empty + 1), padding ? 0 : empty * keys);
  return refusal(msg("The mask leaves row {0} of Q without any key, so its softmax would be 0 / 0. Let it see one key at least.", empty + 1), padding ? 0 : empty * keys);
}
