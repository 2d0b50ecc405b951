import { msg, type Message, type Problem } from "../contract/index.js";
import { checkConfig, type GenerationConfig } from "./config.js";
import { nearestName } from "./config/nearest.js";
import type { DecodingParams } from "./params.js";

/** A column of the comparison; `problem` keeps it from running, the others run. */
export type Strategy = { readonly name: string; readonly config: GenerationConfig; readonly problem: Message | null };

export const MOST_STRATEGIES = 6;
/** generate()'s own default, which acts where a strategy that draws or is contrastive does not name it. */
const DEFAULT_TOP_K = 50;

/** What is compared where the reader chose nothing. */
export const DEFAULT_STRATEGIES: readonly { readonly name: string; readonly config: GenerationConfig }[] = [
  { name: "greedy", config: { do_sample: false } },
  { name: "beam search", config: { do_sample: false, num_beams: 3, no_repeat_ngram_size: 3 } },
  { name: "contrastive", config: { do_sample: false, penalty_alpha: 0.6, top_k: 4 } },
  { name: "nucleus", config: { do_sample: true, top_p: 0.9, temperature: 0.8, top_k: 0 } },
];

/** The parameters that a strategy may set, and what each is. */
const KINDS: Readonly<Record<string, "boolean" | "number" | "boolean or never" | "ids" | "sequences">> = {
  do_sample: "boolean", temperature: "number", top_k: "number", top_p: "number", min_p: "number", top_h: "number", typical_p: "number",
  epsilon_cutoff: "number", eta_cutoff: "number", repetition_penalty: "number", encoder_repetition_penalty: "number", frequency_penalty: "number",
  presence_penalty: "number", noise: "number", no_repeat_ngram_size: "number", encoder_no_repeat_ngram_size: "number", bad_words_ids: "sequences",
  suppress_tokens: "ids", begin_suppress_tokens: "ids", renormalize_logits: "boolean", min_length: "number", min_new_tokens: "number",
  max_length: "number", max_new_tokens: "number", num_beams: "number", num_beam_groups: "number", diversity_penalty: "number", length_penalty: "number",
  early_stopping: "boolean or never", num_return_sequences: "number", penalty_alpha: "number",
};

export type ReadStrategies = { readonly ok: true; readonly strategies: readonly Strategy[] } | { readonly ok: false; readonly problem: Problem };

/** Reads the JSON list of the reader's strategies; empty means the default ones. */
export function readStrategies({ strategies: text, max_new_tokens }: DecodingParams, eos: readonly number[]): ReadStrategies {
  const whole = (config: GenerationConfig): GenerationConfig =>
    ({ max_new_tokens, top_k: DEFAULT_TOP_K, ...config, ...(eos.length > 0 ? { eos_token_id: eos } : {}) });
  if (text.trim() === "") return { ok: true, strategies: DEFAULT_STRATEGIES.map(({ name, config }) => ({ name, config: whole(config), problem: null })) };
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    return refused(msg("The strategies are not valid JSON ({0}). Write a list such as {1}.", whereOf(error, text), EXAMPLE));
  }
  if (!Array.isArray(list) || list.length === 0) return refused(msg("The strategies must be a list such as {0}.", EXAMPLE));
  if (list.length > MOST_STRATEGIES) return refused(msg("There are {0} strategies, but at most {1} are compared. Remove some.", list.length, MOST_STRATEGIES));
  return { ok: true, strategies: list.map((each, i) => strategyAt(each, i, whole)) };
}

const EXAMPLE = '[{"name": "greedy", "config": {"do_sample": false}}]';

function refused(message: Message): ReadStrategies {
  return { ok: false, problem: { severity: "error", message, fixes: [{ label: msg("Compare Lumen's four"), params: { strategies: "" } }] } };
}

/** Line and column of what JSON.parse stumbled over. */
function whereOf(error: unknown, text: string): Message {
  const said = error instanceof Error ? error.message : "";
  const place = /position (\d+)/.exec(said);
  const at = place ? Number(place[1]) : text.length;
  const before = text.slice(0, at).split("\n");
  return msg("line {0}, column {1}", before.length, before[before.length - 1].length + 1);
}

function strategyAt(each: unknown, i: number, whole: (config: GenerationConfig) => GenerationConfig): Strategy {
  const { name, config } = (typeof each === "object" && each !== null ? each : {}) as { readonly name?: unknown; readonly config?: unknown };
  const called = typeof name === "string" && name.trim() !== "" ? name : `${i + 1}`;
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    return { name: called, config: whole({}), problem: msg("Strategy {0} has no config. Write {1}.", i + 1, '{"name": "…", "config": {"do_sample": true}}') };
  }
  const problem = Object.entries(config as object).map(([key, value]) => problemOf(key, value)).find((found) => found !== undefined);
  if (problem) return { name: called, config: whole({}), problem };
  const own = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null)) as GenerationConfig;
  return { name: called, config: whole(own), problem: checkConfig(whole(own))[0] ?? null };
}

function problemOf(key: string, value: unknown): Message | undefined {
  const kind = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
  if (!kind) {
    const near = nearestName(key);
    return near && Object.hasOwn(KINDS, near) ? msg("There is no parameter {0}. Did you mean {1}?", key, near) : msg("The parameter {0} is not known here. Remove it.", key);
  }
  if (value === null) return undefined;
  const isIds = (list: unknown): boolean => Array.isArray(list) && list.every((id) => Number.isInteger(id) && id >= 0);
  const fits =
    kind === "boolean" ? typeof value === "boolean"
    : kind === "boolean or never" ? typeof value === "boolean" || value === "never"
    : kind === "ids" ? isIds(value)
    : kind === "sequences" ? Array.isArray(value) && value.every((ids) => isIds(ids) && (ids as unknown[]).length > 0)
    : typeof value === "number";
  if (fits) return undefined;
  const shown = String(JSON.stringify(value)).slice(0, 40);
  switch (kind) {
    case "boolean":
      return msg("{0} must be true or false, not {1}.", key, shown);
    case "boolean or never":
      return msg('{0} must be true, false or "never", not {1}.', key, shown);
    case "ids":
      return msg("{0} must be a list of token ids, not {1}.", key, shown);
    case "sequences":
      return msg("{0} must be a list of lists of token ids, not {1}.", key, shown);
    default:
      return msg("{0} must be a number, not {1}.", key, shown);
  }
}
