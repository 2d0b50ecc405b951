import { msg, type Message } from "../../contract/index.js";
import type { Distribution } from "../distribution.js";
import { rewrite, type Processor, type StepContext, type Workspace } from "./processor.js";

/** A filter that removes certain tokens while a condition holds. */
function remover(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  tokens: readonly number[],
  holds: (context: StepContext) => boolean,
  why: Message,
): Processor {
  return {
    name,
    parameters,
    filters: true,
    few: true,
    apply(input: Distribution, context: StepContext, out: Float64Array, work: Workspace) {
      if (holds(context)) for (const token of tokens) rewrite(input, token, -Infinity, out, work);
      return () => why;
    },
  };
}

/** No end of text before `length` tokens, prompt included. */
export function minLength(length: number, eos: readonly number[]): Processor {
  const why = msg("end of text before {0} tokens", length);
  return remover("MinLengthLogitsProcessor", { min_length: length }, eos, ({ ids }) => ids.length < length, why);
}

/** No end of text before `count` new tokens. */
export function minNewTokens(count: number, eos: readonly number[]): Processor {
  const why = msg("end of text before {0} new tokens", count);
  return remover("MinNewTokensLengthLogitsProcessor", { min_new_tokens: count }, eos, ({ ids, promptLength }) => ids.length - promptLength < count, why);
}

export function suppressTokens(tokens: readonly number[]): Processor {
  return remover("SuppressTokensLogitsProcessor", { suppress_tokens: tokens }, tokens, () => true, msg("suppressed always"));
}

/** Suppresses tokens at the one place where the text has `begin` tokens. */
export function suppressTokensAtBegin(tokens: readonly number[], begin: number): Processor {
  const why = msg("suppressed at the beginning");
  return remover("SuppressTokensAtBeginLogitsProcessor", { begin_suppress_tokens: tokens }, tokens, ({ ids }) => ids.length === begin, why);
}

/** A filter that, while a condition holds, leaves certain tokens only, with score 0. */
function forcer(name: string, parameters: Readonly<Record<string, unknown>>, tokens: readonly number[], holds: (context: StepContext) => boolean, why: Message): Processor {
  return {
    name,
    parameters,
    filters: false,
    apply({ scores }, context, out) {
      if (!holds(context)) {
        out.set(scores);
        return undefined;
      }
      out.fill(-Infinity);
      for (const token of tokens) if (token < out.length) out[token] = 0;
      return () => why;
    },
  };
}

/** The first token, where nothing came before but the start token. */
export function forcedBos(token: number): Processor {
  return forcer("ForcedBOSTokenLogitsProcessor", { forced_bos_token_id: token }, [token], ({ ids }) => ids.length === 1, msg("the first token is forced"));
}

/** The last token that `maxLength` (prompt included) leaves room for. */
export function forcedEos(maxLength: number, eos: readonly number[]): Processor {
  const why = msg("the last token is forced to be the end of text");
  return forcer("ForcedEOSTokenLogitsProcessor", { forced_eos_token_id: eos }, eos, ({ ids }) => ids.length === maxLength - 1, why);
}

/** Raises the end of text by |score| (factor^n − 1), n tokens behind `start` new tokens. */
export function exponentialDecayLengthPenalty(start: number, factor: number, eos: readonly number[]): Processor {
  return {
    name: "ExponentialDecayLengthPenalty",
    parameters: { exponential_decay_length_penalty: [start, factor] },
    filters: false,
    few: true,
    apply(input, { ids, promptLength }, out, work) {
      const { scores } = input;
      const late = ids.length - promptLength - start;
      if (late <= 0) return undefined;
      for (const token of eos) rewrite(input, token, scores[token] + Math.abs(scores[token]) * (factor ** late - 1), out, work);
      return () => msg("the end of text becomes likelier with every token behind {0}", start);
    },
  };
}
