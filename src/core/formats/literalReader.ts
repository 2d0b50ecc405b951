import { msg, type Message, type Problem, type Progress } from "../contract/index.js";
import { cell, isBlank, PLAIN, readCell } from "./cell.js";
import { Bracket, Key, Kind, LineCounter, Tokens } from "./literalTokens.js";
import { scanned, scanNumber, textOf } from "./number.js";
import { Cell, type CellCode } from "./table.js";

const SLICE = 1 << 17;
const DEEPEST = 200;
const CLOSERS: Readonly<Record<number, string>> = { [Bracket.list]: "]", [Bracket.tuple]: ")", [Bracket.brace]: "}", [Bracket.call]: ")" };
const OPENERS: Readonly<Record<number, string>> = { [Bracket.list]: "[", [Bracket.tuple]: "(", [Bracket.brace]: "{", [Bracket.call]: "(" };
const DECLARATIONS = new Set(["const", "let", "var", "final", "auto", "return", "print", "new", "await", "yield", "export", "default", "static", "double", "float", "int"]);

/**
 * Turns the lists of a text into tokens: JSON and JSON Lines, Python and JavaScript literals, calls such as
 * `np.array(…)`, and what numpy and torch print. Lenient where no harm is done (trailing commas, comments, blanks for
 * commas), strict where numbers could be lost.
 */
export class LiteralReader {
  readonly tokens = new Tokens();
  /** Warnings, such as `.T` behind an array, which is not applied. */
  readonly problems: Problem[] = [];
  private pos = 0;
  private readonly stack: number[] = [];
  /** What stands before the place: nothing or an opening, a comma, a value, a key. */
  private last: "start" | "comma" | "value" | "key" = "start";
  private readonly lines: LineCounter;
  private failed: Problem | undefined;

  /**
   * `partial`: the text is a selection, which may begin or end within a list. `firstLine` is the line that the text
   * begins in.
   */
  constructor(
    private readonly chars: Uint16Array,
    private readonly partial: boolean,
    firstLine = 1,
  ) {
    this.lines = new LineCounter(chars, firstLine);
  }

  /** Reads all; returns the problem that stopped it, if one did. */
  *run(): Generator<Progress, Problem | undefined, void> {
    const { chars } = this;
    if (this.partial) this.openVirtually();
    let pause = SLICE;
    while (this.pos < chars.length && !this.failed) {
      this.step(chars[this.pos]);
      if (this.pos < pause) continue;
      pause = this.pos + SLICE;
      yield { fraction: this.pos / chars.length, message: msg("Reading line {0}", this.lines.at(this.pos)) };
    }
    if (this.failed) return this.failed;
    if (this.stack.length > 0 && !this.partial) {
      const open = this.stack[this.stack.length - 1];
      this.unclosed(open);
      return this.failed;
    }
    while (this.stack.length > 0) this.close(chars.length, chars.length);
    return undefined;
  }

  /** Opens the lists that a selection closes but does not open. */
  private openVirtually(): void {
    const missing: number[] = [];
    const open: number[] = [];
    for (let i = 0; i < this.chars.length; i++) {
      const code = this.chars[i];
      if (code === 91 || code === 40 || code === 123) open.push(code);
      else if ((code === 93 || code === 41 || code === 125) && open.pop() === undefined) {
        missing.push(code === 93 ? Bracket.list : code === 41 ? Bracket.tuple : Bracket.brace);
      }
    }
    for (const bracket of missing.reverse().slice(0, DEEPEST)) this.open(bracket, 0, 0);
  }

  private step(code: number): void {
    if (code >= 48 && code <= 57) this.number();
    else if (code === 32 || code === 10 || code === 13 || code === 9 || isBlank(code)) this.pos++;
    else if (code === 44 || code === 59) this.comma();
    else if (code === 91) this.bracket(Bracket.list);
    else if (code === 40) this.bracket(Bracket.tuple);
    else if (code === 123) this.bracket(Bracket.brace);
    else if (code === 93 || code === 41 || code === 125) this.closer(code);
    else if (code === 34 || code === 39 || code === 96) this.string(code);
    else if (code === 45 || code === 43 || code === 46 || code === 0x2212 || code === 0x2026) this.signOrDots(code);
    else if (isWord(code)) this.word(this.pos);
    else this.other(code);
  }

  private line(at: number): number {
    return this.lines.at(at);
  }

  private fail(message: Message, start: number, end: number): void {
    this.failed ??= { severity: "error", message, span: { start, end: Math.max(end, Math.min(start + 1, this.chars.length)) }, line: this.line(start) };
  }

