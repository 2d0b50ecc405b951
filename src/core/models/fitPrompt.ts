import { msg, type Problem } from "../contract/index.js";
import { grouped } from "../text/numberText.js";
import type { Tokenizer } from "./tokenizer.js";

export type FittedPrompt = {
  readonly ids: readonly number[];
  /** Tokens cut off at the beginning. */
  readonly cut: number;
  readonly problems: readonly Problem[];
};

/** Characters of the cut's neighbourhood that are shown. */
const SHOWN = 24;

/**
 * Makes a prompt that the model can go on from: one that is too long loses its beginning, and says so with the place; an empty
 * one becomes the start token, as in generate(), or is refused where the model has none.
 * @param room tokens that should still fit behind it
 */
export function fitPrompt(ids: readonly number[], contextLength: number, room: number, tokenizer?: Tokenizer, start?: number): FittedPrompt {
  if (ids.length === 0) {
    if (start !== undefined) {
      return { ids: [start], cut: 0, problems: [{ severity: "info", message: msg("The prompt is empty, so that the text begins from the model's start token.") }] };
    }
    return { ids, cut: 0, problems: [{ severity: "error", message: msg("The prompt is empty. Type one, or select text.") }] };
  }
  const most = Math.max(1, Math.min(contextLength, contextLength - room));
  const cut = Math.max(0, ids.length - most);
  if (cut === 0) return { ids, cut, problems: [] };
  const kept = ids.slice(cut);
  const place = tokenizer ? tokenizer.decode(kept.slice(0, SHOWN)).slice(0, SHOWN).trim() : String(kept[0]);
  const message = msg("The prompt has {0} tokens, but the model reads {1} and {2} new ones are to follow: the first {3} are cut, so that it begins with “{4}”. Shorten it to choose yourself.", grouped(ids.length), grouped(contextLength), grouped(room), grouped(cut), place);
  return { ids: kept, cut, problems: [{ severity: "warning", message }] };
}
