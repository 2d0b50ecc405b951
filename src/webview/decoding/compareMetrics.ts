import { msg, type Message } from "../../core/contract/index.js";
import type { Metrics } from "../../core/decoding/trace.js";
import { fixed } from "../text/number.js";

/** One number of a text; `title` is the literature's name and is never translated. */
export type MetricColumn = {
  readonly title: string;
  readonly help: Message;
  value(metrics: Metrics): number | null;
  /** Its bar ends at 1, or at the largest of the compared texts. */
  readonly full: 1 | "largest";
  readonly decimals: number;
  /** From here on the bar is red: the text repeats itself. */
  readonly red?: number;
};

const seqRep = (n: number): MetricColumn => ({
  title: `seq-rep-${n}`, help: n === 1 ? msg("Share of tokens that occurred earlier in the text.") : msg("Share of {0}-grams that occurred earlier in the text.", n), value: ({ seqRep: values }) => values[n - 1] ?? null, full: 1, decimals: 2, red: 0.4,
});
const distinct = (n: number): MetricColumn => ({
  title: `distinct-${n}`, help: n === 1 ? msg("Different tokens by tokens.") : msg("Different {0}-grams by {0}-grams.", n), value: ({ distinct: values }) => values[n - 1] ?? null, full: 1, decimals: 2,
});

/** All of them, in the order in which they stand. */
export const metricColumns: readonly MetricColumn[] = [
  seqRep(1), seqRep(2), seqRep(3), seqRep(4), distinct(1), distinct(2), distinct(3), distinct(4),
  { title: "diversity", help: msg("Product of 1 − seq-rep-n for n = 2, 3, 4."), value: ({ diversity }) => diversity, full: 1, decimals: 2 },
  { title: "uniq-seq", help: msg("How many different tokens the text has."), value: ({ uniqSeq }) => uniqSeq, full: "largest", decimals: 0 },
  { title: "rep", help: msg("Share of places where the model's most probable token occurred shortly before."), value: ({ rep }) => rep, full: 1, decimals: 2 },
  { title: "wrep", help: msg("Share of places where the model's most probable token occurred shortly before and is not the one that stands there."), value: ({ wrep }) => wrep, full: 1, decimals: 2 },
  { title: "perplexity", help: msg("exp of the mean −log p of the model: low where it was sure."), value: ({ perplexity }) => perplexity, full: "largest", decimals: 1 },
];

/** Which go first where there is little room. */
const importance = ["seq-rep-4", "perplexity", "distinct-2", "seq-rep-1", "diversity", "uniq-seq", "rep", "wrep", "seq-rep-2", "seq-rep-3", "distinct-1", "distinct-3", "distinct-4"];

/** The `count` most telling columns, in their order. */
export function columnsFor(count: number): readonly MetricColumn[] {
  const chosen = new Set(importance.slice(0, Math.max(0, count)));
  return metricColumns.filter(({ title }) => chosen.has(title));
}

/** How long a number's bar is, from 0 to 1. */
export function barShare({ full }: MetricColumn, value: number, all: readonly (number | null)[]): number {
  const end = full === 1 ? 1 : Math.max(...all.map((each) => (each !== null && Number.isFinite(each) ? each : 0)));
  return end > 0 ? Math.max(0, Math.min(1, value / end)) : 0;
}

/** A metric as it is read; an en dash where the text is too short for it. */
export function metricText({ decimals }: MetricColumn, value: number | null): string {
  return value === null ? "\u2013" : fixed(value, decimals);
}
