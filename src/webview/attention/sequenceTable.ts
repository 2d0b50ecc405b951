import { msg, type Message } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { h } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { baseName } from "../text/baseName.js";
import { exact, fixed, percent } from "../text/number.js";
import type { ExportFile, ViewHost } from "../view.js";
import { characterLabel, isEnd, type SequenceModel } from "./sequenceModel.js";

const number = (value: number): string => (Number.isFinite(value) ? String(value) : "");

/** The table twin: each step with what it wrote, how sure it was, and what it looked at most; the accuracy by length. */
export function createSequenceTable(host: ViewHost): { readonly element: HTMLElement; draw(model: SequenceModel, width: number): void } {
  const t = (message: Message): string => host.t(message);
  const steps = h("div", { class: "decoding-twin" });
  const accuracy = h("div", { class: "decoding-twin" });
  return {
    element: h("div", {}, steps, accuracy),
    draw(model, width) {
      const { part } = model;
      const { attentive, fixed: other } = part;
      const name = (text: string): string => (isEnd(text) ? t(msg("end")) : characterLabel(text));
      const rows = Math.max(attentive.output.length, other?.output.length ?? 0);
      const sure = (run: typeof attentive, step: number) => (step < run.output.length && !Number.isNaN(run.probability[step]) ? { text: percent(run.probability[step], 1), title: exact(run.probability[step]) } : "–");
      drawTable(steps, {
        caption: t(msg("Every step")),
        width,
        columns: [
          { title: t(msg("step")), numeric: true }, { title: t(msg("attention")) }, { title: t(msg("looks at")) }, { title: t(msg("weight")), numeric: true },
          ...(other ? [{ title: t(msg("probability")), numeric: true, secondary: true }, { title: t(msg("fixed context")) }, { title: t(msg("probability")), numeric: true, secondary: true }] : []),
        ],
        rows: Array.from({ length: rows }, (_, step) => {
          const has = step < attentive.output.length;
          const best = has ? model.strongest(step) : 0;
          const right = (run: typeof attentive): string => (model.isRight(run, step) === false ? "× " : "");
          return {
            key: String(step),
            cells: [
              String(step + 1),
              has ? { text: right(attentive) + name(attentive.output[step]), className: "mono" } : "",
              has ? { text: `${characterLabel(part.input[best])} (${best + 1})`, className: "mono" } : "",
              has ? { text: fixed(model.weight(step, best), 3), title: exact(model.weight(step, best)) } : "",
              ...(other ? [sure(attentive, step), step < other.output.length ? { text: right(other) + name(other.output[step]), className: "mono" } : "", sure(other, step)] : []),
            ],
          };
        }),
      });
      accuracy.hidden = part.accuracy.length === 0;
      if (part.accuracy.length === 0) return;
      drawTable(accuracy, {
        caption: t(msg("Right answers by length")),
        width,
        columns: [{ title: t(msg("length")), numeric: true }, { title: t(msg("attention")), numeric: true }, { title: t(msg("fixed context")), numeric: true }],
        rows: part.accuracy.map(({ length, attentive: ours, fixed: theirs }) => ({ key: String(length), className: length === model.inputs ? "chosen" : "", cells: [String(length), { text: percent(ours, 1), title: exact(ours) }, { text: percent(theirs, 1), title: exact(theirs) }] })),
      });
    },
  };
}

/** Weights of the alignment, a line a step and a column an input. */
export function alignmentCsv(model: SequenceModel): string {
  const { input, attentive } = model.part;
  const line = (values: Float64Array, step: number): string[] => Array.from({ length: model.inputs }, (_, j) => number(values[step * model.inputs + j]));
  return csvLine(["step", "output", ...input.map((each) => `weight ${each}`), ...input.map((each) => `score ${each}`)])
    + attentive.output.map((output, step) => csvLine([step + 1, output, ...line(attentive.weights, step), ...line(attentive.scores, step)])).join("");
}

function accuracyCsv({ part }: SequenceModel): string {
  return csvLine(["length", "attention", "fixed"]) + part.accuracy.map(({ length, attentive, fixed: other }) => csvLine([length, number(attentive), number(other)])).join("");
}

function sequenceJson({ part, inputs }: SequenceModel): string {
  const square = (values: ArrayLike<number>, width: number): (number | null)[][] =>
    Array.from({ length: width > 0 ? values.length / width : 0 }, (_, i) => Array.from({ length: width }, (_x, j) => (Number.isFinite(values[i * width + j]) ? values[i * width + j] : null)));
  const run = (of: SequenceModel["part"]["attentive"]) => ({
    output: of.output, probability: Array.from(of.probability, (p) => (Number.isFinite(p) ? p : null)), scores: square(of.scores, of.scores.length > 0 ? inputs : 0), weights: square(of.weights, of.weights.length > 0 ? inputs : 0),
    contexts: square(of.contexts, of.hiddenSize), encoder: square(of.encoder, of.hiddenSize), decoder: square(of.decoder, of.decoderSize),
  });
  return `${JSON.stringify({ task: part.task, score: part.score, input: part.input, expected: part.expected, attention: run(part.attentive), fixed: part.fixed && run(part.fixed), accuracy: part.accuracy })}\n`;
}

export function sequenceFiles(host: ViewHost, model: SequenceModel): ExportFile[] {
  const base = `${baseName(host, "attention")}-sequence`;
  return [
    { label: msg("The alignment (CSV)"), name: `${base}.csv`, data: () => alignmentCsv(model) },
    ...(model.part.accuracy.length > 0 ? [{ label: msg("Right answers by length (CSV)"), name: `${base}-accuracy.csv`, data: () => accuracyCsv(model) }] : []),
    { label: msg("Alignment, states and contexts (JSON)"), name: `${base}.json`, data: () => sequenceJson(model) },
  ];
}
