import type { CellCode } from "./table.js";

export const Kind = { value: 0, open: 1, close: 2, key: 3 } as const;
/** Kinds of opening tokens, kept as their code. */
/** `row` is a part of a list that semicolons divide: `[1 2; 3 4]`. */
export const Bracket = { list: 0, tuple: 1, brace: 2, call: 3, row: 4 } as const;
/** Kinds of key tokens, kept as their code: `"a": 1`, `dtype=float`, `x = [1]`. */
export const Key = { entry: 0, argument: 1, assigned: 2 } as const;

/**
 * The tokens of nested lists, flat and in typed arrays, so that a large JSON file is not a forest of objects. An opening
 * token keeps the index of its closing one in `value`, so that a list is stepped over in one go.
 */
export class Tokens {
  count = 0;
  kind = new Uint8Array(1024);
  code = new Uint8Array(1024);
  start = new Int32Array(1024);
  end = new Int32Array(1024);
  value = new Float64Array(1024);

  push(kind: number, code: number, start: number, end: number, value: number): number {
    const i = this.count++;
    if (i === this.kind.length) this.grow();
    this.kind[i] = kind;
    this.code[i] = code;
    this.start[i] = start;
    this.end[i] = end;
    this.value[i] = value;
    return i;
  }

  pushValue(code: CellCode, start: number, end: number, value: number): void {
    this.push(Kind.value, code, start, end, value);
  }

  /** Gives up the last token. */
  drop(): void {
    this.count--;
  }

  /** Puts an opening token before the values from `at` to the end, among which there are no brackets. */
  openBefore(at: number, bracket: number, start: number): void {
    this.push(Kind.open, bracket, start, start, -1);
    for (const array of [this.kind, this.code, this.start, this.end, this.value]) {
      const last = array[this.count - 1];
      array.copyWithin(at + 1, at, this.count - 1);
      array[at] = last;
    }
  }

  /** Whether there are only values from `at` to the end. */
  onlyValues(at: number): boolean {
    for (let i = at; i < this.count; i++) if (this.kind[i] !== Kind.value) return false;
    return true;
  }

  /** The token behind the value that begins at token `i`. */
  next(i: number): number {
    return this.kind[i] === Kind.open ? this.value[i] + 1 : i + 1;
  }

  /** Where the value that begins at token `i` ends in the text. */
  endOf(i: number): number {
    return this.kind[i] === Kind.open ? this.end[this.value[i]] : this.end[i];
  }

  private grow(): void {
    const size = 2 * this.kind.length;
    const wider = <A extends Uint8Array | Int32Array | Float64Array>(array: A, made: A): A => {
      made.set(array);
      return made;
    };
    this.kind = wider(this.kind, new Uint8Array(size));
    this.code = wider(this.code, new Uint8Array(size));
    this.start = wider(this.start, new Int32Array(size));
    this.end = wider(this.end, new Int32Array(size));
    this.value = wider(this.value, new Float64Array(size));
  }
}

/** Lines of offsets that are asked for mostly in rising order. */
export class LineCounter {
  private offset = 0;
  private line: number;

  constructor(
    private readonly chars: Uint16Array,
    private readonly first = 1,
  ) {
    this.line = first;
  }

  /** The 1-based line of an offset. */
  at(offset: number): number {
    const { chars } = this;
    if (offset < this.offset) {
      this.offset = 0;
      this.line = this.first;
    }
    let i = this.offset;
    const end = Math.min(offset, chars.length);
    for (; i < end; i++) if (chars[i] === 10 || (chars[i] === 13 && chars[i + 1] !== 10)) this.line++;
    this.offset = i;
    return this.line;
  }
}
