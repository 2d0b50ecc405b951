import { isWord, skipBlanks, stringAt } from "../../formats/literalScan.js";
import { isBlank } from "../../formats/cell.js";
import { scanned, scanNumber, textOf } from "../../formats/number.js";
import { LABEL_KEYS, NUMBER_CALLS, VECTOR_CALLS, wordValue, type Name } from "./frame.js";
import { ListStack } from "./listStack.js";
import type { VectorList } from "./vectorList.js";

export type ScanOptions = {
  /** A program or JSON: strings in single quotes, comments, and commas between the numbers of a list. */
  readonly code: boolean;
  /** `#` begins a comment; else `//` does. */
  readonly hash: boolean;
};

/**
 * Finds the lists of numbers in any text in one pass: a list that holds only numbers is a vector, named by its key, its
 * assignment, the string before it or in it, or its place in the list around it. Unlike the readers of formats it never
 * gives up: what it does not understand is no vector, and what follows is read on.
 */
export class ListScanner extends ListStack {
  pos: number;

  constructor(
    private readonly chars: Uint16Array,
    found: VectorList,
    private readonly options: ScanOptions,
    from = 0,
    private readonly end = chars.length,
    /** 1-based, of `pos`. */
    public line = 1,
    name?: Name,
  ) {
    super(found, options.code);
    this.pos = from;
    this.assigned = name;
  }

  /** Reads the next token. */
  step(): void {
    const { chars, pos } = this;
    const code = chars[pos];
    if (code >= 48 && code <= 57) this.number();
    else if (code === 10 || code === 13) this.lineBreak(code);
    else if (code === 32 || code === 9 || isBlank(code)) this.pos++;
    else if (code === 44 || code === 59) this.separator(code);
    else if (code === 91 || code === 40 || code === 123) this.opening(code);
    else if (code === 93 || code === 41 || code === 125) this.close(code, ++this.pos);
    else if (code === 34 || (this.options.code && (code === 39 || code === 96))) this.string();
    else if (code === 45 || code === 43 || code === 46 || code === 0x2212) this.sign(code);
    else if (isWord(code)) this.word();
    else this.other(code);
  }

  private opening(code: number): void {
    this.open(code, "", this.pos, this.line);
    this.pos++;
  }

  private lineBreak(code: number): void {
    this.pos += code === 13 && this.chars[this.pos + 1] === 10 ? 2 : 1;
    this.line++;
    if (this.stack.length === 0) this.assigned = this.last = undefined;
  }

  private separator(code: number): void {
    this.pos++;
    const { top } = this;
    if (!top) this.assigned = this.last = undefined;
    else {
      if (code === 59) top.pure = false;
      top.valued = false;
      top.pending = undefined;
    }
  }

  private sign(code: number): void {
    const { chars, pos } = this;
    if (scanNumber(chars, pos, this.end) >= 0) return this.number();
    if (code !== 46 && isWord(chars[pos + 1])) {
      // -inf, -np.inf
      const end = this.wordEnd(pos + 1);
      const value = wordValue(textOf(chars, pos + 1, end));
      if (value !== undefined) {
        this.pos = end;
        return this.value(code === 43 ? value : -value);
      }
    }
    this.other(code);
  }

  private number(): void {
    const { chars } = this;
    const end = scanNumber(chars, this.pos, this.end);
    const { value } = scanned;
    this.pos = end;
    if (end < this.end && !endsNumber(chars[end])) {
      // 2.0f is a number; 3px, 2024-01-31 and 1_000 are none here.
      const suffix = /[fFlLdD]/.test(String.fromCharCode(chars[end])) && (end + 1 >= this.end || endsNumber(chars[end + 1]));
      this.pos = suffix ? end + 1 : this.restOfWord(end);
      if (!suffix) return this.spoil();
    }
    this.value(value);
  }

  private restOfWord(from: number): number {
    let i = from;
    while (i < this.end && !endsNumber(this.chars[i])) i++;
    return Math.max(i, from);
  }

