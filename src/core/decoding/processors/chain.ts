import { idList, type GenerationConfig } from "../config.js";
import { epsilonCutoff, etaCutoff } from "./cutoffs.js";
import { exponentialDecayLengthPenalty, forcedBos, forcedEos, minLength, minNewTokens, suppressTokens, suppressTokensAtBegin } from "./lengths.js";
import { minP } from "./minP.js";
import { noRepeatNgram, noRepeatPromptNgram } from "./noRepeatNgram.js";
import { logSoftmax, removeInvalidValues } from "./normalise.js";
import { frequencyPresencePenalty, hammingDiversity, noise, promptRepetitionPenalty, repetitionPenalty } from "./penalties.js";
import type { Processor } from "./processor.js";
import { badWords, sequenceBias } from "./sequenceBias.js";
import { temperature } from "./temperature.js";
import { topH } from "./topH.js";
import { topK } from "./topK.js";
import { topP } from "./topP.js";
import { typicalP } from "./typicalP.js";

export type ChainSetting = {
  /** Tokens of the prompt. */
  readonly promptLength: number;
  /** Tokens at which the text is full, prompt included. */
  readonly maxLength: number;
  readonly eos?: readonly number[];
};

/**
 * The processors that generate() makes of a configuration, in its order
 * (transformers 5.18, `GenerationMixin._get_logits_processor`). The warpers, from temperature on, belong to sampling only.
 * Frequency and presence penalty, which it has not, stand behind the repetition penalty, as in vLLM and llama.cpp.
 * @param config as `checkConfig` accepts it
 */
export function chainOf(config: GenerationConfig, setting: ChainSetting): Processor[] {
  return [...adjustments(config, setting), ...(config.do_sample ? warpers(config, setting) : []), ...(config.renormalize_logits ? [logSoftmax()] : [])];
}

/** The chain of a run that adds up to `count` tokens. As in generate(), min_new_tokens wins over min_length. */
export function runChain(config: GenerationConfig, promptLength: number, count: number): Processor[] {
  return chainOf(config.min_new_tokens ? { ...config, min_length: 0 } : config, { promptLength, maxLength: promptLength + count });
}

function adjustments(config: GenerationConfig, { promptLength, maxLength, eos = idList(config.eos_token_id) }: ChainSetting): Processor[] {
  const { frequency_penalty: frequency = 0, presence_penalty: presence = 0, exponential_decay_length_penalty: decay } = config;
  const chain: Processor[] = [];
  const add = (wanted: unknown, make: () => Processor) => {
    if (wanted) chain.push(make());
  };
  add(config.sequence_bias?.length, () => sequenceBias(config.sequence_bias!));
  add(config.diversity_penalty, () => hammingDiversity(config.diversity_penalty!));
  add((config.encoder_repetition_penalty ?? 1) !== 1, () => promptRepetitionPenalty(config.encoder_repetition_penalty!));
  add((config.repetition_penalty ?? 1) !== 1, () => repetitionPenalty(config.repetition_penalty!));
  add(frequency !== 0 || presence !== 0, () => frequencyPresencePenalty(frequency, presence));
  add(config.noise, () => noise(config.noise!));
  add(config.no_repeat_ngram_size, () => noRepeatNgram(config.no_repeat_ngram_size!));
  add(config.encoder_no_repeat_ngram_size, () => noRepeatPromptNgram(config.encoder_no_repeat_ngram_size!));
  add(config.bad_words_ids?.length, () => badWords(config.bad_words_ids!, eos));
  add(config.min_length && eos.length > 0, () => minLength(config.min_length!, eos));
  add(config.min_new_tokens && eos.length > 0, () => minNewTokens(config.min_new_tokens!, eos));
  add(config.forced_bos_token_id !== undefined, () => forcedBos(config.forced_bos_token_id!));
  add(config.forced_eos_token_id !== undefined, () => forcedEos(maxLength, idList(config.forced_eos_token_id)));
  add(config.remove_invalid_values, removeInvalidValues);
  add(decay, () => exponentialDecayLengthPenalty(decay![0], decay![1], eos));
  add(config.suppress_tokens?.length, () => suppressTokens(config.suppress_tokens!));
  const begin = promptLength > 1 || config.forced_bos_token_id === undefined ? promptLength : promptLength + 1;
  add(config.begin_suppress_tokens?.length, () => suppressTokensAtBegin(config.begin_suppress_tokens!, begin));
  return chain;
}

function warpers(config: GenerationConfig, { eos = idList(config.eos_token_id) }: ChainSetting): Processor[] {
  // Beam search must have one more candidate than there are ways to end, else nothing would go on.
  const keep = (config.num_beams ?? 1) > 1 ? Math.max(2, eos.length + 1) : 1;
  const { temperature: t = 1, top_h: h, top_k: k = 0, top_p: p = 1, min_p: m, typical_p: typical = 1, epsilon_cutoff: epsilon = 0, eta_cutoff: eta = 0 } = config;
  const chain: Processor[] = [];
  if (t !== 1) chain.push(temperature(t));
  if (h !== undefined) chain.push(topH(h));
  if (k !== 0) chain.push(topK(k, keep));
  if (p < 1) chain.push(topP(p, keep));
  if (m !== undefined) chain.push(minP(m, keep));
  if (typical < 1) chain.push(typicalP(typical, keep));
  if (epsilon > 0 && epsilon < 1) chain.push(epsilonCutoff(epsilon, keep));
  if (eta > 0 && eta < 1) chain.push(etaCutoff(eta, keep));
  return chain;
}

/** llama.cpp's default order of samplers; what it does not have keeps its place behind top-H and min-p. */
const llamaCppOrder = [
  "TopHLogitsWarper", "TopKLogitsWarper", "TypicalLogitsWarper", "TopPLogitsWarper", "MinPLogitsWarper", "EpsilonLogitsWarper", "EtaLogitsWarper",
  "TemperatureLogitsWarper",
];

/**
 * The same processors in llama.cpp's order (`common_params_sampling.samplers`: penalties, top_k, typ_p, top_p, min_p,
 * temperature): the cuts come before the temperature, so that it does not change what they keep.
 */
export function llamaCppChain(chain: readonly Processor[]): Processor[] {
  const warping = chain.filter(({ name }) => llamaCppOrder.includes(name));
  const sorted = [...warping].sort((a, b) => llamaCppOrder.indexOf(a.name) - llamaCppOrder.indexOf(b.name));
  let next = 0;
  return chain.map((processor) => (llamaCppOrder.includes(processor.name) ? sorted[next++] : processor));
}
