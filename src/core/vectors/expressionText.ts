import type { Evaluated } from "./trace.js";

/** Whether an expression is one vector as it stands. */
export function isSingle(asked: Evaluated): boolean {
  return asked.terms.length === 1 && asked.terms[0].weight === 1;
}

/** An expression as it is printed: true minus, and a dot-less times sign. Quoted names stay as they are. */
export function pretty(expression: string): string {
  return expression.split(/("[^"]*"|'[^']*')/).map((piece, i) => (i % 2 === 1 ? piece : piece.replace(/(^|[\s([,])-|-(?=\s)/g, "$1\u2212").replace(/\*/g, "\u00d7"))).join("");
}
