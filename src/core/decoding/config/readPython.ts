import type { Span } from "../../contract/index.js";
import type { Block, Entry } from "../../formats/settings/block.js";
import { pythonLiteral } from "./pythonLiteral.js";
import { parameterOf } from "./table.js";

/** A bracket that is open, and, where it is a call that takes parameters, what was read of it. */
type Frame = {
  readonly call: "generate" | "config" | undefined;
  /** Where the name of the call begins. */
  readonly start: number;
  readonly open: number;
  readonly entries: Entry[];
  /** Where the argument begins that is being read; −1: not yet. */
  from: number;
  name?: Span;
  value: number;
  stars: number;
  commaBefore: number;
  positional: number;
  unknown: boolean;
};

/** Words that begin a statement: no call goes on there, so that one without its parenthesis ends. */
const STATEMENT = /^(?:def|class|import|return|with|while|try|except|raise|assert|del|global|nonlocal|pass|break|continue)$/;
/** What such a `**` brings are tensors of a tokenizer, rather than parameters. */
const INPUTS = /inp|enc|batch|tok|ids|feat|prompt|proc|sample/i;
/** Keywords of other libraries' `generate`: such a call isn't about transformers. */
const ELSEWHERE = new Set(["prompt", "prompts", "messages", "model", "sampling_params", "image", "size", "schema", "contents", "engine"]);

/**
 * Finds the keyword arguments of `….generate(…)` and `GenerationConfig(…)` in Python that may be half typed. A call of
 * `generate` is taken for one of transformers when it has a parameter that only transformers has, or when the text
 * speaks of transformers. Never throws.
 */
export function readPython(text: string): Block[] {
  const reader = new PythonReader(text);
  reader.read();
  const mentioned = /\btransformers\b/.test(text);
  return reader.blocks.filter((block) => isOurs(block, mentioned)).sort((a, b) => a.start - b.start);
}

function isOurs({ call, entries }: Block, mentioned: boolean): boolean {
  if (!call) return true;
  if (entries.some(({ name }) => ELSEWHERE.has(name))) return false;
  return mentioned || entries.some(({ name }) => parameterOf(name)?.distinct);
}

class PythonReader {
  readonly blocks: Block[] = [];
  private readonly stack: Frame[] = [];
  /** The name just read with the dots before it, as in model.generate; empty after anything else. */
  private dotted: Span | undefined;
  private lineStart = true;

  constructor(private readonly text: string) {}

  read(): void {
    const { text } = this;
    for (let at = 0; at < text.length; ) {
      const char = text[at];
      if (char === "\n" || char === "\r") {
        this.lineStart = true;
        at++;
      } else if (char === " " || char === "\t" || char === "\f" || char === "\\") at++;
      else if (char === "#") at = lineEnd(text, at);
      else at = this.token(at, char);
    }
    this.abandon(text.length);
  }

  private token(at: number, char: string): number {
    const { text } = this;
    const first = this.lineStart;
    this.lineStart = false;
    const frame = this.stack.at(-1);
    if (/[\p{L}_]/u.test(char)) {
      let end = at + 1;
      while (end < text.length && /[\p{L}\p{N}_]/u.test(text[end])) end++;
      const word = text.slice(at, end);
      if (first && STATEMENT.test(word)) this.abandon(at);
      if (/^[rbuf]{1,2}$/i.test(word) && (text[end] === '"' || text[end] === "'")) {
        this.begin(at);
        return stringEnd(text, end);
      }
      const dot = this.dotted && text[at - 1] === "." && this.dotted.end === at - 1;
      this.begin(at);
      this.dotted = { start: dot && this.dotted ? this.dotted.start : at, end };
      return end;
    }
    const { dotted } = this;
    if (char === "(" || char === "[" || char === "{") {
      this.begin(at);
      this.open(at, char === "(" ? dotted : undefined);
      return at + 1;
    }
    if (char === "." && dotted?.end === at) return at + 1;
    this.dotted = undefined;
    if (char === '"' || char === "'") {
      this.begin(at);
      return stringEnd(text, at);
    }
    if (char === ")" || char === "]" || char === "}") {
      if (frame) this.close(frame, at, char === ")");
      return at + 1;
    }
    if (!frame?.call) return at + 1;
    if (char === ",") this.comma(frame, at);
    else if (char === "=" && text[at + 1] === "=") return at + 2;
    else if (char === "=" && !frame.name && dotted && frame.from === dotted.start && frame.stars === 0 && at + 1 > dotted.end) {
      frame.name = dotted;
      frame.value = at + 1;
    } else if (char === "*" && frame.from < 0) frame.stars++;
    else this.begin(at);
    return at + 1;
  }

