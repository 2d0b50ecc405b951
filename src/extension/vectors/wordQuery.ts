/** A word as a query asks for it: in quotes where it would be read as an expression. */
export function wordQuery(word: string): string {
  return /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(word) ? word : JSON.stringify(word);
}
