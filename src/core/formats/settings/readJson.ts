import type { Span } from "../../contract/index.js";
import type { Block, Entry, Literal } from "./block.js";

/** Deeper values are passed over: nobody nests parameters so deep, and the reader calls itself. */
const DEEPEST = 100;

/**
 * Finds the parameters in a JSON text that may be half typed, with comments and trailing commas: the whole object if the
 * file `isConfig`, and every object under the key generation_config. Never throws.
 */
export function readJson(text: string, isConfig: boolean): Block[] {
  const reader = new JsonReader(text, isConfig);
  reader.file();
  // What is broken anywhere may have shifted the brackets everywhere.
  return reader.blocks.map((block) => ({ ...block, complete: block.complete && reader.sound })).sort((a, b) => a.start - b.start);
}

type Read = { readonly value: Literal; readonly span: Span };

class JsonReader {
  readonly blocks: Block[] = [];
  sound = true;
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly isConfig: boolean,
  ) {}

  file(): void {
    const start = this.blank();
    if (start >= this.text.length) return;
    this.value(0, this.isConfig ? start : -1);
    if (this.blank() < this.text.length) this.sound = false;
  }

  /** Reads a value; `start` ≥ 0 says that an object here holds parameters, and where its name stands. */
  private value(depth: number, start: number): Read {
    const from = this.blank();
    const char = this.text[from];
    if (depth > DEEPEST) {
      this.sound = false;
      this.at = this.text.length;
      return { value: { kind: "unknown" }, span: { start: from, end: this.at } };
    }
    if (char === "{") {
      this.object(depth + 1, start);
      return { value: { kind: "object" }, span: { start: from, end: this.at } };
    }
    if (char === "[") {
      const items = this.list(depth + 1);
      return { value: { kind: "list", items }, span: { start: from, end: this.at } };
    }
    if (char === '"') {
      const closed = this.string();
      const span = { start: from, end: this.at };
      return { value: closed ? { kind: "text", value: unquote(this.text.slice(from, this.at)) } : { kind: "unknown" }, span };
    }
    while (this.at < this.text.length && !/[\s,:{}[\]"]/.test(this.text[this.at])) this.at++;
    const value = word(this.text.slice(from, this.at));
    if (value.kind === "unknown") this.sound = false;
    return { value, span: { start: from, end: this.at } };
  }

  private object(depth: number, start: number): void {
    const open = this.at++;
    const entries: Entry[] = [];
    let complete = true;
    let begun: Span | undefined;
    let commaBefore = -1;
    let waiting = true; // for a name, rather than for a comma
    for (;;) {
      const at = this.blank();
      const char = this.text[at];
      if (char === undefined || char === "}") {
        complete &&= char === "}";
        break;
      }
      if (char === ",") {
        complete &&= !waiting;
        const last = entries.at(-1);
        if (last && last.commaAfter < 0 && !waiting) entries[entries.length - 1] = { ...last, commaAfter: at };
        commaBefore = at;
        waiting = true;
        this.at++;
      } else if (char !== '"') {
        // Not a name: goes on behind the word, so that the rest of the object is still read.
        complete = false;
        waiting = false;
        if (char === "{" || char === "[") this.value(depth, -1);
        else if (char === "]" || char === ":") this.at++;
        else {
          this.value(depth, -1);
          begun = { start: at, end: this.at };
        }
      } else {
        complete &&= waiting;
        waiting = false;
        complete = this.string() && complete;
        const nameSpan = { start: at, end: this.at };
        const name = unquote(this.text.slice(at, this.at));
        if (this.text[this.blank()] !== ":") {
          complete = false;
          begun = nameSpan;
          this.at = nameSpan.end;
          continue;
        }
        this.at++;
        const read = this.member(depth, name === "generation_config" ? at : -1);
        complete &&= read.span.end > read.span.start;
        const span = { start: at, end: Math.max(read.span.end, nameSpan.end) };
        entries.push({ name, nameSpan, value: read.value, valueSpan: read.span, span, commaBefore, commaAfter: -1 });
      }
    }
    const inside = { start: open + 1, end: this.at };
    if (this.text[this.at] === "}") this.at++;
    this.sound &&= complete;
    if (start >= 0) this.blocks.push({ syntax: "json", base: "defaults", call: false, start, inside, entries, begun, complete });
  }

  /** The value behind a colon, which may be missing: then the next name must not be taken for it. */
  private member(depth: number, start: number): Read {
    const colon = this.at;
    const from = this.blank();
    const char = this.text[from];
    const missing = { value: { kind: "unknown" }, span: { start: colon, end: colon } } as const;
    if (char === undefined || ",}]:".includes(char)) {
      this.at = colon;
      return missing;
    }
    const read = this.value(depth, start);
    if (char !== '"' || this.text[this.blank()] !== ":") {
      this.at = read.span.end;
      return read;
    }
    this.at = colon;
    return missing;
  }

  private list(depth: number): Literal[] {
    this.at++;
    const items: Literal[] = [];
    let comma = true;
    for (;;) {
      const char = this.text[this.blank()];
      if (char === "]") {
        this.at++;
        return items;
      }
      if (char === undefined || char === "}") {
        this.sound = false;
        return items;
      }
      if (char === "," || char === ":") {
        this.sound &&= char === "," && !comma;
        comma = true;
        this.at++;
      } else {
        this.sound &&= comma;
        comma = false;
        items.push(this.value(depth, -1).value);
      }
    }
  }

  /** Goes behind a string; false when it does not end in its line. */
  private string(): boolean {
    for (this.at++; this.at < this.text.length; this.at++) {
      const char = this.text[this.at];
      if (char === "\n" || char === "\r") break;
      if (char === "\\" && this.at + 1 < this.text.length && this.text[this.at + 1] !== "\n") this.at++;
      else if (char === '"') {
        this.at++;
        return true;
      }
    }
    this.sound = false;
    return false;
  }

  /** Goes to the next character that is neither blank nor comment. */
  private blank(): number {
    for (;;) {
      while (this.at < this.text.length && /[\s\uFEFF]/.test(this.text[this.at])) this.at++;
      const two = this.text.slice(this.at, this.at + 2);
      if (two !== "//" && two !== "/*") return this.at;
      const end = two === "//" ? this.text.indexOf("\n", this.at) : this.text.indexOf("*/", this.at + 2);
      this.at = end < 0 ? this.text.length : two === "//" ? end : end + 2;
    }
  }
}

function word(text: string): Literal {
  if (text === "true" || text === "false") return { kind: "boolean", value: text === "true" };
  if (text === "null") return { kind: "null" };
  if (/^-?\d+$/.test(text)) return { kind: "integer", value: Number(text) };
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return { kind: "float", value: Number(text) };
  return { kind: "unknown" };
}

/** What a JSON string says; its characters as they stand when it has no end or a wrong escape. */
function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.replace(/^"|"$/g, "");
  }
}
