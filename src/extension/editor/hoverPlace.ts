import type { WordRun } from "../../core/protocol.js";

/** Letters, digits and the marks that may stand between them in a word. */
const RUN = /[\p{L}\p{M}\p{N}]+(?:[-'’_.][\p{L}\p{M}\p{N}]+)*/gu;
const LONGEST_LINE = 100_000;
/** What follows a name that a vector is given: `: [`, `= np.array([`, a first number. */
const NAMED = /^["'`\])]*(?:[ \t]*(?:[:=|,;\t]|<-)[ \t]*(?:[\w.[\], ]{1,60}=[ \t]*)?(?:[\w.]+\([ \t]*)*[-+\u2212.\d[({]|[ \t]+[-+\u2212]?\.?\d)/;

/** The word at a place of a line; undefined on blanks and marks, and on a bare number. */
export function runAt(line: string, character: number): WordRun | undefined {
  // Around the place is enough of a very long line.
  const from = Math.max(0, character - 200);
  for (const match of line.slice(from, character + 200).matchAll(RUN)) {
    const start = from + match.index;
    if (start > character) return undefined;
    if (start + match[0].length < character) continue;
    return /\p{L}/u.test(match[0]) ? { text: match[0], at: character - start } : undefined;
  }
  return undefined;
}

/**
 * Whether a vector may be at a place of a line: among numbers, or on a name that one follows. Cheap, and generous: it
 * only keeps the worker from being started for text that holds no numbers.
 */
export function maybeVector(line: string, character: number): boolean {
  const from = Math.max(0, character - LONGEST_LINE);
  const before = line.slice(from, character);
  const behind = line.slice(character, character + 400);
  const word = /[\p{L}\p{N}_$.]*$/u.exec(before)![0] + /^[\p{L}\p{N}_$.]*/u.exec(behind)![0];
  if (/^[.\d]*\d[.\d]*(?:e\d*)?$/i.test(word)) return true;
  if (word === "") return /\d/.test(behind.slice(0, 40)) || /\d/.test(before.slice(-40));
  if (/^(?:nan|null|none|inf|infinity)$/i.test(word)) return true;
  const rest = behind.slice(/^[\p{L}\p{N}_$.]*/u.exec(behind)![0].length);
  // A label of several words may be followed by its numbers later in the line.
  return NAMED.test(rest) || /^[^[\](){}=]{0,200}[ \t,;|]["']?[-+\u2212]?\.?\d/.test(rest) || /["'`]\s*:\s*$/.test(rest);
}
