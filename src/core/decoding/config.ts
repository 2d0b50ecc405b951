import { msg, type Message } from "../contract/index.js";
import type { Sequence } from "./processors/sequenceBias.js";

/**
 * The parameters of Hugging Face's `generate` that are explained, by their names there, and three that other servers have
 * (frequency_penalty, presence_penalty) or that are ours (noise). What is absent is off.
 */
export type GenerationConfig = {
  readonly do_sample?: boolean;
  readonly temperature?: number;
  readonly top_k?: number;
  readonly top_p?: number;
  readonly min_p?: number;
  readonly top_h?: number;
  readonly typical_p?: number;
  readonly epsilon_cutoff?: number;
  readonly eta_cutoff?: number;
  readonly repetition_penalty?: number;
  readonly encoder_repetition_penalty?: number;
  readonly frequency_penalty?: number;
  readonly presence_penalty?: number;
  readonly noise?: number;
  readonly no_repeat_ngram_size?: number;
  readonly encoder_no_repeat_ngram_size?: number;
  readonly bad_words_ids?: readonly Sequence[];
  readonly sequence_bias?: readonly (readonly [Sequence, number])[];
  readonly suppress_tokens?: readonly number[];
  readonly begin_suppress_tokens?: readonly number[];
  readonly forced_bos_token_id?: number;
  readonly forced_eos_token_id?: number | readonly number[];
  readonly exponential_decay_length_penalty?: readonly [number, number];
  readonly remove_invalid_values?: boolean;
  readonly renormalize_logits?: boolean;
  readonly min_length?: number;
  readonly min_new_tokens?: number;
  readonly max_length?: number;
  readonly max_new_tokens?: number;
  readonly num_beams?: number;
  readonly num_beam_groups?: number;
  readonly diversity_penalty?: number;
  readonly length_penalty?: number;
  readonly early_stopping?: boolean | "never";
  readonly num_return_sequences?: number;
  readonly penalty_alpha?: number;
  readonly eos_token_id?: number | readonly number[];
};

type Range = { readonly least: number; readonly most: number; readonly whole?: boolean; readonly open?: boolean };
const unit: Range = { least: 0, most: 1 };
const count: Range = { least: 0, most: Infinity, whole: true };
const positive: Range = { least: 0, most: Infinity, open: true };
const some: Range = { least: 1, most: Infinity, whole: true };

/** What transformers refuses; `open` leaves out the lower end. */
const ranges: { readonly [K in keyof GenerationConfig]?: Range } = {
  temperature: positive,
  top_k: count,
  top_p: unit,
  min_p: unit,
  top_h: { ...unit, open: true },
  typical_p: { ...unit, open: true },
  repetition_penalty: positive,
  encoder_repetition_penalty: positive,
  frequency_penalty: { least: -Infinity, most: Infinity },
  presence_penalty: { least: -Infinity, most: Infinity },
  noise: { least: 0, most: Infinity },
  no_repeat_ngram_size: count,
  encoder_no_repeat_ngram_size: count,
  min_length: count,
  min_new_tokens: count,
  max_length: some,
  max_new_tokens: some,
  num_beams: some,
  num_beam_groups: some,
  num_return_sequences: some,
  diversity_penalty: { least: 0, most: Infinity },
  length_penalty: { least: -Infinity, most: Infinity },
  penalty_alpha: unit,
};

/** The parameters that can't be run, as sentences that name the range; empty when all fit. */
export function checkConfig(config: GenerationConfig): Message[] {
  const problems: Message[] = [];
  for (const [name, range] of Object.entries(ranges) as [keyof GenerationConfig, Range][]) {
    const value = config[name];
    if (value !== undefined && !fits(value, range)) problems.push(sentence(name, value, range));
  }
  const { num_beams: beams = 1, num_beam_groups: groups = 1, num_return_sequences: returned = 1, penalty_alpha: alpha = 0, top_k: k } = config;
  if (beams % groups !== 0) problems.push(msg("num_beams ({0}) must be a multiple of num_beam_groups ({1}). Change one of them.", beams, groups));
  if (beams > 1 && returned > beams) problems.push(msg("num_return_sequences ({0}) can't exceed num_beams ({1}). Lower it, or search with more beams.", returned, beams));
  if (alpha > 0 && k !== undefined && k < 2) problems.push(msg("penalty_alpha needs top_k above 1: with one candidate there is nothing to weigh. Set top_k to 4."));
  return problems;
}

function fits(value: unknown, { least, most, whole, open }: Range): boolean {
  if (typeof value !== "number" || Number.isNaN(value) || !Number.isFinite(value)) return false;
  return (open ? value > least : value >= least) && value <= most && (!whole || Number.isInteger(value));
}

function sentence(name: string, value: unknown, range: Range): Message {
  const shown = typeof value === "number" ? value : String(JSON.stringify(value));
  if (name === "temperature" && value === 0) return msg("temperature must be above 0. For the most probable token each time, set do_sample to false.");
  if (range.least === -Infinity) return msg("{0} must be a number, not {1}.", name, shown);
  if (range.whole) return msg("{0} must be a whole number of at least {1}, not {2}.", name, range.least, shown);
  if (range.most === Infinity) return range.open ? msg("{0} must be above {1}, not {2}.", name, range.least, shown) : msg("{0} must be at least {1}, not {2}.", name, range.least, shown);
  return range.open ? msg("{0} must be above {1} and at most {2}, not {3}.", name, range.least, range.most, shown) : msg("{0} must be from {1} to {2}, not {3}.", name, range.least, range.most, shown);
}

/** One id or several as a list. */
export function idList(ids: number | readonly number[] | undefined): readonly number[] {
  return ids === undefined ? [] : typeof ids === "number" ? [ids] : ids;
}
