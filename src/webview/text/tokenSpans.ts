/** The byte that a token stands for where it is no character on its own, as two hexadecimal digits. */
export function byteOf(piece: string): string | null {
  return /^<0x([0-9A-Fa-f]{2})>$/.exec(piece)?.[1].toUpperCase() ?? null;
}

/**
 * Where the tokens of a text stand in it, as UTF-16 offsets [start, end): read from the end, since a prompt may be cut at
 * its beginning. A byte that is no character has no width of its own; the character's last byte gets all of it.
 */
export function spansOf(text: string, pieces: readonly string[]): (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = new Array(pieces.length);
  let end = text.length;
  for (let i = pieces.length - 1; i >= 0; i--) {
    const start = startOf(text, pieces, i, end);
    spans[i] = [start, end];
    end = start;
  }
  return spans;
}

function startOf(text: string, pieces: readonly string[], i: number, end: number): number {
  const piece = pieces[i];
  if (byteOf(piece) !== null) {
    // The last of a run of bytes reaches back to where the token before the run ends.
    if (i + 1 < pieces.length && byteOf(pieces[i + 1]) !== null) return end;
    let first = i;
    while (first > 0 && byteOf(pieces[first - 1]) !== null) first--;
    if (first === 0) return 0;
    const before = text.lastIndexOf(pieces[first - 1], end);
    return before < 0 ? end : Math.min(end, before + pieces[first - 1].length);
  }
  if (text.endsWith(piece, end)) return end - piece.length;
  // The first token of a text may be written with a blank that the text has not.
  const bare = piece.trimStart();
  if (text.endsWith(bare, end)) return end - bare.length;
  const before = bare === "" ? -1 : text.lastIndexOf(bare, end - bare.length);
  return before < 0 ? end : before;
}
