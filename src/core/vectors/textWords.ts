import { msg, type Progress, type Span } from "../contract/index.js";
import type { TextWords } from "./input.js";

/** What parts words: blanks, commas, semicolons, quotes, brackets, pipes, and their Chinese kin. */
const TOKEN = /[^\s,;"“”„«»`()[\]{}<>|，、；。：！？《》〈〉「」『』（）【】…]+/gu;
/** Punctuation around a word is none of it. */
const EDGES = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu;
const COMMENT = /^\s*(?:#|\/\/)/;
/** Characters between two yields. */
const SLICE = 1 << 16;
/** So many words, repeated ones counted, are looked at; a text of more is no list of words. */
const MOST = 1_000_000;

/**
 * The words of some spans of a text. Lines that begin with # or // are comments. A span that begins or ends within a word
 * takes all of it.
 * @param spans in order and disjoint
 */
export function* textWords(text: string, spans: readonly Span[]): Generator<Progress, TextWords & { readonly cut: boolean }, void> {
  const texts: string[] = [];
  const places: number[] = [];
  const lines: number[] = [];
  let line = 1;
  let span = 0;
  let pause = SLICE;
  for (let at = 0; at < text.length && span < spans.length && texts.length < MOST; line++) {
    const end = lineEnd(text, at);
    if (at >= pause) {
      pause = at + SLICE;
      yield { fraction: at / text.length, message: msg("Reading line {0}", line) };
    }
    const content = spans[span].start <= end ? text.slice(at, end) : "";
    if (content !== "" && !COMMENT.test(content)) {
      for (const { 0: token, index } of content.matchAll(TOKEN)) {
        const start = at + index;
        while (span < spans.length && spans[span].end <= start) span++;
        if (span === spans.length) break;
        if (spans[span].start >= start + token.length || token.replace(EDGES, "") === "") continue;
        texts.push(token);
        places.push(start, start + token.length);
        lines.push(line);
      }
    }
    while (span < spans.length && spans[span].end <= end) span++;
    at = end + (text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? 2 : 1);
  }
  return { texts, spans: Int32Array.from(places), lines: Int32Array.from(lines), cut: texts.length === MOST };
}

function lineEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  return end;
}

/** A word as it may stand in a store: with its punctuation ("U.S."), without, in lower case, without 's. */
export function spellingsOf(token: string): string[] {
  const bare = token.replace(EDGES, "");
  const forms = [token, bare, token.toLowerCase(), bare.toLowerCase(), bare.replace(/['’]s$/i, ""), bare.replace(/['’]s$/i, "").toLowerCase()];
  return [...new Set(forms)].filter((form) => form !== "");
}

/** A word without the punctuation around it. */
export function bareWord(token: string): string {
  return token.replace(EDGES, "");
}

/** Runs of Han characters and what stands between them, with their places in the token. */
export function scriptRuns(token: string): { readonly text: string; readonly start: number; readonly han: boolean }[] {
  return [...token.matchAll(/\p{Script=Han}+|[^\p{Script=Han}]+/gu)].map(({ 0: text, index }) => ({
    text,
    start: index,
    han: /^\p{Script=Han}/u.test(text),
  }));
}
