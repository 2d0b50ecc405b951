import type { ArrayNode, FunctionNode, MathNode, OperatorNode, ParenthesisNode, SymbolNode } from "mathjs/number";
import { msg, type Message } from "../contract/index.js";
import { CONSTANTS, parseFormula } from "../expressions/engine.js";
import { hyphenated, nameNumber, tokensOf, type NameToken, type Tokens } from "./expressionTokens.js";
import type { ExpressionProblem } from "./trace.js";
import type { Named, Vocabulary } from "./vocabulary.js";

/** One vector of a linear combination. */
export type Part = { readonly weight: number } & ({ readonly named: Named } | { readonly list: Float64Array });

export type Linear =
  | { readonly ok: true; readonly parts: readonly Part[]; readonly d: number; readonly reading: Message | null }
  | { readonly ok: false; readonly problem: ExpressionProblem };

/** An expression may be made of so many vectors. */
const MOST_PARTS = 200;
/** Characters of a name that a sentence repeats. */
const LONGEST_NAME = 80;
const CONSTANT: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, tau: 2 * Math.PI };

class Refused extends Error {
  constructor(
    readonly sentence: Message,
    readonly start: number,
    readonly end: number,
    readonly unknown?: string,
  ) {
    super(sentence.text);
  }
}

/**
 * Reads an expression as a linear combination of vectors: names, lists of numbers, sums, differences, multiples. Parsed by
 * mathjs and never evaluated by it. Names with other characters than letters, digits and underscores stand in quotes or as
 * their aliases; a hyphenated word is one word where its parts are none. The whole text may be a name, or numbers.
 * Never throws; a problem says where.
 */
export function readExpression(text: string, vocabulary: Vocabulary): Linear {
  const trimmed = text.trim();
  if (trimmed === "") return refused({ message: msg("Write a word, a list of numbers, or an expression such as {0}.", "king - man + woman"), start: 0, end: text.length, suggestions: [] });
  try {
    const numbers = bareNumbers(trimmed);
    const whole = vocabulary.find(trimmed);
    if (whole) return { ok: true, parts: [{ weight: 1, named: whole }], d: whole.d, reading: wholeReading(trimmed, vocabulary) };
    if (numbers) return { ok: true, parts: [{ weight: 1, list: numbers }], d: fit(numbers.length, 0, text.length, vocabulary), reading: null };
    return readParts(text, vocabulary);
  } catch (error) {
    if (error instanceof Refused) {
      const { sentence, start, end, unknown } = error;
      return refused({ message: sentence, start, end, suggestions: unknown === undefined ? [] : vocabulary.spellings(unknown) });
    }
    // The parser and the walk below go as deep as the brackets.
    if (error instanceof RangeError) return refused({ message: msg("The expression is nested too deeply. Write it with fewer brackets."), start: 0, end: text.length, suggestions: [] });
    throw error;
  }
}

/** The names that an expression uses and a vocabulary does not have, without any problem. */
export function unknownNames(text: string, vocabulary: Vocabulary): boolean {
  const trimmed = text.trim();
  if (trimmed === "" || bareNumbers(trimmed) || vocabulary.find(trimmed)) return false;
  const words = hyphenated(text, vocabulary);
  return tokensOf(text).names.some((name) => !vocabulary.find(name.text) && !words.some(({ start, end }) => name.start >= start && name.end <= end));
}

function refused(problem: ExpressionProblem): Linear {
  return { ok: false, problem };
}

/** Numbers with nothing but commas, blanks and brackets around them. */
function bareNumbers(text: string): Float64Array | undefined {
  const inner = /^\[(.*)\]$/s.exec(text)?.[1] ?? text;
  const cells = inner.trim().replaceAll("\u2212", "-").split(/\s*[,;]\s*|\s+/);
  if (cells[cells.length - 1] === "") cells.pop();
  if (cells.length < 2 || !cells.every((cell) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell))) return undefined;
  const values = Float64Array.from(cells, Number);
  return values.every(Number.isFinite) ? values : undefined;
}

function fit(length: number, start: number, end: number, { dimensions }: Vocabulary): number {
  if (dimensions.length === 0 || dimensions.includes(length)) return length;
  throw new Refused(msg("The list has {0} numbers, but the vectors have {1}. Give it as many.", length, dimensions.join(" / ")), start, end);
}

