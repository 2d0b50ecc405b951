import { msg, type Message } from "../contract/index.js";
import type { DecodingParams } from "./params.js";

export type DecodingPreset = { readonly label: Message; readonly help: Message; readonly params: Partial<DecodingParams> };

/** What turns every processor and search off, so that a preset is what it says whatever was set before. */
const PLAIN = {
  do_sample: false, temperature: 1, top_k: 50, top_p: 1, min_p: 0, typical_p: 1, epsilon_cutoff: 0, eta_cutoff: 0, repetition_penalty: 1,
  frequency_penalty: 0, presence_penalty: 0, noise: 0, no_repeat_ngram_size: 0, bad_words: "", min_new_tokens: 0, num_beams: 1, num_beam_groups: 1,
  diversity_penalty: 0, length_penalty: 1, early_stopping: "false", penalty_alpha: 0, order: "transformers", forced: "",
} as const satisfies Partial<DecodingParams>;

/**
 * Ways to decode that have a name, and the four kinds of the repeater problem: each shows its kind on the built-in model, and its
 * help names a cure.
 */
export const decodingPresets: readonly DecodingPreset[] = [
  { label: msg("Greedy"), help: msg("The most probable token each time: the same text always, and soon the same words again."), params: PLAIN },
  { label: msg("Hugging Face's default for sampling"), help: msg("do_sample with temperature 1 and top_k 50, as generate() takes them when you set nothing else."), params: { ...PLAIN, do_sample: true } },
  { label: msg("Creative"), help: msg("temperature 1.1, min_p 0.05: unlikely tokens may come, absurd ones may not."), params: { ...PLAIN, do_sample: true, temperature: 1.1, top_k: 0, min_p: 0.05 } },
  { label: msg("Precise"), help: msg("temperature 0.3, top_p 0.9: little chance, for facts and code."), params: { ...PLAIN, do_sample: true, temperature: 0.3, top_k: 0, top_p: 0.9 } },
  { label: msg("CTRL"), help: msg("The most probable token, with repetition_penalty 1.2 as in the paper of CTRL (Keskar et al. 2019)."), params: { ...PLAIN, repetition_penalty: 1.2 } },
  { label: msg("Contrastive search"), help: msg("penalty_alpha 0.6 among 4 candidates (Su et al. 2022): probable, but unlike what came before."), params: { ...PLAIN, tab: "search", penalty_alpha: 0.6, top_k: 4 } },
  {
    label: msg("Repeater 1: words repeat"),
    help: msg("Greedily, words and characters come again and again. Cures: repetition_penalty 1.2, or sampling."),
    params: { ...PLAIN, tab: "explore", source: "model", prompt: "He went on and on and on and", max_new_tokens: 60 },
  },
  {
    label: msg("Repeater 2: sentences repeat"),
    help: msg("Greedily, a whole sentence comes again and again. Cures: no_repeat_ngram_size 3, or contrastive search."),
    params: { ...PLAIN, tab: "explore", source: "model", prompt: "\"I don't know,\" said the Scarecrow.\n", max_new_tokens: 100 },
  },
  {
    label: msg("Repeater 3: the same prompt, the same text"),
    help: msg("Without chance every sample is the same. Cure: do_sample, as the second strategy has it."),
    params: {
      tab: "compare", source: "model", prompt: "Once upon a time", samples: 4, max_new_tokens: 40, prompts: "",
      strategies: JSON.stringify([
        { name: "greedy", config: { do_sample: false } },
        { name: "sampling", config: { do_sample: true, top_k: 50 } },
      ]),
    },
  },
  {
    label: msg("Repeater 4: other prompts, alike texts"),
    help: msg("Different prompts end in the same phrases. Cures: a penalty of repetition, more chance, more varied data."),
    params: {
      tab: "compare", source: "model", prompt: "The king said", samples: 2, max_new_tokens: 60,
      prompts: "The queen said\nThe old man said\nThe princess said\nThe soldier said",
      strategies: JSON.stringify([
        { name: "greedy", config: { do_sample: false } },
        { name: "CTRL", config: { do_sample: false, repetition_penalty: 1.2 } },
        { name: "nucleus", config: { do_sample: true, top_p: 0.9, top_k: 0 } },
      ]),
    },
  },
];
