import type { GenerationConfig } from "./config.js";
import { strategyOf, isBeams } from "./runConfig.js";
import type { DecodingTrace } from "./trace.js";

/** llama.cpp's names of the samplers in the order in which transformers applies the same. */
const TRANSFORMERS_ORDER = ["penalties", "temperature", "top_k", "top_p", "min_p", "typ_p"];
/** Its own default order, without the samplers that are off. */
const OWN_ORDER = ["penalties", "top_k", "typ_p", "top_p", "min_p", "temperature"];

/**
 * The command line of llama.cpp that decodes alike: its program for texts, since llama-cli only chats. Every sampler is named, since
 * its defaults are on (top_k 40, min_p 0.05); what it does not have is said in comments.
 */
export function llamaCppFlags({ config, prompt, explore }: DecodingTrace, seed: number): string {
  const order = explore?.order === "llama.cpp" ? OWN_ORDER : TRANSFORMERS_ORDER;
  const flags: (readonly [string, string])[] = [
    ["-m", "model.gguf"],
    ["-p", shell(prompt.text)],
    ["-n", String(config.max_new_tokens ?? 20)],
    ["--seed", String(seed)],
    ["--samplers", shell(order.join(";"))],
    ...sampling(config),
    ["--repeat-last-n", "-1"],
    ["--repeat-penalty", String(config.repetition_penalty ?? 1)],
    ["--frequency-penalty", String(config.frequency_penalty ?? 0)],
    ["--presence-penalty", String(config.presence_penalty ?? 0)],
  ];
  const missing = missingIn(config).map((line) => `# ${line}`);
  return `${[...missing, ["llama-completion -no-cnv --no-escape", ...flags.map(([name, value]) => `${name} ${value}`)].join(" \\\n  ")].join("\n")}\n`;
}

function sampling({ do_sample: draws, temperature = 1, top_k: k = 0, top_p: p = 1, min_p: m = 0, typical_p: typical = 1 }: GenerationConfig): (readonly [string, string])[] {
  // Temperature 0 takes the most probable token there.
  if (!draws) return [["--temp", "0"]];
  return [["--temp", String(temperature)], ["--top-k", String(k)], ["--top-p", String(p)], ["--min-p", String(m)], ["--typical", String(typical)]];
}

function missingIn(config: GenerationConfig): string[] {
  const strategy = strategyOf(config);
  const names: (keyof GenerationConfig)[] = ["top_h", "epsilon_cutoff", "eta_cutoff", "noise", "no_repeat_ngram_size", "bad_words_ids", "min_new_tokens", "encoder_repetition_penalty"];
  const set = names.filter((name) => Boolean(config[name]) && !(name === "encoder_repetition_penalty" && config[name] === 1));
  const lines = set.length > 0 ? [`llama.cpp has no ${set.join(", ")}.`] : [];
  if (isBeams(strategy)) lines.push("llama.cpp has no beam search: this takes one token after the other.");
  if (strategy === "contrastive") lines.push("llama.cpp has no contrastive search: this takes the most probable token.");
  return lines;
}

/** A text as a POSIX shell reads it back. */
function shell(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
