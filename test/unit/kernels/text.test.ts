import { describe, expect, test } from "vitest";
import { bindText } from "../../../src/core/kernels/bindings/text.js";
import type { RowScanner, TextKernels } from "../../../src/core/kernels/text.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { decodeWord } from "../../../src/core/vectors/files/utf8.js";
import { hashOf } from "../../../src/core/vectors/wordHash.js";
import { everyKernels } from "./implementations.js";

type Row = { readonly word: string; readonly values: readonly number[] };

/** Puts ASCII into a scanner. */
function fill(scanner: RowScanner, text: string): void {
  scanner.bytes.set(new TextEncoder().encode(text));
}

/** All rows of a text, undefined for lines that the scanner leaves to others. */
function rowsOf(kernels: TextKernels, text: string, d: number, most = 1e9, scanner = kernels.openRows(text.length, d)): (Row | undefined)[] {
  fill(scanner, text);
  const found: (Row | undefined)[] = [];
  for (let from = 0; from < text.length; ) {
    const rows = scanner.scan(from, text.length, most);
    for (let i = 0; i < rows; i++) {
      const word = decodeWord(scanner.words, i > 0 ? scanner.ends[i - 1] : 0, scanner.ends[i]);
      expect([word, scanner.hashes[i]]).toEqual([word, hashOf(word)]);
      found.push({ word, values: Array.from(scanner.values.subarray(i * d, (i + 1) * d)) });
    }
    if (rows > 0) from = scanner.next;
    else {
      expect(scanner.next).toBe(from);
      found.push(undefined);
      from = text.indexOf("\n", from) + 1 || text.length;
    }
  }
  return found;
}

/** The same by splitting strings: undefined for what is not a word and d finite numbers. */
function split(text: string, d: number): (Row | undefined)[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => {
    const [, word, rest] = /^([^ \t\r]*)([^]*)$/.exec(line)!;
    const fields = rest.split(/[ \t]+|\r+(?=[ \t\r]*$)/).filter((field) => field !== "");
    const values = fields.map((field) => (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(field) && field.length <= 1000 ? Math.fround(Number(field)) : NaN));
    return fields.length === d && values.every(Number.isFinite) && /^[ \t\r]|^$/.test(rest) ? { word, values } : undefined;
  });
}

function textOf(row: Row | undefined): string {
  return row ? `${row.word} ${row.values.map((value) => (Object.is(value, -0) ? "-0" : value)).join(" ")}` : "";
}

const random = seededRandom(20);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
const float32 = new Float32Array(1);
const bits32 = new Uint32Array(float32.buffer);

/** A float32 of any exponent, or its middle to the next, as a double. */
function anyFloat(middle: boolean): number {
  do bits32[0] = random() * 2 ** 32;
  while (!Number.isFinite(float32[0]));
  const [value] = float32;
  bits32[0]++;
  return middle && Number.isFinite(float32[0]) ? (value + float32[0]) / 2 : value;
}

/** The inverse of 5^8 modulo 2^32, by Newton's method. */
const inverse = Array.from({ length: 5 }).reduce((x: number) => Math.imul(x, 2 - Math.imul(5 ** 8, x)), 1);

/** Eight digits behind the point, as close as they come to a number of 25 bits, which is the middle of two float32. */
function nearMiddle(): string {
  const off = 2 * Math.floor(random() * 50) - 49;
  const bits = 2 ** 24 + (Math.imul(inverse, off) & (2 ** 24 - 1));
  return ((bits * 5 ** 8 - off) / 2 ** 24 / 1e8).toFixed(8);
}

