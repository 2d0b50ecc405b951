import { msg, type ByteSource, type Message, type Progress } from "../contract/index.js";
import { JsonScanner } from "./jsonScanner.js";
import { MOST_DIMENSIONS } from "./tensorNpy.js";

/** A tensor as the header has it; offsets count from the header's end. */
export type HeaderEntry = {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
};
export type SafetensorsHeader = { readonly entries: readonly HeaderEntry[]; readonly metadata: ReadonlyMap<string, string> };

const MOST_TENSORS = 100_000;
const MOST_NOTES = 10_000;
/** Codes scanned between two yields. */
const SLICE = 1 << 16;

/**
 * Reads the JSON header of a .safetensors file, strictly as the format has it.
 * @throws JsonFault
 */
export function* readSafetensorsHeader(source: ByteSource): Generator<Progress, SafetensorsHeader | { readonly error: Message }, void> {
  const json = new JsonScanner(source);
  const entries: HeaderEntry[] = [];
  const names = new Set<string>();
  let metadata: ReadonlyMap<string, string> = new Map();
  let pause = SLICE;
  json.expect("{");
  for (let first = true; !json.took("}"); first = false) {
    if (!first) json.expect(",");
    const name = json.string();
    json.expect(":");
    if (names.has(name)) return { error: msg("The header names {0} twice, so it is not clear which is meant. Save the file again.", name) };
    names.add(name);
    if (name === "__metadata__") metadata = readNotes(json);
    else entries.push(readEntry(json, name));
    if (entries.length > MOST_TENSORS) return { error: msg("The header names more than {0} tensors. Save them in several files.", MOST_TENSORS) };
    if (json.taken < pause) continue;
    pause = json.taken + SLICE;
    yield { fraction: json.fraction, message: msg("Reading the header") };
  }
  if (json.peek() >= 0) json.fail("}");
  return { entries, metadata };
}

function readNotes(json: JsonScanner): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  json.expect("{");
  for (let first = true; !json.took("}"); first = false) {
    if (!first) json.expect(",");
    const key = json.string();
    json.expect(":");
    const value = json.string();
    if (notes.size < MOST_NOTES) notes.set(key, value);
  }
  return notes;
}

function readEntry(json: JsonScanner, name: string): HeaderEntry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  json.expect("{");
  for (let first = true; !json.took("}"); first = false) {
    if (!first) json.expect(",");
    const key = json.string();
    json.expect(":");
    if (key === "dtype" && dtype === undefined) dtype = json.string();
    else if (key === "shape" && !shape) shape = sizes(json, MOST_DIMENSIONS);
    else if (key === "data_offsets" && !offsets) offsets = sizes(json, 2);
    else json.fail("dtype, shape, data_offsets");
  }
  if (dtype === undefined || !shape || offsets?.length !== 2 || offsets[0] > offsets[1]) return json.fail("dtype, shape, data_offsets");
  return { name, dtype, shape, begin: offsets[0], end: offsets[1] };
}

/** A list of at most `most` whole numbers that doubles hold exactly. */
function sizes(json: JsonScanner, most: number): number[] {
  const list: number[] = [];
  json.expect("[");
  for (let first = true; !json.took("]"); first = false) {
    if (!first) json.expect(",");
    const value = json.number();
    if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0) || list.length === most) json.fail("0");
    list.push(value);
  }
  return list;
}
