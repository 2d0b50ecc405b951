import { msg, type Message } from "../contract/index.js";
import { grouped } from "../text/numberText.js";
import type { CandidatesEffect, ContrastiveEffect, DistributionEffect, EffectFacts, EffectPlace, EffectWords, LengthsEffect, NoEffect } from "./effectTypes.js";

type TableRow = EffectWords["table"]["rows"][number];

/** What an effect says: whose distribution it is, the picture's text, its figures, and its numbers as a table. */
export function effectWords(answer: EffectFacts): EffectWords {
  switch (answer.kind) {
    case "distribution":
      return distribution(answer);
    case "candidates":
      return candidates(answer);
    case "contrastive":
      return contrastive(answer);
    case "lengths":
      return lengths(answer);
  }
}

/** Why nothing is drawn, and where. */
export function nothingWords({ why, place }: NoEffect): Message {
  return place ? msg("{0} ({1})", why, placeText(place)) : why;
}

function distribution(answer: DistributionEffect): EffectWords {
  const { place, labels, rows, rest, kept, keptMass, entropy, best, same, marked } = answer;
  const title = msg("The next token {0}", placeText(place));
  const alt = same ? msg("Bars: the probabilities of the first tokens with {0}", labels[1]) : msg("Bars: the probabilities of the first tokens with {0} and with {1}", labels[0], labels[1]);
  const counted = [grouped(kept[1]), grouped(kept[0]), share(keptMass)] as const;
  const bits = [entropy[0].toFixed(2), entropy[1].toFixed(2)] as const;
  const figures: Message[] = [];
  if (same) figures.push(msg("It changes nothing here: {0} tokens are left, entropy {1} bits.", counted[0], bits[1]));
  else if (kept[1] > kept[0]) figures.push(msg("{0} tokens instead of {1} can follow; entropy {2} → {3} bits.", counted[0], counted[1], ...bits));
  else if (kept[1] === kept[0]) figures.push(msg("{0} of {1} tokens kept; entropy {2} → {3} bits.", counted[0], counted[1], ...bits));
  else figures.push(msg("{0} of {1} tokens kept, with {2} of the probability; entropy {3} → {4} bits.", ...counted, ...bits));
  if (!same && best[0] !== best[1]) figures.push(msg("The most probable token is “{0}” instead of “{1}”.", best[1], best[0]));
  const removed = marked.filter((name) => rows.some((row) => row.struck && row.name === name));
  if (removed.length > 0) figures.push(marked.length > removed.length ? msg("Removed: {0} and {1} more.", quoted(removed), marked.length - removed.length) : msg("Removed: {0}.", quoted(removed)));
  else if (marked.length > 0 && !same) figures.push(msg("This is what the second group sees when the first has begun with {0}.", quoted(marked)));
  const columns = same ? [labels[1]] : [...labels];
  const cells = rows.map(({ name, before, after, struck }): TableRow => ({ ...(struck ? { look: "struck" } : {}), cells: [name, ...(same ? [] : [percent(before)]), struck ? "–" : percent(after)] }));
  const more = Math.max(rest.keptBefore, rest.keptAfter);
  if (more > 0) cells.push({ cells: [msg("{0} others", grouped(more)), ...(same ? [] : [percent(rest.before)]), rest.keptAfter === 0 ? "–" : percent(rest.after)] });
  return { title, alt, figures, table: { titles: [msg("token"), ...columns], align: `l${"r".repeat(columns.length)}`, rows: cells } };
}

function candidates(answer: CandidatesEffect): EffectWords {
  const { place, rows, taken, looked, mass, vocabularySize } = answer;
  const alt = msg("Bars: the most probable tokens, of which {0} are taken", taken);
  const title = msg("The next token {0}", placeText(place));
  const figures =
    looked === taken
      ? msg("{0} of {1} tokens are candidates, with {2} of the probability.", grouped(taken), grouped(vocabularySize), share(mass))
      : msg("The {0} beams begin with the marked tokens, which have {1} of the probability. Each later step compares {2} scores and looks at the best {3}.", taken, share(mass), grouped(taken * vocabularySize), looked);
  const cells = rows.map(({ name, probability, taken: own }): TableRow => ({ ...(own ? { look: "bold" } : {}), cells: [name, percent(probability), own ? "✓" : ""] }));
  return { title, alt, figures: [figures], table: { titles: [msg("token"), "p", msg("taken")], align: "lrl", rows: cells } };
}

