import { scaleLinear, scaleLog } from "d3";
import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { compact, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { createCurves, type Curve } from "./curves.js";
import type { InsideModel } from "./insideModel.js";

/** Tokens that are drawn faintly beside the chosen one. */
const FAINT = 40;
/** Two pictures stand abreast on the narrowest panel. */
const least = 130;
const gap = 12;
/** Narrower pictures have their titles above them, where they wrap. */
const TITLED = 190;

type Small = { readonly name: string; readonly title: Message; readonly y: Message; /** Both in one. */ readonly long: Message; readonly x: readonly number[]; readonly of: (token: number) => number[]; readonly log?: boolean };

/** Small pictures over the layers: rank of the true token, length of the stream and what is added to it, what norms take out. */
export function createStream(host: ViewHost): { readonly element: HTMLElement; pictures(): readonly SVGSVGElement[]; draw(model: InsideModel, palette: Palette, token: number, width: number, label: string): void } {
  const t = (message: Message): string => host.t(message);
  const all = Array.from({ length: 6 }, () => ({ title: h("h2", {}), curves: createCurves() }));
  const boxes = all.map(({ title, curves }) => h("div", {}, title, curves.element));
  const head = h("h2", {});
  const grid = h("div", { class: "inside-small" }, ...boxes);
  const element = h("section", { class: "inside-stream" }, head, grid);
  return {
    element,
    pictures: () => all.flatMap(({ curves }, i) => (boxes[i].hidden ? [] : [curves.element])),
    draw(model, palette, token, width, label) {
      head.textContent = t(msg("Layer by layer: “{0}” in bold, other tokens faint", label));
      const columns = width < 620 ? (width >= 2 * least + gap ? 2 : 1) : 3;
      grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
      const each = Math.floor((Math.min(width, 1000) - gap * (columns - 1)) / columns);
      const small = pictures(model);
      boxes.forEach((box, i) => {
        box.hidden = small[i] === undefined;
        if (small[i] === undefined) return;
        // In the picture itself where there is room, so that files have it too.
        const within = each >= TITLED;
        all[i].title.hidden = within;
        all[i].title.textContent = t(small[i].title);
        drawOne(all[i].curves, small[i], model, palette, token, each, t(within ? small[i].long : small[i].y));
      });
    },
  };

  function drawOne(curves: ReturnType<typeof createCurves>, { name, title, x, of, log }: Small, model: InsideModel, palette: Palette, token: number, width: number, label: string): void {
    const every = Math.max(1, Math.ceil(model.tokens / FAINT));
    const tokens = Array.from({ length: model.tokens }, (_, i) => i).filter((i) => i !== token && i % every === 0);
    const line = (i: number): Curve => ({ name: `${name}-${i}`, label: "", colour: palette.fill, x, y: of(i) });
    const chosen: Curve = { ...line(token), colour: palette.components[0], thick: true };
    const values = [...tokens, token].flatMap(of).filter(Number.isFinite);
    // Nothing at all is drawn at the foot of a scale to 1.
    const most = Math.max(...values) || 1;
    const low = Math.min(0, ...values);
    const scale = log ? scaleLog().domain([most * 1.2, 1]) : scaleLinear().domain([low, most]).nice(4);
    const ticks = log ? [1, 10, 100, 1000, 10_000, 100_000].filter((tick) => tick <= most * 1.2) : 4;
    curves.draw({
      width, height: width < 200 ? 150 : 170, palette, fontSize: 11, left: 44, right: 8,
      x: scaleLinear().domain([x[0], Math.max(x[0] + 1, x[x.length - 1])]), y: scale, xTicks: x.filter(Number.isInteger), yTicks: ticks,
      xFormat: (value) => String(value), yFormat: (value) => (log ? compact(value) : significant(value, 3)),
      xLabel: t(msg("layer")), yLabel: label, curves: [...tokens.map(line), chosen],
      description: t(msg("{0}, by layer, for the chosen token: {1}.", title, of(token).map((value) => significant(value, 3)).join(", "))),
    });
  }
}

function pictures(model: InsideModel): Small[] {
  const { part, layers, tokens } = model;
  const { lens } = part;
  const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);
  const rows = (values: Float64Array, count: number) => (token: number) => Array.from({ length: count }, (_, i) => values[i * tokens + token]);
  // A norm stands between two layers: that of the attention of layer 1 at 0, that of its MLP at a half.
  const at = part.norms.map((norm) => norm.layer + (norm.at === "mlp" ? 0.5 : 0));
  const rank: Small | undefined = lens && {
    name: "rank", title: msg("Rank of the true token"), y: msg("rank"), long: msg("Rank of the true token"), log: true, x: from(0, layers + 1),
    of: (token) => Array.from({ length: layers + 1 }, (_, i) => (token < lens.from || token >= lens.from + lens.count ? NaN : lens.rank[i * lens.count + token - lens.from] || NaN)),
  } || undefined;
  return [
    ...(rank ? [rank] : []),
    { name: "stream", title: msg("Length of the stream"), y: msg("length"), long: msg("Length of the stream"), x: from(0, layers + 1), of: rows(part.stream, layers + 1) },
    { name: "attention", title: msg("Attention adds"), y: msg("length"), long: msg("Attention adds: length"), x: from(1, layers), of: rows(part.attention, layers) },
    { name: "mlp", title: msg("The MLP adds"), y: msg("length"), long: msg("The MLP adds: length"), x: from(1, layers), of: rows(part.mlp, layers) },
    ...(part.norms.some(({ mean }) => mean.some((value) => value !== 0)) ? [{ name: "mean", title: msg("Norms take out: mean"), y: msg("mean"), long: msg("Norms take out: mean"), x: at, of: (token: number) => part.norms.map(({ mean }) => mean[token]) }] : []),
    { name: "deviation", title: msg("Norms divide by: deviation"), y: msg("deviation"), long: msg("Norms divide by: deviation"), x: at, of: (token) => part.norms.map(({ deviation }) => deviation[token]) },
  ];
}
