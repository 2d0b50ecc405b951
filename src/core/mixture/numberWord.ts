import { msg, type Message } from "../contract/index.js";

const small: readonly Message[] = [
  msg("zero"), msg("one"), msg("two"), msg("three"), msg("four"), msg("five"), msg("six"), msg("seven"), msg("eight"),
  msg("nine"), msg("ten"), msg("eleven"), msg("twelve"),
];
const capital: readonly Message[] = [
  msg("Zero"), msg("One"), msg("Two"), msg("Three"), msg("Four"), msg("Five"), msg("Six"), msg("Seven"), msg("Eight"),
  msg("Nine"), msg("Ten"), msg("Eleven"), msg("Twelve"),
];

/** A count as prose writes it: a word to twelve, digits above. `first` begins a sentence. */
export function numberWord(n: number, first = false): Message {
  return (first ? capital : small)[n] ?? msg("{0}", String(n).replace(/\B(?=(\d{3})+$)/g, ","));
}
