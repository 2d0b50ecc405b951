import * as fc from "../../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { scan, scanFloat, scanFloats } from "../../../../src/core/vectors/files/scanFloat.js";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Numbers as vectors are written, and in every other way. */
const number = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom("", "-"), fc.nat(9), fc.stringMatching(/^[0-9]{3,8}$/)).map(([sign, whole, places]) => `${sign}${whole}.${places}`) },
  fc.double({ noNaN: true }).map(String),
  fc.float({ noNaN: true }).map(String),
  fc.constantFrom("0", "-0", "-0.0000", "+0.12345", "-.12345", ".5", "5.", "nan", "-inf", "Infinity", "1e39", "-1E-50", "123456789.123456789", "9007199254740993"),
);
const blank = fc.constantFrom(" ", "\t", "  ", " \t");
/** What follows a line in the bytes of a file. */
const rest = fc.constantFrom("", "\n", "\r\n", " \n", "\nthe 0.12345 0.54321\n", "\n0.123456 0.123456");

const valueOf = (text: string): number => (/nan/i.test(text) ? Number.NaN : /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text));

describe("scanFloats", () => {
  test("reads every way of writing numbers as Number does, and stops behind the last", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(blank, number), { minLength: 1, maxLength: 12 }), rest, fc.constantFrom("", "word"), (fields, after, word) => {
        const line = word + fields.map(([space, text]) => space + text).join("");
        const out = new Float32Array(fields.length + 2).fill(7);
        const bytes = encode(line + after);
        expect(scanFloats(bytes, word.length, bytes.length, fields.length, out, 1)).toBe(line.length);
        expect(Array.from(out)).toEqual([7, ...fields.map(([, text]) => Math.fround(valueOf(text))), 7]);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["a letter within", " 0.12345 0.1a345 0.12345"],
    ["a letter behind", " 0.12345 0.12345a 0.12345"],
    ["a second point", " 0.12345 0.12.45 0.12345"],
    ["what comes after 9 in ASCII", " 0.12345 0.1:345 0.12345"],
    ["what comes after 9 in the first place", " 0.12345 :.12345 0.12345"],
    ["another sign", " 0.12345 /0.12345 0.12345"],
    ["two signs", " 0.12345 --0.1234 0.12345"],
    ["a slash for a digit", " 0.12345 0.1234/ 0.12345"],
    ["too few", " 0.12345 0.12345"],
    ["too few before the next line", " 0.12345 0.12345\n0.12345 0.12345"],
  ])("refuses %s", (_, text) => {
    const bytes = encode(`${text} \nnext 0.12345 0.12345\n`);
    expect(scanFloats(bytes, 0, bytes.length, 3, new Float32Array(3), 0)).toBe(-1);
  });

  test("agrees with scanFloat on any character in any place", () => {
    const written = " -0.1234567";
    for (let place = 1; place <= written.length; place++) {
      for (let code = 0; code < 256; code++) {
        const bytes = encode(`${written} 0.12345 0.12345\n`);
        bytes[place] = code;
        const out = new Float32Array(1);
        const end = scanFloats(bytes, 0, bytes.length, 1, out, 0);
        let from = 1; // blanks before a number are skipped
        while (bytes[from] === 32 || bytes[from] === 9) from++;
        const wanted = scanFloat(bytes, from, bytes.length);
        expect([place, code, end]).toEqual([place, code, scan.end]);
        if (end >= 0) expect(out[0]).toBe(Math.fround(wanted));
      }
    }
  });

  test("does not read past the end that it was given", () => {
    const bytes = encode(" 0.12345 0.123456 0.12345");
    expect(scanFloats(bytes, 0, 15, 2, new Float32Array(2), 0)).toBe(15);
    const out = new Float32Array(2);
    scanFloats(bytes, 0, 15, 2, out, 0);
    expect(out[1]).toBe(Math.fround(0.1234));
  });

  test("counts the numbers that are not of the common shape", () => {
    const before = scan.count;
    const bytes = encode(" 0.1234 -1.12345 0.123456 nan 1e5 12.5\n          ");
    expect(scanFloats(bytes, 0, bytes.length, 6, new Float32Array(6), 0)).toBe(38);
    expect(scan.count - before).toBe(3);
    scanFloat(bytes, 1, bytes.length);
    expect(scan.count - before).toBe(4);
  });
});
