import type { LanguageModel } from "../../models/languageModel.js";
import { idList, type GenerationConfig } from "../config.js";
import { highest, type Distribution } from "../distribution.js";
import { Pipeline, type PipelineRun } from "../pipeline.js";
import { llamaCppChain, runChain } from "../processors/chain.js";
import type { Processor } from "../processors/processor.js";
import { feeding, type Finish, type StrategyRun } from "./events.js";

/** A token and what chose it. */
export type Pick = {
  readonly token: number;
  /** The uniform number that chose it; NaN when the highest score was taken. */
  readonly uniform: number;
  /** Sum of the probabilities of the tokens with lower ids, and with this one: the uniform number lies between. */
  readonly below: number;
  readonly upTo: number;
};

export type TokenStep = Pick & {
  /** Its index in the text. */
  readonly position: number;
  /** Its score behind the processors, and the probability that gives. */
  readonly score: number;
  readonly probability: number;
  /** Its log-probability as the model has it, untouched by processors. */
  readonly modelLogProbability: number;
  /** All stages; valid until the next step. */
  readonly run: PipelineRun;
};

export type GenerationResult = { readonly sequence: readonly number[]; readonly promptLength: number; readonly finish: Finish };

export type GenerateOptions = {
  /** Uniform in [0, 1); one number is taken a token when `do_sample` is set. */
  readonly random?: () => number;
  readonly order?: "transformers" | "llama.cpp";
};

/** Picks the first token, in the order of ids, whose cumulative probability exceeds `uniform`. */
export function pickAt({ probabilities, members, listed }: Distribution, uniform: number): Pick {
  const [size, all] = [listed < 0 ? probabilities.length : listed, listed < 0];
  let [token, below, upTo] = [-1, 0, 0];
  for (let m = 0; m < size; m++) {
    const i = all ? m : members[m];
    const p = probabilities[i];
    if (p === 0) continue;
    token = i;
    below = upTo;
    upTo += p;
    if (upTo > uniform) break;
  }
  // Rounding may leave the whole sum short of the number: the last token it is then.
  return { token, uniform, below, upTo };
}

function pickHighest(distribution: Distribution): Pick {
  return { token: highest(distribution), uniform: NaN, below: NaN, upTo: NaN };
}

/** How many new tokens fit: as many as asked for, and as the model's context leaves room for. */
export function roomFor(config: GenerationConfig, promptLength: number, contextLength: number): { readonly count: number; readonly limit: "length" | "context" } {
  const wanted = config.max_new_tokens ?? (config.max_length === undefined ? 20 : config.max_length - promptLength);
  // The last token need not be read, so that the text may be one longer than the context.
  const room = contextLength - promptLength + 1;
  return room < wanted ? { count: Math.max(0, room), limit: "context" } : { count: Math.max(0, wanted), limit: "length" };
}

/**
 * Greedy search, or sampling with `do_sample`: yields a step a token.
 * @param prompt at least one token, and no more than the context holds
 */
export function* generate(model: LanguageModel, prompt: readonly number[], config: GenerationConfig, options: GenerateOptions = {}): StrategyRun<TokenStep, GenerationResult> {
  if (prompt.length === 0) throw new RangeError("the prompt is empty");
  const eos = idList(config.eos_token_id);
  const { count, limit } = roomFor(config, prompt.length, model.contextLength);
  const made = runChain(config, prompt.length, count);
  const chain: readonly Processor[] = options.order === "llama.cpp" ? llamaCppChain(made) : made;
  const random = options.random ?? (() => 0);
  const pipeline = new Pipeline(model.vocabularySize);
  const state = model.start();
  const sequence = [...prompt];
  const ended = (finish: Finish): GenerationResult => ({ sequence, promptLength: prompt.length, finish });
  for (let t = 0; t < count; t++) {
    yield* feeding(state, t === 0 ? prompt : sequence.slice(-1));
    const run = pipeline.run(state.logits, chain, { ids: sequence, promptLength: prompt.length, random: options.random });
    if (run.last.invalid > 0) return ended("invalid");
    const pick = config.do_sample ? pickAt(run.last, random()) : pickHighest(run.last);
    if (pick.token < 0) return ended("no token");
    const { token } = pick;
    const position = sequence.length;
    sequence.push(token);
    yield {
      kind: "step",
      step: {
        ...pick,
        position,
        score: run.last.scores[token],
        probability: run.last.probabilities[token],
        modelLogProbability: run.first.scores[token] - run.first.logNormaliser,
        run,
      },
    };
    if (eos.includes(token)) return ended("eos");
  }
  return ended(limit);
}
