import { msg, type Problem } from "../contract/index.js";
import type { Tokenizer } from "../models/tokenizer.js";
import { checkConfig, type GenerationConfig } from "./config.js";
import type { StrategyId } from "./config/strategy.js";
import type { DecodingParams } from "./params.js";

/** The configuration that the parameters make; what is off is left out. `bad_words_ids` need the model's tokenizer. */
export function configOf(params: DecodingParams, tokenizer: Tokenizer | undefined, eos: readonly number[]): GenerationConfig {
  const { early_stopping: early, num_beams, num_beam_groups, do_sample, penalty_alpha } = params;
  const config: GenerationConfig = {
    do_sample,
    temperature: params.temperature,
    top_k: params.top_k,
    top_p: params.top_p,
    typical_p: params.typical_p,
    max_new_tokens: params.max_new_tokens,
    num_beams,
    num_beam_groups,
    penalty_alpha,
    length_penalty: params.length_penalty,
    early_stopping: early === "never" ? early : early === "true",
    ...(eos.length > 0 ? { eos_token_id: eos } : {}),
  };
  const bad = tokenizer ? badWordIds(params.bad_words, tokenizer) : [];
  const more: Record<string, unknown> = bad.length > 0 ? { bad_words_ids: bad } : {};
  for (const [name, off] of OFF) if (params[name] !== off) more[name] = params[name];
  return { ...config, ...more };
}

/** The values that switch parameters off, which generate() takes as if they were absent. */
const OFF = [
  ["min_p", 0], ["epsilon_cutoff", 0], ["eta_cutoff", 0], ["repetition_penalty", 1], ["frequency_penalty", 0], ["presence_penalty", 0], ["noise", 0],
  ["no_repeat_ngram_size", 0], ["min_new_tokens", 0], ["diversity_penalty", 0],
] as const;

/** Each text as it is cut within a sentence and at the beginning: tokenizers give a word behind a blank another token. */
export function badWordIds(text: string, tokenizer: Tokenizer): number[][] {
  const words = text.split(/[;\n]/).map((word) => word.trim()).filter((word) => word !== "");
  const sequences = words.flatMap((word) => [tokenizer.encode(word), tokenizer.encode(` ${word}`)]);
  return [...new Map(sequences.filter((ids) => ids.length > 0).map((ids) => [ids.join(" "), ids])).values()];
}

/** What generate() does with a configuration (GenerationConfig.get_generation_mode). */
export function strategyOf(config: GenerationConfig): StrategyId {
  const { num_beams: beams = 1, num_beam_groups: groups = 1, do_sample: draws = false, penalty_alpha: alpha = 0, top_k: k = 0 } = config;
  if (beams > 1) return groups > 1 ? "diverse-beam" : draws ? "beam-sampling" : "beam";
  if (draws) return "sampling";
  return alpha > 0 && k > 1 ? "contrastive" : "greedy";
}

/** The processors' share of a configuration where one text is followed: contrastive search's top_k is no filter. */
export function isBeams(strategy: StrategyId): boolean {
  return strategy === "beam" || strategy === "beam-sampling" || strategy === "diverse-beam";
}

/** What can't be run, each with a remedy where one is a matter of parameters. */
export function configProblems(config: GenerationConfig): Problem[] {
  return checkConfig(config).map((message) => ({ severity: "error", message, ...fixesFor(config) }));
}

function fixesFor({ temperature = 1, num_beams: beams = 1, num_beam_groups: groups = 1, penalty_alpha: alpha = 0, top_k: k }: GenerationConfig): Pick<Problem, "fixes"> {
  if (!(temperature > 0)) return { fixes: [{ label: msg("Take the most probable token"), params: { do_sample: false, temperature: 1 } }] };
  if (beams % groups !== 0) return { fixes: [{ label: msg("Use {0} beams", Math.ceil(beams / groups) * groups), params: { num_beams: Math.ceil(beams / groups) * groups } }] };
  if (alpha > 0 && k !== undefined && k < 2) return { fixes: [{ label: msg("Set top_k to 4"), params: { top_k: 4 } }] };
  return {};
}

/** Parameters that are set but do nothing, with what would make them act. */
export function idleNotes(params: DecodingParams): Problem[] {
  const { do_sample: draws, num_beams: beams, num_beam_groups: groups, penalty_alpha: alpha, diversity_penalty: diversity } = params;
  const notes: Problem[] = [];
  // Contrastive search takes top_k for the number of its candidates.
  const weighs = alpha > 0 && beams === 1;
  const changed = SAMPLING.filter(([name, off]) => params[name] !== off && !(weighs && name === "top_k")).map(([name]) => name);
  if (!draws && changed.length > 0) {
    notes.push({
      severity: "info",
      message: weighs || beams > 1 ? msg("Without effect while do_sample is false: {0}.", changed.join(", ")) : msg("Without effect while do_sample is false: {0}. The most probable token is taken.", changed.join(", ")),
      fixes: [{ label: msg("Set do_sample to true"), params: { do_sample: true } }],
    });
  }
  if (alpha > 0 && (draws || beams > 1)) {
    notes.push({ severity: "info", message: draws ? msg("penalty_alpha does nothing while do_sample is true.") : msg("penalty_alpha does nothing while num_beams is above 1."), fixes: [{ label: msg("Use contrastive search"), params: { do_sample: false, num_beams: 1, num_beam_groups: 1 } }] });
  }
  if (groups > 1 && diversity === 0) {
    notes.push({ severity: "info", message: msg("Without diversity_penalty all {0} groups find the same texts.", groups), fixes: [{ label: msg("Set diversity_penalty to 1"), params: { diversity_penalty: 1 } }] });
  }
  if (groups > 1 && draws) {
    notes.push({ severity: "info", message: msg("Diverse beam search draws nothing: generate() refuses do_sample with num_beam_groups above 1."), fixes: [{ label: msg("Set do_sample to false"), params: { do_sample: false } }] });
  }
  const { min_new_tokens: least, max_new_tokens: most } = params;
  if (least > most) {
    notes.push({ severity: "info", message: msg("The text ends after {0} tokens, as max_new_tokens says, though min_new_tokens is {1}.", most, least), fixes: [{ label: msg("Set max_new_tokens to {0}", least), params: { max_new_tokens: least } }] });
  }
  return notes;
}

/** What acts in sampling only. top_k's default stays unmentioned. */
const SAMPLING = [["temperature", 1], ["top_k", 50], ["top_p", 1], ["min_p", 0], ["typical_p", 1], ["epsilon_cutoff", 0], ["eta_cutoff", 0]] as const;
