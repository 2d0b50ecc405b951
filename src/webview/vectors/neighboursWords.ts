import { msg, type Message } from "../../core/contract/index.js";
import type { NeighboursPart, VectorsTrace } from "../../core/vectors/trace.js";
import { compact, fixed } from "../text/number.js";
import type { Answer } from "./neighboursBars.js";

/** What was searched, how exactly and for how long. */
export function searchedSentence({ search }: NeighboursPart, { searched, milliseconds, asked }: Answer, trace: VectorsTrace): Message {
  if (!(asked.norm > 0)) return msg("The vector of the question is all zeros: it has no direction, so nothing is near it.");
  const time = milliseconds < 1 ? msg("under 1 ms") : msg("{0} ms", fixed(milliseconds, 0));
  const count = compact(searched);
  if (search === "rows" && trace.origin !== "words") return msg("Exact, over all {0} rows, in {1}.", count, time);
  return msg("Exact, over all {0} words, in {1}.", count, time);
}

/** What became of the words of the question themselves; null where none of them was searched. */
export function leftSentence({ exclude, method }: NeighboursPart, { left, names }: Answer): Message | null {
  if (!exclude) return msg("Those in the question are counted.");
  if (left.length === 0) return null;
  const best = left.reduce((a, b) => (b.rank < a.rank ? b : a));
  const score = fixed(best.score, 3);
  if (best.rank === 1) return msg("Those in the question are left out: {0} itself would lead with {1}.", best.name, score);
  if (best.rank <= names.length) return msg("Those in the question are left out: {0} would be number {1} with {2}.", best.name, best.rank, score);
  return method === "3CosMul" ? msg("Those in the question are left out; none would be among the first {0}.", names.length)
    : msg("Those in the question are left out; the nearest of them, {0}, has {1}.", best.name, score);
}

/** What the numbers are, where they are not the cosines with the vector that was asked. */
export function methodSentence({ method }: NeighboursPart, { asked }: Answer): Message | null {
  if (method === "3CosMul") return msg("The numbers are quotients: the cosines with what is added, shifted to 0 … 1 and multiplied, over those with what is taken away.");
  if (method === "3CosAdd" && asked.terms.length > 1) return msg("The numbers are cosines with the sum of the words at length 1; the strips show the sum as it is written.");
  return null;
}
