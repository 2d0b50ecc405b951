const breaks: { readonly [character: string]: string } = { " ": "·", "\n": "↵", "\r": "␍", "\t": "⇥", "\u00a0": "⍽", "\u3000": "□" };

/** A token as a name in lists: blanks and line breaks are seen, nothing is "∅". */
export function tokenName(piece: string): string {
  return piece === "" ? "∅" : piece.replace(/[ \n\r\t\u00a0\u3000]/g, (each) => breaks[each]);
}
