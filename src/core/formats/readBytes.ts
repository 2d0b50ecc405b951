import { msg, type ByteSource, type BytesSource, type Parsed, type Progress } from "../contract/index.js";
import { binaryProblem } from "./binary.js";
import { bytesFeed } from "./charFeed.js";
import { readDelimitedBytes } from "./delimitedTable.js";
import { readJsonLines } from "./jsonLines.js";
import { readNpyTable } from "./npyTable.js";
import { textOf } from "./number.js";
import { emptyProblem, readText } from "./readText.js";
import type { Table } from "./table.js";
import { readTensorTable } from "./tensorTable.js";

/** A larger .json file is refused: its brackets close only at its end, so all of it would have to be held. */
export const LARGEST_JSON = 100_000_000;
/** Smaller text files without a telling name are read as an editor's text: they may hold a list or a printed frame. */
const LARGEST_TEXT = 8_000_000;
const SLICE = 1 << 18;

/** Reads a file by ranges. Rows have lines (but not those of .npy), and no spans. */
export function* readBytes({ uri, name, bytes, part }: BytesSource): Generator<Progress, Parsed<Table>, void> {
  if (bytes.size === 0) return { ok: false, problems: [emptyProblem(name)] };
  if (/\.npy$/i.test(name)) return yield* readNpyTable(bytes);
  if (/\.(?:npz|safetensors)$/i.test(name)) return yield* readTensorTable(bytes, name, part);
  if (/\.bin$/i.test(name) && startsAsWord2vec(bytes)) return yield* readTensorTable(bytes, name, part);
  const binary = binaryProblem(bytes.read(0, Math.min(4096, bytes.size)), name);
  if (binary) return { ok: false, problems: [binary] };
  if (/\.(?:jsonl|ndjson)$/i.test(name)) return yield* readJsonLines(bytes);
  const json = /\.(?:json|geojson)$/i.test(name);
  if (json && bytes.size > LARGEST_JSON) {
    const message = msg("{0} has {1} MB; JSON is read up to {2} MB. Save it as JSON Lines (.jsonl), CSV or .npy.", name, Math.ceil(bytes.size / 1e6), LARGEST_JSON / 1e6);
    return { ok: false, problems: [{ severity: "error", message }] };
  }
  if (!json && (/\.(?:csv|tsv)$/i.test(name) || bytes.size > LARGEST_TEXT)) return yield* readDelimitedBytes(bytes);
  const text = yield* decode(bytes);
  const parsed = yield* readText({ kind: "text", uri, name, languageId: json ? "json" : "plaintext", text, ranges: [] });
  const problems = parsed.problems.map(({ span: _, ...problem }) => problem);
  if (!parsed.ok) return { ok: false, problems };
  const columns = parsed.input.columns.map(({ header: _, ...column }) => ({ ...column, spans: null }));
  return { ok: true, input: { ...parsed.input, columns, spans: null }, problems };
}

function* decode(bytes: ByteSource): Generator<Progress, string, void> {
  const feed = bytesFeed(bytes);
  const window = new Uint16Array(SLICE);
  const parts: string[] = [];
  for (let n = feed.fill(window, 0); n > 0; n = feed.fill(window, 0)) {
    parts.push(textOf(window, 0, n));
    yield { fraction: feed.fraction / 2, message: msg("Reading the file") };
  }
  return parts.join("");
}

/** Whether a file begins with word2vec's line of counts. */
function startsAsWord2vec(bytes: ByteSource): boolean {
  return /^\d+ \d+\s*\n/.test(String.fromCharCode(...bytes.read(0, Math.min(64, bytes.size))));
}