  private string(): void {
    const { chars, pos } = this;
    const string = stringAt(chars, pos);
    if (!string || string.end > this.end) {
      // In prose a lone quote means nothing.
      this.pos = pos + 1;
      if (this.options.code) this.spoil();
      return;
    }
    for (let i = pos; i < string.end; i++) if (chars[i] === 10 || (chars[i] === 13 && chars[i + 1] !== 10)) this.line++;
    this.pos = string.end;
    if (string.to - string.from > 400) return this.spoil();
    this.closeBeforeKey(string.end);
    const { top } = this;
    const name: Name = { text: unescaped(textOf(chars, string.from, string.to)), start: string.from, end: string.to };
    if (!top || top.code === 123) {
      const next = this.nextVisible(string.end, top !== undefined);
      if (chars[next] === 58) {
        this.pos = next + 1;
        return this.key(name);
      }
    }
    if (!top) this.last = name;
    else if (top.code === 123) {
      if (top.pending && LABEL_KEYS.test(top.pending.text)) top.label ??= name;
      top.pending = undefined;
    } else if (top.call === "number") {
      const value = wordValue(name.text.replace(/^[+-]/, ""));
      if (value !== undefined) this.value(name.text.startsWith("-") ? -value : value);
    } else {
      top.label = name;
      if (++top.strings > 1) top.pure = false;
      top.valued = true;
    }
  }

  /** A key within a list means that the list was not closed: `"a": [1, 2, "b": …`. */
  private closeBeforeKey(end: number): void {
    if (!this.options.code || this.top?.code !== 91 || this.chars[this.nextVisible(end, true)] !== 58) return;
    if (!this.stack.some((frame) => frame.code === 123)) return;
    while (this.stack[this.stack.length - 1].code !== 123) this.discard();
  }

  private word(): void {
    const { chars, pos, top } = this;
    const end = this.wordEnd(pos);
    this.pos = end;
    // r"", b'', f"": the quote is read next.
    if (end - pos <= 2 && (chars[end] === 34 || (this.options.code && chars[end] === 39))) return;
    if (end - pos > 200) return this.spoil();
    const text = textOf(chars, pos, end);
    const name: Name = { text, start: pos, end };
    if (chars[end] === 40 && end < this.end) {
      const call = NUMBER_CALLS.test(text) ? "number" : VECTOR_CALLS.test(text) ? "vector" : "call";
      this.open(40, call, pos, this.line);
      this.pos = end + 1;
      return;
    }
    const next = this.nextVisible(end, false);
    const equals = chars[next] === 61 && chars[next + 1] !== 61 && chars[next + 1] !== 62;
    if (!top) {
      this.last = name;
      if (equals || (chars[next] === 60 && chars[next + 1] === 45)) {
        this.assigned ??= name;
        this.pos = next + (equals ? 1 : 2);
      } else if (chars[next] === 58) {
        this.assigned = name;
        this.pos = next + 1;
      }
      return;
    }
    if (top.code === 123 && chars[next] === 58) {
      this.pos = next + 1;
      return this.key(name);
    }
    if (top.call !== "" && equals) {
      top.pending = name;
      this.pos = next + 1;
      return;
    }
    const value = wordValue(text);
    if (value === undefined) this.spoil();
    else this.value(value);
  }

  private wordEnd(from: number): number {
    const { chars } = this;
    let i = from + 1;
    while (i < this.end && (isWord(chars[i]) || (chars[i] >= 48 && chars[i] <= 57) || chars[i] === 46)) i++;
    return i;
  }

  private nextVisible(from: number, overLines: boolean): number {
    let i = skipBlanks(this.chars, from);
    while (overLines && (this.chars[i] === 10 || this.chars[i] === 13)) i = skipBlanks(this.chars, i + 1);
    return i;
  }

  private other(code: number): void {
    const { chars, pos, options } = this;
    this.pos++;
    const next = chars[pos + 1];
    if (options.code && (options.hash ? code === 35 : code === 47 && next === 47)) {
      while (this.pos < this.end && chars[this.pos] !== 10 && chars[this.pos] !== 13) this.pos++;
    } else if (options.code && code === 47 && next === 42) this.comment();
    else if (this.stack.length > 0) this.spoil();
    else if (code === 61 && next !== 61 && next !== 62) this.assigned ??= this.last;
  }

  private comment(): void {
    const { chars } = this;
    for (this.pos++; this.pos < this.end && !(chars[this.pos] === 42 && chars[this.pos + 1] === 47); this.pos++) {
      if (chars[this.pos] === 10 || (chars[this.pos] === 13 && chars[this.pos + 1] !== 10)) this.line++;
    }
    this.pos = Math.min(this.pos + 2, this.end);
  }
}

/** What may stand right behind a number. */
function endsNumber(code: number): boolean {
  return code <= 32 || code === 44 || code === 59 || code === 93 || code === 41 || code === 125 || code === 35 || code === 47 || isBlank(code);
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, char: string | undefined) =>
    code ? String.fromCharCode(parseInt(code, 16)) : char === "n" || char === "t" || char === "r" ? " " : (char ?? ""),
  );
}
