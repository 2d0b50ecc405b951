import { msg, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { LiteralReader } from "./literalReader.js";
import { LiteralRows } from "./literalRows.js";
import { Kind, LineCounter } from "./literalTokens.js";
import { Tree, type Entry } from "./literalTree.js";
import { charsOf } from "./number.js";
import { MOST_COLUMNS } from "./npy.js";
import { Cell, type CellCode, type Table } from "./table.js";
import { TableBuilder, type Heading } from "./tableBuilder.js";

/** Rows added between two yields. */
const SLICE = 4096;
/** Characters copied between two yields. */
const COPIED = 1 << 20;

/**
 * Reads the lists, tuples, objects and arrays of a text. Spans and lines are those of `text`. `partial`: the text is a
 * selection and may begin or end within a list.
 */
export function* readLiteral(text: string, format: string, partial: boolean): Generator<Progress, Parsed<Table>, void> {
  const chars = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += COPIED) {
    chars.set(charsOf(text, at, Math.min(text.length, at + COPIED)), at);
    yield { fraction: 0, message: msg("Reading line {0}", 1) };
  }
  const reader = new LiteralReader(chars, partial);
  const failed = yield* reader.run();
  if (failed) return { ok: false, problems: [failed] };
  const tree = new Tree(reader.tokens, chars);
  const parsed = yield* new Interpreter(tree, format).roots(tree.roots());
  return { ...parsed, problems: [...parsed.problems, ...reader.problems] };
}

/** Decides what the values of a text are as a table: a column, rows, records, or columns. */
class Interpreter {
  private readonly lines: LineCounter;
  private readonly notes: Problem[] = [];

  constructor(
    private readonly tree: Tree,
    private readonly format: string,
  ) {
    this.lines = new LineCounter(tree.chars);
  }

  *roots(roots: readonly Entry[]): Generator<Progress, Parsed<Table>, void> {
    const { tree } = this;
    const values = roots.map((root) => ({ ...root, value: tree.resolve(root.value) }));
    if (values.length === 0) return yield* this.column([], undefined);
    if (values.length === 1) return yield* this.value(values[0]);
    const shapes = values.map(({ value }) => tree.shape(value));
    if (shapes.every((shape) => shape === "leaf")) return yield* this.column(values.map(({ value }) => value), undefined);
    if (shapes.every((shape) => shape === "object")) return yield* this.records(values.map(({ value }) => value));
    const flat = values.filter(({ value }, i) => shapes[i] === "list" && this.isFlat(value));
    const named = flat.filter(({ key }) => key >= 0);
    if (named.length === values.length) return yield* this.columns(values);
    if (flat.length === values.length && named.length === 0) return yield* this.rows(values.map(({ value }) => value));
    return yield* this.largest(values);
  }

  /** The entry with the most numbers, and a note that says so. */
  private *largest(entries: readonly Entry[]): Generator<Progress, Parsed<Table>, void> {
    const counts = entries.map(({ value }) => this.tree.numbers(value));
    const best = entries[counts.indexOf(Math.max(...counts))];
    const line = this.lines.at(this.tree.tokens.start[best.value]);
    this.notes.push({
      severity: "info",
      message: best.name
        ? msg("Of several lists, “{0}” in line {1} was read. Select another one to read that.", best.name, line)
        : msg("Of several lists, the one in line {0} was read. Select another one to read that.", line),
      line,
    });
    return yield* this.value({ ...best, value: this.tree.resolve(best.value) });
  }

  private *value(entry: Entry): Generator<Progress, Parsed<Table>, void> {
    const { tree } = this;
    const { value } = entry;
    const shape = tree.shape(value);
    if (shape === "leaf") return yield* this.column([value], entry);
    if (shape === "object") return yield* this.object(value);
    const items: number[] = [];
    const counts = { leaf: 0, list: 0, object: 0 };
    for (const raw of tree.items(value)) {
      const item = tree.resolve(raw);
      counts[tree.shape(item)]++;
      if (items.push(item) % 65536 === 0) yield this.progress(0, 1);
    }
    if (counts.leaf === items.length) return yield* this.column(items, entry);
    if (counts.object > counts.list) return yield* this.records(items);
    return yield* this.rows(items, entry);
  }

  private isFlat(list: number): boolean {
    for (const item of this.tree.items(list)) if (this.tree.shape(this.tree.resolve(item)) !== "leaf") return false;
    return true;
  }

  /** Values one below the other. */
  private *column(values: readonly number[], entry: Entry | undefined): Generator<Progress, Parsed<Table>, void> {
    const { tokens } = this.tree;
    const builder = new TableBuilder(1, true);
    for (const value of values) {
      const start = tokens.start[value];
      const end = tokens.endOf(value);
      const leaf = tokens.kind[value] === Kind.value;
      builder.cell(0, leaf ? tokens.value[value] : NaN, leaf ? (tokens.code[value] as CellCode) : Cell.text, start, end);
      builder.endRow(this.lines.at(start), start, end);
      if (builder.rows % SLICE === 0) yield this.progress(builder.rows, values.length);
    }
    return yield* this.finish(builder, [this.headingOf(entry)]);
  }

