import { msg, type Parsed, type Progress, type Source, type TextSource } from "../contract/index.js";
import { selectionsOf } from "../formats/selection.js";
import { attempt, refuse } from "../formats/tensorSource.js";
import { readTextFile } from "../models/readTextFile.js";
import { readGiven } from "./readGiven.js";
import type { AttentionInput } from "./subject.js";

/** Files beyond this are not read as text. */
const LARGEST = 1 << 26;
/** Share of a text's characters that belong to lists of numbers, from which on it may be arrays, and from which on it is. */
const MAYBE_ARRAYS = 0.2;
const ARRAYS = 0.5;

/** Never throws. What a text means beside arrays and configurations is decided by the run. */
export function* parseAttention(source: Source): Generator<Progress, Parsed<AttentionInput>, void> {
  switch (source.kind) {
    case "text":
      return yield* fromText(source, true);
    case "bytes": {
      const { name, uri, bytes } = source;
      if (/\.(?:npy|npz|safetensors)$/i.test(name)) {
        const given = yield* readGiven(source);
        return given.ok ? { ...given, input: { ...nothing(name), given: given.input } } : given;
      }
      if (bytes.size > LARGEST) return refuse(msg("{0} is larger than {1} MB. Choose a smaller file, or select a passage in the editor.", name, LARGEST >> 20));
      const text = yield* attempt(whole(readTextFile(bytes, name)), name);
      return text.ok ? yield* fromText({ kind: "text", uri, name, languageId: "", text: text.input, ranges: [] }, false) : text;
    }
    case "files":
    case "builtin":
      return { ok: true, input: nothing(source.name), problems: [] };
  }
}

function nothing(name: string): AttentionInput {
  return { name, text: "", ranges: [], inEditor: false, given: undefined, config: undefined };
}

function* fromText(source: TextSource, inEditor: boolean): Generator<Progress, Parsed<AttentionInput>, void> {
  const { name, text } = source;
  const ranges = selectionsOf(source);
  const input: AttentionInput = { name, text, ranges, inEditor, given: undefined, config: configIn(text) };
  const share = input.config ? 0 : shareOfLists(ranges.length > 0 ? ranges.map(({ start, end }) => text.slice(start, end)).join("\n") : text);
  if (share < MAYBE_ARRAYS) return { ok: true, input, problems: [] };
  const given = yield* readGiven(inEditor ? source : { ...source, languageId: languageOf(name) });
  if (given.ok) return { ...given, input: { ...input, given: given.input } };
  return share < ARRAYS ? { ok: true, input, problems: [] } : given;
}

function languageOf(name: string): string {
  return /\.py$/i.test(name) ? "python" : "json";
}

/** The share of characters that numbers and their brackets have; 0 where no bracket opens in front of a number. */
function shareOfLists(text: string): number {
  if (!/\[[\s[]*[-+\u2212]?\.?\d/.test(text)) return 0;
  const all = text.length - (text.match(/\s/g)?.length ?? 0);
  return (text.match(/[\d.,+\u2212[\]-]/g)?.length ?? 0) / all;
}

/** The config.json of a model that a text is: it names its kind and its width. */
function configIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^\s*\{/.test(text) || !/"(?:model_type|architectures)"/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return ["hidden_size", "n_embd", "d_model", "dim"].some((name) => typeof value[name] === "number") ? value : undefined;
  } catch {
    return undefined;
  }
}

function* whole<T>(reading: Generator<Progress, T, void>): Generator<Progress, Parsed<T>, void> {
  return { ok: true, input: yield* reading, problems: [] };
}
