import type { Tokens } from "../../core/attention/trace.js";
import type { Span } from "../../core/contract/index.js";
import { tokenName } from "../../core/text/tokenName.js";
import { spansOf } from "../text/tokenSpans.js";
import { bytesApart } from "./bytePlaces.js";

/** Where a token stands in the editor, without the blanks before it; null for tokens that stand nowhere. */
export function spanOf({ spans, pieces }: Tokens, token: number): Span | null {
  if (!spans || token < 0 || token >= pieces.length) return null;
  const [start, end] = [spans[2 * token], spans[2 * token + 1]];
  return start < 0 || end <= start ? null : withoutBlanks(pieces[token], start, end);
}

function withoutBlanks(piece: string, start: number, end: number): Span {
  const blanks = /^\s*/.exec(piece)![0].length;
  return { start: start + blanks < end && piece.length === end - start ? start + blanks : start, end };
}

/** The token that a caret stands in or behind; before the first letter of the text, the first. Null where there is none. */
export function tokenAt({ spans, pieces }: Tokens, offset: number): number | null {
  if (!spans) return null;
  let before: number | null = null;
  for (let token = 0; token < pieces.length; token++) {
    const [start, end] = [spans[2 * token], spans[2 * token + 1]];
    if (start < 0) continue;
    if (start < offset && offset <= end) return token;
    if (start === offset && before === null) before = token;
  }
  return before;
}

/** Where each token stands in the text itself, without the blanks before it. */
export function placesIn({ text, pieces }: Tokens): (readonly [number, number])[] {
  return bytesApart(text, pieces, spansOf(text, pieces)).map(([start, end], token) => {
    const span = withoutBlanks(pieces[token], start, end);
    return [span.start, span.end] as const;
  });
}

/** A token's name without the blank before it, where anything is left of it. */
export function tokenLabel(piece: string): string {
  const bare = piece.replace(/^[ \u00a0]/, "");
  return tokenName(bare === "" ? piece : bare);
}
