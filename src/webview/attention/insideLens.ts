import { msg, type Message } from "../../core/contract/index.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { compact, percent, significant } from "../text/number.js";
import type { Shared } from "./tab.js";
import type { InsideModel } from "./insideModel.js";
import { tokenLabel } from "./tokenPlaces.js";

const row = 26;
const top = 22;
const narrowest = 54;
const widest = 110;

export type LensPlace = { readonly layer: number; readonly column: number };

/** The logit lens as a grid, layers by tokens, the first guess in each cell; one tab stop. Beside it the guesses of the chosen cell. */
export function createLens(shared: Shared, choose: (place: LensPlace) => void): { readonly element: HTMLElement; readonly pictures: readonly SVGSVGElement[]; draw(model: InsideModel, palette: Palette, place: LensPlace, width: number): void } {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const grid = svg("svg", { class: "lens-grid", role: "img", tabindex: 0 });
  const scroll = h("div", { class: "lens-scroll" }, grid);
  // The names of the layers stay in sight where the grid is scrolled.
  const frozen = svg("svg", { class: "lens-frozen", "aria-hidden": "true" });
  const body = h("div", { class: "lens-body" }, scroll, frozen);
  scroll.addEventListener("scroll", () => frozen.classList.toggle("seen", scroll.scrollLeft > 0));
  const bars = svg("svg", { class: "lens-bars", role: "img" });
  const title = h("h2", {});
  const said = h("p", { class: "small" });
  const list = h("div", { class: "lens-list" }, title, bars, said);
  const element = h("section", { class: "inside-lens" }, h("h2", {}, t(msg("What each layer would say")), " ", h("span", {}, t(msg("the first guess; framed where it is what the text has")))), h("div", { class: "lens-columns" }, body, list));
  let shown: { readonly model: InsideModel; readonly place: LensPlace; readonly left: number; readonly cell: number } | undefined;
  let seen = "";

  const go = (layer: number, column: number): void => {
    if (!shown) return;
    const { model, place } = shown;
    const next = { layer: Math.max(0, Math.min(model.layers, layer)), column: Math.max(0, Math.min(model.part.lens!.count - 1, column)) };
    if (next.layer === place.layer && next.column === place.column) return;
    shown = { ...shown, place: next };
    choose(next);
    host.announce(t(readout(model, next)));
  };
  grid.addEventListener("click", (event) => {
    const cell = (event.target as Element).closest<SVGElement>("[data-layer]");
    if (cell) go(Number(cell.dataset.layer), Number(cell.dataset.column));
  });
  grid.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by || !shown || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    go(shown.place.layer + by[0], shown.place.column + by[1]);
  });

  return {
    element,
    pictures: [grid, bars],
    draw(model, palette, place, width) {
      const lens = model.part.lens;
      element.hidden = lens === null;
      if (!lens) return;
      const font = `12px ${palette.mono}`;
      const names = Array.from({ length: model.layers + 1 }, (_, layer) => (layer === 0 ? t(msg("embedding")) : String(layer)));
      const left = Math.ceil(Math.max(...names.map((name) => textWidth(name, `12px ${palette.font}`)))) + 10;
      const beside = width >= 700;
      const room = beside ? width - 250 : width;
      const cell = Math.max(narrowest, Math.min(widest, Math.floor((room - left - 2) / lens.count)));
      shown = { model, place, left, cell };
      setAttributes(grid, { width: left + lens.count * cell + 2, height: top + (model.layers + 1) * row + 2, "aria-label": t(msg("First guesses of {0} layers at {1} tokens. Arrows choose a cell.", model.layers + 1, lens.count)) });
      const nameOf = (name: string, layer: number): SVGElement => svg("text", { x: left - 6, y: top + layer * row + 17, "text-anchor": "end", class: layer === place.layer ? "strong-text" : "quiet-text" }, name);
      const height = top + (model.layers + 1) * row + 2;
      setAttributes(frozen, { width: left, height });
      frozen.replaceChildren(svg("rect", { width: left - 1, height, fill: palette.paper }), ...names.map(nameOf));
      grid.replaceChildren(...names.flatMap((name, layer) => [
        nameOf(name, layer),
        ...Array.from({ length: lens.count }, (_, column) => drawCell(model, palette, layer, column, left + column * cell, cell, font)).flat(),
      ]), ...Array.from({ length: lens.count }, (_, column) => svg("text", { x: left + (column + 0.5) * cell, y: 14, "text-anchor": "middle", class: column === place.column ? "mono-text strong-text" : "mono-text quiet-text" }, cutText(shared.label(lens.from + column), cell - 4, font))),
      svg("rect", { x: left + place.column * cell, y: top + place.layer * row, width: cell, height: row, fill: "none", stroke: palette.focus, "stroke-width": 2.5 }));
      reveal(left, left + place.column * cell, cell, `${model.trace.key} ${place.column} ${width}`);
      drawList(model, palette, place, beside ? 236 : Math.min(width, 420));
    },
  };

  function drawCell(model: InsideModel, palette: Palette, layer: number, column: number, x: number, cell: number, font: string): SVGElement[] {
    const [first] = model.guesses(layer, column);
    const fill = palette.strength(first.probability);
    const y = top + layer * row;
    const target = { "data-layer": layer, "data-column": column };
    const hit = model.hits(layer, column);
    const box = svg("rect", { ...target, x: x + 0.5, y: y + 0.5, width: cell - 1, height: row - 1, fill, stroke: hit ? palette.ink : "none", "stroke-width": hit ? 1.2 : 0 });
    box.append(svg("title", {}, t(readout(model, { layer, column }))));
    const name = svg("text", { ...target, x: x + cell / 2, y: y + 17, "text-anchor": "middle", class: "mono-text" }, cutText(tokenLabel(first.name), cell - 6, font));
    name.style.fill = palette.inkOn(fill);
    return [box, name];
  }

  /** The cell that was chosen elsewhere comes into sight. */
  function reveal(left: number, x: number, cell: number, key: string): void {
    if (key === seen) return;
    seen = key;
    const { scrollLeft, clientWidth } = scroll;
    if (clientWidth > 0 && (x - left < scrollLeft || x + cell > scrollLeft + clientWidth)) scroll.scrollLeft = Math.max(0, x - clientWidth / 2);
  }

  function drawList(model: InsideModel, palette: Palette, place: LensPlace, width: number): void {
    const lens = model.part.lens!;
    const guesses = model.guesses(place.layer, place.column);
    title.textContent = t(placeName(model, place));
    const font = `12px ${palette.mono}`;
    const name = Math.min(width * 0.45, Math.max(...guesses.map((guess) => textWidth(tokenLabel(guess.name), font))) + 8);
    const most = Math.max(0.05, guesses[0].probability);
    const span = Math.max(20, width - name - 56);
    setAttributes(bars, { width, height: guesses.length * 20, "aria-label": t(readout(model, place)) });
    const target = lens.target[place.column];
    bars.replaceChildren(...guesses.flatMap((guess, i) => [
      svg("text", { x: name - 6, y: i * 20 + 14, "text-anchor": "end", class: guess.id === target ? "mono-text strong-text" : "mono-text" }, cutText(tokenLabel(guess.name), name - 6, font)),
      svg("rect", { x: name, y: i * 20 + 4, width: (guess.probability / most) * span, height: 12, fill: palette.strength(0.6), stroke: palette.contrast ? palette.ink : "none" }),
      svg("text", { x: name + (guess.probability / most) * span + 5, y: i * 20 + 14, class: "quiet-text" }, percent(guess.probability, 1)),
    ]));
    const at = place.layer * lens.count + place.column;
    said.textContent = target < 0
      ? t(msg("The text ends here. Entropy {0} bits.", significant(lens.entropy[at], 3)))
      : model.trace.source.causal
        ? t(msg("The text goes on with “{0}”: rank {1}, {2}. Entropy {3} bits.", tokenLabel(model.name(target)), compact(lens.rank[at]), percent(lens.chance[at], 2), significant(lens.entropy[at], 3)))
        : t(msg("The text has “{0}” here: rank {1}, {2}. Entropy {3} bits.", tokenLabel(model.name(target)), compact(lens.rank[at]), percent(lens.chance[at], 2), significant(lens.entropy[at], 3)));
  }

  function placeName({ part }: InsideModel, { layer, column }: LensPlace): Message {
    const token = shared.label(part.lens!.from + column);
    return layer === 0 ? msg("At “{0}”, in the embedding", token) : msg("At “{0}”, behind layer {1}", token, layer);
  }

  function readout(model: InsideModel, place: LensPlace): Message {
    const guesses = model.guesses(place.layer, place.column).slice(0, 3);
    return msg("{0}: {1}", placeName(model, place), guesses.map(({ name, probability }) => `“${tokenLabel(name)}” ${percent(probability, 1)}`).join(", "));
  }
}

/** A text that fits, with an ellipsis where it was cut. */
function cutText(text: string, width: number, font: string): string {
  if (textWidth(text, font) <= width) return text;
  let short = text;
  while (short.length > 1 && textWidth(`${short}…`, font) > width) short = short.slice(0, -1);
  return `${short}…`;
}
