import { msg, type Progress, type Span } from "../contract/index.js";
import { lineStart } from "../formats/selection.js";
import type { TextVectors } from "./input.js";
import { cosine } from "./similarity.js";
import type { VectorsTrace } from "./trace.js";

type Stated = VectorsTrace["stated"][number];

/** A cosine with its number: `"published cosine": 0.86`, `cos(A, B) = 0.86`, "the cosine of A and B is 0.86". */
const STATEMENT = /cos(?:ine)?(?![a-z])(?<about>[^\n\r=≈≅]{0,120}?)["'`]?\s*(?:=|≈|≅|:|\bis\b|\bof\b)\s*(?:about\s+)?["'`]?(?<number>[+\-\u2212]?(?:\d+\.\d+|\.\d+|[01]))(?!\w|\.\d|\s*[*/+^°])/gi;
/** What names a number beside cosines that is none. */
const OTHER = /threshold|\bmin|\bmax|eps|tol|weight|margin|decay|anneal|distance|\blr\b|warm|loss|angle/i;
/** A text that says "cos" more often is about something else. */
const MOST = 1000;
/** Characters around a statement in which its braces are looked for. */
const REACH = 20_000;

/**
 * Cosines that a text states of two of its vectors: of those that the statement names, else of the only two in its braces,
 * in its paragraph, or in all.
 */
export function* statedCosines(text: string, vectors: TextVectors): Generator<Progress, Stated[], void> {
  const found: Stated[] = [];
  const names = new Map(vectors.names.map((name, i) => [name, i]));
  let seen = 0;
  for (const match of text.matchAll(STATEMENT)) {
    if (++seen > MOST) break;
    if (seen % 16 === 0) yield { fraction: NaN, message: msg("Reading the text") };
    const start = lineStart(text, match.index);
    const end = match.index + match[0].length;
    const { about, number } = match.groups as { about: string; number: string };
    const before = text.slice(Math.max(start, match.index - 60), match.index);
    if (OTHER.test(about) || OTHER.test(/[^"',;({[]*$/.exec(before)![0])) continue;
    const stated = Number(number.replace("\u2212", "-"));
    const pair = Math.abs(stated) <= 1 ? (named(about, names) ?? named(text.slice(start, end), names) ?? nearby(text, { start: match.index, end }, vectors)) : undefined;
    if (!pair) continue;
    const [a, b] = pair;
    const value = cosine(rowOf(vectors, a), rowOf(vectors, b));
    if (Number.isNaN(value)) continue;
    const digits = /\.(\d+)/.exec(number)?.[1].length ?? 0;
    // Under one unit of the last digit, since digits may be cut off instead of rounded.
    const agrees = Math.abs(value - stated) < 10 ** -digits * (1 - 1e-9) || value === stated;
    const span = { start: end - number.length, end };
    found.push({ a, b, stated, agrees, cosine: value, span, line: lineOf(text, match.index, vectors) });
  }
  return found;
}

function rowOf({ values, d }: TextVectors, i: number): Float64Array {
  return values.subarray(i * d, (i + 1) * d);
}

/** The two rows that a text names, when it names exactly two. */
function named(about: string, names: ReadonlyMap<string, number>): readonly [number, number] | undefined {
  const rows = new Set<number>();
  for (const { 0: word } of about.matchAll(/[\p{L}_][\p{L}\p{N}_]*(?: \d+)?/gu)) {
    const row = names.get(word) ?? names.get(word.replace(/ \d+$/, ""));
    if (row !== undefined) rows.add(row);
  }
  const [a, b] = [...rows].sort((x, y) => x - y);
  return rows.size === 2 ? [a, b] : undefined;
}

/** The only two vectors in the innermost braces around a place, in its paragraph, or in all. */
function nearby(text: string, at: Span, { n, spans }: TextVectors): readonly [number, number] | undefined {
  for (const { start, end } of [bracesAround(text, at), paragraphAround(text, at), { start: 0, end: text.length }]) {
    const inside: number[] = [];
    for (let i = 0; i < n && inside.length < 3; i++) if (spans[2 * i] >= start && spans[2 * i + 1] <= end) inside.push(i);
    if (inside.length === 2) return [inside[0], inside[1]];
  }
  return undefined;
}

function bracesAround(text: string, at: Span): Span {
  let start = at.start;
  for (let depth = 0; start > Math.max(0, at.start - REACH); start--) {
    const char = text[start - 1];
    if (char === "}") depth++;
    else if (char === "{" && depth-- === 0) break;
  }
  let end = at.end;
  for (let depth = 0; end < Math.min(text.length, at.end + REACH); end++) {
    if (text[end] === "{") depth++;
    else if (text[end] === "}" && depth-- === 0) break;
  }
  return text[start - 1] === "{" && text[end] === "}" ? { start, end } : at;
}

function paragraphAround(text: string, at: Span): Span {
  const before = text.slice(Math.max(0, at.start - REACH), at.start);
  const after = text.slice(at.end, at.end + REACH);
  const blanks = [...before.matchAll(/\n[ \t\r]*\n/g)];
  const start = at.start - before.length + (blanks.length > 0 ? blanks[blanks.length - 1].index + 1 : 0);
  const blank = after.search(/\n[ \t\r]*\n/);
  return { start, end: at.end + (blank < 0 ? after.length : blank) };
}

/** Counted from the nearest vector before the place, whose line is known. */
function lineOf(text: string, at: number, { n, spans, lines }: TextVectors): number {
  let from = 0;
  let line = 1;
  for (let i = 0; i < n && spans[2 * i] <= at; i++) [from, line] = [spans[2 * i], lines[i]];
  for (let i = from; i < at; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) line++;
  }
  return line;
}
