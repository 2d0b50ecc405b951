import { msg, type Message } from "../../core/contract/index.js";
import type { ExplorePart, StagesAt } from "../../core/decoding/trace.js";

/** One column of the pipeline: "raw" first, then a stage each. */
export type Column = {
  /** The full name, for titles and tables. */
  readonly name: string;
  /** As it stands over a column, and over one too narrow for that. */
  readonly head: string;
  readonly brief: string;
  /** The values of the stage's parameters, short. */
  readonly values: string;
  /** It lowers tokens that occurred: what it took is drawn. */
  readonly penalises: boolean;
  /** It may remove tokens; the mass it leaves is worth a number. */
  readonly cuts: boolean;
};

/** One line of the pipeline: a listed token. */
export type Row = {
  /** Index into the listed tokens. */
  readonly index: number;
  readonly id: number;
  /** Column at which it was removed; 0 where it was kept. */
  readonly removedAt: number;
};

const heads: { readonly [name: string]: readonly [head: string, brief?: string] } = {
  RepetitionPenaltyLogitsProcessor: ["penalty", "pen."], EncoderRepetitionPenaltyLogitsProcessor: ["prompt", "pr."], FrequencyPresencePenalty: ["freq."],
  HammingDiversityLogitsProcessor: ["groups", "grp."], NoiseLogitsProcessor: ["noise", "noi."], NoRepeatNGramLogitsProcessor: ["n-gram", "n-gr."],
  EncoderNoRepeatNGramLogitsProcessor: ["n-gram", "n-gr."], SequenceBiasLogitsProcessor: ["bias"], NoBadWordsLogitsProcessor: ["words", "wd."],
  MinLengthLogitsProcessor: ["min len.", "min"], MinNewTokensLengthLogitsProcessor: ["min len.", "min"], ForcedBOSTokenLogitsProcessor: ["begin", "beg."],
  ForcedEOSTokenLogitsProcessor: ["end"], ExponentialDecayLengthPenalty: ["decay", "dec."], SuppressTokensLogitsProcessor: ["suppr.", "sup."],
  SuppressTokensAtBeginLogitsProcessor: ["suppr.", "sup."], InfNanRemoveLogitsProcessor: ["NaN"], LogitNormalization: ["norm.", "nor."],
  TemperatureLogitsWarper: ["temp.", "T"], TopKLogitsWarper: ["top-k"], TopPLogitsWarper: ["top-p"], MinPLogitsWarper: ["min-p"], TopHLogitsWarper: ["top-h"],
  TypicalLogitsWarper: ["typical", "typ."], EpsilonLogitsWarper: ["ε-cut", "ε"], EtaLogitsWarper: ["η-cut", "η"],
};
const penalties = ["RepetitionPenaltyLogitsProcessor", "EncoderRepetitionPenaltyLogitsProcessor", "FrequencyPresencePenalty", "HammingDiversityLogitsProcessor"];

/** Parameters that say nothing of what the reader set. */
const silent = ["min_tokens_to_keep", "filter_value", "prompt_ignore_length", "eos_token_id", "prompt_length", "device"];

export function columnsOf(at: StagesAt): Column[] {
  const raw: Column = { name: "raw", head: "raw", brief: "raw", values: "", penalises: false, cuts: false };
  const stages = at.stages.map(({ name, parameters }, i): Column => {
    const values = parameters.filter(([key, value]) => !silent.includes(key) && value.length <= 8).map(([, value]) => value);
    const [head, brief = head] = heads[name] ?? [shortName(name)];
    return {
      name, head, brief, values: values.slice(0, 2).join(" "),
      penalises: penalties.includes(name), cuts: at.kept[i + 1] < at.kept[i] || /Warper$/.test(name) && name !== "TemperatureLogitsWarper",
    };
  });
  return [raw, ...stages];
}

/** A class of transformers without what all of them end in. */
export function shortName(name: string): string {
  return name.replace(/(Logits)?(Processor|Warper)$/, "").replace(/_/g, "-").slice(0, 8);
}

/** The order of the lines is that of `raw` and stays; the chosen token is always among them. */
export function rowsOf(at: StagesAt, count: number, chosen: number | null): Row[] {
  const rows = Array.from(at.ids, (id, index): Row => ({ index, id, removedAt: at.removedAt[index] }));
  const shown = rows.slice(0, count);
  if (chosen === null || shown.some(({ id }) => id === chosen)) return shown;
  const row = rows.find(({ id }) => id === chosen);
  return row ? [...shown.slice(0, count - 1), row] : shown;
}

/** What the tokens without a line of their own have together, by column. */
export type Tail = {
  /** How many tokens that is before the first stage. */
  readonly count: number;
  readonly kept: readonly number[];
  readonly mass: readonly number[];
  /** The first column at which none of them is left; 0 where some are. */
  readonly removedAt: number;
};

