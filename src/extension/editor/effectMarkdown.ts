import { format, type Bundle, type Message } from "../../core/contract/index.js";
import type { EffectAnswer } from "../../core/protocol.js";
import { svgDataUri } from "./gutterSvg.js";
import { escaped, table } from "./hoverMarkdown.js";

/** What a hover shows of an effect: the picture under its title, and what stands below the rest of the text. */
export type EffectBlocks = { readonly first: readonly string[]; readonly last: readonly string[] };

const marks = { struck: "~~", bold: "**" } as const;

/** The Markdown of an effect. */
export function effectMarkdown(answer: EffectAnswer, bundle: Bundle | undefined): EffectBlocks {
  const say = (text: Message | string) => escaped(typeof text === "string" ? text : format(text, bundle));
  if (answer.kind === "nothing") return { first: [say(answer.why)], last: [] };
  const { picture, words } = answer;
  const { titles, align, rows } = words.table;
  const cells = rows.map(({ look, cells: [name, ...rest] }) => {
    const mark = look ? marks[look] : "";
    return [`${mark}${say(name)}${mark}`, ...rest.map(say)];
  });
  const image = `![${say(words.alt)}](${svgDataUri(picture.svg)}|width=${picture.width},height=${picture.height})`;
  // In the same paragraph as its title, which saves a gap.
  return { first: [`${say(words.title)}  \n${image}`, words.figures.map(say).join(" ")], last: [table(titles.map(say), align, cells)] };
}
