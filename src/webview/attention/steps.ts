import { msg, type Message } from "../../core/contract/index.js";
import { createPlayer } from "../controls/player.js";
import { h, linkButton } from "../marks/dom.js";
import { drawFormulas } from "../marks/formulas.js";
import { textWidth } from "../marks/labels.js";
import { signScale } from "../marks/signStrip.js";
import { ownSteps } from "../ownSteps.js";
import { compact, fixed } from "../text/number.js";
import type { Frame } from "../view.js";
import { valueOf } from "./sharedParts.js";
import { createStepsFigure, rowsAtOnce, type Scales } from "./stepsFigure.js";
import { stepsFiles } from "./stepsFiles.js";
import { outputFormula, similarityFormula, softmaxFormula, temperedFormula } from "./stepsFormula.js";
import { createStepsHeads } from "./stepsHeads.js";
import { stepsLayout } from "./stepsLayout.js";
import { createStepsMatrices } from "./stepsMatrix.js";
import { StepsModel } from "./stepsModel.js";
import { createQueryEditor } from "./stepsQuery.js";
import { createStepsTable } from "./stepsTable.js";
import { createStepsSliders, createStepsTools } from "./stepsTools.js";
import type { Section, Shared } from "./tab.js";

const names = [msg("Step 1 of 3: similarity"), msg("Step 2 of 3: softmax"), msg("Step 3 of 3: weighted sum")] as const;