/** Of a whole text such as well-known, which could be a difference as well. */
function wholeReading(text: string, vocabulary: Vocabulary): Message | null {
  const parts = text.split("-");
  if (parts.length < 2 || !parts.every((part) => vocabulary.find(part.trim()))) return null;
  return msg("“{0}” was read as one word. Put blanks around the minus to subtract.", text);
}

/** Names as they stand; where one is unknown, again with hyphenated words in one piece. */
function readParts(text: string, vocabulary: Vocabulary): Linear {
  const words = hyphenated(text, vocabulary);
  try {
    const found = walk(text, tokensOf(text), vocabulary);
    const first = words[0];
    return { ok: true, ...found, reading: first ? msg("“{0}” was read as a difference. Put it in quotes to mean the word.", first.text) : null };
  } catch (error) {
    if (!(error instanceof Refused) || error.unknown === undefined || words.length === 0) throw error;
    // Only where the parts make no sense is the word taken.
    const whole = words.filter((word) => !word.text.split("-").every((part) => vocabulary.find(part)));
    if (whole.length === 0) throw error;
    const found = walk(text, tokensOf(text, new Map(whole.map(({ start, end }) => [start, end]))), vocabulary);
    return { ok: true, ...found, reading: msg("“{0}” was read as one word, since its parts are none.", whole[0].text) };
  }
}

function walk(text: string, tokens: Tokens, vocabulary: Vocabulary): { readonly parts: readonly Part[]; readonly d: number } {
  const value = new Walk(text, tokens, vocabulary).value(parsed(text, tokens));
  if (value.kind === "number") throw new Refused(msg("This is a number, not a vector. Multiply a word by it, such as {0}.", "0.5 * king"), 0, text.length);
  return value;
}

function parsed(text: string, tokens: Tokens): MathNode {
  try {
    return parseFormula(tokens.formula);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const char = error instanceof SyntaxError && "char" in error && typeof error.char === "number" ? error.char - 1 : tokens.formula.length;
    const start = tokens.place(char);
    if (start >= text.trimEnd().length) throw new Refused(msg("The expression ends too early. Complete it, for example by a word or a closing bracket."), Math.max(0, text.length - 1), text.length);
    throw new Refused(msg("The expression can't be understood at character {0}, “{1}”. Use words, numbers, + − * / and brackets.", start + 1, text.slice(start, start + 10)), start, start + 1);
  }
}

type Value = { readonly kind: "number"; readonly value: number } | { readonly kind: "vector"; readonly parts: readonly Part[]; readonly d: number };

/** Turns mathjs's tree into a linear combination. */
class Walk {
  constructor(
    private readonly text: string,
    private readonly tokens: Tokens,
    private readonly vocabulary: Vocabulary,
  ) {}

  value(node: MathNode): Value {
    switch (node.type) {
      case "ParenthesisNode":
        return this.value((node as ParenthesisNode).content);
      case "SymbolNode":
        return this.symbol(node as SymbolNode);
      case "ConstantNode": {
        const { value } = node as unknown as { readonly value: unknown };
        if (typeof value === "number" && Number.isFinite(value)) return { kind: "number", value };
        return this.refuse(node, msg("Only words, numbers, + − * / and brackets can be used."));
      }
      case "ArrayNode":
        return this.list(node as ArrayNode);
      case "OperatorNode":
        return this.operator(node as OperatorNode);
      case "FunctionNode": {
        const name = this.nameOf((node as FunctionNode).fn as unknown as MathNode);
        if (name) throw new Refused(msg("“{0}” stands before a bracket like a function, but only sums and multiples of vectors can be searched. Put an operator between them.", name.text), name.start, name.end);
        return this.refuse(node, msg("Only sums and multiples of vectors can be searched."));
      }
      default:
        return this.refuse(node, msg("Only words, numbers, + − * / and brackets can be used."));
    }
  }

  private nameOf(node: MathNode): NameToken | undefined {
    return node.type === "SymbolNode" ? this.tokens.names[nameNumber((node as SymbolNode).name)] : undefined;
  }

  private symbol(node: SymbolNode): Value {
    const name = this.nameOf(node);
    if (!name) return this.refuse(node, msg("Only words, numbers, + − * / and brackets can be used."));
    const named = this.vocabulary.find(name.text);
    if (named) return { kind: "vector", parts: [{ weight: 1, named }], d: named.d };
    if (!name.quoted && CONSTANTS.has(name.text)) return { kind: "number", value: CONSTANT[name.text] };
    throw new Refused(msg("“{0}” (character {1}) is no row of the source and no word of the vectors in use.", clipped(name.text), name.start + 1), name.start, name.end, name.text);
  }

