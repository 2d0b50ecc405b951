import type { FunctionNode, MathNode, OperatorNode, SymbolNode } from "mathjs/number";
import { msg, type Message } from "../contract/index.js";
import { CONSTANTS, FUNCTIONS, OPERATORS, parseFormula } from "./engine.js";

/** A formula over columns, ready to be evaluated row by row. */
export type Formula = {
  /** Names of the columns it uses. */
  readonly columns: readonly string[];
  /** The value for the columns' values, in that order. NaN where there is no real number. */
  evaluate(values: readonly number[]): number;
};

const LONGEST = 2000;
/** Kinds of syntax that only compute a number from numbers. */
const ALLOWED = new Set(["ConstantNode", "SymbolNode", "OperatorNode", "ParenthesisNode", "FunctionNode", "ConditionalNode", "RelationalNode"]);

/** A name by which a column can be written in a formula: `petal length (cm)` is `petal_length_cm`. */
export function aliasOf(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_]+/gu, "_").replace(/^_+|_+$/g, "");
  return /^\p{L}/u.test(plain) ? plain : `_${plain}`;
}

/**
 * Compiles a formula over columns, which go by their names or aliases. What can't be used is a sentence that says where
 * and names what there is.
 */
export function compileFormula(text: string, names: readonly string[]): Formula | { readonly error: Message } {
  if (text.trim() === "") return { error: msg("The formula is empty. Write one, for example {0}.", example(names)) };
  if (text.length > LONGEST) return { error: msg("The formula has {0} characters; at most {1} can be read.", text.length, LONGEST) };
  let tree: MathNode;
  try {
    tree = parseFormula(text);
  } catch (error) {
    return { error: syntaxMessage(text, error) };
  }
  const byAlias = aliases(names);
  const used: string[] = [];
  let error: Message | undefined;
  const place = (name: string) => text.search(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(name)}(?![\\p{L}\\p{N}_])`, "u")) + 1;
  tree.traverse((node, path, parent) => {
    if (error) return;
    if (!ALLOWED.has(node.type) || !isScalar(node)) {
      error = msg("“{0}” is more than arithmetic: only numbers, columns, operators and functions such as log or sqrt can be used.", node.toString());
    } else if (isCall(node)) {
      const { name } = node.fn as SymbolNode;
      if (!FUNCTIONS.has(name)) {
        error = msg("There is no function “{0}” (character {1}). There are: {2}.", name || node.fn.toString(), Math.max(1, place(name)), [...FUNCTIONS].join(", "));
      }
    } else if (isSymbol(node) && !(parent && isCall(parent) && path === "fn")) {
      const column = byAlias.get(node.name);
      if (column !== undefined) {
        if (!used.includes(column)) used.push(column);
      } else if (!CONSTANTS.has(node.name)) {
        error = msg("There is no column “{0}” (character {1}). There are: {2}.", node.name, Math.max(1, place(node.name)), listed(names));
      }
    }
  });
  if (error) return { error };
  if (used.length === 0) return { error: msg("“{0}” uses no column. There are: {1}.", text, listed(names)) };
  // Columns are renamed, so that one called "log" or "e" does not hide the function or constant of that name.
  const renamed = tree.transform((node, path, parent) => {
    if (!isSymbol(node) || (parent && isCall(parent) && path === "fn")) return node;
    const column = byAlias.get(node.name);
    if (column === undefined) return node;
    const clone = node.clone() as SymbolNode;
    clone.name = `column_${used.indexOf(column)}`;
    return clone;
  });
  const scope = new Map<string, number>();
  const keys = used.map((_, i) => `column_${i}`);
  const compiled = renamed.compile();
  const compute = (values: readonly number[]): unknown => {
    for (let i = 0; i < keys.length; i++) scope.set(keys[i], values[i]);
    return compiled.evaluate(scope);
  };
  try {
    compute(used.map(() => 1));
  } catch (thrown) {
    return { error: msg("“{0}” can't be computed: {1}.", text, reason(thrown)) };
  }
  const evaluate = (values: readonly number[]): number => {
    try {
      const value = compute(values);
      return typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : NaN;
    } catch {
      // Some functions throw where there is no real value, such as nthRoot(x, 2) of a negative number.
      return NaN;
    }
  };
  return { columns: used, evaluate };
}

function isSymbol(node: MathNode): node is SymbolNode {
  return node.type === "SymbolNode";
}

function isCall(node: MathNode): node is FunctionNode {
  return node.type === "FunctionNode";
}

/** Constants are numbers, not strings; operators those of arithmetic; functions are called by their plain names. */
function isScalar(node: MathNode): boolean {
  if (node.type === "OperatorNode") return OPERATORS.has((node as OperatorNode).fn);
  if (node.type === "ConstantNode") return typeof (node as unknown as { value: unknown }).value === "number";
  return !isCall(node) || (typeof node.fn !== "string" && isSymbol(node.fn as MathNode));
}

/** Names and aliases of the columns; a name comes before another's alias, the first alias before a later one. */
function aliases(names: readonly string[]): Map<string, string> {
  const map = new Map(names.map((name) => [name, name]));
  for (const name of names) if (!map.has(aliasOf(name))) map.set(aliasOf(name), name);
  return map;
}

/** The columns as they are to be written. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name) => (aliasOf(name) === name ? name : `${aliasOf(name)} (${name})`));
  return shown.join(", ") + (names.length > 30 ? " …" : "");
}

function example(names: readonly string[]): string {
  return `log(${names.length > 0 ? aliasOf(names[0]) : "x"})`;
}

function syntaxMessage(text: string, error: unknown): Message {
  const place = error instanceof SyntaxError && "char" in error && typeof error.char === "number" ? error.char : text.length + 1;
  if (place > text.length) return msg("The formula “{0}” ends too early. Complete it, for example by a closing parenthesis.", text);
  return msg("The formula “{0}” can't be understood at character {1}, “{2}”: {3}.", text, place, text.slice(place - 1, place + 9), reason(error));
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s*\(char \d+\)/, "").replace(/\.$/, "");
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
