import { msg, type Problem, type Progress, type Span } from "../contract/index.js";
import { Kind, type LineCounter } from "../formats/literalTokens.js";
import type { Tree } from "../formats/literalTree.js";
import { Cell } from "../formats/table.js";

/** Deeper lists are no arrays of attention. */
const DEEPEST = 8;
/** Numbers read between two pauses. */
const SLICE = 1 << 16;

export type Nested = {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  placeOf(index: number): { readonly span: Span; readonly line: number };
};

/** Nested lists of numbers as one array; what is no number, or a row of another length, is a problem with its place. */
export function* readNested(tree: Tree, list: number, lines: LineCounter): Generator<Progress, Nested | Problem, void> {
  const shape = shapeOf(tree, list);
  const walk = new Walk(tree, shape, lines);
  yield* walk.list(list, 0);
  if (walk.problem) return walk.problem;
  const { values, places } = walk;
  return {
    shape,
    values: new Float32Array(values.subarray(0, walk.count)),
    placeOf(index) {
      const token = places[index];
      const span = { start: tree.tokens.start[token], end: tree.tokens.endOf(token) };
      return { span, line: lines.at(span.start) };
    },
  };
}

/** The lengths of the first list, its first list, and so on; the others must be as long. */
function shapeOf(tree: Tree, list: number): number[] {
  const shape: number[] = [];
  let at = list;
  while (shape.length < DEEPEST && tree.shape(at) === "list") {
    const items = [...tree.items(at)];
    shape.push(items.length);
    if (items.length === 0) break;
    at = tree.resolve(items[0]);
  }
  return shape;
}

class Walk {
  problem: Problem | undefined;
  count = 0;
  values = new Float64Array(1024);
  /** Token of each number. */
  places = new Int32Array(1024);

  constructor(
    private readonly tree: Tree,
    private readonly shape: readonly number[],
    private readonly lines: LineCounter,
  ) {}

  *list(list: number, depth: number): Generator<Progress, void, void> {
    const { tree, shape } = this;
    const wanted = shape[depth];
    let count = 0;
    for (const item of tree.items(list)) {
      const value = tree.resolve(item);
      const leaf = tree.shape(value) === "leaf";
      if (leaf !== (depth === shape.length - 1)) return this.fail(value, msg("Line {0}: numbers and lists stand side by side here, so these lists are no array. Give all rows the same depth.", this.line(value)));
      count++;
      if (count > wanted) break;
      if (!leaf) yield* this.list(value, depth + 1);
      else this.number(value);
      if (this.problem) return;
      if (leaf && this.count % SLICE === 0) yield { fraction: NaN, message: msg("Reading the numbers") };
    }
    if (count !== wanted) {
      const all = [...tree.items(list)].length;
      this.fail(list, msg("Line {0}: this list has length {1}, but the first of its kind has length {2}. All rows of an array need the same length.", this.line(list), all, wanted));
    }
  }

  private number(value: number): void {
    const { tokens } = this.tree;
    if (tokens.kind[value] !== Kind.value) return this.fail(value, msg("Line {0}: a number is missing here. Type one.", this.line(value)));
    let number = tokens.value[value];
    if (tokens.code[value] === Cell.text) {
      const text = this.tree.text(value);
      const said = text.toLowerCase();
      if (said !== "true" && said !== "false") return this.fail(value, msg("Line {0}: “{1}” is no number. Replace it by one.", this.line(value), text.slice(0, 40)));
      number = said === "true" ? 1 : 0;
    }
    if (this.count === this.values.length) this.grow();
    this.values[this.count] = number;
    this.places[this.count++] = value;
  }

  private fail(token: number, message: Problem["message"]): void {
    const { tokens } = this.tree;
    this.problem = { severity: "error", message, span: { start: tokens.start[token], end: tokens.endOf(token) }, line: this.line(token) };
  }

  private line(token: number): number {
    return this.lines.at(this.tree.tokens.start[token]);
  }

  private grow(): void {
    const values = new Float64Array(2 * this.values.length);
    const places = new Int32Array(values.length);
    values.set(this.values);
    places.set(this.places);
    this.values = values;
    this.places = places;
  }
}
