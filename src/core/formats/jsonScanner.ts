import type { ByteSource } from "../contract/index.js";
import { bytesFeed, type CharFeed } from "./charFeed.js";
import { scanned, scanNumber, textOf } from "./number.js";

const WINDOW = 1 << 17;
/** Longer numbers than this are none. */
const LONGEST_NUMBER = 1024;
export const LONGEST_STRING = 1 << 20;

/** What is wrong with a JSON text, and in which line. */
export class JsonFault extends Error {
  constructor(
    readonly line: number,
    /** What should stand there. */
    readonly expected: string,
    /** What stands there; empty at the end of the text. */
    readonly found: string,
  ) {
    super(`line ${line}: ${expected} expected`);
  }
}

/**
 * Reads JSON value by value from a file of any size, for those who know what should come: neither text nor tree is held.
 * @throws JsonFault from every method that takes something
 */
export class JsonScanner {
  line = 1;
  private readonly feed: CharFeed;
  private readonly window = new Uint16Array(WINDOW);
  private length = 0;
  private at = 0;
  private base = 0;
  private ended = false;

  constructor(source: ByteSource) {
    this.feed = bytesFeed(source);
  }

  /** Codes taken so far. */
  get taken(): number {
    return this.base + this.at;
  }

  /** How much of the file was read, 0 to 1. */
  get fraction(): number {
    return this.feed.fraction;
  }

  /** The code of the next character that is not blank; −1 at the end. */
  peek(): number {
    for (;;) {
      while (this.at < this.length) {
        const code = this.window[this.at];
        if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
        if (code === 10) this.line++;
        this.at++;
      }
      if (!this.more(1)) return -1;
    }
  }

  /** Whether the next character is this one; if so, takes it. */
  took(char: string): boolean {
    if (this.peek() !== char.charCodeAt(0)) return false;
    this.at++;
    return true;
  }

  expect(char: string): void {
    if (!this.took(char)) this.fail(char);
  }

  /** Takes a string. */
  string(): string {
    this.expect("\"");
    const parts: string[] = [];
    let length = 0;
    for (;;) {
      let end = this.at;
      while (end < this.length && this.window[end] !== 34 && this.window[end] !== 92 && this.window[end] >= 32) end++;
      parts.push(textOf(this.window, this.at, end));
      length += end - this.at;
      this.at = end;
      if (length > LONGEST_STRING) this.fail("\"");
      if (end === this.length) {
        if (!this.more(1)) this.fail("\"");
        continue;
      }
      const code = this.window[end];
      if (code < 32) this.fail("\"");
      this.at++;
      if (code === 34) return parts.join("");
      parts.push(this.escape());
      length++;
    }
  }

  private escape(): string {
    this.more(5);
    const char = String.fromCharCode(this.window[this.at]);
    const plain = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\"": "\"", "\\": "\\", "/": "/" }[char];
    const hex = char === "u" ? textOf(this.window, this.at + 1, Math.min(this.length, this.at + 5)) : "";
    if (this.at >= this.length || (plain === undefined && !/^[0-9a-fA-F]{4}$/.test(hex))) this.fail("\\n");
    this.at += plain === undefined ? 5 : 1;
    return plain ?? String.fromCharCode(parseInt(hex, 16));
  }

  /** Takes a number; also NaN, Infinity and −Infinity, which Python writes, and null as NaN. */
  number(): number {
    this.peek();
    this.more(LONGEST_NUMBER);
    const end = scanNumber(this.window, this.at, this.length);
    if (end >= 0) {
      this.at = end;
      return scanned.value;
    }
    for (const [word, value] of [["NaN", NaN], ["null", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]] as const) {
      if (textOf(this.window, this.at, Math.min(this.length, this.at + word.length)) !== word) continue;
      this.at += word.length;
      return value;
    }
    return this.fail("0.5");
  }

  /** Goes behind a value of any kind. */
  skip(): void {
    for (let depth = 0; ; ) {
      const code = this.peek();
      if (code === 34) this.string();
      else if (code === 123 || code === 91) {
        depth++;
        this.at++;
      } else if (depth > 0 && (code === 125 || code === 93)) {
        depth--;
        this.at++;
      } else if (depth > 0 && (code === 44 || code === 58)) {
        this.at++;
        continue;
      } else if (!this.word()) this.fail("0.5");
      if (depth === 0) return;
    }
  }

  /** Takes a number or a bare word such as true. */
  private word(): boolean {
    this.more(LONGEST_NUMBER);
    const from = this.at;
    while (this.at < this.length && isWord(this.window[this.at])) this.at++;
    return this.at > from;
  }

  fail(expected: string): never {
    this.peek();
    this.more(20);
    const found = textOf(this.window, this.at, Math.min(this.length, this.at + 20));
    throw new JsonFault(this.line, expected, found);
  }

  /** Fills the window so that `count` codes lie ahead, unless the text ends before; false when none does. */
  private more(count: number): boolean {
    while (this.length - this.at < count && !this.ended) {
      this.window.copyWithin(0, this.at, this.length);
      this.base += this.at;
      this.length -= this.at;
      this.at = 0;
      const read = this.feed.fill(this.window, this.length);
      this.length += read;
      this.ended = read === 0;
    }
    return this.at < this.length;
  }
}

/** Letters, digits, point and signs. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 45 || code === 46 || code === 43;
}