  private unclosed(open: number): void {
    const { start, code } = this.tokens;
    const at = start[open];
    this.fail(msg("Line {0}: this {1} is never closed. Add the missing {2}.", this.line(at), OPENERS[code[open]], CLOSERS[code[open]]), at, at + 1);
  }

  private comma(): void {
    if (this.stack.length > 0 && this.last === "comma" && this.chars[this.pos] === 44) {
      this.fail(msg("Line {0}: a value is missing between two commas. Type it, or remove one comma.", this.line(this.pos)), this.pos, this.pos + 1);
    }
    if (this.last === "key") this.keyAlone();
    this.last = "comma";
    this.pos++;
  }

  private keyAlone(): void {
    const { tokens } = this;
    const key = tokens.count - 1;
    const name = textOf(this.chars, tokens.start[key], tokens.end[key]);
    if (this.stack.length === 0 || tokens.kind[key] !== Kind.key) return;
    this.fail(msg("Line {0}: “{1}” has no value. Type one behind it.", this.line(tokens.start[key]), name), tokens.start[key], tokens.end[key]);
  }

  private bracket(bracket: number): void {
    if (this.stack.length >= DEEPEST) this.fail(msg("Line {0}: lists are nested more than {1} deep.", this.line(this.pos), DEEPEST), this.pos, this.pos + 1);
    this.open(bracket, this.pos, this.pos + 1);
    this.pos++;
  }

  private open(bracket: number, start: number, end: number): void {
    this.checkNamed(start, end);
    this.stack.push(this.tokens.push(Kind.open, bracket, start, end, -1));
    this.last = "start";
  }

  private closer(code: number): void {
    const open = this.stack[this.stack.length - 1];
    const closer = String.fromCharCode(code);
    if (open === undefined) this.fail(msg("Line {0}: nothing is open that this {1} could close. Remove it, or add its beginning.", this.line(this.pos), closer), this.pos, this.pos + 1);
    else if (CLOSERS[this.tokens.code[open]] !== closer) {
      const at = this.tokens.start[open];
      this.fail(
        msg("Line {0}: {1} closes the {2} of line {3}. Write {4} here, or add what is missing.", this.line(this.pos), closer, OPENERS[this.tokens.code[open]], this.line(at), CLOSERS[this.tokens.code[open]]),
        this.pos,
        this.pos + 1,
      );
    } else {
      if (this.last === "key") this.keyAlone();
      this.close(this.pos, this.pos + 1);
    }
    this.pos++;
    if (this.stack.length === 0 && !this.failed) this.afterList();
  }

  private close(start: number, end: number): void {
    const open = this.stack.pop()!;
    this.tokens.value[open] = this.tokens.push(Kind.close, 0, start, end, open);
    this.last = "value";
  }

  /** `.T`, `[::2]`, `* 10` behind a whole list change its numbers, and are not computed here. */
  private afterList(): void {
    const { chars } = this;
    let i = this.pos;
    while (i < chars.length && isBlank(chars[i])) i++;
    const tied = i === this.pos && (chars[i] === 46 || chars[i] === 91);
    if (!tied && !(chars[i] === 42 || chars[i] === 47 || chars[i] === 37 || chars[i] === 64 || chars[i] === 94)) return;
    if (chars[i] === 47 && (chars[i + 1] === 47 || chars[i + 1] === 42)) return;
    let depth = 0;
    let end = i;
    for (; end < chars.length && (depth > 0 || (chars[end] !== 10 && chars[end] !== 13 && chars[end] !== 59)); end++) {
      if (chars[end] === 40 || chars[end] === 91) depth++;
      else if (chars[end] === 41 || chars[end] === 93) depth--;
    }
    const what = textOf(chars, i, Math.min(end, i + 30)).trim();
    this.problems.push({
      severity: "warning",
      message: msg("Line {0}: “{1}” was not computed; the numbers are used as they are written.", this.line(i), what),
      span: { start: i, end },
      line: this.line(i),
    });
    this.pos = end;
  }

  private string(quote: number): void {
    const { chars } = this;
    const start = this.pos;
    const triple = chars[start + 1] === quote && chars[start + 2] === quote;
    const size = triple ? 3 : 1;
    let i = start + size;
    for (; i < chars.length; i++) {
      if (chars[i] === 92) i++;
      else if (chars[i] === quote && (!triple || (chars[i + 1] === quote && chars[i + 2] === quote))) break;
      else if (!triple && quote !== 96 && (chars[i] === 10 || chars[i] === 13)) break;
    }
    if (i >= chars.length || chars[i] !== quote) {
      this.pos = chars.length;
      this.fail(msg("Line {0}: the quote that opens here is never closed. Close it, or remove it.", this.line(start)), start, start + 1);
      return;
    }
    this.pos = i + size;
    if (this.asKey(start + size, i)) return;
    if (this.stack.length === 0) return;
    const code = readCell(chars, start + size, i, PLAIN);
    this.add(code, start + size, i, cell.value);
  }