  private headingOf(entry: Entry | undefined): Heading | undefined {
    if (!entry || entry.key < 0) return undefined;
    const { start, end } = this.tree.tokens;
    return { name: entry.name, span: { start: start[entry.key], end: end[entry.key] } };
  }

  /** Lists as rows. A lone row is a column, as is a lone line of a delimited text. */
  private *rows(lists: readonly number[], entry?: Entry, names?: readonly Heading[]): Generator<Progress, Parsed<Table>, void> {
    const { tree } = this;
    const widths = new Map<number, number>();
    let i = 0;
    for (const list of lists) {
      const items = tree.shape(list) === "leaf" ? 1 : [...tree.items(list)].length;
      widths.set(items, (widths.get(items) ?? 0) + 1);
      if (tree.shape(list) === "list" && !this.isFlat(list)) return this.tooDeep(list);
      if (++i % SLICE === 0) yield this.progress(0, 1);
    }
    const width = [...widths].reduce((best, each) => (each[1] > best[1] || (each[1] === best[1] && each[0] > best[0]) ? each : best))[0];
    if (lists.length === 1 && tree.shape(lists[0]) === "list") {
      return yield* this.column([...tree.items(lists[0])].map((item) => tree.resolve(item)), entry);
    }
    if (width > MOST_COLUMNS) {
      const message = msg("There are {0} columns here; at most {1} can be read. Transpose the data, or keep fewer columns.", width, MOST_COLUMNS);
      return { ok: false, problems: [{ severity: "error", message }] };
    }
    const header = names ? undefined : this.headerRow(lists, width);
    const rows = new LiteralRows(new TableBuilder(width, true), width);
    for (const list of header ? lists.slice(1) : lists) {
      rows.addList(tree, list, this.lines);
      if (rows.builder.rows % SLICE === 0) yield this.progress(rows.builder.rows, lists.length);
    }
    this.notes.push(...rows.problems());
    return yield* this.finish(rows.builder, names ?? header ?? (width === 1 ? [this.headingOf(entry)] : []));
  }

  /** `[["x", "y"], [1, 2]]`: names, when the first list holds nothing but text, and the second some number. */
  private headerRow(lists: readonly number[], width: number): Heading[] | undefined {
    const { tree } = this;
    const { tokens } = tree;
    if (lists.length < 2 || tree.shape(lists[0]) !== "list" || tree.shape(lists[1]) !== "list") return undefined;
    const first = [...tree.items(lists[0])];
    if (first.length !== width || first.some((item) => tokens.kind[item] !== Kind.value || tokens.code[item] !== Cell.text)) return undefined;
    if (tree.numbers(lists[1]) === 0) return undefined;
    return first.map((item) => ({ name: tree.text(item), span: { start: tokens.start[item], end: tokens.end[item] } }));
  }

  private tooDeep(list: number): Parsed<Table> {
    const { tokens } = this.tree;
    const line = this.lines.at(tokens.start[list]);
    const message = msg("Line {0}: the lists are nested three deep or more. Select one of the inner lists, or flatten the array: x.reshape(len(x), -1).", line);
    return { ok: false, problems: [{ severity: "error", message, span: { start: tokens.start[list], end: tokens.endOf(list) }, line }] };
  }

  /** Objects as rows. */
  private *records(objects: readonly number[]): Generator<Progress, Parsed<Table>, void> {
    const { tree } = this;
    const rows = new LiteralRows(new TableBuilder(0, true), 0);
    for (const object of objects) {
      if (tree.shape(object) === "object") rows.addObject(tree, object, this.lines);
      else rows.builder.endRow(this.lines.at(tree.tokens.start[object]), tree.tokens.start[object], tree.tokens.endOf(object));
      if (rows.problem) return { ok: false, problems: [rows.problem] };
      if (rows.builder.rows % 256 === 0) yield this.progress(rows.builder.rows, objects.length);
    }
    return yield* this.finish(rows.builder, rows.headings);
  }