/** Ways of writing numbers that every implementation reads without help. */
const common: readonly (() => string)[] = [
  () => `${pick(["", "-"])}${Math.floor(random() * 10)}.${digits(4 + Math.floor(random() * 4))}`,
  () => (random() * 2 - 1).toFixed(6),
  () => String(Math.fround(random() * 2 - 1)),
  nearMiddle,
];
/** And those that it may leave. */
const others: readonly (() => string)[] = [
  () => `${pick(["", "-", "+"])}${digits(Math.floor(random() * 25))}${pick(["", "."])}${digits(Math.floor(random() * 25))}`,
  () => `${pick(["", "-"])}${digits(1 + Math.floor(random() * 20))}.${digits(Math.floor(random() * 20))}${pick(["e", "E"])}${pick(["", "-", "+"])}${Math.floor(random() * 60)}`,
  () => String(random() - 0.5),
  () => (random() - 0.5).toExponential(18),
  () => String(anyFloat(false)),
  () => anyFloat(false).toExponential(8),
  () => String(anyFloat(true)),
  () => anyFloat(true).toPrecision(21),
  () => pick(["0", "-0", "-0.0000", "-0.00000000", ".5", "5.", "nan", "-inf", "1e39", "3.4028235677973366e38", "3.4028235677973362e38", "1e-46", "1e-320", "9007199254740993", "16777217", "0.1e", "1e+", ".", "-", "--1", "1.2.3", "0x10", "1_0", "0.123456789", "0.00000001"]),
  () => `0.${digits(1100)}`,
  () => `${"0".repeat(40)}1.5`,
  () => `1${"0".repeat(30)}e-${25 + Math.floor(random() * 10)}`,
];

test("are read without WebAssembly where there is no room for its memory", () => {
  const kernels = bindText(() => {
    throw new RangeError("WebAssembly.Memory(): could not allocate memory");
  });
  expect(rowsOf(kernels, "a 0.5 0.25\n", 2)).toEqual([{ word: "a", values: [0.5, 0.25] }]);
});

