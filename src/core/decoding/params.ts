import { msg, type ParamsOf } from "../contract/index.js";

/** What may be changed, under the names of Hugging Face's `generate`. */
export const decodingParams = {
  tab: {
    kind: "choice", default: "explore", hidden: true, label: "tab", help: msg("What to compute: each tab has its own."),
    options: [
      { value: "explore", label: msg("Next token") },
      { value: "search", label: msg("Search") },
      { value: "compare", label: msg("Compare") },
      { value: "training", label: msg("Training and after") },
    ],
  },
  prompt: { kind: "text", default: "", maxLength: 200000, hidden: true, label: "prompt", help: msg("The text to go on from; empty means the selection.") },
  source: {
    kind: "choice", default: "model", label: "source", help: msg("Where the probabilities come from."),
    options: [
      { value: "model", label: msg("model: the built-in one, or a folder of your own") },
      { value: "words", label: msg("words: an n-gram model of the open document") },
      { value: "characters", label: msg("characters: an n-gram model of the open document") },
      { value: "given", label: msg("given: the selected logits or probabilities") },
      { value: "server", label: msg("server: an OpenAI-compatible server of your own") },
    ],
  },
  given: {
    kind: "choice", default: "auto", hidden: true, label: "given", help: msg("What the selected numbers are."),
    options: [
      { value: "auto", label: msg("as they look") },
      { value: "logits", label: msg("logits") },
      { value: "normalised", label: msg("probabilities, scaled to sum to 1") },
    ],
  },
  order_n: { kind: "int", min: 1, max: 5, default: 3, label: "n", advanced: true, help: msg("How many words or characters an n-gram has.") },
  do_sample: { kind: "boolean", default: true, label: "do_sample", help: msg("Draw the next token at random; otherwise take the most probable one.") },
  temperature: {
    kind: "number", min: 0.01, max: 5, default: 1, scale: "log", label: "temperature", accepts: { min: -100, max: 100 },
    help: msg("Divides the logits: below 1 the likely become likelier, above 1 all become alike."),
  },
  top_k: { kind: "int", min: 0, max: 1000000, default: 50, label: "top_k", help: msg("Keep the k most probable tokens; 0 keeps all.") },
  top_p: { kind: "number", min: 0, max: 1, default: 1, label: "top_p", help: msg("Keep the most probable tokens that make up this much together; 1 keeps all.") },
  min_p: { kind: "number", min: 0, max: 1, default: 0, label: "min_p", help: msg("Keep tokens at least this many times as probable as the best one; 0 keeps all.") },
  typical_p: { kind: "number", min: 0.01, max: 1, default: 1, label: "typical_p", help: msg("Keep the tokens whose surprise is nearest to the entropy, up to this mass; 1 keeps all."), advanced: true },
  epsilon_cutoff: { kind: "number", min: 0, max: 0.99, default: 0, label: "epsilon_cutoff", help: msg("Keep tokens of at least this probability; 0 keeps all."), advanced: true },
  eta_cutoff: { kind: "number", min: 0, max: 0.99, default: 0, label: "eta_cutoff", help: msg("As epsilon_cutoff, but lower where the model is unsure; 0 keeps all."), advanced: true },
  repetition_penalty: {
    kind: "number", min: 0.01, max: 10, default: 1, scale: "log", label: "repetition_penalty",
    help: msg("Divides positive logits of tokens that occurred, multiplies negative ones; 1 does nothing, 1.2 is CTRL's."),
  },
  frequency_penalty: { kind: "number", min: -2, max: 2, default: 0, label: "frequency_penalty", help: msg("Subtracts this for each time a token occurred. Servers have it, generate() does not."), advanced: true },
  presence_penalty: { kind: "number", min: -2, max: 2, default: 0, label: "presence_penalty", help: msg("Subtracts this once from each token that occurred. Servers have it, generate() does not."), advanced: true },
  noise: { kind: "number", min: 0, max: 10, default: 0, label: "noise", help: msg("Standard deviation of noise added to the logits: one of the cures of repetition."), advanced: true },
  no_repeat_ngram_size: { kind: "int", min: 0, max: 100, default: 0, label: "no_repeat_ngram_size", help: msg("No n-gram of this size may occur twice; 0 allows all.") },
  bad_words: { kind: "text", default: "", maxLength: 5000, label: "bad_words", help: msg("Texts that may not occur, one a line or parted by semicolons."), advanced: true },
  min_new_tokens: { kind: "int", min: 0, max: 1000, default: 0, label: "min_new_tokens", help: msg("The text may not end before so many tokens.") },
  max_new_tokens: { kind: "int", min: 1, max: 1000, default: 40, label: "max_new_tokens", help: msg("The text ends after so many tokens at the latest.") },
  num_beams: { kind: "int", min: 1, max: 20, default: 1, label: "num_beams", help: msg("How many texts beam search follows at once; 1 is no beam search.") },
  num_beam_groups: { kind: "int", min: 1, max: 20, default: 1, label: "num_beam_groups", help: msg("Groups of beams that avoid one another's tokens."), advanced: true },
  diversity_penalty: { kind: "number", min: 0, max: 20, default: 0, label: "diversity_penalty", help: msg("Subtracted from tokens that other groups chose at the same step."), advanced: true },
  length_penalty: { kind: "number", min: -5, max: 5, default: 1, label: "length_penalty", help: msg("Sums of log-probabilities are divided by the length to this power: above 0 favours long texts."), advanced: true },
  early_stopping: {
    kind: "choice", default: "false", label: "early_stopping", advanced: true, help: msg("When beam search ends."),
    options: [
      { value: "false", label: msg("false: when a better text is unlikely") },
      { value: "true", label: msg("true: as soon as num_beams texts are finished") },
      { value: "never", label: msg("never: when a better text is impossible") },
    ],
  },
  penalty_alpha: { kind: "number", min: 0, max: 1, default: 0, label: "penalty_alpha", help: msg("Contrastive search: how much likeness to what came before counts against a candidate; 0 is off.") },
  order: {
    kind: "choice", default: "transformers", label: "order", help: msg("In which order the stages follow."),
    options: [
      { value: "transformers", label: msg("transformers: temperature first, then the cuts") },
      { value: "llama.cpp", label: msg("llama.cpp: the cuts first, temperature last") },
    ],
  },
  random_state: { kind: "int", min: 0, max: 4294967295, default: 0, label: "seed", help: msg("The seed. The same seed gives the same text.") },
  forced: { kind: "text", default: "", maxLength: 20000, hidden: true, label: "forced", help: msg("Tokens chosen by hand, as position:id, parted by blanks.") },
  strategies: { kind: "text", default: "", maxLength: 20000, hidden: true, label: "strategies", help: msg("Compare: a JSON list of at most six {name, config}; empty means Lumen's four.") },
  samples: { kind: "int", min: 1, max: 20, default: 4, label: "samples", help: msg("Compare: how many texts of the same prompt are held against one another."), advanced: true },
  prompts: { kind: "text", default: "", maxLength: 20000, hidden: true, label: "prompts", help: msg("Compare: other prompts, one a line, whose texts are held against one another.") },
  ngram: { kind: "int", min: 1, max: 10, default: 4, label: "n-gram", help: msg("Training: the n-grams that count as repeated."), advanced: true },
  alpha: { kind: "number", min: 0, max: 10, default: 1, label: "alpha", help: msg("Training: the weight of the unlikelihood loss."), advanced: true },
  margin: { kind: "number", min: 0, max: 2, default: 0.5, label: "margin", help: msg("Training: SimCTG's margin."), advanced: true },
  listed: { kind: "int", min: 5, max: 500, default: 40, label: "tokens listed", help: msg("How many tokens are listed by name; the rest is summed."), advanced: true },
} as const;

export type DecodingParams = ParamsOf<typeof decodingParams>;
export type DecodingTab = DecodingParams["tab"];
