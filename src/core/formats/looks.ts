import type { TextSource } from "../contract/index.js";

const CODE = new Set([
  "python", "javascript", "javascriptreact", "typescript", "typescriptreact", "r", "julia", "matlab", "c", "cpp", "csharp", "java", "go",
  "rust", "ruby", "php", "lua", "scala", "kotlin", "swift", "dart", "perl", "fsharp", "haskell", "fortran-modern", "objective-c",
]);
const START = /^[\s>]*(?:(?:const|let|var|final|auto|return)\s+)?(?:Out\[\d+\]:\s*)?(?:[\p{L}_$][\p{L}\p{N}_.$]*(?:\s*:\s*[^=\n[{(]{1,60}(?:\[[^=\n]{1,60}\])?)?\s*(?:=|<-|:(?=\s*[[{(]))\s*)?(?:(?:new\s+)?[\p{L}_$][\p{L}\p{N}_.$]*\s*\(\s*(?:\w+\s*=\s*)?)*([[({])/u;

/** `x <- c(1, 2)`, `Vector(1, 2)`: numbers right within the call. */
const CALL = /^[\s>]*(?:[\p{L}_$][\p{L}\p{N}_.$]*\s*(?:=|<-)\s*)?(?:[\w.:]*[.:])?(?:c|array|tensor|vector|Vector|Series|matrix|of|from)\(\s*[+\-\u2212]?[.\d]/u;

/** Whether a language is one that programs are written in. */
export function isCode(languageId: string): boolean {
  return CODE.has(languageId);
}

export function isJson({ languageId, name }: Pick<TextSource, "languageId" | "name">): boolean {
  return /^json/.test(languageId) || /\.(?:json|jsonl|ndjson|jsonc|geojson)$/i.test(name);
}

/** Whether a text is delimited by the word of its language or name. */
export function isDelimited({ languageId, name }: Pick<TextSource, "languageId" | "name">): boolean {
  return /\b[ct]sv\b/.test(languageId) || /\.(?:csv|tsv)$/i.test(name);
}

/** The language that a text is read as: VS Code itself calls a .csv file plain text. */
export function readLanguage(source: Pick<TextSource, "languageId" | "name">): string {
  return isDelimited(source) ? "csv" : source.languageId;
}

/** Whether a text begins like a list, an object or an array of numbers, assigned or not. */
export function looksLiteral(source: Pick<TextSource, "languageId" | "name">, text: string): boolean {
  if (isJson(source)) return true;
  const head = text.slice(0, 2000);
  if (CALL.test(head)) return true;
  const match = START.exec(head);
  if (!match) return false;
  if (match[1] !== "(") return !isDelimited(source) || /^\s*[[{]/.test(head);
  // A bracket that opens a remark, as in "(cm)", is no tuple.
  return /^\s*(?:[+\-\u2212]?[.\d]|[[({]|["'])/.test(head.slice(match[0].length)) || /\w\s*\($/.test(match[0]);
}

/** Whether lines are part of a list: they have brackets that a table would not have. */
export function looksBracketed(lines: string): boolean {
  if (/^\s*\|/.test(lines)) return false;
  // The blanks at a line's beginning end with it: \s would run on over blank lines, from each of them anew.
  return /[[\]{}]|^[^\S\n\r]*\(|\(\s*[+\-\u2212]?[.\d]+\s*,|\(\s*[[(]|^[^\S\n\r]*[\d.+-]+\)/m.test(lines);
}

/** What the reader is told the format is. */
export function literalFormat(source: Pick<TextSource, "languageId" | "name">): string {
  return isJson(source) ? "json" : "list";
}
