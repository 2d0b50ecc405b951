/** A name and its place in the text. */
export type Name = { readonly text: string; readonly start: number; readonly end: number };
/** A name that stands nowhere, such as `matrix[3]`; of lists nested absurdly deep it is cut off. */
export const made = (text: string): Name => ({ text: text.length > 200 ? "…" : text, start: -1, end: -1 });

/** An open bracket, with what has been read inside it. */
export type Frame = {
  /** Code of the bracket. */
  readonly code: number;
  /** The bracket of a call: `np.array(`. `vector`: its arguments are a vector, as in `c(1, 2)`; `number`: its argument is a number, as in `np.float64(1)`. */
  readonly call: "" | "call" | "vector" | "number";
  readonly start: number;
  readonly line: number;
  readonly name: Name | undefined;
  /** Where its numbers begin in the scratch array, and how many there are. */
  readonly from: number;
  count: number;
  /** Only numbers, at most one string, so far. */
  pure: boolean;
  strings: number;
  /** The last string; the name of the list behind it, or of the list that it stands in. */
  label: Name | undefined;
  /** Lists and objects inside. */
  children: number;
  /** The key or argument whose value comes next. */
  pending: Name | undefined;
  /** Whether there are keys. */
  object: boolean;
  /** A value was read, and no comma since. */
  valued: boolean;
  /** The vectors that are values of keys, for the name that a sibling gives them: {"word": "king", "vector": […]}. */
  readonly keyed: { readonly vector: number; readonly key: string }[];
};

/** Keys whose string names the other values of their object. */
export const LABEL_KEYS = /^(?:word|name|label|id|key|token|text|title|term|string|sentence)$/i;
/** Keys that say no more than that there is a vector. */
export const VECTOR_KEYS = /^(?:vectors?|vec|embeddings?|emb|values?|data|features?|coordinates|weights?)$/i;
/** Calls whose arguments are numbers of one vector. */
export const VECTOR_CALLS = /(?:^|[.:])(?:c|vec|vector|Vector[234]?|of)$/;
/** Calls around a single number, as numpy 2 prints them. */
export const NUMBER_CALLS = /(?:^|\.)(?:u?int\d*|float\d*|double|Decimal)$/;

/** What a word means as a number: NaN for the words of a missing one, undefined for any other word. */
export function wordValue(word: string): number | undefined {
  switch (word.toLowerCase().replace(/^(?:np|numpy|math|torch)\./, "")) {
    case "nan":
    case "null":
    case "none":
    case "na":
      return NaN;
    case "inf":
    case "infinity":
      return Infinity;
    default:
      return undefined;
  }
}