  /** Takes what was just read as a key when a colon follows within braces (or, for words, at the top). */
  private asKey(start: number, end: number): boolean {
    const { chars } = this;
    const top = this.stack[this.stack.length - 1];
    if (top !== undefined && this.tokens.code[top] !== Bracket.brace) return false;
    let i = this.pos;
    while (i < chars.length && (isBlank(chars[i]) || chars[i] === 10 || chars[i] === 13)) i++;
    if (chars[i] !== 58) return false;
    if (this.last === "key") this.keyAlone();
    this.tokens.push(Kind.key, top === undefined ? Key.assigned : Key.entry, start, end, 0);
    this.last = "key";
    this.pos = i + 1;
    return true;
  }

  private add(code: CellCode, start: number, end: number, value: number): void {
    this.checkNamed(start, end);
    this.tokens.pushValue(code, start, end, value);
    this.last = "value";
  }

  /** Among named values each needs its name. */
  private checkNamed(start: number, end: number): void {
    const top = this.stack[this.stack.length - 1];
    if (top === undefined || this.last === "key" || this.tokens.code[top] !== Bracket.brace) return;
    if (top + 1 >= this.tokens.count || this.tokens.kind[top + 1] !== Kind.key) return;
    const what = textOf(this.chars, start, Math.min(end, start + 30));
    this.fail(msg("Line {0}: “{1}” stands without a name and colon among named values. Complete it, or check for a missing comma.", this.line(start), what), start, end);
  }

  private number(): void {
    const { chars } = this;
    const start = this.pos;
    let end = scanNumber(chars, start, chars.length);
    if (end < 0) {
      this.pos++;
      return;
    }
    const { value } = scanned;
    if (end < chars.length && !isEnd(chars[end])) {
      // 1_000, 2.0f, 3L, 1e (half typed), 1+2j, 2024-01-31
      while (end < chars.length && !isEnd(chars[end])) end++;
      let bare = end;
      while (bare > start && /[fFlLnuU]/.test(String.fromCharCode(chars[bare - 1]))) bare--;
      const suffixed = end - bare > 0 && end - bare <= 2 && scanNumber(chars, start, bare) === bare;
      this.pos = end;
      if (suffixed) this.add(Number.isFinite(scanned.value) ? Cell.ok : Cell.infinite, start, end, scanned.value);
      else {
        const code = readCell(chars, start, end, PLAIN);
        if (code === Cell.text && this.asKey(start, end)) return;
        this.add(code, start, end, cell.value);
      }
      return;
    }
    this.pos = end;
    if (chars[end] === 58 || isBlank(chars[end])) if (this.stack.length > 0 && this.asKey(start, end)) return;
    this.add(value - value === 0 ? Cell.ok : Cell.infinite, start, end, value);
  }

  private signOrDots(code: number): void {
    const { chars, pos } = this;
    if (code === 0x2026 || (code === 46 && chars[pos + 1] === 46 && chars[pos + 2] === 46)) {
      const end = code === 46 ? pos + 3 : pos + 1;
      if (this.stack.length === 0) this.pos = end;
      else if (isWord(chars[end])) this.other(code);
      else this.elided(pos, end);
      return;
    }
    const next = chars[pos + 1];
    if (code !== 46 && isWord(next)) return this.word(pos);
    if ((next >= 48 && next <= 57) || (next === 46 && code !== 46)) {
      // `1 - 2` and `1 -2` differ: only the second is what numpy prints.
      return scanNumber(chars, pos, chars.length) < 0 ? this.other(code) : this.number();
    }
    this.other(code);
  }

  private elided(start: number, end: number): void {
    const before = textOf(this.chars, Math.max(0, this.tokens.start[0] - 8), Math.min(start, this.tokens.start[0] + 8));
    const line = this.line(start);
    this.fail(
      before.includes("tensor(")
        ? msg("Line {0}: torch left numbers out here (...). Print with torch.set_printoptions(profile=\"full\"), or save the tensor as .npy.", line)
        : msg("Line {0}: numpy left numbers out here (...). Print with np.set_printoptions(threshold=sys.maxsize), or save the array as .npy.", line),
      start,
      end,
    );
  }

