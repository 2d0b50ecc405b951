import { sampleInputs } from "../../core/attention/partSequence.js";
import { attentionParams, type AttentionParams } from "../../core/attention/params.js";
import type { SequencePart } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { segmented } from "../controls/segmented.js";
import { createTextBox } from "../controls/textBox.js";
import { h, linkButton } from "../marks/dom.js";
import type { ViewHost } from "../view.js";

type Task = AttentionParams["sequence_task"];
type Score = AttentionParams["score"];
type Patch = { readonly sequence_task?: Task; readonly sequence_text?: string; readonly score?: Score };
export type SequenceTools = { readonly element: HTMLElement; draw(part: SequencePart, params: { readonly task: Task; readonly text: string; readonly score: Score }): void; dispose(): void };

const tasks: { readonly [T in Task]: Message } = { dates: msg("dates"), reversal: msg("reversal") };

/** What is translated, by which task's networks, and how decoder and encoder states are compared. */
export function createSequenceTools(host: ViewHost, change: (patch: Patch) => void): SequenceTools {
  const t = (message: Message): string => host.t(message);
  const task = segmented<Task>(t(msg("Task")), attentionParams.sequence_task.options.map(({ value }) => ({ value, label: t(tasks[value]) })), (value) => change({ sequence_task: value, sequence_text: "" }));
  const score = segmented<Score>(t(msg("Score")), attentionParams.score.options.map(({ value }) => ({ value, label: value })), (value) => change({ score: value }));
  for (const [each, options] of [[task, attentionParams.sequence_task.options], [score, attentionParams.score.options]] as const) {
    for (const { value, label } of options) each.element.querySelector(`[data-value="${value}"]`)?.setAttribute("title", t(label));
  }
  const box = createTextBox({ label: t(msg("Input of the encoder")), placeholder: t(msg("Write a date or a word")) }, (text) => change({ sequence_text: text.trim() === sampleInputs[taskNow] ? "" : text.trim() }));
  const reset = linkButton(t(msg("Back to the sample")), () => box.settle(""));
  const line = h("div", { class: "sequence-input" }, box.element, reset);
  let taskNow: Task = "dates";
  return {
    element: h("div", { class: "sequence-tools" }, h("div", { class: "map-tools" }, task.element, h("span", { class: "sequence-score" }, h("span", { class: "quiet" }, t(msg("score"))), score.element)), line),
    draw(part, params) {
      const own = part.task === "own";
      taskNow = params.task;
      task.element.hidden = line.hidden = own;
      task.show(params.task);
      score.show(own ? part.score : params.score);
      box.show(params.text === "" ? sampleInputs[params.task] : params.text, params.text !== "");
      reset.hidden = params.text === "";
    },
    dispose: () => box.dispose(),
  };
}
