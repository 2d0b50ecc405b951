import { msg, type Message, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { shapeText } from "../formats/tensorFile.js";
import { splitConcat } from "../math/alignment.js";
import type { Holdings, NamedArray } from "./readArrays.js";
import { strangeNumber } from "./strangeNumber.js";
import type { GivenArrays, Matrix } from "./subject.js";

const ENCODER = /^(?:enc|encoder|(?:enc|encoder|source|src)_?(?:states?|outputs?|hidden(?:_states?)?))$/i;
const DECODER = /^(?:dec|decoder|(?:dec|decoder|target|tgt)_?(?:states?|outputs?|hidden(?:_states?)?))$/i;
const GENERAL = /^(?:w|w_?a|w_?general|general)$/i;
const W_QUERY = /^(?:w_?(?:q|query|s|dec|decoder|1)|wa)$/i;
const W_KEY = /^(?:w_?(?:k|key|h|enc|encoder|2)|u_?a?)$/i;
const W_CONCAT = /^w_?concat$/i;
const V = /^v(?:_?(?:a|t|concat))?$/i;
const BIAS = /^(?:b|bias)$/i;

type StateArrays = { readonly encoder: NamedArray; readonly decoder: NamedArray; readonly all: readonly NamedArray[] } | { readonly missing: Message };

/** States of an encoder and a decoder, by their names. */
export function stateArrays(arrays: readonly NamedArray[]): StateArrays | undefined {
  const encoder = called(arrays, ENCODER);
  const decoder = called(arrays, DECODER);
  if (encoder && decoder) return { encoder, decoder, all: arrays };
  if (!encoder && !decoder) return undefined;
  return { missing: encoder ? msg("{0} is there, but the decoder's states are missing. Select both, and call them encoder and decoder.", encoder.name) : msg("{0} is there, but the encoder's states are missing. Select both, and call them encoder and decoder.", decoder!.name) };
}

function called(arrays: readonly NamedArray[], pattern: RegExp): NamedArray | undefined {
  return arrays.find(({ name }) => pattern.test(name.replace(/^.*\./, "")));
}

/** States with the matrices of their scores, refused where they do not multiply. */
// eslint-disable-next-line require-yield -- the readers of arrays are generators alike
export function* givenStates(found: StateArrays, { words }: Holdings): Generator<Progress, Parsed<GivenArrays>, void> {
  const refuse = (message: Message, place: Pick<Problem, "span" | "line"> = {}) => ({ ok: false as const, problems: [{ severity: "error" as const, message, ...place }] });
  if ("missing" in found) return refuse(found.missing);
  for (const array of [found.encoder, found.decoder]) {
    if (!matrixOf(array)) return refuse(msg("{0} has shape {1}; states are [steps, size].", array.name, shapeText(array.shape)), array.placeOf?.(0));
  }
  const [encoder, decoder] = [matrixOf(found.encoder)!, matrixOf(found.decoder)!];
  const strange = strangeNumber(found.all);
  if (strange) return { ok: false, problems: [strange] };
  const problems: Problem[] = [];
  const general = generalOf(found.all, encoder, decoder, problems);
  const concat = concatOf(found.all, encoder, decoder, problems);
  if (encoder.columns !== decoder.columns && !general && !concat) {
    const message = msg("The states of {0} {1} and {2} {3} have no inner product, as they differ in size. Give a matrix W of shape {4}, or W_query, W_key and v.", encoder.name, shapeText([encoder.rows, encoder.columns]), decoder.name, shapeText([decoder.rows, decoder.columns]), shapeText([decoder.columns, encoder.columns]));
    return { ok: false, problems: [{ severity: "error", message, ...found.decoder.placeOf?.(0) }, ...problems] };
  }
  const input = namesOf(words, ["input", "source", "encoder_tokens", "source_tokens", "src"], encoder.rows);
  const output = namesOf(words, ["output", "target", "decoder_tokens", "target_tokens", "tgt"], decoder.rows);
  return { ok: true, input: { kind: "states", encoder, decoder, general, concat, input, output }, problems };
}

function matrixOf({ name, shape, values }: NamedArray): Matrix | undefined {
  const axes = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;
  return axes.length === 2 ? { name, rows: axes[0], columns: axes[1], values } : undefined;
}

/** W of Luong's general score, [decoder, encoder]. */
function generalOf(all: readonly NamedArray[], encoder: Matrix, decoder: Matrix, problems: Problem[]): Matrix | undefined {
  const array = called(all, GENERAL);
  return array && fitting(array, [decoder.columns, encoder.columns], problems);
}

/** The small network of the concat score: two matrices, or one that holds both side by side. */
function concatOf(all: readonly NamedArray[], encoder: Matrix, decoder: Matrix, problems: Problem[]) {
  const v = called(all, V);
  if (!v) return undefined;
  const hidden = v.values.length;
  const bias = called(all, BIAS);
  const both = called(all, W_CONCAT);
  const [query, key] = [called(all, W_QUERY), called(all, W_KEY)];
  const parts = { v: v.values, ...(bias?.values.length === hidden ? { bias: bias.values } : {}) };
  if (query && key) {
    const [ofDecoder, ofEncoder] = [fitting(query, [hidden, decoder.columns], problems), fitting(key, [hidden, encoder.columns], problems)];
    return ofDecoder && ofEncoder && { decoder: ofDecoder, encoder: ofEncoder, ...parts };
  }
  const whole = both && fitting(both, [hidden, decoder.columns + encoder.columns], problems);
  if (!whole) return undefined;
  const split = splitConcat(whole.values, hidden, decoder.columns, encoder.columns);
  return {
    decoder: { name: "W_query", rows: hidden, columns: decoder.columns, values: Float32Array.from(split.query) },
    encoder: { name: "W_key", rows: hidden, columns: encoder.columns, values: Float32Array.from(split.key) },
    ...parts,
  };
}

function fitting(array: NamedArray, shape: readonly [number, number], problems: Problem[]): Matrix | undefined {
  const matrix = matrixOf(array);
  if (matrix && matrix.rows === shape[0] && matrix.columns === shape[1]) return matrix;
  problems.push({ severity: "warning", message: msg("{0} has shape {1}, but these states need {2}, so it is left out. Check which axis is which.", array.name, shapeText(array.shape), shapeText(shape)), ...array.placeOf?.(0) });
  return undefined;
}

function namesOf(words: Holdings["words"], keys: readonly string[], count: number): readonly string[] | undefined {
  return keys.map((key) => words.get(key)).find((list) => list?.length === count);
}
