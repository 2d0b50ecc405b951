import type { Span } from "../../core/contract/index.js";

/** Longer texts are not looked through: each edit would be felt. */
const longestArrays = 500_000;
/** Longer texts are not read as a whole, so that a selection has to tell what is meant. */
const longestProse = 2000;

const NAMED_ARRAYS = /(?:^|[\s"'{,])(?:attentions?|attn_?\w*|attention_(?:weights|maps|probs|scores)|q|query|queries|enc(?:oder)?(?:_\w+)?)["']?\s*[=:]\s*(?:[\w.]+\(\s*)?\[\s*\[/i;
const STATES = ["enc(?:oder)?|source|src", "dec(?:oder)?|target|tgt"].map((names) => new RegExp(`(?:^|[\\s"'{,])(?:${names})(?:_(?:states?|outputs?|hidden\\w*))?["']?\\s*[=:]\\s*(?:[\\w.]+\\(\\s*)?\\[\\s*\\[`, "i"));
/** What programs' input explains itself by is no text. */
const COMMENT = /(?:^|\s)(?:#|\/\/).*$/gm;
/** Three words in a row, or four characters of a script without blanks. */
const SENTENCE = /(?:[\p{L}\p{M}'’-]+[,;:]? ){2}[\p{L}\p{M}'’-]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，、]{4}/u;

/** Where arrays of attention, queries or states of an encoder are named; undefined where none are. */
export function namedArraysAt(text: string): number | undefined {
  if (text.length > longestArrays) return undefined;
  const found = NAMED_ARRAYS.exec(text);
  return found ? found.index + found[0].search(/[^\s{,]/) : undefined;
}

/** Whether states of an encoder and of a decoder are named. */
export function holdsStates(text: string): boolean {
  const head = text.slice(0, longestArrays);
  return STATES.every((pattern) => pattern.test(head));
}

/** A short text of sentences, without the blanks around it; undefined for lists, programs' input and long texts. */
export function proseSpan(text: string): Span | undefined {
  const end = text.trimEnd().length;
  const start = text.length - text.trimStart().length;
  return end - start > 0 && end - start <= longestProse && SENTENCE.test(text.replace(COMMENT, "")) ? { start, end } : undefined;
}
