import { msg, type ByteSource, type Parsed, type Progress, type Source, type TextSource } from "../contract/index.js";
import { binaryProblem } from "../formats/binary.js";
import { selectionsOf } from "../formats/selection.js";
import { attempt, refuse } from "../formats/tensorSource.js";
import { readTextFile } from "../models/readTextFile.js";
import { looksGiven } from "./looksGiven.js";
import { readGiven } from "./readGiven.js";
import type { AttentionInput } from "./subject.js";

/** Files beyond this are not read as text. */
const LARGEST = 1 << 26;
/** Characters of a configuration at most. */
const LONGEST_CONFIG = 1 << 20;
/** What torch and pickle write. */
const PICKLE = /\.(?:bin|pt|pth|ckpt|pkl|pickle)$/i;

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
      const text = yield* attempt(wholeText(bytes, name), name);
      return text.ok ? yield* fromText({ kind: "text", uri, name, languageId: languageOf(name), text: text.input, ranges: [] }, false) : text;
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
  if (input.config || !looksGiven(source)) return { ok: true, input, problems: [] };
  const given = yield* readGiven(source);
  return given.ok ? { ...given, input: { ...input, given: given.input } } : given;
}

function languageOf(name: string): string {
  return /\.py$/i.test(name) ? "python" : /\.json$/i.test(name) ? "json" : "plaintext";
}

/** The config.json of a model that a text is: it names its kind and its width. */
function configIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.length > LONGEST_CONFIG || !/^\s*\{/.test(text) || !/"(?:model_type|architectures)"/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return ["hidden_size", "n_embd", "d_model", "dim"].some((name) => typeof value[name] === "number") ? value : undefined;
  } catch {
    return undefined;
  }
}

function* wholeText(bytes: ByteSource, name: string): Generator<Progress, Parsed<string>, void> {
  const binary = binaryProblem(bytes.read(0, Math.min(4096, bytes.size)), name);
  if (binary && PICKLE.test(name)) return refuse(msg("{0} is a pickle, which can run any program when it is opened, so that Lumen does not. Choose the folder of its model instead, or save arrays as .npy or .safetensors.", name));
  return binary ? { ok: false, problems: [binary] } : { ok: true, input: yield* readTextFile(bytes, name), problems: [] };
}
