import { otherParameters } from "./otherParameters.js";
import type { Parameter } from "./parameter.js";
import { samplingParameters } from "./samplingParameters.js";
import { strategyParameters } from "./strategyParameters.js";

/**
 * Every parameter of `GenerationConfig`, in the order of use. Names, defaults and ranges are those of transformers
 * (generation/configuration_utils.py: `_get_default_generation_params`, `validate`; generation/logits_process.py: the
 * constructors' checks).
 */
export const parameters: readonly Parameter[] = [...strategyParameters.slice(0, 1), ...samplingParameters, ...strategyParameters.slice(1), ...otherParameters];

const byName = new Map(parameters.map((each) => [each.name, each]));

export function parameterOf(name: string): Parameter | undefined {
  return byName.get(name);
}

/** Arguments of `generate` that are objects of the program, which a GenerationConfig refuses. */
export const callArguments: readonly string[] = [
  "logits_processor",
  "stopping_criteria",
  "prefix_allowed_tokens_fn",
  "synced_gpus",
  "assistant_model",
  "streamer",
  "negative_prompt_ids",
  "negative_prompt_attention_mask",
];

/** What other libraries call a parameter; undefined: transformers has none like it. */
export const foreignNames: ReadonlyMap<string, string | undefined> = new Map([
  ["max_tokens", "max_new_tokens"],
  ["max_completion_tokens", "max_new_tokens"],
  ["num_predict", "max_new_tokens"],
  ["n_predict", "max_new_tokens"],
  ["min_tokens", "min_new_tokens"],
  ["repeat_penalty", "repetition_penalty"],
  ["beam_size", "num_beams"],
  ["beam_width", "num_beams"],
  ["stop", "stop_strings"],
  ["stop_token_ids", "eos_token_id"],
  ["typical", "typical_p"],
  ["sample", "do_sample"],
  ["sampling", "do_sample"],
  ["frequency_penalty", undefined],
  ["presence_penalty", undefined],
]);
