import { readFileSync } from "node:fs";
import { format, type ByteSource, type Parsed, type Progress, type Source, type Span, type TextSource } from "../../../src/core/contract/index.js";
import { readTable } from "../../../src/core/formats/readTable.js";
import type { Table } from "../../../src/core/formats/table.js";

/** Runs a generator to its end. */
export function finish<T>(generator: Generator<Progress, T, void>): T {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
}

export function text(content: string, ranges: readonly Span[] = [], languageId = "plaintext", name = "data.txt"): TextSource {
  return { kind: "text", uri: `file:///${name}`, name, languageId, text: content, ranges };
}

/** A text in which `«` and `»` mark the selections. */
export function marked(content: string, languageId = "plaintext", name = "data.txt"): TextSource {
  const ranges: { start: number; end: number }[] = [];
  let plain = "";
  for (const char of content) {
    if (char === "«") ranges.push({ start: plain.length, end: plain.length });
    else if (char === "»") ranges[ranges.length - 1].end = plain.length;
    else plain += char;
  }
  return text(plain, ranges, languageId, name);
}

export function bytesOf(content: Uint8Array | string): ByteSource {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { size: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
}

export function file(name: string, content: Uint8Array | string): Source {
  return { kind: "bytes", uri: `file:///${name}`, name, bytes: bytesOf(content) };
}

export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url)));
}

export function parse(source: Source): Parsed<Table> {
  return finish(readTable(source));
}

/** The table of a source that must have one. */
export function table(source: Source): Table {
  const parsed = parse(source);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => format(message)).join("\n"));
  return parsed.input;
}

/** Columns by name, as plain arrays. */
export function columns(source: Source): Record<string, number[]> {
  return Object.fromEntries(table(source).columns.map(({ name, values }) => [name, Array.from(values)]));
}

/** The sentences of a source's problems, each with its severity. */
export function sentences(source: Source): string[] {
  return parse(source).problems.map(({ severity, message }) => `${severity}: ${format(message)}`);
}

/** The text of every cell that is a number, by column. */
export function sliced(source: TextSource): Record<string, string[]> {
  return Object.fromEntries(
    table(source).columns.map(({ name, spans, values }) => [
      name,
      Array.from(values, (_, row) => source.text.slice(spans![2 * row], spans![2 * row + 1])),
    ]),
  );
}
