import { describe, expect, test } from "vitest";
import { readTextVectors } from "../../../../src/core/vectors/files/textVectors.js";
import { bytesOf, entries, finish, read, sentences, value } from "./helpers.js";

/** A file larger than what is read at once, in lines of all sorts. */
function largeText(lines: number, breaks: string): string {
  let text = "";
  for (let i = 0; i < lines; i++) {
    const first = `${i % 2 ? "-" : ""}${i % 10}.${String(1000 + (i % 9000))}`;
    const second = i % 7 === 0 ? "1e-3" : `0.${String(i).padStart(6, "0")}`;
    text += `${i % 11 === 0 ? "new york " : i % 13 === 0 ? "\u5c0f\u82cf" : "w"}${i} ${first} ${second}${i % 5 === 0 ? " " : ""}${breaks}`;
    if (i % 17 === 0) text += breaks;
  }
  return text;
}

describe("word vectors as text", () => {
  test.each([["line feeds", "\n"], ["Windows line breaks", "\r\n"]])("are read over the bounds of chunks, with %s", (_, breaks) => {
    const lines = 250_000;
    const text = largeText(lines, breaks);
    expect(text.length).toBeGreaterThan(5e6);
    const found = entries(read("v.txt", text));
    expect(found).toHaveLength(lines);
    for (let i = 0; i < lines; i += i % 1000 === 0 ? 1 : 333) {
      const [word, vector] = found[i];
      const fields = [word, ...vector];
      const wanted = [
        `${i % 11 === 0 ? "new york " : i % 13 === 0 ? "\u5c0f\u82cf" : "w"}${i}`,
        Math.fround((i % 2 ? -1 : 1) * Number(`${i % 10}.${1000 + (i % 9000)}`)),
        Math.fround(i % 7 === 0 ? 1e-3 : Number(`0.${String(i).padStart(6, "0")}`)),
      ];
      expect(fields).toEqual(wanted);
    }
  });

  test("may have lines longer than what is read at once", () => {
    const d = 100_000;
    const found = entries(read("v.txt", `a${" 0.12345".repeat(d)}\nb${" -0.5".repeat(d)}\nc${" 0.25".repeat(d)}`));
    expect(found.map(([word, vector]) => [word, vector.length, vector[0], vector[d - 1]])).toEqual([
      ["a", d, Math.fround(0.12345), Math.fround(0.12345)],
      ["b", d, -0.5, -0.5],
      ["c", d, 0.25, 0.25],
    ]);
  });

  test("say which line is too long to be one, counted from the file's first", () => {
    const long = `c ${"0.12345 ".repeat(700_000)}`;
    expect(sentences(read("v.txt", `a 0.1 0.2\nb 0.1 0.2\n${long}\n`))).toEqual([expect.stringContaining("Line 3 is millions of characters long")]);
    expect(sentences(read("v.txt", `2 2\na 0.1 0.2\n${long}\n`))).toEqual([expect.stringContaining("Line 3 is millions of characters long")]);
  });

  test("count NaN, infinite numbers and those beyond float32", () => {
    expect(sentences(read("v.txt", "a 0.1234 nan\nb -inf 0.1234\nc 1e39 0.1234\nd 0.1234 5\n"))).toEqual([expect.stringMatching(/^warning: 3 numbers are NaN or infinite/)]);
  });

  test("are read once where the first line has their count", () => {
    const rows = Array.from({ length: 300 }, (_, i) => `w${i} 0.123456 -0.${1000 + i}\n`).join("");
    const passes = (text: string) => {
      const source = bytesOf(text);
      let whole = 0;
      const parsed = finish(readTextVectors({ size: source.size, read: (offset, length) => (offset > 0 ? whole++ : 0, source.read(offset, length)) }));
      return { whole, rows: parsed.ok ? parsed.input.n : sentences(parsed) };
    };
    expect(passes(`300 2\n${rows}`)).toEqual({ whole: 1, rows: 300 });
    expect(passes(`299 2\n${rows}`)).toEqual({ whole: 3, rows: [expect.stringContaining("Line 1 promises 299 words, but 300 follow")] });
    expect(passes(`301 2\n${rows}`)).toEqual({ whole: 3, rows: [expect.stringContaining("Line 1 promises 301 words, but 300 follow")] });
    expect(passes(`3000 2\n${rows}`)).toEqual({ whole: 2, rows: [expect.stringContaining("Line 1 promises 3000 words, but 300 follow")] });
  });

  test.each([
    ["alike", () => true, 1],
    ["long where their number is estimated", (sampled: boolean) => sampled, 2],
    ["short where their number is estimated", (sampled: boolean) => !sampled, 1],
  ])("are read in one pass where a long file's lines are %s, or counted after all", (_, isLong, passes) => {
    const size = 12 << 20;
    let text = "";
    for (let i = 0; text.length < size; i++) {
      // Of eight parts of 512 KiB the first begins with the file, the last ends with it.
      const part = 1 << 19;
      const nearest = Math.floor((text.length * 7) / (size - part)) * ((size - part) / 7);
      const sampled = text.length < nearest + part || text.length > nearest + (size - part) / 7 - 200;
      text += `w${i}${isLong(sampled) ? "-".repeat(150) : ""} 0.123456 -0.${1000 + (i % 9000)}\n`;
    }
    const source = bytesOf(text);
    let read = 0;
    const counted = { size: source.size, read: (offset: number, length: number) => ((read += length), source.read(offset, length)) };
    const { n, d, words, values } = value(finish(readTextVectors(counted)));
    const rows = text.split("\n").length - 1;
    expect([n, words.length, values.length / d]).toEqual([rows, rows, rows]);
    for (let i = 0; i < n; i += 997) expect([words[i].startsWith(`w${i}`), values[2 * i], values[2 * i + 1]]).toEqual([true, Math.fround(0.123456), Math.fround(-Number(`0.${1000 + (i % 9000)}`))]);
    expect(values.buffer.byteLength).toBeLessThan(1.12 * values.byteLength);
    // Parts are counted; room that is too small shows before the end.
    expect(Math.floor((read - 2 ** 22) / size)).toBe(passes);
  });

  test("are refused when the file changes between counting and reading", () => {
    const before = bytesOf("aaaaaaaaaaaa 0.1234 0.1234\nb 0.1234 0.1234\n");
    const after = bytesOf("a 0.1234 0.123\nb 0.1234 0.1\nc 0.12 0.12\n");
    expect(after.size).toBeLessThanOrEqual(before.size);
    let reads = 0;
    const parsed = finish(readTextVectors({ size: after.size, read: (offset, length) => (reads++ < 2 ? before : after).read(offset, length) }));
    expect(sentences(parsed)).toEqual(["error: The file changed while it was read. Open it again."]);
  });
});