  /** A name, with what it means by what follows: a call, a key, an argument, an assignment; else a value. */
  private word(from: number): void {
    const { chars } = this;
    let end = from + 1;
    while (end < chars.length && (isWord(chars[end]) || (chars[end] >= 48 && chars[end] <= 57) || chars[end] === 46)) end++;
    if (chars[end] === 34 || chars[end] === 39) {
      // r"", b'', f"": the quote is read next.
      if (end - from <= 2) {
        this.pos = end;
        return;
      }
    }
    const top = this.stack.length === 0;
    if (top && chars[end] === 91) {
      // Out[3]: and list[float] belong to the name.
      let depth = 0;
      let i = end;
      for (; i < chars.length && chars[i] !== 10; i++) {
        if (chars[i] === 91) depth++;
        else if (chars[i] === 93 && --depth === 0) break;
      }
      const after = skipBlanks(chars, i + 1);
      if (depth === 0 && (chars[after] === 58 || chars[after] === 61)) {
        this.pos = after + 1;
        return;
      }
    }
    const next = skipBlanks(chars, end);
    this.pos = end;
    if (chars[next] === 40 && (next === end || top)) {
      this.open(Bracket.call, from, next + 1);
      this.pos = next + 1;
      return;
    }
    const assigns = (chars[next] === 61 && chars[next + 1] !== 61 && chars[next + 1] !== 62) || (top && chars[next] === 60 && chars[next + 1] === 45);
    const inCall = !top && this.tokens.code[this.stack[this.stack.length - 1]] === Bracket.call;
    if (assigns && (top || inCall)) {
      this.tokens.push(Kind.key, top ? Key.assigned : Key.argument, from, end, 0);
      this.last = "key";
      this.pos = next + (chars[next] === 60 ? 2 : 1);
      return;
    }
    if (top && chars[next] === 58) return this.annotated(from, end, next);
    if (this.asKey(from, end)) return;
    if (DECLARATIONS.has(textOf(chars, from, end))) return;
    const code = readCell(chars, from, end, PLAIN);
    if (top && code === Cell.text) return;
    this.add(code, from, end, cell.value);
  }

  /** `x: list[float] = […]` and `x: […]` at the top. */
  private annotated(from: number, end: number, colon: number): void {
    const { chars } = this;
    let i = skipBlanks(chars, colon + 1);
    if (isWord(chars[i])) {
      let equals = i;
      while (equals < chars.length && chars[equals] !== 61 && chars[equals] !== 10 && chars[equals] !== 13) equals++;
      if (chars[equals] === 61) i = equals + 1;
    }
    this.tokens.push(Kind.key, Key.assigned, from, end, 0);
    this.last = "key";
    this.pos = i;
  }

  /** Comments, and characters that no list of numbers holds. */
  private other(code: number): void {
    const { chars, pos } = this;
    const next = chars[pos + 1];
    if (code === 35 || (code === 47 && next === 47)) {
      while (this.pos < chars.length && chars[this.pos] !== 10 && chars[this.pos] !== 13) this.pos++;
      return;
    }
    if (code === 47 && next === 42) {
      while (this.pos < chars.length && !(chars[this.pos] === 42 && chars[this.pos + 1] === 47)) this.pos++;
      this.pos += 2;
      return;
    }
    if (this.stack.length === 0) {
      this.pos++;
      return;
    }
    // An expression, such as 1 / 3 or <AddBackward0>: all of it is one cell of text.
    const { tokens } = this;
    let end = pos;
    while (end < chars.length && !isBreaking(chars[end])) end++;
    this.pos = Math.max(end, pos + 1);
    const before = tokens.count - 1;
    if (this.last === "value" && tokens.kind[before] === Kind.value) {
      tokens.code[before] = Cell.text;
      tokens.value[before] = NaN;
      tokens.end[before] = end;
    } else if (this.last === "value" && tokens.kind[before] === Kind.close) {
      this.fail(msg("Line {0}: “{1}” behind a list can't be computed here. Write the numbers out.", this.line(pos), textOf(chars, pos, Math.min(end, pos + 30)).trim()), pos, end);
    } else this.add(Cell.text, pos, this.pos, NaN);
  }
}

/** Letters, `_`, `$` and everything beyond ASCII that is no sign or blank. */
function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36 || (code > 0xbf && code !== 0x2026 && code !== 0x2212 && !isBlank(code));
}

/** What may follow a number directly: blanks, line breaks, separators, brackets, a colon, a comment's beginning. */
function isEnd(code: number): boolean {
  return code <= 32 || code === 44 || code === 59 || code === 93 || code === 41 || code === 125 || code === 91 || code === 58 || code === 35 || isBlank(code);
}

/** What ends a cell of text: separators, closing brackets, line breaks. */
function isBreaking(code: number): boolean {
  return code === 44 || code === 59 || code === 93 || code === 41 || code === 125 || code === 10 || code === 13;
}

function skipBlanks(chars: Uint16Array, from: number): number {
  let i = from;
  while (i < chars.length && isBlank(chars[i])) i++;
  return i;
}
