import { format, msg, type Bundle, type Message } from "../../core/contract/index.js";
import type { EffectAnswer, EffectPlace } from "../../core/protocol.js";
import { svgDataUri } from "./gutterSvg.js";
import { escaped, table } from "./hoverMarkdown.js";

type Say = (message: Message) => string;
type Of<K extends EffectAnswer["kind"]> = Extract<EffectAnswer, { kind: K }>;

/** The blocks of Markdown that show what a parameter does: whose distribution it is, the picture, its numbers in words and as a table. */
export function effectMarkdown(answer: EffectAnswer, others: Message | undefined, bundle: Bundle | undefined): string[] {
  const say: Say = (message) => escaped(format(message, bundle));
  switch (answer.kind) {
    case "distribution":
      return distribution(answer, others, say);
    case "candidates":
      return candidates(answer, say);
    case "contrastive":
      return contrastive(answer, say);
    case "lengths":
      return lengths(answer, say);
    case "nothing":
      return [`${say(answer.why)}${answer.place ? ` (${say(placeText(answer.place))})` : ""}`];
  }
}

function distribution(answer: Of<"distribution">, others: Message | undefined, say: Say): string[] {
  const { place, labels, rows, rest, kept, keptMass, entropy, best, same, marked } = answer;
  const where = placeText(place);
  const title = say(others ? msg("The next token {0}, with {1}", where, others) : msg("The next token {0}", where));
  const alt = say(same ? msg("Bars: the probabilities of the first tokens with {0}", labels[1]) : msg("Bars: the probabilities of the first tokens with {0} and with {1}", labels[0], labels[1]));
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
  const cells = rows.map(({ name, before, after, struck }) => [struck ? `~~${escaped(name)}~~` : escaped(name), ...(same ? [] : [percent(before)]), struck ? "–" : percent(after)]);
  const more = Math.max(rest.keptBefore, rest.keptAfter);
  if (more > 0) cells.push([say(msg("{0} others", grouped(more))), ...(same ? [] : [percent(rest.before)]), rest.keptAfter === 0 ? "–" : percent(rest.after)]);
  return [`${title}  \n${picture(alt, answer)}`, figures.map(say).join(" "), table([say(msg("token")), ...columns.map(escaped)], `l${"r".repeat(columns.length)}`, cells)];
}

function candidates(answer: Of<"candidates">, say: Say): string[] {
  const { place, rows, taken, looked, mass, vocabularySize } = answer;
  const alt = say(msg("Bars: the most probable tokens, of which {0} are taken", taken));
  const title = say(msg("The next token {0}", placeText(place)));
  const figures =
    looked === taken
      ? msg("{0} of {1} tokens are candidates, with {2} of the probability.", grouped(taken), grouped(vocabularySize), share(mass))
      : msg("The {0} beams begin with the marked tokens, which have {1} of the probability. Each later step compares {2} scores and looks at the best {3}.", taken, share(mass), grouped(taken * vocabularySize), looked);
  const cells = rows.map(({ name, probability, taken: own }) => [own ? `**${escaped(name)}**` : escaped(name), percent(probability), own ? "✓" : ""]);
  return [`${title}  \n${picture(alt, answer)}`, say(figures), table([say(msg("token")), "p", say(msg("taken"))], "lrl", cells)];
}

function contrastive(answer: Of<"contrastive">, say: Say): string[] {
  const { place, rows, selected, alpha } = answer;
  const title = say(msg("The candidates {0}", placeText(place)));
  const alt = say(msg("Bars: probability, likeness to what came before, and score of each candidate"));
  const [first, own] = [rows[0].name, rows[selected].name];
  const verdict =
    selected === 0
      ? msg("score = (1 − {0}) p − {0} max cos: “{1}”, the most probable, is taken.", alpha, own)
      : msg("score = (1 − {0}) p − {0} max cos: “{1}” is taken instead of “{2}”, the most probable, which is more like what came before.", alpha, own, first);
  const cells = rows.map((row, i) => [i === selected ? `**${escaped(row.name)}**` : escaped(row.name), percent(row.probability), fixed(row.similarity, 3), fixed(row.score, 3)]);
  return [`${title}  \n${picture(alt, answer)}`, say(verdict), table([say(msg("token")), "p", "max cos", say(msg("score"))], "lrrr", cells)];
}

function lengths(answer: Of<"lengths">, say: Say): string[] {
  const { rows, sum, penalty } = answer;
  const title = say(msg("The score of a sum of log-probabilities of {0}, by the length of the text", fixed(sum, 1)));
  const alt = say(msg("Bars: the score for texts of {0} tokens", rows.map(({ length }) => length).join(", ")));
  const plain = penalty !== 1;
  const cells = rows.map(({ length, score, byDefault }) => [String(length), ...(plain ? [figure(byDefault)] : []), figure(score)]);
  const verdict =
    penalty > 0 ? msg("score = sum / length^{0}: of equal sums the longest text wins.", penalty) : penalty < 0 ? msg("score = sum / length^{0}: of equal sums the shortest text wins.", penalty) : msg("At 0 sums are compared as they are, so that short texts win.");
  const heads = [...(plain ? [1] : []), penalty].map((each) => escaped(`length_penalty ${minus(String(each))}`));
  return [`${title}  \n${picture(alt, answer)}`, say(verdict), table([say(msg("tokens")), ...heads], plain ? "rrr" : "rr", cells)];
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

function picture(alt: string, { picture: { svg, width, height } }: { readonly picture: { readonly svg: string; readonly width: number; readonly height: number } }): string {
  return `![${alt}](${svgDataUri(svg)}|width=${width},height=${height})`;
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

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

function figure(value: number): string {
  return Number.isFinite(value) && Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6 ? fixed(value, 4) : minus(String(Number(value.toPrecision(3))));
}

const minus = (text: string): string => text.replaceAll("-", "\u2212");
