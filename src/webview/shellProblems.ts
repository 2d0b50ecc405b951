import { msg, type Fix, type Message, type Problem } from "../core/contract/index.js";
import type { ViewToHost } from "../core/protocol.js";
import { button } from "./controls/toolkit.js";
import { h, linkButton } from "./marks/dom.js";
import type { ViewHost } from "./view.js";

/** The sentence of a problem, the link to its line and its remedies, all in the flow of text. */
export function problemLine(host: ViewHost, problem: Problem): HTMLElement {
  const line = h("p", { class: `problem ${problem.severity}` }, host.t(problem.message));
  const place = placeLink(host, problem);
  if (place) line.append(" ", place);
  (problem.fixes ?? []).forEach((fix, i) => line.append(...(i > 0 ? [" ·"] : []), ...fixLink(host, fix)));
  return line;
}

/** A remedy in the flow of text, with the space before it. */
export function fixLink(host: ViewHost, fix: Fix): readonly (Node | string)[] {
  return [" ", linkButton(host.t(fix.label), () => carryOut(host, fix))];
}

function carryOut(host: ViewHost, { params, choose }: Fix): void {
  if (choose) host.post({ type: "choose", choice: choose, params });
  else host.run(params);
}

/** The errors, and behind them what is never to be missed; where there is no error, all. */
export function errorsFirst(problems: readonly Problem[]): readonly Problem[] {
  const errors = problems.filter((problem) => problem.severity === "error");
  return errors.length > 0 ? [...errors, ...problems.filter((problem) => problem.prominent === true && problem.severity !== "error")] : problems;
}

/** The sentences that stand in the picture's place, with the line as a link and the remedies as buttons. */
export function problemBlock(host: ViewHost, problems: readonly Problem[]): HTMLElement {
  const shown = errorsFirst(problems);
  const block = h("div", { class: "problems" });
  let primary = true;
  for (const problem of shown) {
    const sentence = h("p", { class: "problem" }, host.t(problem.message));
    const place = placeLink(host, problem);
    if (place) sentence.append(" ", place);
    block.append(sentence);
    const row = h("div", { class: "buttons" });
    for (const fix of problem.fixes ?? []) {
      row.append(button(host.t(fix.label), () => carryOut(host, fix), primary));
      primary = false;
    }
    // A problem of the whole selection leads to all of its lines, once.
    const lines = place || problem !== shown[0] ? "" : (host.source()?.lines ?? "");
    if (lines !== "") row.append(button(host.t(/^\d+$/.test(lines) ? msg("Show line {0}", lines) : msg("Show lines {0}", lines)), () => host.post({ type: "reveal" }), false));
    if (row.childElementCount > 0) block.append(row);
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
