import { msg, type Message } from "../../core/contract/index.js";
import type { SequenceRun } from "../../core/attention/trace.js";
import { createPlayer } from "../controls/player.js";
import { h } from "../marks/dom.js";
import { drawFormulas } from "../marks/formulas.js";
import { textWidth } from "../marks/labels.js";
import { signScale, type SignScale } from "../marks/signStrip.js";
import { ownSteps } from "../ownSteps.js";
import { fixed, percent } from "../text/number.js";
import type { Frame } from "../view.js";
import { createAccuracy } from "./sequenceAccuracy.js";
import { createSequenceFigure, type Cell } from "./sequenceFigure.js";
import { sequenceFormula } from "./sequenceFormula.js";
import { sequenceLayout } from "./sequenceLayout.js";
import { characterLabel, isEnd, SequenceModel } from "./sequenceModel.js";
import { createSequenceTable, sequenceFiles } from "./sequenceTable.js";
import { createSequenceTools } from "./sequenceTools.js";
import { valueOf } from "./sharedParts.js";
import { colourLimit } from "./stepsModel.js";
import type { Section, Shared } from "./tab.js";

/** An encoder and a decoder: one fixed context against attention. */
export function createSequence(shared: Shared): Section {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const walk = ownSteps(host, "sequenceStep", () => rows() - 1);
  let model: SequenceModel | undefined;
  let hovered: Cell | null = null;
  let chosen: { readonly model: SequenceModel; readonly cell: Cell } | undefined;
  let length: number | null = null;
  let scale: { readonly of: readonly unknown[]; readonly scale: SignScale } | undefined;

  const tools = createSequenceTools(host, (patch) => shared.change(patch));
  const outputs = h("dl", { class: "sequence-outputs" });
  const figure = createSequenceFigure({
    hover(cell) {
      if (cell?.[0] === hovered?.[0] && cell?.[1] === hovered?.[1]) return;
      hovered = cell;
      host.redraw();
    },
    choose(cell) {
      if (model) chosen = { model, cell };
      host.redraw();
    },
    walk(steps, inputs) {
      if (!model) return false;
      const [step, input] = cellNow(model);
      const next: Cell = [clamp(step + steps, Math.min(made(), model.steps)), clamp(input + inputs, model.inputs)];
      hovered = null;
      chosen = { model, cell: next };
      host.announce(t(cellMessage(model, next)));
      host.redraw();
      return true;
    },
  });
  const player = createPlayer(walk, { label: (step) => placeOf(Math.round(step)) });
  const title = h("h2");
  const said = h("p", { class: "decoding-sentence" });
  const formula = h("div", { class: "decoding-formula" });
  const accuracy = createAccuracy(host, (at) => {
    if (at === length) return;
    length = at;
    host.redraw();
  });
  const accuracySaid = h("p", { class: "decoding-sentence" });
  const accuracyBox = h("section", {}, h("h2", {}, t(msg("Right answers by length")), " ", h("span", {}, t(msg("on inputs that the networks have not seen")))), accuracy.element, accuracySaid);
  const note = h("p", { class: "quiet small" }, t(msg("An alignment is no proof of what the decoder used: its own state carries the input too, and a state of the encoder also holds the characters before its own.")));
  const table = createSequenceTable(host);
  const element = h("div", { class: "attention-sequence" }, tools.element, outputs, title, figure.element, player.element, said, formula, note, accuracyBox, table.element);

  const clamp = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));
  const rows = (): number => Math.max(1, model?.steps ?? 1, model?.part.fixed?.output.length ?? 1);
  const made = (): number => Math.round(walk.step()) + 1;

  /** Under the pointer, else the chosen cell as far as the player has come, else the strongest of the newest step. */
  function cellNow(m: SequenceModel): Cell {
    if (hovered && hovered[0] < m.steps && hovered[1] < m.inputs) return hovered;
    if (chosen?.model === m && chosen.cell[0] < made()) return chosen.cell;
    const step = Math.min(made(), m.steps) - 1;
    return [step, m.strongest(step)];
  }

  const written = (text: string): string => (isEnd(text) ? t(msg("end")) : characterLabel(text));

  function placeOf(step: number): Message {
    return msg("Step {0} of {1}: {2}", step + 1, rows(), model && step < model.steps ? written(model.part.attentive.output[step]) : "–");
  }

  function cellMessage(m: SequenceModel, [step, input]: Cell): Message {
    const [output, looked, weight, score] = [written(m.part.attentive.output[step]), characterLabel(m.part.input[input]), fixed(m.weight(step, input), 3), fixed(m.score(step, input), 3)];
    return m.part.task === "own"
      ? msg("Step {0}, “{1}”: looks at “{2}” (input {3}) with weight {4}; score {5}.", step + 1, output, looked, input + 1, weight, score)
      : msg("Step {0}, “{1}”: looks at “{2}” (character {3}) with weight {4}; score {5}.", step + 1, output, looked, input + 1, weight, score);
  }

  function drawOutputs(m: SequenceModel): void {
    const { part } = m;
    outputs.hidden = part.task === "own";
    if (part.task === "own") return;
    const line = (name: Message, run: SequenceRun): Node[] => {
      const { characters, short, right } = m.written(run);
      const missing = short > 0 ? [h("span", { class: "wrong" }, "_".repeat(short))] : [];
      const verdict = right === null ? "" : right ? ` ${t(msg("right"))}` : ` × ${t(msg("wrong"))}`;
      return [h("dt", {}, t(name)), h("dd", {}, h("span", { class: "mono" }, ...characters.map(({ text, right: each }) => h("span", { class: each === false ? "wrong" : "" }, text)), ...missing), h("span", { class: right === false ? "small wrong-word" : "small quiet" }, verdict))];
    };
    outputs.replaceChildren(
      ...(part.expected === null ? [] : [h("dt", {}, t(msg("right answer"))), h("dd", {}, h("span", { class: "mono" }, part.expected))]),
      ...line(msg("with attention"), part.attentive), ...(part.fixed ? line(msg("one fixed context"), part.fixed) : []),
    );
  }

  function scaleOf(m: SequenceModel): SignScale {
    const palette = host.palette();
    const of = [m, palette];
    if (!scale || of.some((each, i) => each !== scale!.of[i])) scale = { of, scale: signScale(palette, Math.max(colourLimit(m.part.attentive.contexts), m.part.fixed ? colourLimit(m.part.fixed.contexts) : 0)) };
    return scale.scale;
  }

  function drawAccuracy(m: SequenceModel, width: number): void {
    const { part } = m;
    accuracyBox.hidden = part.accuracy.length === 0;
    if (part.accuracy.length === 0) return;
    accuracy.draw(part, Math.min(width, 640));
    const at = length ?? part.input.length;
    const found = part.accuracy.find((each) => each.length === at);
    accuracySaid.textContent = t(found
      ? msg("Of inputs of {0} characters attention gets {1} right, one fixed context {2}.", at, percent(found.attentive, 1), percent(found.fixed, 1))
      : msg("Inputs of {0} characters were not measured.", at));
  }

  function draw(frame: Frame): void {
    const { trace } = shared;
    const part = trace.sequence!;
    if (model?.part !== part) {
      model = new SequenceModel(trace, part);
      hovered = null;
    }
    const m = model;
    const palette = host.palette();
    const params = shared.params();
    tools.draw(part, { task: valueOf(params, "sequence_task"), text: valueOf(params, "sequence_text"), score: valueOf(params, "score") });
    drawOutputs(m);
    const font = `600 12px ${palette.mono}`;
    const labels = [...part.attentive.output, ...(part.fixed?.output ?? [])].map((each) => textWidth(`× ${written(each)}`, font));
    const names = part.input.some((each) => [...each].length > 2) ? Math.min(90, Math.max(...part.input.slice(0, 400).map((each) => textWidth(each, font))) * 0.77 + 8) : 14;
    const layout = sequenceLayout(Math.min(frame.width, 1100) - 8, m.inputs, m.steps, part.fixed?.output.length ?? 0, Math.min(110, Math.max(...labels)), names, part.fixed !== null);
    const cell = cellNow(m);
    title.replaceChildren(t(msg("Alignment")), " ", h("span", {}, t(msg("rows are steps of the decoder, columns the input; each row sums to 1. Contexts have {0} numbers, shaded to ±{1}", part.attentive.hiddenSize, scaleOf(m).limit))));
    figure.draw({
      model: m, layout, palette, scale: scaleOf(m), made: made(), cell,
      texts: { end: t(msg("end")), attention: t(msg("with attention")), changes: t(layout.beside ? msg("a context for each step") : msg("one for each step")), fixed: t(msg("one fixed context")), same: t(layout.beside ? msg("the same at every step") : msg("the same each step")) },
      description: t(msg("Alignment of {0} steps of the decoder with {1} inputs. Arrows walk over its cells.", m.steps, m.inputs)),
    });
    player.draw({ steps: rows(), step: walk.step() });
    said.textContent = t(cellMessage(m, cell));
    drawFormulas(formula, sequenceFormula(m, cell[0], cell[1], frame.width < 340 ? 1 : frame.width < 620 ? 2 : 3));
    drawAccuracy(m, frame.width);
    note.hidden = part.task === "own";
    table.element.hidden = !host.ui("sequenceTable", false);
    if (!table.element.hidden) table.draw(m, frame.width);
  }

  return {
    element,
    draw,
    pictures: () => [...figure.parts, ...(model && model.part.accuracy.length > 0 ? [accuracy.element] : [])],
    files: () => (model ? sequenceFiles(host, model) : []),
    copies: () => [],
    toggleTable: () => host.setUi("sequenceTable", !host.ui("sequenceTable", false)),
    action: (name) => player.action(name),
    key(event) {
      if (event.key === "Escape" && chosen) {
        chosen = undefined;
        host.redraw();
        return true;
      }
      return player.key(event);
    },
    dispose() {
      tools.dispose();
      player.dispose();
      element.remove();
    },
  };
}
