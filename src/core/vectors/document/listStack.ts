import { made, VECTOR_KEYS, type Frame, type Name } from "./frame.js";
import type { VectorList } from "./vectorList.js";

const DEEPEST = 200;
const FEWEST = 2;

/** The brackets that are open at a place of a text, and what becomes of them when they close. */
export class ListStack {
  protected readonly stack: Frame[] = [];
  private numbers = new Float64Array(1024);
  private used = 0;
  /** The name to the left of an assignment outside of all brackets, and the last name before it is known to be one. */
  protected assigned: Name | undefined;
  protected last: Name | undefined;

  /** `commas`: two numbers of a list have a comma between them, as in programs. */
  constructor(
    private readonly found: VectorList,
    private readonly commas: boolean,
  ) {}

  /** Whether a line that begins here may be a row of its own rather than a part of a list. */
  get outside(): boolean {
    const top = this.stack[this.stack.length - 1];
    return top === undefined || !top.pure || top.code === 40;
  }

  /** Leaves brackets of prose that were never closed. */
  drop(): void {
    while (this.stack.length > 0 && this.outside) this.discard();
  }

  protected get top(): Frame | undefined {
    return this.stack[this.stack.length - 1];
  }

  /** What was just read is the key of what follows its colon. */
  protected key(name: Name): void {
    const { top } = this;
    if (!top) this.assigned = name;
    else {
      top.object = true;
      top.pending = name;
      top.valued = false;
    }
  }

  protected value(value: number): void {
    const { top } = this;
    if (!top) {
      this.assigned = undefined;
      return;
    }
    // In a program two numbers without a comma are an expression: `1 -2`.
    if (top.valued && this.commas) top.pure = false;
    top.valued = true;
    if (top.code === 123 && top.pending) return;
    if (this.used === this.numbers.length) {
      const wider = new Float64Array(2 * this.used);
      wider.set(this.numbers);
      this.numbers = wider;
    }
    this.numbers[this.used++] = value;
    top.count++;
  }

  protected spoil(): void {
    if (this.top) {
      this.top.pure = false;
      this.top.valued = true;
    }
  }

  protected open(code: number, call: Frame["call"], start: number, line: number): void {
    const name = this.nameOfNext();
    if (this.stack.length >= DEEPEST) this.stack.splice(0, 1);
    this.stack.push({
      code, call, start, line, name, from: this.used, count: 0, pure: call !== "call", strings: 0,
      label: undefined, children: 0, pending: undefined, object: false, valued: false, keyed: [],
    });
  }

  /** The name of a list that begins here. */
  private nameOfNext(): Name | undefined {
    const { top } = this;
    if (!top) return this.assigned;
    if (top.pending) return top.object && inList(this.stack) ? made(`${top.name?.text ?? ""}.${top.pending.text}`) : top.pending;
    if (top.call !== "") return top.children === 0 ? top.name : undefined;
    if (top.label && top.strings > 0 && top.count === 0 && !top.object) return top.label;
    return made(`${top.name?.text ?? ""}[${top.children}]`);

    function inList(stack: readonly Frame[]): boolean {
      const parent = stack[stack.length - 2];
      return parent !== undefined && parent.code === 91;
    }
  }

  /** Closes the innermost open bracket of a kind, if there is one, behind which the text goes on at `end`. */
  protected close(code: number, end: number): void {
    const opener = code === 41 ? 40 : code === 93 ? 91 : 123;
    if (!this.stack.some((frame) => frame.code === opener)) return;
    while (this.top?.code !== opener) this.discard();
    const frame = this.stack.pop()!;
    const { top } = this;
    const scalar = frame.call === "number" && frame.count === 1 && frame.pure;
    const first = this.numbers[frame.from];
    const vector = scalar ? -1 : this.emit(frame, end);
    this.used = frame.from;
    if (frame.label && frame.object) this.rename(frame, frame.label);
    if (!top) {
      // vectors["king"] = […]
      if (frame.code === 91 && frame.strings === 1 && frame.count === 0 && frame.label) this.last = frame.label;
      return;
    }
    if (scalar) return this.value(first);
    top.children++;
    if (vector >= 0 && top.code === 123 && top.pending) top.keyed.push({ vector, key: top.pending.text });
    if (top.code === 123 || top.call !== "") top.pending = undefined;
    if (!top.object && top.label && top.count === 0 && top.code !== 123) top.label = undefined;
    if (top.label === undefined) top.strings = 0;
    top.valued = true;
  }

  /** Adds the numbers of a closed bracket as a vector, if they are one; returns its index or -1. */
  private emit(frame: Frame, end: number): number {
    if (!frame.pure || frame.object || frame.children > 0 || frame.count === 0 || frame.call === "number") return -1;
    const { top } = this;
    if (frame.count < FEWEST) {
      if (frame.code === 91) this.found.single({ name: frame.name?.text ?? "", start: frame.start, end, line: frame.line });
      return -1;
    }
    // A remark such as "(12, 14)" is no vector in prose.
    if (frame.code === 40 && frame.call === "" && !this.commas && !(top && top.code === 91)) return -1;
    const vector = this.found.add(this.numbers, frame.from, this.used, frame.start, end, frame.line);
    const name = frame.strings === 1 ? frame.label : frame.name;
    if (name) this.found.name(vector, name.text, name.start, name.end);
    return vector;
  }

  /** Gives the vectors of an object the name that another of its values spells. */
  private rename(frame: Frame, label: Name): void {
    for (const { vector, key } of frame.keyed) {
      const text = frame.keyed.length === 1 || VECTOR_KEYS.test(key) ? label.text : `${label.text}.${key}`;
      this.found.name(vector, text, label.start, label.end);
    }
  }

  protected discard(): void {
    this.used = this.stack.pop()!.from;
  }
}
