import type { TextSource } from "../contract/index.js";
import { isCode, isJson } from "../formats/looks.js";
import { numericLiterals } from "../formats/numericLiterals.js";
import { selectionsOf } from "../formats/selection.js";

/** A list within a list that begins with a number. */
const NESTED = /[[(]\s*[[(]\s*(?:[\w.]+\()?[+\-\u2212.]?(?:\d|inf|nan)/i;
const KEYS = /"(?:attentions?|attn\w*|attention_\w+|q|query|queries|encoder(?:_\w+)?)"\s*:\s*(?:\[\s*){2,}(?:[+\-\u2212.\d]|nan|inf)/i;
const NAMES = /^\s*(?:q|query|queries|enc|encoder(?:_\w+)?|attentions?|attn\w*|attention_\w+)\s*(?::[^=\n]*)?=\s*(?:[\w.]+\(\s*)*\[\s*\[/im;
/** What begins as a list, an object or an assignment holds quoted words as tokens, not as speech. */
const LITERAL = /^\s*(?:[[{]|[\p{L}_$][\p{L}\p{N}_.$]*\s*=|\w[\w.]*\()/u;
const QUOTED = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')(\s*:)?/g;
/** Of a selection, at least so much must be lists of numbers: a text for a model may quote one. */
const SHARE = 0.5;
/** Of a longer selection the beginning tells. */
const LOOKED_AT = 1 << 18;

/** Whether a text holds arrays that `readGiven` is for, rather than words for a model. A selection decides for itself. */
export function looksGiven(source: TextSource): boolean {
  const { text, languageId } = source;
  const ranges = selectionsOf(source);
  if (ranges.length > 0) {
    const selected = ranges.map(({ start, end }) => text.slice(start, end)).join("\n").slice(0, LOOKED_AT);
    return NESTED.test(selected) && shareOfNumbers(selected) >= SHARE;
  }
  if (isJson(source)) return /^[\s\uFEFF]*\[\s*\[\s*(?:[[+\-\u2212.\d]|nan|inf)/i.test(text.slice(0, 4096)) || KEYS.test(text);
  return isCode(languageId) && NAMES.test(text) && numericLiterals(text, languageId, 2).length > 0;
}

/** Which part of a text, blanks, names of arrays and words in lists apart, is lists of numbers. */
function shareOfNumbers(selected: string): number {
  const text = LITERAL.test(selected) ? selected.replace(QUOTED, (all, _, colon?: string) => (colon ? all : "")) : selected;
  const bare = (part: string) => part.replace(/\s+|(?:[\p{L}_$][\p{L}\p{N}_.$]*\s*(?:=|\())|"[^"\n]*"\s*:|#[^\n]*/gu, "").length;
  // A selection may begin or end within a list, which is none then.
  const numbers = text.match(/[-+\u2212]?[\d.]+(?:[eE][-+]?\d+)?|[[\](){},:;]|\b(?:nan|inf|None|null|true|false|dtype|float\d*|array|tensor)\b/gi)?.join("").length ?? 0;
  const all = bare(text);
  return all === 0 ? 0 : numbers / all;
}
