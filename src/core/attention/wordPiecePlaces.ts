import type { Span } from "../contract/index.js";

/** Characters that are passed over at most to find a piece again behind one that is not found. */
const REACH = 200;

/**
 * Where the pieces of a WordPiece vocabulary stand in the text that they were made of. The pieces are the text without blanks,
 * perhaps in lower case and without accents; "##" begins one that goes on a word, and [UNK] is a whole word.
 * @returns by piece its UTF-16 offsets; undefined for pieces such as [CLS] that stand nowhere
 */
export function wordPiecePlaces(text: string, pieces: readonly string[]): (Span | undefined)[] {
  const { letters, starts, ends } = fold(text);
  let at = 0;
  return pieces.map((piece) => {
    if (piece === "[UNK]") {
      while (at < letters.length && isBlank(letters[at])) at++;
      const from = at;
      while (at < letters.length && (at === from || (isWord(letters[at]) && isWord(letters[from])))) at++;
      return at > from ? { start: starts[from], end: ends[at - 1] } : undefined;
    }
    if (/^\[[A-Z]+\]$/.test(piece) && !text.includes(piece)) return undefined;
    const wanted = fold(piece.replace(/^##(?=.)/, "")).letters;
    const from = indexOf(letters, wanted, at);
    if (from < 0) return undefined;
    at = from + wanted.length;
    return { start: starts[from], end: ends[at - 1] };
  });
}

/** The text's characters in lower case and without accents, with the place of what each was made of. */
function fold(text: string): { readonly letters: readonly string[]; readonly starts: readonly number[]; readonly ends: readonly number[] } {
  const [letters, starts, ends]: [string[], number[], number[]] = [[], [], []];
  let offset = 0;
  for (const character of text) {
    for (const letter of character.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "")) {
      letters.push(letter);
      starts.push(offset);
      ends.push(offset + character.length);
    }
    offset += character.length;
  }
  return { letters, starts, ends };
}

function indexOf(letters: readonly string[], wanted: readonly string[], from: number): number {
  if (wanted.length === 0) return -1;
  const last = Math.min(letters.length - wanted.length, from + REACH);
  for (let i = from; i <= last; i++) if (wanted.every((letter, j) => letters[i + j] === letter)) return i;
  return -1;
}

const isBlank = (letter: string): boolean => /\s/.test(letter);
const isWord = (letter: string): boolean => /[\p{L}\p{N}]/u.test(letter);