  private begin(at: number): void {
    const frame = this.stack.at(-1);
    if (frame?.call && frame.from < 0) frame.from = at;
  }

  private open(at: number, dotted: Span | undefined): void {
    const name = dotted ? this.text.slice(dotted.start, dotted.end) : "";
    const before = dotted ? this.text.slice(Math.max(0, dotted.start - 12), dotted.start) : "";
    const declared = /\b(?:def|class)\s+$/.test(before);
    // A dot whose left side is a call or an index, as in load().generate(…), isn't part of the dotted name.
    const method = name.endsWith(".generate") || (name === "generate" && /\.\s*$/.test(before));
    const config = /(?:^|\.)GenerationConfig$/.test(name);
    const call = declared ? undefined : method ? "generate" : config ? "config" : undefined;
    const start = dotted?.start ?? at;
    this.stack.push({ call, start, open: at, entries: [], from: -1, value: -1, stars: 0, commaBefore: -1, positional: 0, unknown: false });
    this.dotted = undefined;
  }

  private comma(frame: Frame, at: number): void {
    this.argument(frame, at, at);
    frame.commaBefore = at;
  }

  /** Ends the argument that is being read. */
  private argument(frame: Frame, end: number, comma: number): void {
    const { name, from, stars } = frame;
    const text = this.text;
    if (stars === 2) frame.unknown ||= !INPUTS.test(text.slice(from, end));
    else if (stars === 1) frame.unknown = true;
    else if (name) {
      const span = trimmed(text, frame.value, end);
      const value = pythonLiteral(text.slice(span.start, span.end));
      const word = text.slice(name.start, name.end);
      if (word === "generation_config" && value.kind !== "null") frame.unknown = true;
      const whole = { start: name.start, end: Math.max(span.end, frame.value) };
      frame.entries.push({ name: word, nameSpan: name, value, valueSpan: span, span: whole, commaBefore: frame.commaBefore, commaAfter: comma });
    } else if (from >= 0) {
      frame.positional++;
      // The second argument without a name is the whole GenerationConfig.
      frame.unknown ||= frame.call === "generate" && frame.positional > 1;
    }
    frame.from = -1;
    frame.name = undefined;
    frame.stars = 0;
  }

  private close(frame: Frame, at: number, round: boolean): void {
    if (frame.call) this.finish(frame, at, round);
    this.stack.pop();
    this.dotted = undefined;
  }

  /** Every call that is still open is being typed. */
  private abandon(at: number): void {
    for (const frame of this.stack.splice(0)) if (frame.call) this.finish(frame, at, false);
  }

  private finish(frame: Frame, at: number, closed: boolean): void {
    const lastFrom = frame.from;
    const named = frame.name !== undefined;
    this.argument(frame, at, -1);
    const rest = lastFrom >= 0 && !named ? trimmed(this.text, lastFrom, at) : undefined;
    const begun = rest && /^\w+$/.test(this.text.slice(rest.start, rest.end)) ? rest : undefined;
    const { call, entries, start, open, unknown } = frame;
    const base = unknown ? "unknown" : call === "generate" ? "model" : "defaults";
    const complete = closed && entries.every(({ valueSpan }) => valueSpan.end > valueSpan.start);
    this.blocks.push({ syntax: "python", base, call: call === "generate", start, inside: { start: open + 1, end: at }, entries, begun, complete });
  }
}

/** The part of a text without the blanks and comments around it. */
function trimmed(text: string, start: number, end: number): Span {
  let at = start;
  let last = start;
  let first = -1;
  while (at < end) {
    const char = text[at];
    if (char === "#") at = Math.min(end, lineEnd(text, at));
    else if (/\s|\\/.test(char)) at++;
    else {
      if (first < 0) first = at;
      at = char === '"' || char === "'" ? Math.min(end, stringEnd(text, at)) : at + 1;
      last = at;
    }
  }
  return first < 0 ? { start, end: start } : { start: first, end: last };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Behind a string that begins here; a short one ends at the latest with its line. */
function stringEnd(text: string, at: number): number {
  const quote = text[at];
  const long = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : "";
  for (let i = at + (long ? 3 : 1); i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (long) {
      if (text.startsWith(long, i)) return i + 3;
    } else if (text[i] === quote) return i + 1;
    else if (text[i] === "\n") return i;
  }
  return text.length;
}
