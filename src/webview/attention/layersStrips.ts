import { msg, type Message } from "../../core/contract/index.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { createSignKey, drawSignKey, numbersPerCell, signScale, strongest } from "../marks/signStrip.js";
import { significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import type { LayersModel, StripPart } from "./layersModel.js";
import { tokenLabel } from "./tokenPlaces.js";

const strip = 22;
const gap = 6;
const top = 40;
/** Strips that are drawn; the files have all. */
const most = 8;
/** Pixels of a cell at least, so that a picture has no more cells than an eye can tell apart. */
const cell = 2;

/** The chosen vectors as strips of their numbers, parted by layer and token. */
export function createLayersStrips(host: ViewHost): { readonly element: HTMLElement; readonly pictures: readonly SVGSVGElement[]; draw(model: LayersModel, palette: Palette, width: number): void } {
  const t = (message: Message): string => host.t(message);
  const figure = svg("svg", { class: "layers-strips", role: "img" });
  const key = createSignKey();
  const said = h("p", { class: "small quiet layers-said" });
  const more = h("p", { class: "small quiet" });
  let shown: { readonly model: LayersModel; readonly left: number; readonly span: number } | undefined;

  figure.addEventListener("pointermove", (event) => {
    if (!shown) return;
    const box = figure.getBoundingClientRect();
    const { model, left, span } = shown;
    const row = Math.floor((event.clientY - box.top - top) / (strip + gap));
    const at = Math.floor(((event.clientX - box.left - left) / span) * model.part.length);
    if (row < 0 || row >= Math.min(model.count, most) || at < 0 || at >= model.part.length) return;
    const part = model.part.parts.find(({ from, to }) => at >= from && at < to)!;
    said.textContent = t(msg("Number {0} of {1}: {2}, from {3}.", at + 1, model.part.length, significant(model.vector(row)[at]), t(longName(model, row, part))));
  });
  figure.addEventListener("pointerleave", () => (said.textContent = ""));

  return {
    element: h("section", { class: "layers-vectors" }, h("h2", {}, t(msg("The word’s vector"))), figure, key, said, more),
    pictures: [figure, key],
    draw(model, palette, width) {
      const { part } = model;
      const rows = Math.min(model.count, most);
      const scale = signScale(palette, model.limit);
      const names = Array.from({ length: rows }, (_, i) => model.name(i));
      const left = Math.ceil(Math.max(14, ...names.map((name) => textWidth(name, `600 12px ${palette.font}`)))) + 8;
      const span = Math.max(60, width - left - 2);
      const x = (number: number): number => left + (number / part.length) * span;
      shown = { model, left, span };
      setAttributes(figure, { width, height: top + rows * (strip + gap), "aria-label": t(msg("The vectors of “{0}” as strips of {1} numbers, in {2} parts.", part.word, part.length, part.parts.length)) });
      const pick = (row: number): SVGElement[] => {
        const vector = model.vector(row);
        const per = numbersPerCell(part.length, span / cell);
        const y = top + row * (strip + gap);
        const cells: SVGElement[] = [];
        for (let from = 0; from < part.length; from += per) {
          const to = Math.min(part.length, from + per);
          cells.push(svg("rect", { x: x(from), y, width: x(to) - x(from) + 0.3, height: strip, fill: scale.colour(vector[strongest(vector, null, from, to)]) }));
        }
        const chosen = row === model.chosen;
        return [
          ...cells,
          svg("rect", { x: left, y, width: span, height: strip, fill: "none", stroke: chosen ? palette.focus : palette.grid, "stroke-width": chosen ? 2 : 1 }),
          svg("text", { x: left - 6, y: y + 15, "text-anchor": "end", class: chosen ? "strong-text" : "quiet-text" }, names[row]),
        ];
      };
      figure.replaceChildren(...Array.from({ length: rows }, (_, row) => pick(row)).flat(), ...labels(model, palette, x, rows));
      drawSignKey(key, scale, palette);
      more.hidden = model.count <= most;
      more.textContent = t(msg("{0} of {1} places are drawn; the table and the files have all.", rows, model.count));
    },
  };

  /** Layers over the strips, tokens over those, lines between. */
  function labels({ part }: LayersModel, palette: Palette, x: (number: number) => number, rows: number): SVGElement[] {
    const end = top + rows * (strip + gap) - gap;
    const font = `12px ${palette.font}`;
    const halves = [...new Set(part.parts.map(({ how }) => how))];
    const over = part.parts.map((each) => ({ ...each, text: t(layerName(each.layer)) }));
    const fits = over.every(({ from, to, text }) => textWidth(text, font) + 6 <= x(to) - x(from));
    return [
      ...over.flatMap(({ from, to, layer, text }) => [
        svg("text", { x: (x(from) + x(to)) / 2, y: 30, "text-anchor": "middle", class: "quiet-text" }, fits ? text : textWidth(String(layer ?? ""), font) + 2 <= x(to) - x(from) ? String(layer ?? "") : ""),
        ...(from > 0 ? [svg("line", { x1: x(from), x2: x(from), y1: 20, y2: end, stroke: palette.ink, "stroke-width": 1 })] : []),
      ]),
      ...halves.map((how) => {
        const own = part.parts.filter((each) => each.how === how);
        const middle = (x(own[0].from) + x(own[own.length - 1].to)) / 2;
        return svg("text", { x: middle, y: 12, "text-anchor": "middle", class: "strong-text" }, t(howName(how)));
      }),
    ];
  }

  function longName(model: LayersModel, row: number, part: StripPart): Message {
    const pieces = model.pieces(row, part.how).map(tokenLabel).join(" ");
    return part.layer === null ? msg("the mean of the chosen layers, “{0}”", pieces) : msg("layer {0}, “{1}”", part.layer, pieces);
  }
}

/** A layer as it is called: 0 is the embedding. */
export function layerName(layer: number | null): Message {
  return layer === null ? msg("mean of the layers") : layer === 0 ? msg("embedding") : msg("layer {0}", layer);
}

function howName(how: StripPart["how"]): Message {
  switch (how) {
    case "first":
      return msg("first token");
    case "last":
      return msg("last token");
    case "mean":
      return msg("mean of its tokens");
  }
}
