import { msg, type Message, type Problem } from "../contract/index.js";
import { Bracket, Kind, LineCounter, Tokens } from "./literalTokens.js";
import { textOf } from "./number.js";
import type { CellCode } from "./table.js";

export const DEEPEST = 200;
const CLOSERS: Readonly<Record<number, string>> = { [Bracket.list]: "]", [Bracket.tuple]: ")", [Bracket.brace]: "}", [Bracket.call]: ")", [Bracket.row]: "]" };
const OPENERS: Readonly<Record<number, string>> = { [Bracket.list]: "[", [Bracket.tuple]: "(", [Bracket.brace]: "{", [Bracket.call]: "(", [Bracket.row]: "[" };

/** The tokens of a text as they come, with the rules of what may follow what, and what is said when it does not. */
export class LiteralStructure {
  readonly tokens = new Tokens();
  protected readonly stack: number[] = [];
  /** What stands before the place: nothing or an opening, a comma, a value, a key. */
  protected last: "start" | "comma" | "value" | "key" = "start";
  protected failed: Problem | undefined;
  private readonly lines: LineCounter;

  constructor(
    protected readonly chars: Uint16Array,
    firstLine: number,
  ) {
    this.lines = new LineCounter(chars, firstLine);
  }

  protected line(at: number): number {
    return this.lines.at(at);
  }

  protected fail(message: Message, start: number, end: number): void {
    this.failed ??= { severity: "error", message, span: { start, end: Math.max(end, Math.min(start + 1, this.chars.length)) }, line: this.line(start) };
  }

  /** Says that the innermost bracket is never closed. */
  protected unclosed(): void {
    this.closeRow(this.chars.length);
    const { start, code } = this.tokens;
    const open = this.stack[this.stack.length - 1];
    const at = start[open];
    this.fail(msg("Line {0}: this {1} is never closed. Add the missing {2}.", this.line(at), OPENERS[code[open]], CLOSERS[code[open]]), at, at + 1);
  }

  protected comma(at: number): void {
    if (this.stack.length > 0 && this.last === "comma" && this.chars[at] === 44) {
      this.fail(msg("Line {0}: a value is missing between two commas. Type it, or remove one comma.", this.line(at)), at, at + 1);
    }
    if (this.last === "key") this.keyAlone();
    this.last = "comma";
  }

  /** A semicolon divides a list into rows, as in Matlab and Julia; elsewhere it is a comma. */
  protected semicolon(at: number): void {
    const { tokens, stack } = this;
    const top = stack[stack.length - 1];
    const bracket = top === undefined ? -1 : tokens.code[top];
    if (bracket === Bracket.list && top + 1 < tokens.count && tokens.onlyValues(top + 1)) {
      tokens.openBefore(top + 1, Bracket.row, tokens.start[top + 1]);
      stack.push(top + 1);
    } else if (bracket !== Bracket.row) return this.comma(at);
    this.close(at, at);
    this.open(Bracket.row, at, at);
  }

  /** Ends the row that a list's end ends; what a closing semicolon began is none. */
  protected closeRow(at: number): void {
    const { tokens, stack } = this;
    const top = stack[stack.length - 1];
    if (top === undefined || tokens.code[top] !== Bracket.row) return;
    if (top < tokens.count - 1) this.close(at, at);
    else {
      stack.pop();
      tokens.drop();
    }
  }

  protected keyAlone(): void {
    const { tokens } = this;
    const key = tokens.count - 1;
    const name = textOf(this.chars, tokens.start[key], tokens.end[key]);
    if (this.stack.length === 0 || tokens.kind[key] !== Kind.key) return;
    this.fail(msg("Line {0}: “{1}” has no value. Type one behind it.", this.line(tokens.start[key]), name), tokens.start[key], tokens.end[key]);
  }

  protected bracket(bracket: number, at: number): void {
    if (this.stack.length >= DEEPEST) this.fail(msg("Line {0}: lists are nested more than {1} deep.", this.line(at), DEEPEST), at, at + 1);
    this.open(bracket, at, at + 1);
  }

  protected open(bracket: number, start: number, end: number): void {
    this.checkNamed(start, end);
    this.stack.push(this.tokens.push(Kind.open, bracket, start, end, -1));
    this.last = "start";
  }

  protected closer(code: number, here: number): void {
    this.closeRow(here);
    const open = this.stack[this.stack.length - 1];
    const closer = String.fromCharCode(code);
    if (open === undefined) this.fail(msg("Line {0}: nothing is open that this {1} could close. Remove it, or add its beginning.", this.line(here), closer), here, here + 1);
    else if (CLOSERS[this.tokens.code[open]] !== closer) {
      const at = this.tokens.start[open];
      this.fail(
        msg("Line {0}: {1} closes the {2} of line {3}. Write {4} here, or add what is missing.", this.line(here), closer, OPENERS[this.tokens.code[open]], this.line(at), CLOSERS[this.tokens.code[open]]),
        here,
        here + 1,
      );
    } else {
      if (this.last === "key") this.keyAlone();
      this.close(here, here + 1);
    }
  }

  protected close(start: number, end: number): void {
    const open = this.stack.pop()!;
    // The push may put the arrays elsewhere, so it comes first.
    const closing = this.tokens.push(Kind.close, 0, start, end, open);
    this.tokens.value[open] = closing;
    this.last = "value";
  }

  protected add(code: CellCode, start: number, end: number, value: number): void {
    this.checkNamed(start, end);
    this.tokens.pushValue(code, start, end, value);
    this.last = "value";
  }

  /** Among named values each needs its name. */
  protected checkNamed(start: number, end: number): void {
    const top = this.stack[this.stack.length - 1];
    if (top === undefined || this.last === "key" || this.tokens.code[top] !== Bracket.brace) return;
    if (top + 1 >= this.tokens.count || this.tokens.kind[top + 1] !== Kind.key) return;
    const what = textOf(this.chars, start, Math.min(end, start + 30));
    this.fail(msg("Line {0}: “{1}” stands without a name and colon among named values. Complete it, or check for a missing comma.", this.line(start), what), start, end);
  }
}
