import { msg, type Message } from "../../contract/index.js";
import type { Block } from "../../formats/settings/block.js";
import type { Parameter } from "./parameter.js";
import { activeParameters, type StrategyId } from "./strategy.js";
import { known } from "./values.js";

/** What a parameter of the search or of the length changes, which leaves the next token's distribution as it is; undefined for others. */
export function pathSentence(block: Block, { name }: Parameter, value: boolean | number | string | null | undefined): Message | undefined {
  const number = (other: string) => {
    const found = known(block, other).value;
    return typeof found === "number" ? found : undefined;
  };
  const beams = number("num_beams");
  switch (name) {
    case "max_new_tokens":
    case "max_length":
    case "max_time":
    case "stop_strings":
      return msg("It says where the text ends: the next token's probabilities stay as they are.");
    case "num_beams": {
      if (value === 1) return msg("With one beam a single text is followed: the next token's probabilities stay as they are.");
      if (typeof value !== "number") return undefined;
      const groups = number("num_beam_groups") ?? 1;
      if (groups > 1) return msg("Each step goes on with {0} texts, in {1} groups that are searched one after the other: the next token's probabilities stay as they are.", value, groups);
      return known(block, "do_sample").value === true ? msg("Each step draws {0} continuations of {1} texts and goes on with the best {1}: the next token's probabilities stay as they are.", 2 * value, value) : undefined;
    }
    case "num_beam_groups":
      if (typeof value !== "number" || value < 2 || beams === undefined || beams % value !== 0) return msg("It divides the beams: the next token's probabilities stay as they are.");
      return msg("{0} groups of {1} beams each: a group sees what the groups before it chose, and is penalised by diversity_penalty for choosing the same.", value, beams / value);
    case "early_stopping":
      return msg("It says when the search ends: the next token's probabilities stay as they are.");
    case "num_return_sequences":
      return msg("It says how many texts are handed over: the next token's probabilities stay as they are.");
    case "renormalize_logits":
      return msg("It moves all scores of a step by the same amount: the next token's probabilities stay as they are, sums over several steps do not.");
    default:
      return undefined;
  }
}

/** The other parameters that take part, as the line above the block names them; undefined when there are none. */
export function othersText(block: Block, id: StrategyId, but: readonly string[]): Message | undefined {
  const shaping = activeParameters(block, { id }).filter((each) => !but.includes(each.name) && !sequence.has(each.name));
  const parts = shaping.map(({ name: own, value, byDefault }) => {
    const shown = typeof value === "number" ? value : String(value);
    return byDefault ? msg("{0} {1} (default)", own, shown) : msg("{0} {1}", own, shown);
  });
  return parts.length === 0 ? undefined : parts.reduce((before, part) => msg("{0} · {1}", before, part));
}

/** Named in the headline, but no part of the distribution. */
const sequence = new Set(["num_beams", "length_penalty", "early_stopping", "penalty_alpha", "num_beam_groups", "diversity_penalty"]);
