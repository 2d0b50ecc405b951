import { msg, type Message } from "../../contract/index.js";
import { grouped } from "../../text/numberText.js";
import { isSize, type ConfigValues } from "./modelShape.js";

/** Kinds of rotary positions that transformers knows. */
export const ropeTypes = ["default", "linear", "dynamic", "yarn", "longrope", "llama3"] as const;
export type RopeType = (typeof ropeTypes)[number];

/** Names that a kind can't do without. Source: transformers 5.18, `modeling_rope_utils.py`, `_validate_*_rope_parameters`. */
export const ropeNeeds: Readonly<Record<RopeType, readonly string[]>> = {
  default: [],
  linear: ["factor"],
  dynamic: ["factor"],
  yarn: ["factor"],
  longrope: ["short_factor", "long_factor"],
  llama3: ["factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"],
};

/** The kind that a section names; its new name comes before the old one. */
export function ropeTypeOf(section: ConfigValues): unknown {
  return section.rope_type ?? section.type ?? "default";
}

export function isRopeType(value: unknown): value is RopeType {
  return (ropeTypes as readonly unknown[]).includes(value);
}

/**
 * The section that holds: rope_scaling comes before rope_parameters, its newer name, unless nothing is in it (transformers 5.18,
 * `convert_rope_params_to_dict`).
 */
export function ropeSection(values: ConfigValues): ConfigValues | undefined {
  const sections = [values.rope_scaling, values.rope_parameters].filter((each): each is ConfigValues => typeof each === "object" && each !== null && !Array.isArray(each));
  return sections.find((each) => Object.keys(each).length > 0);
}

/** What a kind of scaling does to positions. */
export function ropeSentence(section: ConfigValues): Message {
  const { factor } = section;
  const by = typeof factor === "number" ? String(factor) : msg("its factor");
  switch (ropeTypeOf(section)) {
    case "default":
      return msg("Rotary positions as they are, without scaling.");
    case "linear":
      return msg("Linear interpolation: positions are divided by {0}, so that a text {0} times as long turns no further than before.", by);
    case "dynamic":
      return msg("Dynamic NTK scaling: once a text is longer than max_position_embeddings, the base θ grows with it.");
    case "yarn":
      return msg("YaRN: pairs that turn slowly are interpolated by {0}, fast ones are not, those between in part.", by);
    case "longrope":
      return msg("LongRoPE: each pair has a divisor of its own, one for short and one for long texts.");
    case "llama3":
      return msg("Llama 3's scaling: pairs that turn slowly are slowed down by {0}, fast ones are not, those between in part.", by);
    default:
      return msg("A kind of scaling that transformers does not know. It knows: {0}.", ropeTypes.join(", "));
  }
}

/** How long texts are before and after the scaling, where the section says it by numbers that can be lengths; else undefined. */
export function ropeReach(section: ConfigValues): Message | undefined {
  const { factor, original_max_position_embeddings: original } = section;
  if (typeof factor !== "number" || !isSize(original)) return undefined;
  const reach = Math.round(original * factor);
  return isSize(reach) ? msg("{0} tokens of training × {1} = {2} tokens.", grouped(original), factor, grouped(reach)) : undefined;
}
