import { msg, type Message } from "../contract/index.js";
import { decimal } from "../text/numberText.js";
import type { DecodingTrace } from "./trace.js";

/** A piece of the sentence under the headline. */
export type StoryPiece = { readonly kind: "text"; readonly text: Message };
export type Story = { readonly title: Message; readonly lede: readonly StoryPiece[] };

export const text = (message: Message): StoryPiece => ({ kind: "text", text: message });

/** A share in percent: whole from 10 on, with a digit below, and two where there would be none. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value >= 9.95 || value === 0) return decimal(value, 0);
  return value >= 0.095 ? decimal(value, 1) : value >= 0.005 ? decimal(value, 2) : "<0.01";
}

/** A token as it is called in a sentence, or at its beginning. */
export function quoted({ pieceIds, pieces }: DecodingTrace, id: number, first = false): Message {
  const piece = pieces[pieceIds.indexOf(id)] ?? String(id);
  if (/^\n+$/.test(piece)) return first ? msg("The line break") : msg("the line break");
  const plain = piece.replace(/\s+/g, " ").trim();
  if (plain === "") return first ? msg("The blank") : msg("the blank");
  return msg("“{0}”", plain);
}

/** "a, b and c" */
export function listed(names: readonly string[]): Message | string {
  const [last = "", ...others] = [...names].reverse();
  if (others.length === 0) return last;
  return msg("{0} and {1}", others.reverse().reduce<Message | string>((line, name) => (line === "" ? name : msg("{0}, {1}", line, name)), ""), last);
}