/** How one token gets its output: similarity, softmax, sum. */
export function createSteps(shared: Shared): Section {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const walk = ownSteps(host, "stepsStep", () => (model?.complete === false ? 0 : names.length - 1));
  let model: StepsModel | undefined;
  let hovered: number | null = null;
  let held: { readonly key: string; readonly row: number } | undefined;
  let scales: { readonly of: readonly unknown[]; readonly scales: Scales } | undefined;
  let told: readonly unknown[] = [];

  const figure = createStepsFigure({
    hover(row) {
      if (row === hovered) return;
      hovered = row;
      host.redraw();
    },
    hold(row) {
      held = held?.row === row || !model ? undefined : { key: shared.trace.key, row };
      host.redraw();
    },
    walk(by) {
      if (!model) return false;
      const row = Math.max(0, Math.min(model.n - 1, rowNow(model) + by));
      hovered = null;
      held = { key: shared.trace.key, row };
      figure.show(row);
      host.announce(t(rowMessage(model, row)));
      host.redraw();
      return true;
    },
    enter() {
      if (model) shared.reveal(rowNow(model));
    },
    scrolled: () => host.redraw(),
  });
  const tools = createStepsTools(host, (patch) => shared.change(patch), (token) => shared.choose(token), (token) => shared.name(token));
  const sliders = createStepsSliders(host, (patch) => shared.change(patch));
  const query = createQueryEditor(host, (edit) => shared.change({ query_edit: edit }), () => shared.change({ query_edit: "", query_scale: 1 }));
  const player = createPlayer(walk, { label: (step) => names[Math.max(0, Math.min(names.length - 1, Math.round(step)))] });
  const heads = createStepsHeads(host, (head) => shared.change({ head }));
  const matrices = createStepsMatrices(host);
  const table = createStepsTable(shared, (row) => label(row));
  const far = linkButton("", () => {
    if (!model) return;
    held = { key: shared.trace.key, row: model.strongest };
    figure.show(model.strongest);
    host.redraw();
  });
  const keyed = h("span", {});
  const title = h("h2", {}, t(msg("Keys and values")), " ", keyed);
  const said = h("p", { class: "decoding-sentence steps-said" });
  const formula = h("div", { class: "decoding-formula" });
  const queryTitle = h("h2", {}, t(msg("The query")), " ", h("span", {}, t(msg("drag a bar, or type a number, to see what changes"))));
  const queryBox = h("section", {}, queryTitle, query.element);
  const element = h("div", { class: "attention-steps" }, tools.element, title, figure.element, h("p", { class: "small steps-far" }, far), player.element, h("div", { class: "steps-formula" }, said, formula), sliders.element, queryBox, heads.element, matrices.element, table.element);

  const label = (row: number): string => (row < shared.trace.tokens.pieces.length ? shared.label(row) : String(row + 1));
  const rowNow = (m: StepsModel): number => Math.min(m.n - 1, hovered ?? (held?.key === shared.trace.key ? held.row : m.strongest));
  const revealed = (): number => (model?.complete === false ? 1 : Math.max(0, Math.min(2, Math.round(walk.step()))));

  function rowMessage({ part, complete, decimals }: StepsModel, row: number): Message {
    if (part.masked[row] === 1) return msg("“{0}” is masked: its weight is 0, whatever its similarity.", label(row));
    if (!complete) return msg("“{0}” has weight {1}.", label(row), fixed(part.weights[row], 4));
    return msg("“{0}”: similarity {1}, scaled {2}, weight {3}.", label(row), fixed(part.similarity[row], 3), fixed(part.scaled[row] + (part.bias?.[row] ?? 0), 3), fixed(part.weights[row], decimals));
  }

  function scalesOf(m: StepsModel): Scales {
    const palette = host.palette();
    const of = [m, palette];
    if (!scales || of.some((each, i) => each !== scales!.of[i])) {
      scales = { of, scales: { query: signScale(palette, m.limits.query), key: signScale(palette, m.limits.key), value: signScale(palette, m.limits.value), product: signScale(palette, m.limits.product) } };
    }
    return scales.scales;
  }

  function drawFormula(m: StepsModel, row: number, width: number): void {
    const reveal = revealed();
    const terms = width < 340 ? 1 : width < 560 ? 2 : 3;
    said.textContent = t(rowMessage(m, row));
    if (!m.complete) return drawFormulas(formula, temperedFormula(m, row));
    drawFormulas(formula, [
      ...similarityFormula(m, row, terms),
      ...(reveal >= 1 ? softmaxFormula(m, row, terms) : []),
      ...(reveal >= 2 && m.part.valueSize > 0 ? outputFormula(m, m.strongestOutput, terms) : []),
    ]);
  }

  function point(m: StepsModel): void {
    if (m === told[0] && shared.marks.looking !== null) return;
    told = [m];
    shared.point(Array.from(m.part.weights, (weight, token) => ({ token, weight })), m.part.token);
  }

  function draw(frame: Frame): void {
    const { trace } = shared;
    const part = trace.steps!;
    if (model?.part !== part) {
      model = new StepsModel(trace, part);
      if (held?.key !== trace.key) held = undefined;
    }
    const m = model;
    const palette = host.palette();
    const longest = Math.max(...Array.from({ length: Math.min(m.n, 400) }, (_, row) => textWidth(label(row), `600 13px ${palette.mono}`)), 24);
    const layout = stepsLayout(Math.min(frame.width, 1000) - 16, longest, m.complete);
    const row = rowNow(m);
    tools.draw(trace, part.layer, part.head, part.token);
    keyed.textContent = m.complete
      ? t(part.size === part.valueSize ? msg("q, k and v have {0} numbers each; q shaded to ±{1}, k to ±{2}, v to ±{3}, the products to ±{4}", part.size, m.limits.query, m.limits.key, m.limits.value, m.limits.product) : msg("q and k have {0} numbers, v has {1}; q shaded to ±{2}, k to ±{3}, v to ±{4}, the products to ±{5}", part.size, part.valueSize, m.limits.query, m.limits.key, m.limits.value, m.limits.product))
      : t(msg("only the weights are known"));
    figure.draw({
      model: m, layout, palette, scales: scalesOf(m), reveal: revealed(), row, label,
      texts: {
        key: t(msg("key k")), similarity: t(msg("1 · similarity")), scaled: t(msg("scaled")), weight: t(msg("2 · weight")), value: t(msg("value v")),
        product: t(msg("3 · weight × v")), masked: t(msg("masked")), query: t(msg("its query q")), sum: t(msg("sum")), output: t(msg("output")),
      },
      description: t(msg("Three steps of {0} over {1} keys, {2} of them masked. Arrows walk over the keys.", label(part.token), m.n, m.masked)),
    });
    far.hidden = m.n <= rowsAtOnce(layout);
    far.textContent = t(msg("{0} keys; go to the strongest, {1}", compact(m.n), label(m.strongest)));
    player.element.hidden = !m.complete;
    player.draw({ steps: m.complete ? names.length : 1, step: walk.step() });
    drawFormula(m, row, frame.width);
    queryBox.hidden = !m.complete;
    const params = shared.params();
    sliders.draw(params, m.complete);
    if (m.complete) query.draw({ model: m, scale: scalesOf(m).query, width: Math.min(frame.width, 1000), edit: valueOf(params, "query_edit"), scaled: valueOf(params, "query_scale") !== 1 });
    heads.draw(m, frame.width);
    matrices.draw(m, frame.width);
    table.element.hidden = !host.ui("stepsTable", false);
    if (!table.element.hidden) table.draw(m, frame.width);
    point(m);
  }

  return {
    element,
    draw,
    pictures: () => [...figure.parts, ...(model?.complete ? [query.picture] : []), ...(model?.part.heads ? heads.parts : []), ...matrices.parts],
    files: () => (model ? stepsFiles(host, model) : []),
    copies: () => [],
    toggleTable: () => host.setUi("stepsTable", !host.ui("stepsTable", false)),
    action: (name) => model?.complete === true && player.action(name),
    key(event) {
      if (!model) return false;
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        const last = shared.trace.tokens.visible.length - 1;
        shared.choose(Math.max(0, Math.min(last, model.part.token + (event.key === "ArrowUp" ? -1 : 1))));
        return true;
      }
      if (event.key === "[" || event.key === "]") {
        const { heads: count, layers } = shared.trace.source;
        const index = shared.layer * count + shared.head + (event.key === "[" ? -1 : 1);
        if (index >= 0 && index < count * layers) shared.change({ layer: Math.floor(index / count), head: index % count });
        return true;
      }
      if (event.key === "Escape" && held) {
        held = undefined;
        host.redraw();
        return true;
      }
      return model.complete && player.key(event);
    },
    dispose() {
      player.dispose();
      element.remove();
    },
  };
}