function contrastive(answer: ContrastiveEffect): EffectWords {
  const { place, rows, selected, alpha } = answer;
  const title = msg("The candidates {0}", placeText(place));
  const alt = msg("Bars: probability, likeness to what came before, and score of each candidate");
  const [first, own] = [rows[0].name, rows[selected].name];
  const verdict =
    selected === 0
      ? msg("score = (1 − {0}) p − {0} max cos: “{1}”, the most probable, is taken.", alpha, own)
      : msg("score = (1 − {0}) p − {0} max cos: “{1}” is taken instead of “{2}”, the most probable, which is more like what came before.", alpha, own, first);
  const cells = rows.map((row, i): TableRow => ({ ...(i === selected ? { look: "bold" } : {}), cells: [row.name, percent(row.probability), fixed(row.similarity, 3), fixed(row.score, 3)] }));
  return { title, alt, figures: [verdict], table: { titles: [msg("token"), "p", "max cos", msg("score")], align: "lrrr", rows: cells } };
}

function lengths(answer: LengthsEffect): EffectWords {
  const { rows, sum, penalty } = answer;
  const title = msg("The score of a sum of log-probabilities of {0}, by the length of the text", fixed(sum, 1));
  const alt = msg("Bars: the score for texts of {0} tokens", rows.map(({ length }) => length).join(", "));
  const plain = penalty !== 1;
  const cells = rows.map(({ length, score, byDefault }): TableRow => ({ cells: [String(length), ...(plain ? [figure(byDefault)] : []), figure(score)] }));
  const verdict =
    penalty > 0 ? msg("score = sum / length^{0}: of equal sums the longest text wins.", penalty) : penalty < 0 ? msg("score = sum / length^{0}: of equal sums the shortest text wins.", penalty) : msg("At 0 sums are compared as they are, so that short texts win.");
  const heads = [...(plain ? [1] : []), penalty].map((each) => `length_penalty ${minus(String(each))}`);
  return { title, alt, figures: [verdict], table: { titles: [msg("tokens"), ...heads], align: plain ? "rrr" : "rr", rows: cells } };
}

const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(", ");

/** After “…and past”, built-in model. */
function placeText({ after, source, name, behind, writer }: EffectPlace): Message {
  const from = sourceText(source, name);
  if (behind > 0 && writer === "explorer") return msg("after “{0}”, {1} tokens into the explorer's text, by {2}", after, behind, from);
  if (behind > 0) return msg("after “{0}”, {1} tokens into the text that greedy search writes, by {2}", after, behind, from);
  return after === "" ? msg("by {0}", from) : msg("after “{0}” by {1}", after, from);
}

function sourceText(source: EffectPlace["source"], name: string): Message {
  switch (source) {
    case "model":
      return name === "" ? msg("the built-in model") : msg("the model {0}", name);
    case "words":
    case "characters":
      return msg("n-grams of {0}", name);
    case "given":
      return msg("the numbers of {0}", name);
    case "server":
      return msg("the server {0}", name);
  }
}

function percent(p: number): string {
  if (p === 0) return "–";
  if (p < 0.00005) return "<0.01%";
  return `${(100 * p).toFixed(2)}%`;
}

/** A share in words: whole percents only where nothing is missing. */
function share(mass: number): string {
  const text = (100 * mass).toFixed(1);
  return text === "100.0" ? (mass > 1 - 1e-9 ? "100%" : ">99.9%") : `${text}%`;
}

function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

function figure(value: number): string {
  return Number.isFinite(value) && Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6 ? fixed(value, 4) : minus(String(Number(value.toPrecision(3))));
}

const minus = (text: string): string => text.replaceAll("-", "\u2212");
