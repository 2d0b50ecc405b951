import { msg, type Problem } from "../contract/index.js";
import { Kind, type LineCounter } from "./literalTokens.js";
import type { Tree } from "./literalTree.js";
import { MOST_COLUMNS } from "./npy.js";
import { Cell } from "./table.js";
import type { Heading, TableBuilder } from "./tableBuilder.js";

/** Collects lists and objects as rows; objects bring their columns with them. */
export class LiteralRows {
  readonly headings: Heading[] = [];
  /** Set when there are too many columns. */
  problem: Problem | undefined;
  private readonly byName = new Map<string, number>();
  private long = 0;
  private longest = 0;
  private longPlace: { line: number; start: number; end: number } | undefined;

  /** `width` columns are there from the start; rows of a list can't add to them, objects can. */
  constructor(
    readonly builder: TableBuilder,
    private readonly width: number,
  ) {}

  /** Adds a list as a row of cells. */
  addList(tree: Tree, list: number, lines: LineCounter): void {
    const { tokens } = tree;
    let column = 0;
    if (tokens.kind[list] !== Kind.open) this.leaf(tree, list, column++);
    else {
      for (const item of tree.items(list)) {
        if (column < this.width) this.leaf(tree, tree.resolve(item), column);
        column++;
      }
    }
    this.end(tree, list, lines, column);
  }

  /** Adds an object as a row; the entries of nested ones are called `outer.inner`, of nested lists `outer[0]`. */
  addObject(tree: Tree, object: number, lines: LineCounter): void {
    this.addEntries(tree, object, "", 0);
    this.end(tree, object, lines, 0);
  }

  private addEntries(tree: Tree, parent: number, prefix: string, depth: number): void {
    let i = 0;
    for (const { name, key, value: raw } of tree.entries(parent)) {
      const value = tree.resolve(raw);
      const shape = tree.shape(value);
      const path = key >= 0 && tree.shape(parent) === "object" ? (prefix ? `${prefix}.${name}` : name) : `${prefix}[${i}]`;
      i++;
      if (shape !== "leaf" && depth < 8) this.addEntries(tree, value, path, depth + 1);
      else this.leaf(tree, value, this.columnOf(tree, path, key));
      if (this.problem) return;
    }
  }

  private columnOf(tree: Tree, name: string, key: number): number {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    if (this.byName.size >= MOST_COLUMNS) {
      this.problem ??= {
        severity: "error",
        message: msg("There are more than {0} columns here; at most {1} can be read. Keep fewer.", MOST_COLUMNS, MOST_COLUMNS),
      };
      return 0;
    }
    const column = this.builder.addColumn();
    this.byName.set(name, column);
    this.headings[column] = key < 0 ? { name } : { name, span: { start: tree.tokens.start[key], end: tree.tokens.end[key] } };
    return column;
  }

  private leaf(tree: Tree, value: number, column: number): void {
    const { tokens } = tree;
    if (column >= this.builder.width) return;
    if (tokens.kind[value] === Kind.value) {
      this.builder.cell(column, tokens.value[value], tokens.code[value] as 0, tokens.start[value], tokens.end[value]);
    } else this.builder.cell(column, NaN, Cell.text, tokens.start[value], tokens.endOf(value));
  }

  private end(tree: Tree, value: number, lines: LineCounter, cells: number): void {
    const start = tree.tokens.start[value];
    const end = tree.tokens.endOf(value);
    const line = lines.at(start);
    this.builder.endRow(line, start, end);
    if (cells <= this.width) return;
    this.longest = Math.max(this.longest, cells);
    this.longPlace ??= { line, start, end };
    this.long++;
  }

  /** What is to be said of the rows. */
  problems(): Problem[] {
    if (!this.longPlace) return [];
    const { line, start, end } = this.longPlace;
    return [
      {
        severity: "warning",
        message:
          this.long === 1
            ? msg("Line {0} has more cells ({1}) than there are columns ({2}); those behind were left out.", line, this.longest, this.width)
            : msg("{0} lines have more cells than there are columns ({1}), the first is line {2}; those behind were left out.", this.long, this.width, line),
        span: { start, end },
        line,
      },
    ];
  }
}