describe.each(everyKernels)("rows of text by $implementation", ({ implementation, text: kernels }) => {
  test.each([1, 2, 3, 17, 100, 301])("hold the numbers that Number reads, %i a row, in all common ways", (d) => {
    for (const [round, write] of common.entries()) {
      const lines = Array.from({ length: Math.ceil(6000 / d) }, (_, i) => `w${i}${Array.from({ length: d }, () => ` ${write()}`).join("")}${pick(["", " ", "\r"])}\n`);
      const text = lines.join("").slice(0, round === 1 ? -1 : undefined);
      expect(rowsOf(kernels, text, d).map(textOf).join("\n")).toBe(split(text, d).map(textOf).join("\n"));
    }
  });

  test("hold the float32 next to what is written, however it is written, or are left", () => {
    let left = 0;
    let known = 0;
    const lines = Array.from({ length: 8000 }, (_, i) => `w ${pick(i % 2 ? others : common)()}${pick([" ", " ", "\t", "  "])}${pick(i % 3 ? common : others)()}${pick(["", " ", "\t\r", "\r"])}\n`);
    const text = lines.join("");
    const wanted = split(text, 2);
    for (const [i, row] of rowsOf(kernels, text, 2).entries()) {
      if (wanted[i]) known++;
      if (!row && wanted[i]) left++;
      if (row && textOf(row) !== textOf(wanted[i])) expect([lines[i], row]).toEqual([lines[i], wanted[i]]);
    }
    // Middles of float32 and what is beyond 10^±44 need exact arithmetic.
    expect(left).toBeLessThan(implementation === "typescript" ? 1 : 0.2 * known);
  });

  test.each([2, 4])("may hold any byte in any place, with %i numbers a row", (d) => {
    const line = `the -0.123456 0.5${d === 4 ? " 7 -1.5" : ""}\n`;
    const other = (word: string): string => `${word}${" 0.25".repeat(d)}\n`;
    const scanner = kernels.openRows(100, d);
    for (let place = 0; place < line.length; place++) {
      for (let code = 0; code < 128; code++) {
        const text = `${other("a")}${line.slice(0, place)}${String.fromCharCode(code)}${line.slice(place + 1)}${other("b")}`;
        const found = rowsOf(kernels, text, d, 9, scanner).map(textOf);
        if (found.join("\n") !== split(text, d).map(textOf).join("\n")) expect([text, found]).toEqual([text, split(text, d).map(textOf)]);
      }
    }
    for (let code = 128; code < 256; code++) {
      for (let place = 4; place < line.length - 1; place++) {
        if (line[place] === " ") continue;
        fill(scanner, line);
        scanner.bytes[place] = code;
        expect([code, place, scanner.scan(0, line.length, 1)]).toEqual([code, place, 0]);
      }
    }
  });

  test("may hold any byte below the digits in any place of a long line", () => {
    const line = `the${Array.from({ length: 24 }, (_, i) => ` ${i % 3 ? "-" : ""}${i % 10}.${String(123456 + i).slice(0, 4 + (i % 3))}`).join("")}\n`;
    const scanner = kernels.openRows(2 * line.length, 24);
    for (let place = 0; place < line.length; place++) {
      for (let code = 0; code <= 48; code++) {
        const text = `${line.slice(0, place)}${String.fromCharCode(code)}${line.slice(place + 1)}${line}`;
        const found = rowsOf(kernels, text, 24, 9, scanner).map(textOf);
        if (found.join("\n") !== split(text, 24).map(textOf).join("\n")) expect([text, found]).toEqual([text, split(text, 24).map(textOf)]);
      }
    }
  });

  test("hold numbers of every length on either side, written with and without a sign, a first digit and a point", () => {
    const written = ["", "-", "+"].flatMap((sign) =>
      ["", "0", "7", "00", "12"].flatMap((whole) => Array.from({ length: 21 }, (_, places) => `${sign}${whole}${places > 0 ? "." : pick(["", "."])}${"98765432109876543210".slice(0, places)}`)),
    );
    const blanks = [" ", "\t", "  ", " \t "];
    const lines = written.flatMap((a, i) => ["0.25", "-1.123456", "0.98765432", "5e-1", written[(7 * i) % written.length]].map((b, k) => `w${pick(blanks)}${k % 2 ? a : b}${pick(blanks)}${k % 2 ? b : a}${pick(blanks)}${a}${pick(["", " ", "\r"])}\n`));
    const text = lines.join("");
    const wanted = split(text, 3);
    for (const [i, row] of rowsOf(kernels, text, 3).entries()) {
      if (row || implementation === "typescript") expect([lines[i], textOf(row)]).toEqual([lines[i], textOf(wanted[i])]);
    }
  });

  test("hold numbers of every length in any place among short ones", () => {
    const shorts = ["0.25", "-1.123456", "5", "-0.9876"];
    const written = ["", "-", "+"].flatMap((sign) => ["", "0", "7", "12"].flatMap((whole) => ["", ".", ".5", ".98765", ".123456", ".1234567", ".12345678", ".123456789"].map((rest) => sign + whole + rest)));
    const lines = written.flatMap((each) => [0, 1, 2, 3, 4, 5, 6].map((place) => `w${Array.from({ length: 7 }, (_, i) => ` ${i === place ? each : shorts[i % 4]}`).join("")}\n`));
    const text = lines.join("");
    const wanted = split(text, 7);
    for (const [i, row] of rowsOf(kernels, text, 7).entries()) expect([lines[i], textOf(row)]).toEqual([lines[i], textOf(wanted[i])]);
  });

  test("may have blanks by the thousand", () => {
    const text = Array.from({ length: 20 }, (_, i) => `w${i}${Array.from({ length: 300 }, () => `${" ".repeat(1 + Math.floor(random() * (i % 3 ? 1 : 9)))}${pick(common)()}`).join("")}\n`).join("");
    expect(rowsOf(kernels, text, 300).map(textOf).join("\n")).toBe(split(text, 300).map(textOf).join("\n"));
  });

  test("are those of lines in any order of blanks, breaks and columns", () => {
    for (let round = 0; round < 150; round++) {
      const d = 1 + Math.floor(random() * 4);
      const line = (): string => {
        const columns = Array.from({ length: Math.max(0, d + pick([0, 0, 0, 0, -1, 1])) }, () => `${pick([" ", " ", "\t", "  "])}${pick(random() < 0.9 ? common : others)()}`);
        return `${pick(["a", "the", "a-word-of-more-than-sixteen-letters", "new york", "", "1.5", "\u0001", ","])}${columns.join("")}${pick(["", "", " ", "\r", " \r", "x", "\u0002"])}\n`;
      };
      const text = (random() < 0.2 ? "\n\r\n" : "") + Array.from({ length: Math.floor(random() * 12) }, line).join("").slice(0, pick([undefined, -1, -3]));
      const wanted = split(text, d);
      const scanner = kernels.openRows(text.length, d);
      const found = rowsOf(kernels, text, d, 1 + Math.floor(random() * 5), scanner);
      expect(found.length).toBe(wanted.length);
      for (const [i, row] of found.entries()) if (row) expect(row).toEqual(wanted[i]);
      const lines = text.split(/(?<=\n)/).filter((each) => !/^\r?\n?$/.test(each));
      expect([text, scanner.countLines(text.length)]).toEqual([text, lines.length]);
    }
  });

  test("end where they are told to, wherever that is, and go on from any line", () => {
    const text = "a 0.12345 -0.5\nthe 0.123456 12\r\n\r\nb 1e-5 7.";
    const scanner = kernels.openRows(text.length, 2);
    for (let end = 0; end <= text.length; end++) {
      fill(scanner, `${text.slice(0, end)}9 0.1 0.2 0.3`.slice(0, text.length));
      const rows = scanner.scan(0, end, 9);
      const wanted = split(text.slice(0, end), 2);
      const plain = wanted.findIndex((row) => !row);
      expect([end, rows]).toEqual([end, plain < 0 ? wanted.length : plain]);
      for (let i = 0; i < rows; i++) expect(Array.from(scanner.values.subarray(2 * i, 2 * i + 2))).toEqual(wanted[i]?.values);
    }
  });

  test("have words of any bytes, and their hashes", () => {
    const units = [0x24, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff].map((point) => [...new TextEncoder().encode(String.fromCodePoint(point))]);
    // Overlong, a surrogate, beyond Unicode, and nothing that a character begins with.
    const wrong = [[0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff], [0x80], [0xbf]];
    const scanner = kernels.openRows(4000, 1);
    for (let round = 0; round < 300; round++) {
      const words = Array.from({ length: 20 }, () => Array.from({ length: Math.floor(random() * 9) }, () => {
        const unit = pick(random() < 0.7 ? units : wrong);
        return random() < 0.9 ? unit : unit.slice(0, -1);
      }).flat());
      const text = words.flatMap((word) => [...word, ...new TextEncoder().encode(" 0.25\n")]);
      scanner.bytes.set(text);
      expect(scanner.scan(0, text.length, 30)).toBe(words.length);
      for (const [i, word] of words.entries()) {
        const bytes = [...scanner.words.subarray(i > 0 ? scanner.ends[i - 1] : 0, scanner.ends[i])];
        expect([word, bytes, scanner.hashes[i]]).toEqual([word, word, hashOf(decodeWord(Uint8Array.from(word), 0, word.length))]);
      }
    }
  });

  test("are as many as asked for", () => {
    const text = "a 0.5\nb 0.25\nc 0.125\n";
    const scanner = kernels.openRows(text.length, 1);
    fill(scanner, text);
    expect([scanner.scan(0, text.length, 0), scanner.next]).toEqual([0, 0]);
    expect([scanner.scan(0, text.length, 2), scanner.next]).toEqual([2, 13]);
    expect([scanner.scan(13, text.length, 2), scanner.next]).toEqual([1, text.length]);
    expect(scanner.values[0]).toBe(0.125);
  });

  test("are counted in texts of every length", () => {
    const scanner = kernels.openRows(100, 1);
    for (let length = 0; length < 100; length++) {
      const text = Array.from({ length }, () => pick(["\n", "\n", "\r", "\r\n", "a", " "])).join("").slice(0, length);
      for (const end of [length, Math.floor(length / 2)]) {
        fill(scanner, text);
        const part = text.slice(0, end);
        const wanted = part.split("\n").filter((line) => line !== "" && line !== "\r").length;
        expect([part, scanner.countLines(end)]).toEqual([part, wanted]);
      }
    }
  });
});
