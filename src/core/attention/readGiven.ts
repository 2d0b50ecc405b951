import { msg, type BytesSource, type Parsed, type Progress, type TextSource } from "../contract/index.js";
import { binaryProblem } from "../formats/binary.js";
import { LARGEST_JSON } from "../formats/readBytes.js";
import { attempt, refuse } from "../formats/tensorSource.js";
import { readTextFile } from "../models/readTextFile.js";
import { givenMaps, mapArrays } from "./givenMaps.js";
import { givenMatrices, matrixArrays } from "./givenMatrices.js";
import { givenStates, stateArrays } from "./givenStates.js";
import { readArrays, type Holdings } from "./readArrays.js";
import { readTensors } from "./readTensors.js";
import type { GivenArrays } from "./subject.js";

/**
 * Arrays of one's own, told apart by their names and shapes:
 * - attention maps [layers, heads, T, T], [heads, T, T] or [T, T], also [layers, 1, heads, T, T] and one array a layer,
 * - Q, K and V, or a matrix X that is all three,
 * - states of an encoder and a decoder, with the matrices of their score.
 * From a text its selections, else its lists of numbers; of files .npy, .npz, .safetensors and JSON.
 */
export function* readGiven(source: TextSource | BytesSource): Generator<Progress, Parsed<GivenArrays>, void> {
  if (source.kind === "text") return yield* chosen(yield* readArrays(source), source.name);
  if (/\.(?:npy|npz|safetensors)$/i.test(source.name)) return yield* chosen(yield* readTensors(source), source.name);
  return yield* attempt(readFile(source), source.name);
}

/** A file of text that no editor holds: its problems have no places to show. */
function* readFile({ uri, name, bytes }: BytesSource): Generator<Progress, Parsed<GivenArrays>, void> {
  if (bytes.size > LARGEST_JSON) {
    return refuse(msg("{0} has {1} MB; text is read up to {2} MB. Save the array as .npy or .safetensors.", name, Math.ceil(bytes.size / 1e6), LARGEST_JSON / 1e6));
  }
  const binary = binaryProblem(bytes.read(0, Math.min(4096, bytes.size)), name);
  if (binary) return { ok: false, problems: [binary] };
  const text = yield* readTextFile(bytes, name);
  const languageId = /\.py$/i.test(name) ? "python" : "json";
  const parsed = yield* chosen(yield* readArrays({ kind: "text", uri, name, languageId, text, ranges: [] }), name);
  return { ...parsed, problems: parsed.problems.map(({ span: _, ...problem }) => problem) };
}

function* chosen(parsed: Parsed<Holdings>, name: string): Generator<Progress, Parsed<GivenArrays>, void> {
  if (!parsed.ok) return parsed;
  const { input: holdings, problems } = parsed;
  const found = yield* interpret(holdings, name);
  // What was read aside is said beside what came of it.
  return { ...found, problems: [...found.problems, ...problems.filter(({ severity }) => found.ok || severity === "warning")] };
}

function* interpret(holdings: Holdings, name: string): Generator<Progress, Parsed<GivenArrays>, void> {
  const { arrays } = holdings;
  const states = stateArrays(arrays);
  const matrices = states ? undefined : matrixArrays(arrays);
  if (states) return yield* givenStates(states, holdings);
  if (matrices) return yield* givenMatrices(matrices, holdings);
  const maps = mapArrays(arrays);
  if (maps) return yield* givenMaps(maps, holdings, name);
  if (arrays.length === 0) return refuse(msg("{0} holds no array of numbers here. Select the maps, or Q, K and V, or the states with their brackets.", name));
  const names = arrays.map((array) => array.name).filter((each) => each !== "");
  return refuse(
    names.length > 0
      ? msg("It is not clear what these arrays are: {0}. Name them attention; or Q, K and V; or encoder and decoder.", names.slice(0, 12).join(", "))
      : msg("It is not clear what these {0} arrays are. Select one of attention weights, or three: Q, K and V; or name them, as in Q = [[…]].", arrays.length),
  );
}
