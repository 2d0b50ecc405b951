import { msg, type Message } from "../../contract/index.js";
import type { Block } from "../../formats/settings/block.js";
import { isSet, known } from "./values.js";

export type StrategyId =
  | "greedy"
  | "sampling"
  | "beam"
  | "beam-sampling"
  | "diverse-beam"
  | "contrastive"
  | "constrained"
  | "assisted"
  | "dola";

export type Strategy = {
  readonly id: StrategyId;
  readonly name: Message;
  /** Why it is this one, in the parameters' terms. */
  readonly why: Message;
  /** Whether the model's own generation_config.json could still make it another one. */
  readonly replaceable: boolean;
};

/**
 * The strategy that `generate` takes for a block, by the rules of GenerationConfig.get_generation_mode; undefined when a
 * parameter that decides it can't be known from the text.
 */
export function effectiveStrategy(block: Block): Strategy | undefined {
  const beams = known(block, "num_beams");
  const sample = known(block, "do_sample");
  const groups = known(block, "num_beam_groups");
  const alpha = known(block, "penalty_alpha");
  const k = known(block, "top_k");
  if (isSet(block, "constraints") || isSet(block, "force_words_ids")) {
    return { id: "constrained", name: msg("Constrained beam search"), why: msg("Words that must occur are set."), replaceable: false };
  }
  if (typeof beams.value !== "number" || sample.value === undefined) return undefined;
  const replaceable = beams.replaceable || sample.replaceable;
  const draws = sample.value === true;
  if (beams.value !== 1) {
    if (typeof groups.value === "number" && groups.value > 1) {
      return { id: "diverse-beam", name: msg("Diverse beam search"), why: msg("num_beams is {0}, in {1} groups.", beams.value, groups.value), replaceable: false };
    }
    return draws
      ? { id: "beam-sampling", name: msg("Beam sampling"), why: msg("num_beams is {0} and do_sample is true.", beams.value), replaceable }
      : { id: "beam", name: msg("Beam search"), why: msg("num_beams is {0} and do_sample is false.", beams.value), replaceable };
  }
  const assistant = ["assistant_model", "prompt_lookup_num_tokens", "assistant_early_exit"].find((name) => isSet(block, name));
  if (!draws && typeof alpha.value === "number" && alpha.value > 0 && typeof k.value === "number" && k.value > 1) {
    return {
      id: "contrastive",
      name: msg("Contrastive search"),
      why: msg("penalty_alpha is {0} with {1} candidates, and nothing is drawn.", alpha.value, k.value),
      replaceable,
    };
  }
  if (isSet(block, "dola_layers")) return { id: "dola", name: msg("DoLa decoding"), why: msg("dola_layers is set."), replaceable: false };
  if (assistant) {
    const name = draws ? msg("Assisted sampling") : msg("Assisted greedy search");
    return { id: "assisted", name, why: msg("{0} is set.", assistant), replaceable };
  }
  return draws
    ? { id: "sampling", name: msg("Multinomial sampling"), why: msg("do_sample is true and num_beams is 1."), replaceable }
    : { id: "greedy", name: msg("Greedy search"), why: msg("do_sample is false and num_beams is 1."), replaceable };
}

/** A parameter that takes part in a strategy, and whether it is the default that nobody wrote down. */
export type Active = { readonly name: string; readonly value: number | boolean | string; readonly byDefault: boolean };

const sampling = ["temperature", "top_k", "top_p", "min_p", "top_h", "typical_p", "epsilon_cutoff", "eta_cutoff"];
const beams = ["num_beams", "length_penalty", "early_stopping"];
const everywhere = ["repetition_penalty", "no_repeat_ngram_size"];

/** The parameters that shape the text under a strategy, most important first; those that are off are left out. */
export function activeParameters(block: Block, { id }: Pick<Strategy, "id">): Active[] {
  const drawn = id === "sampling" || id === "beam-sampling" || (id === "assisted" && known(block, "do_sample").value === true);
  const names = [
    ...(id === "contrastive" ? ["penalty_alpha", "top_k"] : []),
    ...(/beam|constrained/.test(id) ? beams : []),
    ...(id === "diverse-beam" ? ["num_beam_groups", "diversity_penalty"] : []),
    ...(drawn ? sampling : []),
    ...everywhere,
  ];
  return names.flatMap((name) => {
    const { value, entry } = known(block, name);
    if (value === undefined || value === null || off.get(name) === value) return [];
    return [{ name, value, byDefault: entry === undefined }];
  });
}

/** The value that switches a parameter off. */
const off: ReadonlyMap<string, number | boolean> = new Map<string, number | boolean>([
  ["temperature", 1],
  ["top_k", 0],
  ["top_p", 1],
  ["min_p", 0],
  ["typical_p", 1],
  ["epsilon_cutoff", 0],
  ["eta_cutoff", 0],
  ["length_penalty", 1],
  ["early_stopping", false],
  ["diversity_penalty", 0],
  ["repetition_penalty", 1],
  ["no_repeat_ngram_size", 0],
]);

/** The line above the block: the strategy and what shapes it, with the defaults that act unseen. */
export function headline(block: Block, strategy: Strategy): Message {
  const parts = activeParameters(block, strategy).map(({ name, value, byDefault }) =>
    byDefault ? msg("{0} {1} (default)", name, shown(value)) : msg("{0} {1}", name, shown(value)),
  );
  const line = parts.reduce((before, part) => msg("{0} · {1}", before, part), strategy.name);
  return strategy.replaceable ? msg("{0} · unless the model's own config differs", line) : line;
}

const shown = (value: number | boolean | string) => (typeof value === "number" ? value : String(value));
