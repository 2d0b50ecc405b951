import { msg, type Problem, type Progress } from "../contract/index.js";
import { cell, isBlank, PLAIN, readCell } from "./cell.js";
import { DEEPEST, LiteralStructure } from "./literalStructure.js";
import { Bracket, Key, Kind } from "./literalTokens.js";
import { scanned, scanNumber, textOf } from "./number.js";
import { commentEnd, isBreaking, isEnd, isWord, skipBlanks, stringAt, subscriptEnd, tiedBehind, unopened } from "./literalScan.js";
import { Cell } from "./table.js";

const SLICE = 1 << 17;
const DECLARATIONS = new Set(["const", "let", "var", "final", "auto", "return", "print", "new", "await", "yield", "export", "default", "static", "double", "float", "int"]);

/**
 * Turns the lists of a text into tokens: JSON and JSON Lines, Python and JavaScript literals, calls such as
 * `np.array(…)`, and what numpy and torch print. Lenient where no harm is done (trailing commas, comments, blanks for
 * commas), strict where numbers could be lost.
 */
export class LiteralReader extends LiteralStructure {
  /** Warnings, such as `.T` behind an array, which is not applied. */
  readonly problems: Problem[] = [];
  private pos = 0;

  /**
   * `partial`: the text is a selection, which may begin or end within a list. `firstLine` is the line that the text
   * begins in.
   */
  constructor(
    chars: Uint16Array,
    private readonly partial: boolean,
    firstLine = 1,
  ) {
    super(chars, firstLine);
  }

  /** Reads all; returns the problem that stopped it, if one did. */
  *run(): Generator<Progress, Problem | undefined, void> {
    const { chars } = this;
    // A selection may close lists that it does not open.
    if (this.partial) for (const code of unopened(chars).slice(-DEEPEST)) this.open(code === 93 ? Bracket.list : code === 41 ? Bracket.tuple : Bracket.brace, 0, 0);
    let pause = SLICE;
    while (this.pos < chars.length && !this.failed) {
      this.step(chars[this.pos]);
      if (this.pos < pause) continue;
      pause = this.pos + SLICE;
      yield { fraction: this.pos / chars.length, message: msg("Reading line {0}", this.line(this.pos)) };
    }
    if (this.failed) return this.failed;
    if (this.stack.length > 0 && !this.partial) {
      this.unclosed();
      return this.failed;
    }
    while (this.stack.length > 0) this.close(chars.length, chars.length);
    return undefined;
  }

  private step(code: number): void {
    if (code >= 48 && code <= 57) this.number();
    else if (code === 32 || code === 10 || code === 13 || code === 9 || isBlank(code)) this.pos++;
    else if (code === 44) this.comma(this.pos++);
    else if (code === 59) this.semicolon(this.pos++);
    else if (code === 91) this.bracket(Bracket.list, this.pos++);
    else if (code === 40) this.bracket(Bracket.tuple, this.pos++);
    else if (code === 123) this.bracket(Bracket.brace, this.pos++);
    else if (code === 93 || code === 41 || code === 125) {
      this.closer(code, this.pos++);
      if (this.stack.length === 0 && !this.failed) this.afterList();
    } else if (code === 34 || code === 39 || code === 96) this.string();
    else if (code === 45 || code === 43 || code === 46 || code === 0x2212 || code === 0x2026) this.signOrDots(code);
    else if (isWord(code)) this.word(this.pos);
    else this.other();
  }

  private afterList(): void {
    const { chars } = this;
    const tied = tiedBehind(chars, this.pos);
    if (!tied) return;
    const { start, end } = tied;
    const what = textOf(chars, start, Math.min(end, start + 30)).trim();
    this.problems.push({
      severity: "warning",
      message: msg("Line {0}: “{1}” was not computed; the numbers are used as they are written.", this.line(start), what),
      span: tied,
      line: this.line(start),
    });
    this.pos = end;
  }

  private string(): void {
    const { chars, pos } = this;
    const string = stringAt(chars, pos);
    if (!string) {
      this.pos = chars.length;
      this.fail(msg("Line {0}: the quote that opens here is never closed. Close it, or remove it.", this.line(pos)), pos, pos + 1);
      return;
    }
    this.pos = string.end;
    if (this.asKey(string.from, string.to) || this.stack.length === 0) return;
    let { from, to } = string;
    while (from < to && isBlank(chars[from])) from++;
    while (to > from && isBlank(chars[to - 1])) to--;
    this.add(readCell(chars, from, to, PLAIN), from, to, cell.value);
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
      else if (isWord(chars[end])) this.other();
      else this.elided(pos, end);
      return;
    }
    const next = chars[pos + 1];
    if (code !== 46 && isWord(next)) return this.word(pos);
    if ((next >= 48 && next <= 57) || (next === 46 && code !== 46)) {
      // `1 - 2` and `1 -2` differ: only the second is what numpy prints.
      return scanNumber(chars, pos, chars.length) < 0 ? this.other() : this.number();
    }
    this.other();
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
    const subscript = top && chars[end] === 91 ? subscriptEnd(chars, end) : undefined;
    if (subscript !== undefined) {
      this.pos = subscript;
      return;
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
  private other(): void {
    const { chars, pos } = this;
    const comment = commentEnd(chars, pos);
    if (comment > pos) {
      this.pos = comment;
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
