import { msg, type ByteSource, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { bytesFeed } from "./charFeed.js";
import { LiteralReader } from "./literalReader.js";
import { LiteralRows } from "./literalRows.js";
import { LineCounter } from "./literalTokens.js";
import { Tree } from "./literalTree.js";
import type { Table } from "./table.js";
import { TableBuilder } from "./tableBuilder.js";

const WINDOW = 1 << 17;
const LONGEST_LINE = 1 << 24;

/** Reads JSON Lines by ranges: an object or a list a line. Only the columns and a few lines are held. */
export function* readJsonLines(bytes: ByteSource): Generator<Progress, Parsed<Table>, void> {
  const feed = bytesFeed(bytes);
  let window = new Uint16Array(WINDOW);
  let length = 0;
  let line = 1;
  let rows: LiteralRows | undefined;
  for (let ended = false; !ended; ) {
    if (length > window.length / 2) {
      const wider = new Uint16Array(2 * window.length);
      wider.set(window.subarray(0, length));
      window = wider;
    }
    const count = feed.fill(window, length);
    length += count;
    ended = count === 0;
    const end = ended ? length : lastBreak(window, length);
    if (end === 0 && !ended) {
      if (length <= LONGEST_LINE) continue;
      return refuse(msg("Line {0} is longer than {1} characters. JSON Lines have one record a line.", line, LONGEST_LINE), line);
    }
    const chars = window.slice(0, end);
    const reader = new LiteralReader(chars, false, line);
    const failed = yield* reader.run();
    if (failed) return { ok: false, problems: [withoutSpan(failed)] };
    const tree = new Tree(reader.tokens, chars);
    const lines = new LineCounter(chars, line);
    for (const { value } of tree.roots()) {
      const record = tree.resolve(value);
      rows ??= rowsFor(tree, record);
      if (tree.shape(record) === "object") rows.addObject(tree, record, lines);
      else rows.addList(tree, record, lines);
      if (rows.problem) return { ok: false, problems: [rows.problem] };
    }
    line = lines.at(end);
    window.copyWithin(0, end, length);
    length -= end;
    yield { fraction: feed.fraction, message: msg("Reading line {0}", line) };
  }
  rows ??= new LiteralRows(new TableBuilder(0, false), 0);
  const table = yield* rows.builder.finish("json lines", rows.headings);
  return { ok: true, input: table, problems: rows.problems().map(withoutSpan) };
}

/** As many columns as the first record has items; objects bring theirs. */
function rowsFor(tree: Tree, record: number): LiteralRows {
  const shape = tree.shape(record);
  const width = shape === "leaf" ? 1 : shape === "list" ? [...tree.items(record)].length : 0;
  return new LiteralRows(new TableBuilder(width, false), width);
}

function lastBreak(window: Uint16Array, length: number): number {
  for (let i = length; i > 0; i--) if (window[i - 1] === 10) return i;
  return 0;
}

function withoutSpan({ span: _, ...problem }: Problem): Problem {
  return problem;
}

function refuse(message: Problem["message"], line: number): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [{ severity: "error", message, line }] };
}
