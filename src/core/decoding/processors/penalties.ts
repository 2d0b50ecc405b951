import { msg } from "../../contract/index.js";
import { rewrite, type Processor, type StepContext } from "./processor.js";

/**
 * The repetition penalty of CTRL (Keskar et al. 2019) as transformers has it: a positive score of a token that occurred is
 * divided by the penalty, a negative one multiplied. The first `promptIgnoreLength` tokens do not count.
 */
export function repetitionPenalty(penalty: number, promptIgnoreLength = 0): Processor {
  return {
    name: "RepetitionPenaltyLogitsProcessor",
    parameters: { repetition_penalty: penalty, ...(promptIgnoreLength > 0 ? { prompt_ignore_length: promptIgnoreLength } : {}) },
    filters: false,
    few: true,
    apply(input, { ids }, out, work) {
      const { scores } = input;
      for (let t = promptIgnoreLength; t < ids.length; t++) {
        const score = scores[ids[t]];
        rewrite(input, ids[t], score < 0 ? score * penalty : score / penalty, out, work);
      }
      return (token) => (scores[token] < 0 ? msg("occurred before: multiplied by {0}", penalty) : msg("occurred before: divided by {0}", penalty));
    },
  };
}

/** The opposite for the tokens of the prompt: a penalty above 1 makes them likelier, so that a text stays with its prompt. */
export function promptRepetitionPenalty(penalty: number): Processor {
  return {
    name: "EncoderRepetitionPenaltyLogitsProcessor",
    parameters: { encoder_repetition_penalty: penalty },
    filters: false,
    few: true,
    apply(input, { ids, promptLength }, out, work) {
      const { scores } = input;
      for (let t = 0; t < promptLength; t++) {
        const score = scores[ids[t]];
        rewrite(input, ids[t], score < 0 ? score / penalty : score * penalty, out, work);
      }
      return (token) => (scores[token] < 0 ? msg("stands in the prompt: divided by {0}", penalty) : msg("stands in the prompt: multiplied by {0}", penalty));
    },
  };
}

/** How often each token occurred, [V]. */
export function countsOf({ ids }: Pick<StepContext, "ids">, counts: Int32Array): void {
  counts.fill(0);
  for (let t = 0; t < ids.length; t++) counts[ids[t]]++;
}

/** OpenAI's penalties: logit − count × frequency − (count > 0) × presence. */
export function frequencyPresencePenalty(frequency: number, presence: number): Processor {
  return {
    name: "FrequencyPresencePenalty",
    parameters: { frequency_penalty: frequency, presence_penalty: presence },
    filters: false,
    few: true,
    apply(input, { ids }, out, work) {
      const { scores } = input;
      const { marks } = work;
      for (let t = 0; t < ids.length; t++) rewrite(input, ids[t], scores[ids[t]] - frequency * (marks[ids[t]] + 1) - presence, out, work);
      return () => msg("occurred before: lowered by its count times {0}, and by {1}", frequency, presence);
    },
  };
}

/** Lowers the tokens that earlier groups of diverse beam search chose at this step (Vijayakumar et al. 2018). */
export function hammingDiversity(penalty: number): Processor {
  return {
    name: "HammingDiversityLogitsProcessor",
    parameters: { diversity_penalty: penalty },
    filters: false,
    apply({ scores }, { chosenByGroups }, out) {
      if (!chosenByGroups) out.set(scores);
      else for (let i = 0; i < out.length; i++) out[i] = scores[i] - penalty * chosenByGroups[i];
      return () => msg("chosen by an earlier group: lowered by {0} each time", penalty);
    },
  };
}

/** Adds normal noise of this standard deviation to every score (Box and Muller 1958), so that ties of habit break. */
export function noise(deviation: number): Processor {
  return {
    name: "NoiseLogitsProcessor",
    parameters: { noise: deviation },
    filters: false,
    apply({ scores }, { random }, out) {
      if (!random) throw new RangeError("noise needs a source of random numbers");
      for (let i = 0; i < out.length; i++) {
        const radius = Math.sqrt(-2 * Math.log(1 - random()));
        out[i] = scores[i] + deviation * radius * Math.cos(2 * Math.PI * random());
      }
      return () => msg("noise of standard deviation {0} added", deviation);
    },
  };
}
