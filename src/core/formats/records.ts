/** A field's place in a text, without its quotes; `quoted` when it had some. */
export type Field = { readonly start: number; readonly end: number; readonly quoted: boolean };
export type TextRecord = {
  readonly fields: readonly Field[];
  readonly start: number;
  readonly end: number;
  /** 1-based line in the text. */
  readonly line: number;
};

export const COMMA = 44;
/** The comma of Chinese and Japanese text. */
export const WIDE_COMMA = 0xff0c;
export const TAB = 9;
export const SEMICOLON = 59;
export const PIPE = 124;
/** Stands for any run of blanks. */
export const BLANKS = 32;
/** One field a line. */
export const NONE = 0;
const QUOTE = 34;

/** A line that only draws: `|---|:--:|`, `+----+`, `-----`. */
const RULE = /^[ \t]*(?=[^\n\r]*-{2}|[^\n\r]*:-|[^\n\r]*-:|[^\n\r]*={2}|[ \t]*\|[ \t]*-)[-:|+= \t]+$/;

/** Whether a line only draws the frame of a table. */
export function isRule(line: string): boolean {
  return RULE.test(line);
}

/** Whether a record that begins with `#` is a comment and not a header whose first column is called "#". */
export function isComment(text: string, start: number, delimiter: number): boolean {
  if (text.charCodeAt(start) !== 35) return false;
  return delimiter === BLANKS || delimiter === NONE || text.charCodeAt(start + 1) !== delimiter;
}

/** Excel's first line `sep=;` names the separator and is no row: its code, and the offset behind the line. */
export function separatorLine(text: string, from: number): { readonly delimiter: number; readonly end: number } | undefined {
  const match = /^"?sep=([^\n\r\w"])"?[ \t]*(?:\r\n|\r|\n|$)/i.exec(text.slice(from, from + 40));
  return match ? { delimiter: match[1].charCodeAt(0), end: from + match[0].length } : undefined;
}

/** The offset of the next line break at or after `from`, or the text's length. */
export function lineEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) !== 10 && text.charCodeAt(i) !== 13) i++;
  return i;
}

/** Whether a line ends at an offset. */
function endsAt(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) === 10 || text.charCodeAt(at) === 13;
}

/** The offset behind the line break at `at`. */
export function afterBreak(text: string, at: number): number {
  return text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : Math.min(at + 1, text.length);
}

/**
 * The first records of a text, at most `limit`, with the comments apart. Blank lines and rules are left out. With
 * `whole` false the last record is left out, since the text may end within it. `firstLine` is the text's first line.
 */
export function firstRecords(
  text: string,
  delimiter: number,
  limit: number,
  whole: boolean,
  firstLine = 1,
): { readonly records: readonly TextRecord[]; readonly comments: readonly TextRecord[]; readonly ended: boolean } {
  const records: TextRecord[] = [];
  const comments: TextRecord[] = [];
  let at = 0;
  let line = firstLine;
  while (at < text.length && records.length < limit) {
    const start = skipBlanks(text, at, delimiter);
    const end = lineEnd(text, start);
    if (start === end) {
      at = afterBreak(text, end);
      line++;
      continue;
    }
    const comment = isComment(text, start, delimiter);
    if (comment || ((delimiter === PIPE || delimiter === BLANKS) && isRule(text.slice(start, Math.min(end, start + 2000))))) {
      if (comment) comments.push({ fields: [], start, end, line });
      at = afterBreak(text, end);
      line++;
      continue;
    }
    const record = readRecord(text, start, delimiter, line);
    if (!whole && record.end >= text.length) break;
    records.push(record);
    for (let i = start; i < record.end; i++) if (isBreak(text, i)) line++;
    line++;
    at = afterBreak(text, record.end);
  }
  return { records, comments, ended: at >= text.length };
}

function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10);
}

function skipBlanks(text: string, from: number, delimiter: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 32 && (code !== TAB || delimiter === TAB)) break;
  }
  return i;
}

/** Splits the record that begins at `start`, by RFC 4180 for all delimiters: quotes doubled, line breaks within quotes. */
export function readRecord(text: string, start: number, delimiter: number, line: number): TextRecord {
  const fields: Field[] = [];
  let i = start;
  if (delimiter === PIPE && text.charCodeAt(i) === PIPE) i++;
  for (;;) {
    i = skipBlanks(text, i, delimiter);
    if (delimiter === PIPE && fields.length > 0 && endsAt(text, i)) break;
    const close = text.charCodeAt(i) === QUOTE ? closingQuote(text, i + 1) : -1;
    if (close >= 0 && (delimiter !== NONE || /^["\s]*$/.test(text.slice(close, lineEnd(text, close))))) {
      fields.push({ start: i + 1, end: close, quoted: true });
      i = fieldEnd(text, Math.min(close + 1, text.length), delimiter);
    } else {
      const end = fieldEnd(text, i, delimiter);
      let trimmed = end;
      while (trimmed > i && (text.charCodeAt(trimmed - 1) === 32 || text.charCodeAt(trimmed - 1) === 9)) trimmed--;
      fields.push({ start: i, end: trimmed, quoted: false });
      i = end;
    }
    if (delimiter === BLANKS) {
      i = skipBlanks(text, i, delimiter);
      if (endsAt(text, i)) break;
    } else if (i < text.length && text.charCodeAt(i) === delimiter) i++;
    else break;
  }
  return { fields, start, end: i, line };
}

/** The offset of the quote that closes the one before `from`; doubled ones are part of the field. */
function closingQuote(text: string, from: number): number {
  let close = from;
  while (close < text.length && (text.charCodeAt(close) !== QUOTE || text.charCodeAt(close + 1) === QUOTE)) {
    close += text.charCodeAt(close) === QUOTE ? 2 : 1;
  }
  return Math.min(close, text.length);
}

function fieldEnd(text: string, from: number, delimiter: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) break;
    if (delimiter === BLANKS ? code === 32 || code === 9 : delimiter !== NONE && code === delimiter && !isEscaped(text, i, from, code)) break;
  }
  return i;
}

/** Markdown writes a pipe within a cell as `\|`. */
function isEscaped(text: string, at: number, from: number, code: number): boolean {
  return code === PIPE && at > from && text.charCodeAt(at - 1) === 92;
}
