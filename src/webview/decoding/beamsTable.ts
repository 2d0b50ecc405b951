import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { h } from "../marks/dom.js";
import { drawTable, type TableColumn } from "../marks/table.js";
import { exact, fixed, percent, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { penalised, type BeamsModel } from "./beamsModel.js";
import type { Shared } from "./tab.js";

export type FinishedTable = {
  readonly element: HTMLElement;
  /** @param before the end of the prompt, which the texts go on from */
  draw(model: BeamsModel, chosen: number, width: number, before: string): void;
};

/** The texts that ended, the best first, with what they are compared by. A row shows its path in the lanes. */
export function createFinishedTable(host: ViewHost, choose: (which: number) => void): FinishedTable {
  const element = h("div", { class: "beams-finished" });
  element.addEventListener("click", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("tr[data-key]");
    if (row) choose(Number(row.dataset.key));
  });
  return {
    element,
    draw(model, chosen, width, before) {
      const { finished, groups, lengthPenalty } = model.part;
      const divisor = lengthPenalty === 1 ? msg("sum / length") : msg("sum / length^{0}", significant(lengthPenalty, 3));
      const columns: TableColumn[] = [
        { title: host.t(msg("finished texts")) },
        ...(groups > 1 ? [{ title: host.t(msg("group")), numeric: true }] : []),
        { title: host.t(msg("sum of log p")), numeric: true, secondary: true },
        { title: host.t(msg("length")), numeric: true, secondary: groups > 1 },
        { title: host.t(divisor), numeric: true },
      ];
      drawTable(element, {
        caption: host.t(msg("Finished texts, the best first")),
        columns,
        rows: finished.map(({ text, group, sum, length, score, returned }, i) => ({
          key: String(i),
          className: [returned ? "returned" : "", i === chosen ? "chosen" : ""].filter(Boolean).join(" "),
          cells: [
            { text: i === chosen ? before + text : differing(before + text, before + finished[chosen].text), title: returned ? host.t(msg("This text is returned.")) : text, className: "beams-text" },
            ...(groups > 1 ? [fixed(group + 1, 0)] : []),
            { text: fixed(sum, 3), title: exact(sum) }, fixed(length, 0), { text: fixed(score, 3), title: exact(score) },
          ],
        })),
        width,
      });
    },
  };
}

/** Texts that begin alike are told apart by where they part: what is before is left out of long ones. */
function differing(text: string, other: string): string {
  if (text.length <= 60) return text;
  let shared = 0;
  while (shared < text.length && text[shared] === other[shared]) shared++;
  const from = text.lastIndexOf(" ", Math.max(0, shared - 8));
  return from < 12 ? text : `\u2026${text.slice(from)}`;
}

const fates = {
  running: msg("goes on"),
  finished: msg("ended, kept"),
  dropped: msg("ended, dropped"),
  pruned: msg("cut"),
};

/** Every candidate of one step as a table. */
export function drawCandidates(root: HTMLElement, shared: Shared, model: BeamsModel, step: number, width: number): void {
  const { host } = shared;
  const several = model.part.groups > 1;
  const rows = (model.part.steps[step] ?? []).flatMap(({ candidates }, group) => Array.from(candidates.keys(), (_, rank) => {
    const index = model.indexOf(step, group, rank);
    const { token, logProbability, sum, fate } = candidates[index];
    const score = penalised(sum, step + 1, model.part.lengthPenalty);
    const before = model.path({ step, group, index }).slice(0, -1).map((place) => shared.piece(model.at(place)?.token ?? -1)).join("");
    return {
      cells: [
        fixed(rank + 1, 0), ...(several ? [fixed(group + 1, 0)] : []), { text: before, className: "beams-text" }, { text: shared.name(token), className: "beams-text" },
        { text: percent(Math.exp(logProbability), 1), title: exact(Math.exp(logProbability)) }, { text: fixed(logProbability, 3), title: exact(logProbability) },
        { text: fixed(sum, 3), title: exact(sum) }, { text: fixed(score, 3), title: exact(score) }, host.t(fates[fate]),
      ],
    };
  }));
  drawTable(root, {
    caption: host.t(msg("Candidates of step {0}", step + 1)),
    columns: [
      { title: host.t(msg("rank")) }, ...(several ? [{ title: host.t(msg("group")) }] : []), { title: host.t(msg("text before")), secondary: true }, { title: host.t(msg("token")) },
      { title: "p", numeric: true, secondary: true }, { title: "log p", numeric: true, secondary: true }, { title: host.t(msg("sum")), numeric: true }, { title: host.t(msg("score")), numeric: true },
      { title: host.t(msg("what becomes of it")) },
    ],
    rows,
    width,
  });
}

/** All candidates of all steps, a line each. */
export function candidatesCsv(shared: Shared, model: BeamsModel): string {
  const lines = [csvLine(["step", "group", "rank", "parent_rank", "id", "token", "log_probability", "sum", "score", "fate"])];
  for (let step = 0; step < model.steps; step++) {
    model.part.steps[step].forEach(({ candidates }, group) => candidates.forEach(({ token, logProbability, sum, fate }, index) => {
      const place = { step, group, index };
      const parent = model.parent(place);
      const score = penalised(sum, step + 1, model.part.lengthPenalty);
      lines.push(csvLine([step + 1, group + 1, model.rank(place) + 1, parent ? model.rank(parent) + 1 : "", token, shared.piece(token), logProbability, sum, score, fate]));
    }));
  }
  return lines.join("");
}

/** The finished texts, a line each. */
export function finishedCsv({ part }: BeamsModel): string {
  const lines = part.finished.map(({ text, group, sum, length, score, returned }) => csvLine([text, group + 1, sum, length, score, returned ? 1 : 0]));
  return csvLine(["text", "group", "sum", "length", "score", "returned"]) + lines.join("");
}
