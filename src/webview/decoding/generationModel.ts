import { msg, type Message } from "../../core/contract/index.js";
import type { ExplorePart, Metrics } from "../../core/decoding/trace.js";
import { fixed } from "../text/number.js";

/** Tokens chosen by hand, by position. */
export type Forced = ReadonlyMap<number, number>;

export function readForced(text: string): Forced {
  const pairs = text.split(/\s+/).map((each) => /^(\d+):(\d+)$/.exec(each)).filter((match) => match !== null);
  return new Map(pairs.map(([, position, id]) => [Number(position), Number(id)]));
}

export function writeForced(forced: Forced): string {
  return [...forced].sort(([a], [b]) => a - b).map(([position, id]) => `${position}:${id}`).join(" ");
}

/** Another token at a position: what was chosen after it belonged to a text that is no longer. */
export function branch(forced: Forced, position: number, id: number): Forced {
  return new Map([...[...forced].filter(([at]) => at < position), [position, id]]);
}

/** The text that a token added; "" for a byte that completes no character. */
export function textOf({ text, ends }: Pick<ExplorePart, "text" | "ends">, position: number): string {
  return text.slice(position === 0 ? 0 : ends[position - 1], ends[position]);
}

/** Why the text ends here, in words. */
export function finishSentence({ finish, ids }: Pick<ExplorePart, "finish" | "ids">, contextLength: number): Message | null {
  switch (finish) {
    case "eos":
      return msg("The model ended the text itself, with token {0}.", ids.length);
    case "length":
      return msg("max_new_tokens is reached: {0}.", ids.length);
    case "context":
      return msg("The model's context of {0} tokens is full.", contextLength);
    case "no token":
      return msg("No token was left to choose from. Allow more: raise top_k or top_p, or lower min_p.");
    case "invalid":
      return msg("The logits hold NaN or infinity, so that nothing can be chosen.");
    case "unnamed":
      return msg("The draw fell on a token that the server does not name.");
    case "part of a character":
      return msg("The last token is a part of a character, which can't be sent as text.");
    case "no answer":
      return msg("The server gave no answer behind token {0}.", ids.length);
    case "stopped":
      return msg("Stopped after token {0}.", ids.length);
    case "running":
      return null;
  }
}

/** The numbers under the text: the names stay what the literature calls them. */
export function metricsOf(metrics: Metrics): readonly (readonly [name: string, value: number, decimals: number])[] {
  const numbers: [string, number | null, number][] = [
    ...metrics.seqRep.map((value, i): [string, number | null, number] => [`seq-rep-${i + 1}`, value, 2]),
    ...metrics.distinct.map((value, i): [string, number | null, number] => [`distinct-${i + 1}`, value, 2]),
    ["diversity", metrics.diversity, 2], ["uniq-seq", metrics.uniqSeq, 0], ["rep", metrics.rep, 2], ["wrep", metrics.wrep, 2], ["perplexity", metrics.perplexity, 2],
  ];
  return numbers.filter((each): each is [string, number, number] => each[1] !== null && Number.isFinite(each[1]));
}

/** Those that stand under the text where there is room for few. */
export const mainMetrics = ["seq-rep-4", "distinct-2", "perplexity"];

export function metricText([name, value, decimals]: readonly [string, number, number]): string {
  return `${name} ${fixed(value, decimals)}`;
}
