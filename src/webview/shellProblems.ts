import { msg, type Message, type Problem } from "../core/contract/index.js";
import type { ViewToHost } from "../core/protocol.js";
import { button } from "./controls/toolkit.js";
import { h, linkButton } from "./marks/dom.js";
import type { ViewHost } from "./view.js";

/** The sentence of a problem, the link to its line and its remedies, all in the flow of text. */
export function problemLine(host: ViewHost, problem: Problem): HTMLElement {
  const line = h("p", { class: `problem ${problem.severity}` }, host.t(problem.message));
  const place = placeLink(host, problem);
  if (place) line.append(" ", place);
  for (const fix of problem.fixes ?? []) line.append(" ", linkButton(host.t(fix.label), () => host.run(fix.params)));
  return line;
}

/** The sentences that stand in the picture's place, with the line as a link and the remedies as buttons. */
export function problemBlock(host: ViewHost, problems: readonly Problem[]): HTMLElement {
  const shown = problems.filter((problem) => problem.severity === "error");
  const block = h("div", { class: "problems" });
  let primary = true;
  for (const problem of shown.length > 0 ? shown : problems) {
    const sentence = h("p", { class: "problem" }, host.t(problem.message));
    const place = placeLink(host, problem);
    if (place) sentence.append(" ", place);
    block.append(sentence);
    if (!problem.fixes?.length) continue;
    const row = h("div", { class: "buttons" });
    for (const fix of problem.fixes) {
      row.append(button(host.t(fix.label), () => host.run(fix.params), primary));
      primary = false;
    }
    block.append(row);
  }
  return block;
}

function placeLink(host: ViewHost, problem: Problem): HTMLElement | undefined {
  const { span, line } = problem;
  if (!span && line === undefined) return undefined;
  const label: Message = line === undefined ? msg("Show it") : msg("Go to line {0}", line);
  const message: ViewToHost = { type: "reveal", ...(span ? { span } : {}), ...(line === undefined ? {} : { line }) };
  return linkButton(host.t(label), () => host.post(message));
}
