import { msg, type Message } from "../../contract/index.js";
import { written } from "../../formats/settings/edits.js";
import type { Parameter } from "./parameter.js";

/** What a parameter may be, as one line: its type and its range. */
export function typeText({ types, range, choices }: Parameter): Message {
  const words = choices?.map((each) => `"${each}"`).join(", ") ?? "";
  const [first, second] = types;
  if (first === "boolean") return choices ? msg("true, false or {0}", words) : msg("true or false");
  if (first === "text") return choices ? msg("one of {0}", words) : second ? msg("a text or a list of texts") : msg("a text");
  if (first === "list") return msg("a list");
  if (first === "object") return msg("an object");
  const kind = first === "integer" ? (second ? msg("a whole number or a list of them") : msg("a whole number")) : msg("a number");
  if (!range) return kind;
  const { least, most, openLeast, openMost } = range;
  if (most === Infinity) return openLeast ? msg("{0} above {1}", kind, least) : msg("{0} of at least {1}", kind, least);
  if (openLeast) return msg("{0} above {1} and at most {2}", kind, least, most);
  return openMost ? msg("{0} of at least {1} and below {2}", kind, least, most) : msg("{0} from {1} to {2}", kind, least, most);
}

/** What it is when nobody sets it. */
export function defaultText({ default: value, types }: Parameter, syntax: "json" | "python"): Message {
  return value === null ? msg("not set by default") : msg("{0} by default", written(value, syntax, types[0] === "number"));
}

/** When it does anything at all, where that is not always. */
export function needText({ need }: Parameter): Message | undefined {
  switch (need) {
    case "sampling":
      return msg("Acts only when do_sample is true.");
    case "beams":
      return msg("Acts only when num_beams is above 1.");
    case "groups":
      return msg("Acts only when num_beam_groups is above 1.");
    case "contrastive":
      return msg("Acts only when do_sample is false and num_beams is 1.");
    case "assistant":
      return msg("Acts only in assisted generation.");
    case "dictionary":
      return msg("Acts only when return_dict_in_generate is true.");
    case "cache":
      return msg("Acts only when use_cache is true.");
    case "encoder":
      return msg("Acts only in encoder-decoder models.");
    case undefined:
      return undefined;
  }
}
