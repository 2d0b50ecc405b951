import { Bracket, Key, Kind, type Tokens } from "./literalTokens.js";
import { textOf } from "./number.js";
import { Cell } from "./table.js";

/** What a value is once calls around it are taken off. */
export type Shape = "leaf" | "list" | "object";
/** A named or numbered part of an object or list: the token of its value. */
export type Entry = { readonly name: string; readonly key: number; readonly value: number };

/** Looks at tokens as a tree. Values are named by the index of their first token. */
export class Tree {
  constructor(
    readonly tokens: Tokens,
    readonly chars: Uint16Array,
  ) {}

  /** Takes off calls: `np.array([…], dtype=float)` is its list, `np.float64(1.5)` its number, `c(1, 2)` a list. */
  resolve(value: number): number {
    const { tokens } = this;
    let at = value;
    while (tokens.kind[at] === Kind.open && tokens.code[at] === Bracket.call) {
      let inner = -1;
      let leaves = 0;
      let leaf = -1;
      for (const { value: child, key, name } of this.entries(at)) {
        if (key >= 0 && name !== "data" && name !== "object") continue;
        if (tokens.kind[child] === Kind.open) {
          inner = child;
          break;
        }
        leaf = child;
        leaves++;
      }
      if (inner < 0) return leaves === 1 ? leaf : at;
      at = inner;
    }
    return at;
  }

  shape(value: number): Shape {
    const { tokens } = this;
    if (tokens.kind[value] !== Kind.open) return "leaf";
    return tokens.code[value] === Bracket.brace && tokens.kind[value + 1] === Kind.key && tokens.code[value + 1] === Key.entry ? "object" : "list";
  }

  /** The values within a list or call, calls not taken off, in order. */
  *items(list: number): Generator<number, void, void> {
    const { tokens } = this;
    const close = tokens.value[list];
    for (let i = list + 1; i < close; i = tokens.next(i)) if (tokens.kind[i] !== Kind.key) yield i;
  }

  /** The values within an object, list or call with their keys (key -1 and name "" where there is none). */
  *entries(parent: number): Generator<Entry, void, void> {
    const { tokens } = this;
    const close = tokens.value[parent];
    let key = -1;
    for (let i = parent + 1; i < close; i = tokens.next(i)) {
      if (tokens.kind[i] === Kind.key) key = i;
      else {
        yield { name: key < 0 ? "" : this.text(key), key, value: i };
        key = -1;
      }
    }
  }

  /** The values at the top, with the names they are assigned to. */
  roots(): Entry[] {
    const { tokens } = this;
    const roots: Entry[] = [];
    let key = -1;
    for (let i = 0; i < tokens.count; i = tokens.next(i)) {
      if (tokens.kind[i] === Kind.key) key = i;
      else {
        roots.push({ name: key < 0 ? "" : this.text(key), key, value: i });
        key = -1;
      }
    }
    return roots;
  }

  /** How many numbers a value holds. */
  numbers(value: number): number {
    const { tokens } = this;
    const end = tokens.next(value);
    let count = 0;
    for (let i = value; i < end; i++) if (tokens.kind[i] === Kind.value && tokens.code[i] === Cell.ok) count++;
    return count;
  }

  /**
   * The only list of rows (lists or objects) within nested objects, when it holds most of their numbers, with its path
   * and the object that it is in.
   */
  onlyTable(object: number): { readonly path: readonly string[]; readonly entry: Entry; readonly parent: number } | undefined {
    const found: { path: string[]; entry: Entry; parent: number }[] = [];
    const search = (parent: number, path: readonly string[]): void => {
      for (const each of this.entries(parent)) {
        if (found.length > 1) return;
        const entry = { ...each, value: this.resolve(each.value) };
        const inner = [...path, each.name];
        const shape = this.shape(entry.value);
        if (shape === "object") search(entry.value, inner);
        else if (shape === "list" && this.isRows(entry.value)) found.push({ path: inner, entry, parent });
      }
    };
    search(object, []);
    return found.length === 1 && 2 * this.numbers(found[0].entry.value) > this.numbers(object) ? found[0] : undefined;
  }

  private isRows(list: number): boolean {
    let rows = 0;
    for (const item of this.items(list)) {
      if (this.shape(this.resolve(item)) === "leaf") return false;
      rows++;
    }
    return rows > 0;
  }

  text(token: number): string {
    const text = textOf(this.chars, this.tokens.start[token], this.tokens.end[token]);
    return text.includes("\\") ? unescaped(text) : text;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, char: string | undefined) =>
    code ? String.fromCharCode(parseInt(code, 16)) : char === "n" || char === "t" || char === "r" ? " " : (char ?? ""),
  );
}
