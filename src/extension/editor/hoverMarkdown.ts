import { format, msg, type Bundle, type Message } from "../../core/contract/index.js";
import type { Comparison, VectorAnswer, VectorHover, WordHover } from "../../core/protocol.js";
import { svgDataUri } from "./gutterSvg.js";

/** What the text of a hover links to; an empty string leaves the link out. */
export type HoverLinks = {
  line(line: number): string;
  readonly pin: string;
  readonly unpin: string;
  readonly copy: string;
  /** Opens the panel: a vector among those of its document, a word among its neighbours. */
  readonly compare: string;
  readonly choose: string;
};

const longestName = 60;

/** The Markdown of a hover, text and tables first; undefined when there is nothing to say. */
export function hoverMarkdown(answer: VectorAnswer, bundle: Bundle | undefined, links: HoverLinks): string | undefined {
  const say = (message: Message) => format(message, bundle);
  switch (answer.kind) {
    case "vector":
      return [...head(answer, heading(answer, say), say, links), ...similar(answer, say, links), ...leftOut(answer, say, links)].join("\n\n");
    case "word":
      return [...head(answer, wordHeading(answer, say), say, links), ...neighbours(answer, say)].join("\n\n");
    case "problem":
      return [...answer.problems.map(({ message }) => escaped(say(message))), link(say(msg("Use other word vectors")), links.choose)].filter(Boolean).join("\n\n");
    case "unknown":
    case "nothing":
    case "resend":
      return undefined;
  }
}

type Say = (message: Message) => string;

function heading({ name, line, figures }: VectorHover, say: Say): string {
  return say(msg("{0}, {1} numbers", `**${vectorName(name, line, say)}**`, grouped(figures.length)));
}

function wordHeading({ name, store }: WordHover, say: Say): string {
  return say(msg("{0}, {1} numbers, one of {2} words", `**${shortName(name)}**`, grouped(store.dimensions), grouped(store.words)));
}

/**
 * The name with the commands, the figures, the pinned vector and the strip. VS Code shows 250 pixels of a hover before one
 * has to scroll, so that what was asked for by a pin stands above the rest.
 */
function head(answer: VectorHover | WordHover, title: string, say: Say, links: HoverLinks): string[] {
  const { figures, strip, name } = answer;
  const blocks = [`${title} \u2003 ${commands(answer, say, links)}`];
  const titles = [msg("norm"), msg("mean"), msg("min"), msg("max")];
  blocks.push(table(titles.map(say), "rrrr", [[figures.norm, figures.mean, figures.min, figures.max].map(figure)]));
  if (figures.notFinite === 1) blocks.push(say(msg("One of its numbers is missing, NaN or infinite: norm and cosine are undefined.")));
  else if (figures.notFinite > 0) blocks.push(say(msg("{0} of its numbers are missing, NaN or infinite: norm and cosine are undefined.", grouped(figures.notFinite))));
  else if (figures.norm === 0) blocks.push(say(msg("All of its numbers are 0: it has no direction, and its cosine with any vector is undefined.")));
  if (answer.pinned) blocks.push(...comparison(answer.pinned, answer, say));
  const alt = say(msg("{0} as a strip of coloured cells from −{1} to +{2}", shortName(name), strip.scale, strip.scale));
  blocks.push(`![${alt}](${svgDataUri(strip.svg)}|width=${strip.width},height=${strip.height})`);
  const caption = [say(msg("{0} dimensions: red above 0, blue below, paper at 0", grouped(figures.length)))];
  if (strip.clipped > 0) caption.push(say(msg("a notch marks a value beyond ±{0} ({1} of them)", strip.scale, grouped(strip.clipped))));
  if (strip.missing > 0) caption.push(say(msg("an empty cell has no number")));
  if (strip.perCell > 1) caption.push(say(msg("each cell stands for {0} dimensions and shows the number farthest from 0", strip.perCell)));
  // In the same paragraph as the picture, which saves a gap.
  blocks.push(`${blocks.pop()}  \n${caption.join("; ")}`);
  return blocks;
}

function similar({ similar, compared, figures }: VectorHover, say: Say, links: HoverLinks): string[] {
  if (similar.length === 0) {
    return compared === 0 && figures.norm > 0 ? [say(msg("No other vector here has as many numbers and a direction."))] : [];
  }
  const titles = [say(msg("most similar here")), say(msg("cosine")), say(msg("line"))];
  const rows = similar.map(({ name, line, cosine }) => [vectorName(name, line, say), fixed(cosine, 4), link(String(line), links.line(line))]);
  const blocks = [table(titles, "lrl", rows)];
  if (compared > similar.length) blocks.push(say(msg("{0} of {1} vectors of this length", similar.length, grouped(compared))));
  return blocks;
}

function neighbours({ neighbours, store }: WordHover, say: Say): string[] {
  if (neighbours.length === 0) return [];
  const rows = neighbours.map(({ word, cosine }) => [shortName(word), fixed(cosine, 4)]);
  return [table([say(msg("nearest of all {0} words", grouped(store.words))), say(msg("cosine"))], "lr", rows)];
}

