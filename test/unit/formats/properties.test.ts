import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { readCell, cell } from "../../../src/core/formats/cell.js";
import { charsOf } from "../../../src/core/formats/number.js";
import { numericLiterals } from "../../../src/core/formats/numericLiterals.js";
import { readTable } from "../../../src/core/formats/readTable.js";
import { Cell } from "../../../src/core/formats/table.js";
import { bytesOf, file, parse, table, text } from "./helpers.js";
import type { ByteSource, TextSource } from "../../../src/core/contract/index.js";

const languages = fc.constantFrom("plaintext", "csv", "json", "jsonl", "python", "markdown", "javascript");
/** Pieces that formats are made of, so that random texts go deep. */
const piece = fc.constantFrom(
  "1", "-2.5", "3e4", ".5", "5.", "−7", "1,5", "NaN", "null", "NA", "inf", "abc", "x", '"', "'", ",", ";", "\t", " ", "  ", "|", "|---|", "\n", "\r\n", "\r", "[", "]", "(", ")",
  "{", "}", ":", "=", "#", "//", "...", "np.array(", "tensor(", "dtype=f8", "[2 rows x 2 columns]", "dtype: float64", "\\", "a,b\n1,2\n", "   a  b\n0  1  2\n", "1_0", "-", "+",
);
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")));
const valid = [
  "x,y,kind\n1,2.5,a\n3,-4e2,b\n\"5\",6,\"c,\"\"d\"\n",
  '[{"x": 1, "y": 2}, {"x": 3, "y": 4}]',
  '{"x": [1, 2, 3], "y": [4, 5, 6]}',
  "x = np.array([[1., 2.], [3., 4.]], dtype=np.float32)",
  "   a    b\n0  1.0  2.0\n1  3.0  4.0\n",
  "| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n",
  "x;y\n1,5;2,5\n3,5;4,5\n",
];
const mutated = fc
  .tuple(fc.constantFrom(...valid), fc.array(fc.tuple(fc.nat(80), fc.nat(3), piece), { maxLength: 4 }))
  .map(([start, edits]) => edits.reduce((content, [at, cut, put]) => content.slice(0, at) + put + content.slice(at + cut), start));

function sourceOf(content: string, languageId: string, edges: readonly number[]): TextSource {
  const places = edges.map((edge) => edge % (content.length + 1)).sort((a, b) => a - b);
  const ranges = [];
  for (let i = 0; i + 1 < places.length; i += 2) ranges.push({ start: places[i], end: places[i + 1] });
  return text(content, ranges, languageId);
}

/** Whatever is read lies where its spans say, in the rows and lines that the table says. */
function checkSpans(source: TextSource): void {
  const parsed = parse(source);
  for (const { span } of parsed.problems) {
    if (!span) continue;
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(source.text.length);
  }
  if (!parsed.ok) {
    expect(parsed.problems.length).toBeGreaterThan(0);
    return;
  }
  const { columns, rows, lines, spans } = parsed.input;
  for (const { values, codes, spans: cells, numbers } of columns) {
    let ok = 0;
    for (let row = 0; row < rows; row++) {
      const [start, end] = [cells![2 * row], cells![2 * row + 1]];
      const code = codes?.[row] ?? Cell.ok;
      expect(Number.isNaN(values[row])).toBe(code !== Cell.ok);
      if (code !== Cell.ok) continue;
      ok++;
      expect(start).toBeGreaterThanOrEqual(spans![2 * row]);
      expect(lines![row]).toBeLessThanOrEqual(1 + source.text.slice(0, start).split(/\r\n|\r|\n/).length - 1);
      const chars = charsOf(source.text, start, end);
      const styles = [[46, 0], [44, 46], [46, 44]].map(([decimal, group]) => (readCell(chars, 0, chars.length, { decimal, group }) === Cell.ok ? cell.value : NaN));
      expect([...styles, Number(source.text.slice(start, end).replace("\u2212", "-").replace(/[fFlLnuU]+$/, ""))]).toContainEqual(values[row]);
    }
    expect(numbers).toBe(ok);
  }
}

