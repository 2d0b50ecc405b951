import { msg, type Message } from "../contract/index.js";
import type { AttentionTrace, Tokens } from "./trace.js";

/** A piece of the sentence under the headline. */
export type StoryPiece = { readonly kind: "text"; readonly text: Message };
export type Story = { readonly title: Message; readonly lede: readonly StoryPiece[] };
/** Where the reader is in a tab: the token that looks, and the step of its player. */
export type StoryPlace = { readonly token: number; readonly step: number };
export type StoryOf = (trace: AttentionTrace, place: StoryPlace) => Story;

export const text = (message: Message): StoryPiece => ({ kind: "text", text: message });

/** Letters of a token that a sentence has room for. */
const LONGEST = 32;

/** A token as it is called in a sentence; of several equal ones with its place, from 1. */
export function quoted({ pieces }: Tokens, token: number): Message {
  const piece = pieces[token] ?? String(token);
  const plain = plainOf(piece);
  const name = /^[\r\n]+$/.test(piece) ? msg("the line break") : plain === "" ? msg("the blank") : msg("“{0}”", shortened(plain));
  return pieces.some((each, i) => i !== token && plainOf(each) === plain) ? msg("{0} (token {1})", name, token + 1) : name;
}

function shortened(plain: string): string {
  const letters = [...plain];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : plain;
}

function plainOf(piece: string): string {
  return piece.replace(/\s+/g, " ").trim();
}

/** The largest weights of a row, the strongest first; NaN is none. */
export function strongest(weights: ArrayLike<number>, count: number): { readonly at: number; readonly weight: number }[] {
  const all = Array.from(weights, (weight, at) => ({ at, weight })).filter(({ weight }) => weight > 0);
  return all.sort((a, b) => b.weight - a.weight || a.at - b.at).slice(0, count);
}