  /** Named lists (or objects of values) side by side as columns; shorter ones are ragged. */
  private *columns(entries: readonly Entry[]): Generator<Progress, Parsed<Table>, void> {
    const { tree } = this;
    const { tokens } = tree;
    if (entries.length > MOST_COLUMNS) {
      const message = msg("There are {0} columns here; at most {1} can be read. Transpose the data, or keep fewer columns.", entries.length, MOST_COLUMNS);
      return { ok: false, problems: [{ severity: "error", message }] };
    }
    const builder = new TableBuilder(entries.length, true);
    const streams = entries.map(({ value }) => tree.items(value));
    const lengths = entries.map(() => 0);
    for (;;) {
      let row: { start: number; end: number } | undefined;
      for (let c = 0; c < streams.length; c++) {
        const step = streams[c].next();
        if (step.done) continue;
        const value = tree.resolve(step.value);
        const start = tokens.start[value];
        const end = tokens.endOf(value);
        const leaf = tokens.kind[value] === Kind.value;
        builder.cell(c, leaf ? tokens.value[value] : NaN, leaf ? (tokens.code[value] as CellCode) : Cell.text, start, end);
        lengths[c]++;
        row ??= { start, end };
      }
      if (!row) break;
      builder.endRow(this.lines.at(row.start), row.start, row.end);
      if (builder.rows % 1024 === 0) yield this.progress(0, 1);
    }
    const shortest = lengths.indexOf(Math.min(...lengths));
    const longest = lengths.indexOf(Math.max(...lengths));
    if (lengths[shortest] < lengths[longest]) {
      this.notes.push({
        severity: "warning",
        message: msg("“{0}” has {1} values, but “{2}” has {3}: rows without a partner are left out.", entries[shortest].name, lengths[shortest], entries[longest].name, lengths[longest]),
        line: this.lines.at(tokens.start[entries[shortest].value]),
        span: { start: tokens.start[entries[shortest].value], end: tokens.endOf(entries[shortest].value) },
      });
    }
    return yield* this.finish(builder, entries.map((entry) => this.headingOf(entry)));
  }

  private *object(object: number): Generator<Progress, Parsed<Table>, void> {
    const { tree } = this;
    const entries = [...tree.entries(object)].map((entry) => ({ ...entry, value: tree.resolve(entry.value) }));
    const shapes = entries.map(({ value }) => tree.shape(value));
    if (shapes.every((shape) => shape === "leaf")) return yield* this.column(entries.map(({ value }) => value), undefined);
    const split = yield* this.splitFrame(entries);
    if (split) return split;
    const table = tree.onlyTable(object);
    if (table && table.path.length > 1) {
      const line = this.lines.at(tree.tokens.start[table.entry.value]);
      this.notes.push({ severity: "info", message: msg("The rows of “{0}” in line {1} were read.", table.path.join("."), line), line });
      return (yield* this.splitFrame([...tree.entries(table.parent)])) ?? (yield* this.value(table.entry));
    }
    if (shapes.every((shape) => shape === "object")) {
      // pandas' to_json: {"a": {"0": 1, "1": 2}} by columns, {"0": {"a": 1}} by index.
      const counted = (name: string) => /^\d+$/.test(name);
      const inner = [...tree.entries(entries[0].value)];
      const byColumns = inner.length > 0 && inner.every(({ name }) => counted(name)) && !entries.every(({ name }) => counted(name));
      if (byColumns) return yield* this.columns(entries);
      return yield* this.records(entries.map(({ value }) => value));
    }
    const flat = entries.filter(({ value }, i) => shapes[i] === "list" && this.isFlat(value));
    const numbers = flat.reduce((sum, { value }) => sum + tree.numbers(value), 0);
    const nested = entries.filter((entry, i) => shapes[i] !== "leaf" && !flat.includes(entry));
    if (flat.length > 0 && nested.every(({ value }) => tree.numbers(value) <= numbers)) return yield* this.columns(flat);
    if (nested.length === 1 && flat.length === 0) return yield* this.value(nested[0]);
    return yield* this.largest([...nested, ...flat]);
  }

  /** pandas' orient="split": {"columns": […], "index": […], "data": [[…]]}. */
  private *splitFrame(entries: readonly Entry[]): Generator<Progress, Parsed<Table> | undefined, void> {
    const { tree } = this;
    const names = entries.find(({ name }) => name === "columns");
    const data = entries.find(({ name }) => name === "data");
    if (!names || !data || tree.shape(names.value) !== "list" || tree.shape(data.value) !== "list" || !this.isFlat(names.value)) return undefined;
    const { tokens } = tree;
    const headings = [...tree.items(names.value)].map((item) => ({ name: tree.text(item), span: { start: tokens.start[item], end: tokens.end[item] } }));
    const rows = [...tree.items(data.value)];
    if (rows.length === 0 || rows.some((row) => tree.shape(row) !== "list")) return undefined;
    return yield* this.rows(rows, undefined, headings);
  }

  private progress(done: number, total: number): Progress {
    return { fraction: total > 1 ? done / total : NaN, message: msg("Reading columns") };
  }

  private *finish(builder: TableBuilder, headings: readonly (Heading | undefined)[]): Generator<Progress, Parsed<Table>, void> {
    const table = yield* builder.finish(this.format, headings);
    return { ok: true, input: table, problems: this.notes };
  }
}
