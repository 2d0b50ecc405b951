import { msg, type Message } from "../../core/contract/index.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import { math } from "../marks/math.js";
import type { Palette } from "../marks/palette.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed, percent, signed } from "../text/number.js";
import { strongestPulls, type InsideModel } from "./insideModel.js";
import type { Shared } from "./tab.js";
import { tokenLabel } from "./tokenPlaces.js";

const row = 20;
const most = 16;

/** A greedy text that goes on, and what each head adds to the logit of the chosen new token. */
export function createPulls(shared: Shared, player: HTMLElement, go: (step: number) => void): { readonly element: HTMLElement; readonly pictures: readonly SVGSVGElement[]; draw(model: InsideModel, palette: Palette, step: number, width: number): void } {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const line = h("p", { class: "inside-line mono", role: "group", "aria-label": t(msg("New tokens")) });
  const title = h("h2", {});
  const figure = svg("svg", { class: "inside-pulls", role: "img" });
  const said = h("p", { class: "small inside-note" });
  const formulas = [h("div", {}), h("div", {})];
  const table = h("div", { class: "map-table-rows" });
  const check = h("p", { class: "small quiet" });
  const bars = h("div", {}, title, figure, said);
  const sum = h("div", {}, h("h2", {}, t(msg("Where the logit comes from"))), h("div", { class: "inside-formula" }, ...formulas), table, check);
  const columns = h("div", { class: "inside-pull-columns" }, bars, sum);
  const none = h("p", { class: "small quiet" }, t(msg("No new tokens: raise max_new_tokens, or shorten the text, which fills what the model reads.")));
  const element = h("section", {}, h("h2", {}, t(msg("The text goes on greedily")), " ", h("span", {}, t(msg("underlined where four tokens in a row stood before")))), line, player, none, columns);
  let drawn: unknown;

  return {
    element,
    pictures: [figure],
    draw(model, palette, step, width) {
      const { pulls } = model.part;
      element.hidden = pulls === null;
      if (!pulls) return;
      const empty = pulls.ids.length === 0;
      none.hidden = !empty;
      columns.hidden = line.hidden = empty;
      if (empty) return;
      if (drawn !== pulls) {
        drawn = pulls;
        const tail = model.trace.tokens.pieces.slice(-12).join("");
        line.replaceChildren(h("span", { class: "quiet" }, `${model.trace.tokens.pieces.length > 12 ? "…" : ""}${tail}`), ...pulls.pieces.map((piece, i) => {
          const button = h("button", { type: "button", class: pulls.repeated[i] ? "inside-token repeated" : "inside-token", "data-step": i, tabindex: -1 }, piece.replace(/\n/g, "↵"));
          button.addEventListener("click", () => go(i));
          return button;
        }));
      }
      line.querySelectorAll<HTMLElement>("[data-step]").forEach((button, i) => setAttributes(button, { "aria-pressed": String(i === step), tabindex: i === step ? 0 : -1 }));
      const beside = width >= 700;
      columns.classList.toggle("beside", beside);
      drawBars(model, palette, step, beside ? Math.min(520, width - 330) : width);
      drawSum(model, step, beside ? 300 : width);
    },
  };

  function drawBars(model: InsideModel, palette: Palette, step: number, width: number): void {
    const { pulls } = model.part;
    const { shown, others, count } = strongestPulls(model.pulls(step), most);
    const rows = [...shown.map((each) => ({ ...each, name: t(msg("layer {0}, head {1}", each.layer + 1, each.head + 1)) })), ...(count > 0 ? [{ name: t(msg("{0} other heads", count)), value: others, look: NaN, induction: false }] : [])];
    const token = tokenLabel(pulls!.pieces[step]);
    title.textContent = t(msg("Heads’ pull towards “{0}”", token));
    const font = `12px ${palette.font}`;
    const names = Math.max(...rows.map(({ name }) => textWidth(name, `600 ${font}`))) + 8;
    const looks = width >= 420 ? 86 : 0;
    const values = rows.map(({ value }) => value);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values, 1e-9)];
    const [from, to] = [names + (low < 0 ? 46 : 4), width - looks - 52];
    const x = (value: number): number => from + ((value - low) / (high - low || 1)) * Math.max(20, to - from);
    setAttributes(figure, { width, height: 18 + rows.length * row + 4, "aria-label": t(msg("What each head adds to the logit of “{0}”.", token)) });
    figure.replaceChildren(
      ...(looks > 0 ? [svg("text", { x: width - 2, y: 12, "text-anchor": "end", class: "quiet-text" }, t(msg("looks at it")))] : []),
      svg("line", { x1: x(0), x2: x(0), y1: 16, y2: 18 + rows.length * row, stroke: palette.axis }),
      ...rows.flatMap(({ name, value, look, induction }, i) => {
        const y = 18 + i * row;
        const colour = induction ? palette.components[1] : palette.components[0];
        return [
          svg("text", { x: names - 6, y: y + 14, "text-anchor": "end", class: induction ? "strong-text" : "quiet-text" }, name),
          svg("rect", { x: Math.min(x(0), x(value)), y: y + 4, width: Math.abs(x(value) - x(0)), height: 12, fill: colour, stroke: palette.contrast ? palette.ink : "none" }),
          svg("text", { x: value < 0 ? x(value) - 4 : x(value) + 4, y: y + 14, "text-anchor": value < 0 ? "end" : "start", class: "quiet-text" }, signed(value, 2)),
          ...(looks > 0 && !Number.isNaN(look) ? [svg("text", { x: width - 2, y: y + 14, "text-anchor": "end", class: look >= 0.3 ? "strong-text" : "quiet-text" }, percent(look))] : []),
        ];
      }),
    );
    said.textContent = t(saying(model, step));
  }

  function saying(model: InsideModel, step: number): Message {
    const pulls = model.part.pulls!;
    const all = model.pulls(step);
    const best = all.reduce((a, b) => (b.value > a.value ? b : a));
    const heads = all.filter(({ induction }) => induction);
    const own = heads.reduce((sum, { value }) => sum + value, 0);
    const token = tokenLabel(pulls.pieces[step]);
    const strongest = msg("Layer {0}, head {1} pulls most towards “{2}”: {3}; it puts {4} of its attention on earlier “{2}”.", best.layer + 1, best.head + 1, token, signed(best.value, 2), percent(best.look));
    if (heads.length === 0) return msg("{0} {1}", strongest, pulls.repeated[step] ? msg("By the scores above it is no induction head, so that this repetition has other causes; the sum shows which parts pull.") : msg("No head of this model is an induction head."));
    return pulls.repeated[step]
      ? msg("{0} {1}", strongest, msg("The induction heads together add {0} of the logit’s {1} to a token that repeats: they are one cause of repetition.", signed(own, 2), fixed(pulls.logit[step], 2)))
      : msg("{0} {1}", strongest, msg("The induction heads together add {0} of the logit’s {1}.", signed(own, 2), fixed(pulls.logit[step], 2)));
  }

  /** All parts of the logit, and their sum beside the model's own. */
  function drawSum(model: InsideModel, step: number, width: number): void {
    const pulls = model.part.pulls!;
    const { embedding, heads, mlp, bias, total, own } = model.sum(step);
    const both = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const tex = (value: number): string => fixed(value, 2).replace("\u2212", "-").replace(",", "{,}");
    const term = (value: number): string => (Number(value.toFixed(2)) < 0 ? ` - ${tex(-value)}` : ` + ${tex(Math.abs(value))}`);
    math(`\\text{${t(msg("embedding"))}} + \\text{${t(msg("heads"))}} + \\text{MLP} + \\text{${t(msg("biases"))}}`, formulas[0]);
    math(`= ${tex(embedding)}${term(both(heads))}${term(both(mlp))}${term(bias)} = \\class{result}{${tex(total)}}`, formulas[1]);
    const value = (each: number) => ({ text: signed(each, 3), title: exact(each) });
    drawTable(table, {
      caption: t(msg("Where the logit comes from")), width,
      columns: [{ title: t(msg("part")) }, { title: t(msg("heads")), numeric: true }, { title: "MLP", numeric: true }],
      rows: [
        { cells: [t(msg("embedding")), value(embedding), ""], key: "embedding" },
        ...heads.map((each, layer) => ({ key: String(layer), cells: [t(msg("layer {0}", layer + 1)), value(each), value(mlp[layer])] })),
        { cells: [t(msg("biases")), value(bias), ""], key: "bias" },
        { cells: [t(msg("sum")), { text: fixed(total, 3), title: exact(total) }, ""], className: "chosen", key: "sum" },
        { cells: [t(msg("the model’s own")), { text: fixed(own, 3), title: exact(own) }, ""], key: "own" },
      ],
    });
    check.textContent = t(msg("Logits less their mean over the vocabulary; probability {0}. The last norm divides by the deviation that it takes out of the whole stream, which is held fixed here.", percent(pulls.probability[step], 1)));
  }
}