export function tailOf(at: StagesAt, rows: readonly Row[]): Tail {
  const n = at.ids.length;
  const shown = new Set(rows.map(({ index }) => index));
  const columns = Array.from(at.kept, (_, k) => k);
  const others = Array.from(at.ids, (_, i) => i).filter((i) => !shown.has(i));
  const kept = columns.map((k) => at.tailKept[k] + others.filter((i) => at.scores[k * n + i] !== -Infinity).length);
  const mass = columns.map((k) => at.tailMass[k] + others.reduce((sum, i) => sum + at.probabilities[k * n + i], 0));
  const gone = columns.find((k) => k > 0 && kept[k] === 0 && kept[k - 1] > 0) ?? 0;
  return { count: kept[0], kept, mass, removedAt: gone };
}

/** Where bars end: a round number at or above the highest probability, so that it seldom moves while a slider does. */
export function scaleOf(at: StagesAt): number {
  let most = 0;
  for (const p of at.probabilities) if (p > most) most = p;
  return [0.05, 0.1, 0.2, 0.35, 0.5, 0.75].find((limit) => most <= limit) ?? 1;
}

/** Logarithmic scale of probabilities: 0 at one in a million and below, 1 at certainty. */
export function logPlace(p: number): number {
  return p <= 1e-6 ? 0 : 1 + Math.log10(Math.min(1, p)) / 6;
}

/** Why a stage changed a token, where it says so. */
export function reasonOf(at: StagesAt, id: number, column: number): Message | null {
  const found = at.reasons.findIndex((_, i) => at.reasonTokens[i] === id && at.reasonStages[i] === column);
  return found < 0 ? null : at.reasons[found];
}

/** What one penalty took from a token: its probability before, or null where it took nothing. */
export function lossOf(at: StagesAt, columns: readonly Column[], row: Row, column: number): number | null {
  if (!columns[column].penalises) return null;
  const n = at.ids.length;
  const [before, after] = [at.scores[(column - 1) * n + row.index], at.scores[column * n + row.index]];
  const p = at.probabilities[(column - 1) * n + row.index];
  return after < before && after !== -Infinity && p > at.probabilities[column * n + row.index] ? p : null;
}

/** Ids of listed tokens that a penalty lowered. */
export function penalisedIds(at: StagesAt): Set<number> {
  const columns = columnsOf(at);
  const n = at.ids.length;
  const ids = new Set<number>();
  columns.forEach((column, k) => {
    if (!column.penalises) return;
    at.ids.forEach((id, i) => {
      if (at.scores[k * n + i] < at.scores[(k - 1) * n + i]) ids.add(id);
    });
  });
  return ids;
}

/** More tokens than top_k says, where several are as probable as the last of them. */
export function tieSentence(at: StagesAt): Message | null {
  const stage = at.stages.findIndex(({ name }) => name === "TopKLogitsWarper");
  const k = Number(at.stages[stage]?.parameters.find(([name]) => name === "top_k")?.[1]);
  const kept = at.kept[stage + 1];
  return stage >= 0 && kept > k && kept < at.kept[stage] ? msg("top_k keeps {0}, not {1}: others are as probable as the last of them.", kept, k) : null;
}

type Order = ExplorePart["order"];

/** How the two orders of the stages differ: at the first place by its tokens, elsewhere by what they do. */
export function orderSentence(order: Order, temperature: number, other: ExplorePart["other"] | undefined, name: (id: number) => string): Message | null {
  if (other && other.onlyHere.length + other.onlyThere.length > 0) return differenceSentence(order, other, name);
  if (temperature === 1) return null;
  if (other !== undefined) return msg("Here both orders keep the same tokens.");
  return order === "transformers"
    ? msg("transformers divides by the temperature {0} before it cuts: what stays depends on it. llama.cpp cuts first.", temperature)
    : msg("llama.cpp cuts before it divides by the temperature {0}: what stays does not depend on it. transformers divides first.", temperature);
}

function differenceSentence(order: Order, { kept, onlyHere, onlyThere }: NonNullable<ExplorePart["other"]>, name: (id: number) => string): Message {
  const place = order === "transformers" ? "llama.cpp" : "transformers";
  const list = (ids: Int32Array): string | Message => {
    const names = Array.from(ids.slice(0, 4), (id) => name(id)).join(", ");
    return ids.length > 4 ? msg("{0} and {1} more", names, ids.length - 4) : names;
  };
  if (onlyHere.length === 0) return msg("In the order of {0}, {1} would stay here, with {2} besides.", place, kept, list(onlyThere));
  if (onlyThere.length === 0) return msg("In the order of {0}, {1} would stay here, without {2}.", place, kept, list(onlyHere));
  return msg("In the order of {0}, {1} would stay here: {2} instead of {3}.", place, kept, list(onlyThere), list(onlyHere));
}
