import { msg } from "../../contract/index.js";
import { rewrite, type Processor, type StepContext } from "./processor.js";

export type Sequence = readonly number[];

/**
 * Adds a bias to tokens that complete a sequence: always for those of one token, else when the text ends with the rest. Of
 * equal sequences the last counts.
 */
export function sequenceBias(biases: readonly (readonly [Sequence, number])[]): Processor {
  const unique = [...new Map(biases.map((bias) => [bias[0].join(" "), bias])).values()];
  return {
    name: "SequenceBiasLogitsProcessor",
    parameters: { sequence_bias: biases },
    filters: false,
    few: true,
    apply(input, context, out, work) {
      for (const [sequence, bias] of unique) {
        if (!completes(sequence, context)) continue;
        const token = sequence[sequence.length - 1];
        rewrite(input, token, (work.marks[token] > 0 ? out : input.scores)[token] + bias, out, work);
      }
      return () => msg("completes a sequence with a bias");
    },
  };
}

/** Removes tokens that complete one of the sequences; a sequence that is just the end-of-text token does not count. */
export function badWords(words: readonly Sequence[], eos: readonly number[] = []): Processor {
  const banned = words.filter((word) => !(word.length === 1 && eos.includes(word[0])));
  return {
    name: "NoBadWordsLogitsProcessor",
    parameters: { bad_words_ids: words },
    filters: true,
    few: true,
    apply(input, context, out, work) {
      for (const word of banned) if (completes(word, context)) rewrite(input, word[word.length - 1], -Infinity, out, work);
      return () => msg("completes a bad word");
    },
  };
}

/** Whether the text ends with all of a sequence but its last token. */
function completes(sequence: Sequence, { ids }: StepContext): boolean {
  const start = ids.length - sequence.length + 1;
  if (start < 0) return false;
  for (let j = 0; j < sequence.length - 1; j++) if (ids[start + j] !== sequence[j]) return false;
  return true;
}
