import { msg, type Message } from "../../contract/index.js";
import type { GenerationConfig } from "../config.js";
import type { EffectQuestion, EffectShape } from "../effectTypes.js";
import type { Block, Entry } from "../../formats/settings/block.js";
import { othersText, pathSentence } from "./effectTexts.js";
import { lint } from "./lint.js";
import type { Parameter } from "./parameter.js";
import type { ConfigProblem } from "./problem.js";
import { effectiveStrategy, type StrategyId } from "./strategy.js";
import { parameterOf } from "./table.js";
import { valueLints } from "./valueLints.js";
import { isSet, known } from "./values.js";

/** What can be told and drawn of a parameter where it stands. */
export type EffectPlan = {
  /** What is wrong with it, what it changes where that is not the next token, and what the drawing takes for granted. */
  readonly sentences: readonly Message[];
  /** What of the other parameters takes part in the drawing, and what does not. */
  readonly others: readonly Message[];
  readonly question: Omit<EffectQuestion, "text" | "theme"> | undefined;
};

const nothing: EffectPlan = { sentences: [], others: [], question: undefined };
const told = (...sentences: readonly Message[]): EffectPlan => ({ ...nothing, sentences });

/** The values that switch parameters of the distribution off; without one, their absence does. */
const neutral: ReadonlyMap<string, number | boolean | undefined> = new Map<string, number | boolean | undefined>([
  ["temperature", 1], ["top_k", 0], ["top_p", 1], ["min_p", undefined], ["top_h", undefined], ["typical_p", 1], ["epsilon_cutoff", 0], ["eta_cutoff", 0],
  ["repetition_penalty", 1], ["encoder_repetition_penalty", 1], ["no_repeat_ngram_size", 0], ["min_length", 0], ["min_new_tokens", 0], ["diversity_penalty", 0],
]);

/** What else a drawing takes from a block. */
const rest = ["do_sample", "num_beams", "num_beam_groups", "penalty_alpha", "max_length", "max_new_tokens"];

/** Parameters of the distribution whose lists hold a model's own token ids, or that are not drawn. */
const undrawn = ["bad_words_ids", "sequence_bias", "suppress_tokens", "begin_suppress_tokens", "forced_decoder_ids", "exponential_decay_length_penalty", "encoder_no_repeat_ngram_size", "guidance_scale", "watermarking_config"];
const withIds = new Set(["bad_words_ids", "force_words_ids", "sequence_bias", "suppress_tokens", "begin_suppress_tokens", "forced_decoder_ids"]);

/**
 * What to draw of a parameter of a block: the distribution of the next token without it and with it, the other parameters
 * as they stand; or what it changes instead.
 * @param text of the document
 * @param underlined its problems stand in the text already, and are not told again
 */
export function planEffect(text: string, block: Block, entry: Entry, underlined = false): EffectPlan {
  const { name } = entry;
  const parameter = parameterOf(name);
  if (!parameter) return nothing;
  const looked = { text, block };
  const own = [...lint(text, block), ...(block.complete ? [] : valueLints(looked))].filter((problem) => problem.name === name);
  // Half-typed blocks are not underlined.
  const said = underlined && block.complete ? [] : own.map(({ message }) => message);
  if (own.some(isRefused)) return told(...said);
  const value = known(block, name).value;
  const sentence = pathSentence(block, parameter, value);
  if (sentence) return told(...said, sentence);
  if (!neutral.has(name) && !drawnBeside.has(name)) return withIds.has(name) ? told(...said, idsSentence()) : told(...said);
  if (value === undefined) return told(...said, msg("Its value stands elsewhere, or is an expression, so that its effect can't be drawn here."));
  if (value === null) return told(...said);
  return planned(looked, parameter, value, said);
}

/** What is drawn though it does not change the next token's distribution. */
const drawnBeside = new Set(["do_sample", "num_beams", "length_penalty", "penalty_alpha"]);

/** A value that can't be used at all, or parameters that contradict each other. */
function isRefused({ code, severity }: ConfigProblem): boolean {
  return code === "type" || code === "range" || code === "float" || code === "contrastive" || code === "constrained" || (severity === "error" && code !== "unknown-name");
}

function idsSentence(): Message {
  return msg("Token ids mean something to their own model only, so that nothing is drawn of them here.");
}

function planned(looked: { readonly text: string; readonly block: Block }, parameter: Parameter, value: number | boolean | string, said: readonly Message[]): EffectPlan {
  const { block } = looked;
  const { name, need } = parameter;
  const strategy = effectiveStrategy(block)?.id;
  if (name === "length_penalty") return { ...nothing, sentences: said, question: { kind: "effect", shape: { kind: "lengths", penalty: Number(value) }, without: {}, with: {}, labels: labelsOf(name, 1, value) } };
  const { config, left } = configOf(looked, name);
  const assumed = assumption(name, need, strategy, config);
  if (assumed === "impossible" || (name === "temperature" && !(Number(value) > 0))) return told(...said);
  const shape = shapeOf(name, value, assumed.config);
  if (shape === undefined) return told(...said);
  const { without, off } = withoutIt(name, value, assumed.config);
  const id = strategyIn(assumed.config);
  const beside = shape.kind === "contrastive" || shape.kind === "candidates" ? undefined : othersText(block, id, [name, ...left]);
  const others = [...(beside ? [msg("The other parameters as they stand: {0}.", beside)] : []), ...(left.length > 0 ? [msg("Left out of the drawing: {0}.", left.join(", "))] : [])];
  if (block.base === "unknown") others.push(msg("What the call gets from elsewhere can't be seen here, and is left out."));
  return {
    sentences: [...said, ...(assumed.sentence ? [assumed.sentence] : [])],
    others,
    question: { kind: "effect", shape, without, with: assumed.config, labels: labelsOf(name, off, value) },
  };
}