function leftOut({ otherLengths, undirected }: VectorHover, say: Say, links: HoverLinks): string[] {
  const places = ({ lines, more }: VectorHover["undirected"]) => lines.map((line) => link(String(line), links.line(line))).join(", ") + (more ? ", …" : "");
  const blocks: string[] = [];
  if (otherLengths.count === 1) blocks.push(say(msg("One vector of another length left out (line {0})", places(otherLengths))));
  else if (otherLengths.count > 0) blocks.push(say(msg("Vectors of other lengths left out: {0} (lines {1})", grouped(otherLengths.count), places(otherLengths))));
  if (undirected.count === 1) blocks.push(say(msg("One vector without direction left out, being zero or not finite (line {0})", places(undirected))));
  else if (undirected.count > 0) blocks.push(say(msg("Vectors without direction left out, being zero or not finite: {0} (lines {1})", grouped(undirected.count), places(undirected))));
  return blocks;
}

function commands(answer: VectorHover | WordHover, say: Say, links: HoverLinks): string {
  const { kind, pinned } = answer;
  const alone = kind === "vector" && answer.compared === 0;
  const all = [
    pinned?.kind === "same" ? "" : link(say(msg("Pin this vector")), links.pin),
    pinned ? link(say(msg("Unpin {0}", plain(pinned.name))), links.unpin) : "",
    alone ? "" : link(say(msg("Compare")), links.compare),
    link(say(msg("Copy as NumPy")), links.copy),
    kind === "word" ? link(say(msg("Use other word vectors")), links.choose) : "",
  ];
  return all.filter(Boolean).join(" \u2003 ");
}

function comparison(pinned: Comparison, { figures }: VectorHover | WordHover, say: Say): string[] {
  const name = `**${shortName(pinned.name) || say(msg("the pinned vector"))}**`;
  switch (pinned.kind) {
    case "same":
      return [say(msg("This vector is pinned. Point at another one to compare them."))];
    case "length":
      return [
        say(msg("Pinned {0} has {1} numbers, these are {2}: vectors of different lengths can't be compared.", name, grouped(pinned.length), grouped(figures.length))),
      ];
    case "cosine": {
      const [a, b] = pinned.norms.map(figure);
      const blocks: string[] = [];
      if (pinned.terms.length > 0) {
        const terms = pinned.terms.map(([x, y]) => `${factor(x)} × ${factor(y)}`).join(" + ");
        blocks.push(`A·B = ${terms} = ${short(pinned.dot)}`);
      }
      if (Number.isNaN(pinned.cosine)) return [...blocks, say(msg("With pinned {0}: the cosine is undefined, since one of the two has no direction.", name))];
      const quotient = `${pinned.terms.length > 0 ? short(pinned.dot) : figure(pinned.dot)} / (${a} × ${b}) = **${fixed(pinned.cosine, 4)}**`;
      return [...blocks, say(msg("With pinned {0}: cosine = A·B / (‖A‖ ‖B‖) = {1}", name, quotient))];
    }
  }
}

/** A number of a product, in brackets where it is negative. */
function factor(value: number): string {
  const text = short(value);
  return value < 0 ? `(${text})` : text;
}

/** A number of the text as it is written there, or nearly. */
function short(value: number): string {
  return String(Number(value.toPrecision(6))).replaceAll("-", "\u2212");
}

function vectorName(name: string, line: number, say: Say): string {
  return shortName(name) || say(msg("line {0}", line));
}

function shortName(name: string): string {
  return escaped(plain(name));
}

function plain(name: string): string {
  const line = name.replace(/\s+/g, " ").trim();
  return [...line].length > longestName ? `${[...line].slice(0, longestName - 1).join("")}…` : line;
}

function link(text: string, target: string): string {
  return target === "" ? (/^\d+$/.test(text) ? text : "") : `[${escaped(text)}](${target})`;
}

/** A table of Markdown; `align` has a letter a column, "l" or "r". */
export function table(titles: readonly string[], align: string, rows: readonly (readonly string[])[]): string {
  const rule = [...align].map((side) => (side === "r" ? "--:" : ":--"));
  // VS Code sets the columns of a table close together.
  const apart = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell : `&emsp;${cell}`));
  return [apart(titles), rule, ...rows.map(apart)].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Text as Markdown shows it, whatever it holds. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(/[\\`*_{}[\]()#+\-.!>|~$]/g, "\\$&");
}

/** A number for reading: whole ones as they are, others with three decimals, one from 10,000 on, or four digits where that would show nothing. */
function figure(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "\u2212∞" : "∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return grouped(value);
  if (size >= 1e7 || size < 0.01) return String(Number(value.toPrecision(4))).replaceAll("-", "\u2212");
  if (size < 1e4) return fixed(value, 3);
  const [whole, tenths] = fixed(value, 1).split(".");
  return `${grouped(whole)}.${tenths}`;
}

function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
}

function grouped(count: number | string): string {
  const text = String(count).replace("-", "\u2212");
  return /\d{5}/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ",") : text;
}

/** The target of a link that runs a command. */
export function commandLink(command: string, ...args: readonly unknown[]): string {
  // Brackets would end the link in Markdown; encodeURIComponent leaves them.
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll("(", "%28").replaceAll(")", "%29");
  return args.length === 0 ? `command:${command}` : `command:${command}?${query}`;
}
