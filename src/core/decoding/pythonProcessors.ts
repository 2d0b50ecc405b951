import type { GenerationConfig } from "./config.js";
import { chainOf, llamaCppChain, runChain } from "./processors/chain.js";
import type { Processor } from "./processors/processor.js";

/** Stages that transformers has no processor for: `Own` is one. */
export const OWN_STAGES: ReadonlySet<string> = new Set(["FrequencyPresencePenalty", "NoiseLogitsProcessor"]);

/** What generate() does not have, as a processor. It comes behind generate()'s own penalties and before the cuts. */
export const OWN_CLASS: readonly string[] = [
  "",
  "class Own(LogitsProcessor):",
  '    """Frequency and presence penalty, and noise, which generate() has not."""',
  "    def __init__(self, frequency=0.0, presence=0.0, noise=0.0):",
  "        self.frequency, self.presence, self.noise = frequency, presence, noise",
  "",
  "    def __call__(self, ids, scores):",
  "        counts = torch.zeros_like(scores).scatter_add_(1, ids, torch.ones_like(ids, dtype=scores.dtype))",
  "        scores = scores - self.frequency * counts - self.presence * (counts > 0)",
  "        return scores + self.noise * torch.randn_like(scores)",
  "",
  "",
];

export function hasOwn({ frequency_penalty: f = 0, presence_penalty: p = 0, noise = 0 }: GenerationConfig): boolean {
  return f !== 0 || p !== 0 || noise > 0;
}

/** The processor of what generate() does not have, if there is any. */
function own({ frequency_penalty: frequency = 0, presence_penalty: presence = 0, noise = 0 }: GenerationConfig): string[] {
  const args = Object.entries({ frequency, presence, noise }).filter(([, value]) => value !== 0);
  return args.length === 0 ? [] : [`Own(${args.map(([name, value]) => `${name}=${value}`).join(", ")})`];
}

/** One stage over given numbers, by the values that its name in the trace goes with. */
export function stageCall(name: string, values: readonly string[]): string {
  if (name === "FrequencyPresencePenalty") return `Own(frequency=${values[0]}, presence=${values[1]})`;
  if (name === "NoiseLogitsProcessor") return `Own(noise=${values[0]})`;
  return `${name}(${values.join(", ")})`;
}

/** A processor of the chain as transformers makes it; `ids` holds the prompt. */
function made({ name, parameters }: Processor, eos: readonly number[], config: GenerationConfig): string {
  const values = Object.entries(parameters).filter(([key, value]) => !(key === "min_tokens_to_keep" && value === 1)).map(([, value]) => JSON.stringify(value));
  const ends = `torch.tensor([${eos.join(", ")}])`;
  switch (name) {
    case "FrequencyPresencePenalty":
      return own({ ...config, noise: 0 })[0];
    case "NoiseLogitsProcessor":
      return own({ noise: config.noise })[0];
    case "EncoderRepetitionPenaltyLogitsProcessor":
    case "EncoderNoRepeatNGramLogitsProcessor":
      return `${name}(${values.join(", ")}, ids)`;
    case "NoBadWordsLogitsProcessor":
    case "MinLengthLogitsProcessor":
      return `${name}(${values.join(", ")}, ${ends})`;
    case "MinNewTokensLengthLogitsProcessor":
      return `${name}(ids.shape[1], ${values.join(", ")}, ${ends})`;
    case "SuppressTokensAtBeginLogitsProcessor":
      return `${name}(${values.join(", ")}, ids.shape[1])`;
    case "LogitNormalization":
      return `${name}()`;
    default:
      return `${name}(${values.join(", ")})`;
  }
}

const isWarper = ({ name }: Processor): boolean => name.endsWith("Warper");

/** The processors that generate() is given: its own ones that come in another order than there, and what it does not have. */
export function givenProcessors(config: GenerationConfig, order: "transformers" | "llama.cpp"): string[] {
  const chain = order === "llama.cpp" && config.do_sample ? llamaCppChain(chainOf(config, NOWHERE)).filter(isWarper) : [];
  return [...own(config), ...chain.map((processor) => made(processor, [], config))];
}

/** All processors in front of the choice, for a search that is no part of generate(). */
export function allProcessors(config: GenerationConfig, eos: readonly number[]): string[] {
  return runChain({ ...config, do_sample: false, eos_token_id: eos }, NOWHERE.promptLength, NOWHERE.maxLength).map((processor) => made(processor, eos, config));
}

/** Lengths enter a program as expressions. */
const NOWHERE = { promptLength: 1, maxLength: Infinity };
/** The class names in such a list. */
export function classesOf(processors: readonly string[]): string[] {
  return processors.map((each) => each.slice(0, each.indexOf("("))).filter((name) => name !== "Own");
}