  private list(node: ArrayNode): Value {
    const values = node.items.map((item) => {
      const value = item.type === "ArrayNode" ? this.refuse(node, msg("A list holds numbers only, such as {0}.", "[0.1, -0.2]")) : this.value(item);
      return value.kind === "number" ? value.value : this.refuse(item, msg("A list holds numbers only, such as {0}.", "[0.1, -0.2]"));
    }) as number[];
    const { start, end } = this.around(node);
    const d = fit(values.length, start, end, this.vocabulary);
    if (d === 0) return this.refuse(node, msg("A list holds numbers only, such as {0}.", "[0.1, -0.2]"));
    return { kind: "vector", parts: [{ weight: 1, list: Float64Array.from(values) }], d };
  }

  private operator(node: OperatorNode): Value {
    const operands = (node.args as unknown as MathNode[]).map((each) => this.value(each));
    const [a, b] = operands;
    switch (node.fn) {
      case "unaryPlus":
        return a;
      case "unaryMinus":
        return scaled(a, -1);
      case "add":
        return this.sum(node, a, b);
      case "subtract":
        return this.sum(node, a, scaled(b, -1));
      case "multiply":
        if (a.kind === "number") return scaled(b, a.value);
        if (b.kind === "number") return scaled(a, b.value);
        return this.product(node);
      case "divide":
        if (b.kind === "number" && b.value !== 0) return scaled(a, 1 / b.value);
        return this.refuse(node, b.kind === "number" ? msg("This divides by zero.") : msg("Nothing can be divided by a vector. Divide by a number."));
      case "pow":
        if (a.kind === "number" && b.kind === "number" && Number.isFinite(a.value ** b.value)) return { kind: "number", value: a.value ** b.value };
        return this.refuse(node, msg("A vector has no powers. Use sums, differences and multiples."));
      default:
        return this.refuse(node, msg("Only words, numbers, + − * / and brackets can be used."));
    }
  }

  private sum(node: MathNode, a: Value, b: Value): Value {
    if (a.kind === "number" && b.kind === "number") return { kind: "number", value: a.value + b.value };
    if (a.kind === "number" || b.kind === "number") return this.refuse(node, msg("A number can't be added to a vector. Multiply a word by it, such as {0}.", "0.5 * king"));
    if (a.d !== b.d) return this.refuse(node, msg("A vector of {0} numbers and one of {1} can't be added. Use vectors of one length.", a.d, b.d));
    if (a.parts.length + b.parts.length > MOST_PARTS) return this.refuse(node, msg("The expression has more than {0} vectors. Shorten it.", MOST_PARTS));
    return { kind: "vector", parts: [...a.parts, ...b.parts], d: a.d };
  }

  private product(node: OperatorNode): never {
    const [left, right] = (node.args as unknown as MathNode[]).map((each) => this.nameOf(each));
    if (node.implicit && left && right) {
      throw new Refused(msg("“{0}” and “{1}” stand side by side. Put + or − between them, or quotes around both if they are one name.", left.text, right.text), left.start, right.end);
    }
    return this.refuse(node, msg("Two vectors can't be multiplied here. Use sums, differences and multiples by numbers."));
  }

  private refuse(node: MathNode, sentence: Message): never {
    const { start, end } = this.around(node);
    throw new Refused(sentence, start, end);
  }

  /** Nodes do not know their places: from the first to the last name in it, or all. */
  private around(node: MathNode): { readonly start: number; readonly end: number } {
    const names: NameToken[] = [];
    node.traverse((each) => {
      const name = this.nameOf(each);
      if (name) names.push(name);
    });
    if (names.length === 0) return { start: 0, end: this.text.length };
    return { start: Math.min(...names.map(({ start }) => start)), end: Math.max(...names.map(({ end }) => end)) };
  }
}

/** A name as a sentence has it. */
function clipped(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function scaled(value: Value, factor: number): Value {
  // −0 would show as a sign.
  if (value.kind === "number") return { kind: "number", value: value.value * factor + 0 };
  return { ...value, parts: value.parts.map((part) => ({ ...part, weight: part.weight * factor })) };
}
