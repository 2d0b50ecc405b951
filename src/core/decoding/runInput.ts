import { msg, type Parsed, type Progress, type Source, type Span } from "../contract/index.js";
import { selectionsOf } from "../formats/selection.js";
import { attempt } from "../formats/tensorSource.js";
import { readTextFile } from "../models/readTextFile.js";

/** What a source gives: a prompt, numbers, or text to count n-grams in. Which of these is wanted, the parameters say. */
export type DecodingInput = {
  readonly name: string;
  /** The whole document; n-grams are counted in it. Empty where there is none. */
  readonly text: string;
  /** What is selected in it: the prompt, or the given numbers. */
  readonly ranges: readonly Span[];
  /** Whether places in the text are places in an editor. */
  readonly inEditor: boolean;
  /** The documents that an n-gram model is trained on. */
  readonly documents: readonly { readonly name: string; readonly text: string }[];
};

/** Files beyond this are not read as text. */
const LARGEST = 1 << 26;
/** What is read of a folder: texts, and none of the rest. */
const TEXTS = /\.(?:txt|md|markdown|rst|tex|html?|xml|json|jsonl|csv|tsv|ya?ml|toml|py|js|ts|tsx|jsx|java|c|h|cc|cpp|hpp|cs|go|rs|rb|php|swift|kt|scala|r|sql|sh|log|srt)$/i;

/** Never throws; what a text means is decided by the run. */
export function* parseDecoding(source: Source): Generator<Progress, Parsed<DecodingInput>, void> {
  switch (source.kind) {
    case "text": {
      const { name, text } = source;
      return { ok: true, input: { name, text, ranges: selectionsOf(source), inEditor: true, documents: [{ name, text }] }, problems: [] };
    }
    case "bytes": {
      const { name, bytes } = source;
      if (bytes.size > LARGEST) return tooLarge(name);
      const text = yield* attempt(whole(readTextFile(bytes, name)), name);
      if (!text.ok) return text;
      return { ok: true, input: { name, text: text.input, ranges: [], inEditor: false, documents: [{ name, text: text.input }] }, problems: [] };
    }
    case "files": {
      const names = [...source.files.keys()].filter((name) => TEXTS.test(name)).sort();
      const size = names.reduce((sum, name) => sum + source.files.get(name)!.size, 0);
      if (size > LARGEST) return tooLarge(source.name);
      const documents: { name: string; text: string }[] = [];
      for (const name of names) {
        const text = yield* attempt(whole(readTextFile(source.files.get(name)!, name)), name);
        if (!text.ok) return text;
        documents.push({ name, text: text.input });
      }
      return { ok: true, input: { name: source.name, text: "", ranges: [], inEditor: false, documents }, problems: [] };
    }
    case "builtin":
      return { ok: true, input: { name: source.name, text: "", ranges: [], inEditor: false, documents: [] }, problems: [] };
  }
}

function* whole(reading: Generator<Progress, string, void>): Generator<Progress, Parsed<string>, void> {
  return { ok: true, input: yield* reading, problems: [] };
}

function tooLarge(name: string): Parsed<DecodingInput> {
  return { ok: false, problems: [{ severity: "error", message: msg("{0} is larger than {1} MB, which is more than is read as text. Choose less.", name, LARGEST / 2 ** 20) }] };
}
