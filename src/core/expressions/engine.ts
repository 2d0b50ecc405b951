import {
  absDependencies, acosDependencies, acoshDependencies, addDependencies, andDependencies, asinDependencies, asinhDependencies,
  atan2Dependencies, atanDependencies, atanhDependencies, cbrtDependencies, ceilDependencies, cosDependencies, coshDependencies,
  create, cubeDependencies, divideDependencies, eDependencies, equalDependencies, erfDependencies, expDependencies, expm1Dependencies,
  fixDependencies, floorDependencies, hypotDependencies, largerDependencies, largerEqDependencies, log10Dependencies,
  log1pDependencies, log2Dependencies, logDependencies, maxDependencies, minDependencies, modDependencies, multiplyDependencies,
  nthRootDependencies, notDependencies, orDependencies, parseDependencies, piDependencies, powDependencies, roundDependencies,
  signDependencies, sinDependencies, sinhDependencies, smallerDependencies, smallerEqDependencies, sqrtDependencies,
  squareDependencies, subtractDependencies, tanDependencies, tanhDependencies, tauDependencies, unaryMinusDependencies,
  unaryPlusDependencies, unequalDependencies, type MathNode,
} from "mathjs/number";

/** What a formula may call, by the names that mathjs gives them. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "cos", "cosh", "cube", "erf", "exp", "expm1",
  "fix", "floor", "hypot", "log", "log10", "log1p", "log2", "max", "min", "mod", "nthRoot", "pow", "round", "sign", "sin", "sinh", "sqrt",
  "square", "tan", "tanh",
]);
/** The operators, by the names of the functions that mathjs computes them with. */
export const OPERATORS: ReadonlySet<string> = new Set([
  "add", "subtract", "multiply", "divide", "pow", "mod", "unaryMinus", "unaryPlus", "equal", "unequal", "smaller", "smallerEq", "larger",
  "largerEq", "and", "or", "not",
]);
export const CONSTANTS: ReadonlySet<string> = new Set(["pi", "e", "tau"]);

/** Each is named by mathjs's page on security as a way out of the sandbox, or is nothing that a formula needs. */
const DISABLED = [
  "import", "createUnit", "evaluate", "parse", "compile", "parser", "simplify", "derivative", "resolve", "reviver", "config", "chain",
  "help",
];

/**
 * An instance of mathjs of its own, for real numbers only, with nothing in it but arithmetic. It is locked down as
 * https://mathjs.org/docs/expressions/security.html says: what could parse, import or redefine is disabled within
 * formulas; `compileFormula` refuses every other kind of syntax besides.
 */
function createEngine(): (formula: string) => MathNode {
  const math = create({
    absDependencies, acosDependencies, acoshDependencies, addDependencies, andDependencies, asinDependencies, asinhDependencies,
    atan2Dependencies, atanDependencies, atanhDependencies, cbrtDependencies, ceilDependencies, cosDependencies, coshDependencies,
    cubeDependencies, divideDependencies, eDependencies, equalDependencies, erfDependencies, expDependencies, expm1Dependencies,
    fixDependencies, floorDependencies, hypotDependencies, largerDependencies, largerEqDependencies, log10Dependencies,
    log1pDependencies, log2Dependencies, logDependencies, maxDependencies, minDependencies, modDependencies, multiplyDependencies,
    nthRootDependencies, notDependencies, orDependencies, parseDependencies, piDependencies, powDependencies, roundDependencies,
    signDependencies, sinDependencies, sinhDependencies, smallerDependencies, smallerEqDependencies, sqrtDependencies,
    squareDependencies, subtractDependencies, tanDependencies, tanhDependencies, tauDependencies, unaryMinusDependencies,
    unaryPlusDependencies, unequalDependencies,
  });
  const { parse } = math;
  const isAlpha = parse.isAlpha;
  // mathjs knows Latin and Greek letters; a column may be called 花瓣长 as well.
  parse.isAlpha = (char, before, after) => isAlpha(char, before, after) || /^\p{L}$/u.test(char);
  const refuse = (name: string) => () => {
    throw new Error(`Function ${name} is disabled`);
  };
  math.import(Object.fromEntries(DISABLED.map((name) => [name, refuse(name)])), { override: true });
  return (formula) => parse(formula);
}

let parseFormulaOnce: ((formula: string) => MathNode) | undefined;

/** Parses a formula. Throws mathjs's SyntaxError, whose `char` is the 1-based place. */
export function parseFormula(formula: string): MathNode {
  parseFormulaOnce ??= createEngine();
  return parseFormulaOnce(formula);
}
