import type { Progress } from "../../contract/index.js";
import { msg } from "../../contract/index.js";
import { cell, readCell } from "../../formats/cell.js";
import { afterBreak, firstRecords, isComment, lineEnd, readRecord, type Field } from "../../formats/records.js";
import { sniff, type Dialect } from "../../formats/sniff.js";
import { Cell } from "../../formats/table.js";
import { scanned, scanNumber } from "../../formats/number.js";
import { ListScanner } from "./listScanner.js";
import type { VectorList } from "./vectorList.js";

const SAMPLE = 1 << 16;
const SLICE = 1 << 16;
const FEWEST = 2;
/** Columns that count the rows. */
const COUNTER = /^(?:|unnamed: 0|index|idx|id|#)$/i;

/** What is in each column: numbers of the vectors, their names, lists of their own, or something else. */
type Role = "number" | "name" | "list" | "other";

/**
 * The rows of a delimited file as vectors: the numbers of its numeric columns, named by its first column of text (or by
 * its counter of rows). A cell that holds a list is a vector of its own.
 */
export function* csvVectors(text: string, chars: Uint16Array, found: VectorList): Generator<Progress, void, void> {
  const whole = text.length <= SAMPLE;
  const dialect = sniff(text.slice(0, SAMPLE), whole);
  const { delimiter, style } = dialect;
  const roles = rolesOf(text.slice(0, SAMPLE), dialect, whole);
  const numbers = new Float64Array(Math.max(1, roles.length));
  const nameColumn = roles.indexOf("name");
  const wanted = roles.filter((role) => role === "number").length;
  let { start: at, line } = dialect;
  let pause = at + SLICE;
  while (at < text.length) {
    if (at >= pause) {
      pause = at + SLICE;
      yield { fraction: at / text.length, message: msg("Reading line {0}", line) };
    }
    const end = lineEnd(text, at);
    if (end === at || isComment(text, at, delimiter)) {
      at = afterBreak(text, end);
      line++;
      continue;
    }
    const record = readRecord(text, at, delimiter, line);
    if (wanted >= FEWEST) row(record.fields);
    for (const [column, role] of roles.entries()) if (role === "list" && record.fields[column]) list(record.fields, column);
    for (let i = at; i < record.end; i++) if (chars[i] === 10 || (chars[i] === 13 && chars[i + 1] !== 10)) line++;
    line++;
    at = afterBreak(text, record.end);
  }

  function row(fields: readonly Field[]): void {
    let count = 0;
    let real = 0;
    let first = -1;
    let last = -1;
    for (const [column, role] of roles.entries()) {
      if (role !== "number") continue;
      const field = fields[column];
      let value = NaN;
      if (field) {
        const { start, end } = field;
        if (scanNumber(chars, start, end, style.decimal) === end) value = scanned.value;
        else if (readCell(chars, start, end, style) !== Cell.text) value = cell.value;
        if (first < 0) first = start;
        last = end;
      }
      if (!Number.isNaN(value)) real++;
      numbers[count++] = value;
    }
    if (real < FEWEST || first < 0) return;
    name(found.add(numbers, 0, count, first, last, line), fields);
  }

  function name(vector: number, fields: readonly Field[]): void {
    const field = nameColumn < 0 ? undefined : fields[nameColumn];
    if (!field || field.start === field.end) return;
    found.name(vector, text.slice(field.start, Math.min(field.end, field.start + 200)).replaceAll('""', '"'), field.start, field.end);
  }

  function list(fields: readonly Field[], column: number): void {
    const { start, end } = fields[column];
    const before = found.n;
    const scanner = new ListScanner(chars, found, { code: false, hash: false }, start, end, line);
    while (scanner.pos < end) scanner.step();
    for (let i = before; i < found.n; i++) name(i, fields);
  }
}

/** Tells columns apart by the first records. */
function rolesOf(sample: string, { delimiter, style, headings, start, width }: Dialect, whole: boolean): Role[] {
  const { records } = firstRecords(sample.slice(start), delimiter, 50, whole);
  const body = sample.slice(start);
  const roles: Role[] = Array.from({ length: width }, (_, column) => {
    let numbers = 0;
    let lists = 0;
    let texts = 0;
    for (const { fields } of records) {
      const field = fields[column];
      if (!field || field.start === field.end) continue;
      if (/^[[(]/.test(body.slice(field.start, field.start + 1))) lists++;
      else if (isNumber(body.slice(field.start, field.end))) numbers++;
      else texts++;
    }
    const most = Math.max(numbers, lists, texts);
    return most === 0 ? "other" : most === lists ? "list" : most === numbers ? "number" : "other";
  });
  // The first column of text names the rows; a counter of rows is no part of the vector either.
  const counter = headings.length > 0 && roles[0] === "number" && COUNTER.test(headings[0]?.name ?? "");
  const named = roles.indexOf("other");
  if (counter) roles[0] = "other";
  const name = named >= 0 ? named : counter ? 0 : -1;
  if (name >= 0) roles[name] = "name";
  return roles;

  function isNumber(text: string): boolean {
    const codes = Uint16Array.from(text.slice(0, 64), (char) => char.charCodeAt(0));
    return readCell(codes, 0, codes.length, style) !== Cell.text;
  }
}
