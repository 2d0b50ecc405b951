import { msg, type ByteSource, type Message, type Parsed, type Problem, type Progress, type Source, type Span } from "../contract/index.js";
import { readBytes } from "./readBytes.js";
import { readText } from "./readText.js";
import { Cell, type Table } from "./table.js";

/**
 * Reads the numbers of a source as a table: the selections of a text or the whole of it, or a file by ranges. What the
 * reader can mend is a problem; it never throws. Every step is short, so that a cancel is quick.
 */
export function* readTable(source: Source): Generator<Progress, Parsed<Table>, void> {
  try {
    const parsed = yield* read(source);
    return parsed.ok ? checked(parsed.input, parsed.problems, source.name) : parsed;
  } catch (error) {
    const message = reasonOf(error, source.name);
    if (!message) throw error;
    return { ok: false, problems: [{ severity: "error", message }] };
  }
}

function* read(source: Source): Generator<Progress, Parsed<Table>, void> {
  if (source.kind === "text") return yield* readText(source);
  if (source.kind === "bytes") return yield* readBytes({ ...source, bytes: guarded(source.bytes) });
  const message = msg("{0} is not a table. Open a text, or a .csv, .tsv, .json, .jsonl, .npy, .npz or .safetensors file.", source.name);
  return { ok: false, problems: [{ severity: "error", message }] };
}

/** A class of its own, so that a file that can't be read is told apart from a fault of Lumen. */
class ReadError extends Error {}

/** A file whose failures to be read are known as such. */
function guarded(bytes: ByteSource): ByteSource {
  return {
    size: bytes.size,
    read(offset, length) {
      try {
        return bytes.read(offset, length);
      } catch (error) {
        throw new ReadError(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

function reasonOf(error: unknown, name: string): Message | undefined {
  if (error instanceof ReadError) return msg("{0} could not be read: {1}", name, error.message);
  if (error instanceof RangeError && /array (?:buffer )?(?:allocation|length)/i.test(error.message)) {
    return msg("{0} needs more memory than there is. Keep fewer rows or columns.", name);
  }
  return undefined;
}

/** A table needs two numbers at least. */
function checked(table: Table, problems: readonly Problem[], name: string): Parsed<Table> {
  let numbers = 0;
  for (const column of table.columns) numbers += column.numbers;
  if (numbers >= 2) return { ok: true, input: table, problems };
  const { line, span } = numbers === 1 ? onlyNumber(table) : firstCell(table);
  const place = { severity: "error" as const, ...(span ? { span } : {}), ...(line === undefined ? {} : { line }) };
  const infinite = table.columns.some(({ codes }) => codes?.includes(Cell.infinite));
  const message =
    numbers === 1
      ? msg("{0} has only one number here. Select at least two.", name)
      : infinite
        ? msg("{0} has no finite numbers here: they are infinite or too large for a double (above 1.8e308). Scale them down.", name)
        : msg("{0} has no numbers here. Select rows of a table, or a list such as [1.2, 3.4].", name);
  const title = numbers === 1 ? msg("One number is not enough") : infinite ? msg("The numbers are too large") : msg("No numbers to read");
  return { ok: false, problems: [{ ...place, title, message }, ...problems] };
}

type Place = { readonly line?: number; readonly span?: Span };

function onlyNumber(table: Table): Place {
  for (const { values, spans } of table.columns) {
    const row = values.findIndex((value) => value === value);
    if (row >= 0) return { line: table.lines?.[row], ...(spans ? { span: { start: spans[2 * row], end: spans[2 * row + 1] } } : {}) };
  }
  return {};
}

function firstCell(table: Table): Place {
  if (table.rows === 0) return {};
  return { line: table.lines?.[0], ...(table.spans ? { span: { start: table.spans[0], end: table.spans[1] } } : {}) };
}