describe("reading", () => {
  it("never throws, and points at what was read, for any text", () => {
    fc.assert(fc.property(anyText, languages, (content, language) => checkSpans(text(content, [], language))), { numRuns: 1000 });
  });

  it("never throws, and points at what was read, for any selection of nearly valid text", () => {
    fc.assert(
      fc.property(mutated, languages, fc.array(fc.nat(200), { maxLength: 6 }), (content, language, edges) => checkSpans(sourceOf(content, language, edges))),
      { numRuns: 1500 },
    );
  });

  it("never throws for any bytes under any name", () => {
    const content = fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated.map((each) => new TextEncoder().encode(each)));
    fc.assert(
      fc.property(content, fc.constantFrom("a.csv", "a.tsv", "a.txt", "a.json", "a.jsonl", "a.npy"), (bytes, name) => {
        const parsed = parse(file(name, bytes));
        expect(parsed.ok || parsed.problems.length > 0).toBe(true);
        for (const { span } of parsed.problems) expect(span).toBeUndefined();
      }),
      { numRuns: 700 },
    );
  });

  it("gives back what was printed as CSV, from text and from bytes", () => {
    const separator = fc.constantFrom(",", ";", "\t", "|");
    const name = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 8 }).map((word) => `n${word.replace(/[#\s]/g, "")}`);
    const cellValue = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
    const frame = fc.integer({ min: 2, max: 5 }).chain((width) =>
      fc.tuple(fc.uniqueArray(name, { minLength: width, maxLength: width }), fc.array(fc.array(cellValue, { minLength: width, maxLength: width }), { minLength: 2, maxLength: 12 })),
    );
    fc.assert(
      fc.property(frame, separator, fc.constantFrom("\n", "\r\n", "\r"), fc.boolean(), ([names, rows], delimiter, br, quoted) => {
        const quote = (each: string) => `"${each.replaceAll('"', '""')}"`;
        const lines = [names.map(quote), ...rows.map((row) => row.map((x) => (quoted ? `"${x}"` : String(x))))].map((line) => line.join(delimiter));
        const content = lines.join(br) + br;
        for (const source of [text(content, [], "csv", "a.csv"), file("a.csv", content)]) {
          const read = table(source);
          expect(read.columns.map((column) => column.name)).toEqual(names);
          expect(read.columns.map(({ values }) => [...values])).toEqual(names.map((_, c) => rows.map((row) => row[c])));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("knows where a line ends, whatever stood there before", () => {
    const line = '{"x": [1, 2, 3], "y": [4, 5, 6]},';
    expect(table(file("a.csv", `${line} `)).rows).toBe(table(file("a.csv", line)).rows);
  });

  it("reads the same whatever pieces a file comes in", () => {
    fc.assert(
      fc.property(mutated, fc.integer({ min: 5, max: 40 }), (content, size) => {
        const whole = bytesOf(content);
        const short: ByteSource = { size: whole.size, read: (offset, length) => whole.read(offset, Math.min(length, size)) };
        const uri = "file:///a.csv";
        const pieces = parse({ kind: "bytes", uri, name: "a.csv", bytes: short });
        expect(pieces).toEqual(parse({ kind: "bytes", uri, name: "a.csv", bytes: whole }));
      }),
      { numRuns: 300 },
    );
  });

  it("finds literals without throwing, each within the text", () => {
    fc.assert(
      fc.property(anyText, languages, (content, language) => {
        for (const { span, count } of numericLiterals(content, language)) {
          expect(count).toBeGreaterThanOrEqual(8);
          expect(span.end).toBeLessThanOrEqual(content.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("large sources", () => {
  it("streams a file in short steps and little memory", () => {
    // 16 MB of "1.25,-3,text…" by the rule alone: nothing is stored.
    const row = "1.25,-3,0.001,12345.5,kind\n";
    const rows = 600_000;
    const period = new TextEncoder().encode(row);
    let largest = 0;
    const bytes: ByteSource = {
      size: rows * period.length,
      read(offset, length) {
        largest = Math.max(largest, length);
        const out = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
        for (let i = 0; i < out.length; i++) out[i] = period[(offset + i) % period.length];
        return out;
      },
    };
    const generator = readTable({ kind: "bytes", uri: "file:///big.csv", name: "big.csv", bytes });
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    collect();
    const before = process.memoryUsage();
    let peak = 0;
    let steps = 0;
    for (;;) {
      const step = generator.next();
      if (++steps % 10 === 0) {
        collect();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        peak = Math.max(peak, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
      }
      if (!step.done) continue;
      if (!step.value.ok) throw new Error("not read");
      const { columns, rows: read } = step.value.input;
      expect(read).toBe(rows);
      expect(columns.map(({ values }) => values[rows - 1])).toEqual([1.25, -3, 0.001, 12345.5, NaN]);
      expect(step.value.input.lines![rows - 1]).toBe(rows);
      break;
    }
    expect(largest).toBeLessThanOrEqual(1 << 23);
    expect(steps).toBeGreaterThan(100);
    expect(peak).toBeLessThan(3 * 5 * 8 * rows);
  });

  it("can be stopped at any step", () => {
    const generator = readTable(text("1,2\n".repeat(500000)));
    let steps = 0;
    while (!generator.next().done) steps++;
    expect(steps).toBeGreaterThan(10);
  });
});