function shapeOf(name: string, value: number | boolean | string, config: GenerationConfig): EffectShape | undefined {
  const { num_beams: beams = 1, num_beam_groups: groups = 1, do_sample: draws = false } = config;
  switch (name) {
    case "num_beams":
      // In groups, and where candidates are drawn, beams do not begin with the most probable tokens.
      return beams > 1 && groups === 1 && !draws ? { kind: "candidates", taken: beams, beams: true } : undefined;
    case "top_k":
      return strategyIn(config) === "contrastive" ? { kind: "candidates", taken: Number(value), beams: false } : { kind: "distribution" };
    case "penalty_alpha":
      return { kind: "contrastive" };
    case "do_sample":
      // Of searches it is said elsewhere what they take.
      return beams === 1 && strategyIn({ ...config, do_sample: false }) === "greedy" ? { kind: "distribution" } : undefined;
    case "no_repeat_ngram_size":
      return Number(value) > 0 ? { kind: "ngrams", n: Number(value) } : undefined;
    case "diversity_penalty":
      return groups > 1 && beams % groups === 0 ? { kind: "distribution", behindGroup: true } : undefined;
    default:
      return { kind: "distribution" };
  }
}

/** The configuration with the parameter switched off. What is drawn is the opposite of what is not. */
function withoutIt(name: string, value: number | boolean | string, config: GenerationConfig): { readonly without: GenerationConfig; readonly off: number | boolean | undefined } {
  const off = name === "do_sample" ? value !== true : neutral.get(name);
  const { [name as keyof GenerationConfig]: _own, ...others } = config;
  return { without: off === undefined ? others : { ...others, [name]: off }, off };
}

function labelsOf(name: string, off: number | boolean | undefined, value: number | boolean | string): readonly [string, string] {
  const written = (each: number | boolean | string | undefined) => (each === undefined ? "\u2013" : String(each).replace("-", "\u2212"));
  return [`${name} ${written(off)}`, `${name} ${written(value)}`];
}

/** What a block says of the distribution, and what of it had to be left out. */
function configOf(looked: { readonly text: string; readonly block: Block }, own: string): { readonly config: GenerationConfig; readonly left: readonly string[] } {
  const { block } = looked;
  const faulty = new Set(valueLints(looked).map(({ name }) => name));
  const config: Record<string, unknown> = {};
  const left: string[] = undrawn.filter((name) => isSet(block, name));
  for (const name of [...neutral.keys(), ...rest]) {
    const { value, entry } = known(block, name);
    const usable = !faulty.has(name) && (name !== "temperature" || value === undefined || Number(value) > 0);
    if (value === undefined || !usable) {
      if (entry && name !== own) left.push(name);
    } else if (value !== null) config[name] = value;
  }
  // It acts between groups of beams alone.
  if (own !== "diversity_penalty") delete config.diversity_penalty;
  return { config, left };
}

type Assumed = { readonly config: GenerationConfig; readonly sentence?: Message };

/** What has to be so for the parameter to do anything: it is drawn as if it were, and that is said. */
function assumption(name: string, need: Parameter["need"], strategy: StrategyId | undefined, config: GenerationConfig): Assumed | "impossible" {
  const contrastive = { ...config, do_sample: false, num_beams: 1, num_beam_groups: 1 };
  if (name === "top_k" && strategy === "contrastive") return { config: contrastive };
  if (name === "do_sample" || need === undefined) return { config };
  if (need === "sampling") return config.do_sample === true ? { config } : { config: { ...config, do_sample: true, num_beams: 1, num_beam_groups: 1 }, sentence: msg("Drawn as if do_sample were true.") };
  if (need === "groups") return (config.num_beam_groups ?? 1) > 1 ? { config } : "impossible";
  if (need === "contrastive") return strategy === "contrastive" || strategy === undefined ? { config: contrastive } : "impossible";
  return { config };
}

/** What `generate` does with a configuration, as far as it matters to what is drawn. */
function strategyIn({ do_sample: draws = false, num_beams: beams = 1, num_beam_groups: groups = 1, penalty_alpha: alpha = 0, top_k: k = 0 }: GenerationConfig): StrategyId {
  if (beams > 1) return groups > 1 ? "diverse-beam" : draws ? "beam-sampling" : "beam";
  return draws ? "sampling" : alpha > 0 && k > 1 ? "contrastive" : "greedy";
}
