import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import { fitted, showing, type Viewport } from "../marks/viewport.js";
import type { Frame } from "../view.js";
import { inksOf, type Inks, type Stretch } from "./ink.js";
import { createArcs } from "./mapArcs.js";
import { mapFiles } from "./mapFiles.js";
import { createGrid } from "./mapGrid.js";
import { createHeat } from "./mapHeat.js";
import { createMapKey } from "./mapKey.js";
import { arcLayout, gridLayout, heatLayout, mapColumns, type ArcLayout, type GridLayout, type HeatLayout } from "./mapLayout.js";
import { MapModel } from "./mapModel.js";
import { createMapTable } from "./mapTable.js";
import { footText, headText, outsideText, readout, roleWord, shownName } from "./mapText.js";
import { createMapTools } from "./mapTools.js";
import { valueOf } from "./sharedParts.js";
import type { Section, Shared } from "./tab.js";

/** Names of so many columns of the chosen row come before others. */
const NAMED = 4;

/** Pixels between the grid and the head from which on the head moves to the grid. */
const LOOSE = 60;

/** All heads small, one in full, and one row of it as arcs over the text. */
export function createMap(shared: Shared): Section {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  let model: MapModel | undefined;
  let inks: Inks | undefined;
  let heat: HeatLayout | undefined;
  let arc: ArcLayout | undefined;
  let cells: GridLayout | undefined;
  let widths: { readonly model: MapModel; readonly list: readonly number[] } | undefined;
  let width = 0;
  let view: Viewport = { x: 0, y: 0, cell: 0 };
  /** [column, row] under the pointer or the keys; a token under the pointer in a name or below the arcs; a head in the grid. */
  let cursor: readonly [number, number] | null = null;
  let pointed: number | null = null;
  let hoveredHead: number | null = null;
  let arcColumn: number | null = null;
  let painting = 0;
  let told: { readonly model: MapModel | undefined; readonly row: number } = { model: undefined, row: -1 };

  const size = () => ({ n: model?.n ?? 1, side: heat?.side ?? 1, left: heat?.left ?? 0, top: heat?.top ?? 0 });
  const row = (): number => Math.min((model?.rows ?? 1) - 1, cursor?.[1] ?? pointed ?? shared.token);
  const label = (token: number): string => (token < shared.trace.tokens.pieces.length ? shared.label(token) : String(token + 1));

  const figure = createHeat({
    size, view: () => view, cursor: () => cursor, setCursor,
    start: () => [shared.token, shared.token],
    setView(next) {
      view = next;
      repaint();
    },
    choose: ([, at]) => choose(at, true),
    chooseName: (token) => choose(token, true),
    overName: setPointed,
    letGo() {
      const any = cursor !== null;
      setCursor(null, false);
      return any;
    },
  });
  const arcs = createArcs({
    hover: setPointed,
    hoverArc(column) {
      if (column === arcColumn) return;
      arcColumn = column;
      repaint();
    },
    choose: (token) => choose(token, true),
    step: (by) => step(by),
    enter: () => shared.reveal(shared.token),
  });
  const grid = createGrid({
    hover(index) {
      if (index === hoveredHead) return;
      hoveredHead = index;
      repaint();
    },
    choose: (layer, head) => chooseHead(layer, head),
  });
  const tools = createMapTools(host, (patch) => shared.change(patch));
  const key = createMapKey(host);
  const table = createMapTable(shared);
  const said = h("p", { class: "map-readout small" });
  const headSaid = h("p", { class: "map-readout small quiet" });
  const title = h("h2", {});
  const note = h("p", { class: "map-note quiet small" }, t(msg("A head that finds nothing to read often rests on the first token or on a full stop; what it takes over from a token is in the token’s value.")));
  const gridBox = h("div", { class: "map-grid-box" }, h("h2", {}, t(msg("All heads")), " ", h("span", {}, t(msg("mean entropy below, bits")))), grid.element, headSaid, key.element);
  const heatBox = h("div", { class: "map-heat-box" }, title, figure.element, said);
  const arcSaid = h("p", { class: "quiet small" });
  const arcBox = h("div", { class: "map-arc-box" }, arcs.element, arcSaid);
  const columns = h("div", { class: "map-columns" }, heatBox, arcBox, gridBox);
  const element = h("div", { class: "attention-map" }, tools.element, columns, note, table.element);

  function choose(token: number, reveal: boolean): void {
    shared.choose(token);
    if (reveal) shared.reveal(token);
    host.redraw();
  }

  function chooseHead(layer: number, head: number): void {
    if (layer === shared.layer && head === shared.head && valueOf(shared.params(), "reduce") === "head") return;
    shared.change({ layer, head, reduce: "head" });
    if (model) host.announce(headText(model, model.headIndex(layer, head)).map(t).join(" "));
  }

  /** The token before or behind is chosen, and kept in sight. */
  function step(by: number): boolean {
    if (!model) return false;
    const token = Math.max(0, Math.min(model.rows - 1, shared.token + by));
    shared.choose(token);
    view = showing(view, Math.min(token, model.columns - 1), token, model.n, size().side);
    host.announce(t(readout(model, token, null, label)));
    host.redraw();
    return true;
  }

  function setCursor(cell: readonly [number, number] | null, byKey: boolean): void {
    if (cell?.[0] === cursor?.[0] && cell?.[1] === cursor?.[1]) return;
    cursor = cell && model && cell[1] < model.rows && cell[0] < model.columns ? cell : null;
    if (byKey && cursor && model) host.announce(t(readout(model, cursor[1], cursor[0], label)));
    repaint();
  }

  function setPointed(token: number | null): void {
    if (token === pointed) return;
    pointed = token;
    repaint();
  }

  function repaint(): void {
    cancelAnimationFrame(painting);
    painting = requestAnimationFrame(paint);
  }

  /** What hovering and zooming change, without the shell. */
  function paint(): void {
    if (!model || !inks || !heat || !cells) return;
    const at = row();
    const named = model.strongest(at, NAMED);
    const dots = figure.draw({
      model, inks, layout: heat, view, row: at, cursor, named, label,
      masked: t(msg("masked: a token cannot see ahead")),
      foot: t(footText(model)),
      description: t(msg("Attention of {0}: {1} × {2} tokens. Arrows walk over the cells, Enter chooses a token.", shownName(model), model.rows, model.columns)),
    });
    const fontSize = heat.fontSize;
    if (widths?.model !== model) {
      const font = `600 ${fontSize}px ${inks.palette.mono}`;
      widths = { model, list: Array.from({ length: Math.max(model.rows, model.columns) }, (_, token) => textWidth(label(token), font)) };
    }
    arc = arcLayout(width, widths.list, at, arc?.first ?? shared.token, fontSize);
    arcSaid.textContent = arc.count < widths.list.length ? t(outsideText(model, at, arc)) : "";
    arcs.draw({
      model, palette: inks.palette, layout: arc, fontSize, row: at, column: cursor?.[0] ?? arcColumn, named, label,
      description: t(msg("The same weights as arcs over the tokens. Arrows choose the token, Enter shows it in the editor.")),
    });
    grid.draw({
      model, inks, layout: cells, layer: shared.layer, head: shared.head, reduce: valueOf(shared.params(), "reduce"), hovered: hoveredHead,
      labels: { layer: (n) => t(msg("layer {0}", n)), head: (n) => t(msg("head {0}", n)), bits: (n) => t(msg("{0} bits", n)), role: (role) => t(roleWord(role)) },
      description: t(msg("{0} layers of {1} heads. Arrows choose a head.", model.trace.source.layers, model.trace.source.heads)),
    });
    const index = hoveredHead ?? model.headIndex(shared.layer, shared.head);
    headSaid.textContent = headText(model, index).map(t).join(" ");
    said.textContent = [t(readout(model, at, cursor?.[0] ?? arcColumn, label)), ...hintsOf(dots)].join(" ");
    point(at);
  }

  function hintsOf(dots: number): string[] {
    if (!model || cursor) return [];
    if (dots > 1) return [t(msg("A dot of the picture is the strongest of {0} × {0} cells; wheel or + to come closer.", dots))];
    return view.cell < 12 ? [t(msg("Wheel or + to come closer, drag to move, 0 for all."))] : [];
  }

  /** The row's weights as tints in the reader's text. */
  function point(at: number): void {
    if (!model || (told.model === model && told.row === at && shared.marks.looking !== null)) return;
    told = { model, row: at };
    const m = model;
    const tokens = Array.from({ length: m.columns }, (_, token) => ({ token, weight: m.isMasked(at, token) ? 0 : m.weight(at, token) }));
    shared.point(tokens, at);
  }

  function sizes(frame: Frame, m: MapModel, i: Inks): void {
    const fontSize = Math.max(11, bodySize() - 1);
    const names = Array.from({ length: Math.max(m.rows, m.columns) }, (_, token) => label(token));
    const { mono } = i.palette;
    const wanted = heatLayout(10_000, names, m.n, mono, fontSize).width;
    const { beside, grid: forGrid, heat: forHeat } = mapColumns(frame.width, wanted);
    columns.classList.toggle("beside", beside);
    const next = heatLayout(forHeat, names, m.n, mono, fontSize);
    if (heat?.side !== next.side || view.cell === 0) view = fitted(m.n, next.side);
    heat = next;
    const { layers, heads } = m.trace.source;
    cells = gridLayout(forGrid, beside ? Math.max(620, heat.height - 60) : 600, layers, heads, m.part.side, m.hasRoles);
    // A short text and few heads leave more free than belongs between two figures.
    const taken = Math.max(300, cells.width + 16);
    columns.style.gridTemplateColumns = beside && forGrid - taken > LOOSE ? `${taken}px auto` : "";
    width = Math.min(frame.width, 1000);
  }

  return {
    element,
    draw(frame) {
      const { trace } = shared;
      const part = trace.map!;
      if (model?.part !== part || model.trace !== trace) {
        const before = model;
        model = new MapModel(trace, part);
        if (before?.n !== model.n || before.trace.key !== trace.key) view = { x: 0, y: 0, cell: 0 };
        if (before?.trace.key !== trace.key) cursor = pointed = null;
      }
      const palette = host.palette();
      const stretch = host.ui<Stretch>("mapStretch", "linear");
      if (inks?.palette !== palette || inks.stretch !== stretch) inks = inksOf(palette, stretch);
      sizes(frame, model, inks);
      tools.draw(trace, shared.layer, shared.head, valueOf(shared.params(), "reduce"));
      title.textContent = capital(t(shownName(model)));
      key.draw(inks);
      paint();
      table.element.hidden = !host.ui("mapTable", false);
      if (!table.element.hidden) table.draw(model, Math.min(model.rows - 1, shared.token), frame.width);
    },
    pictures: () => [...grid.parts, ...figure.parts, arcs.element, key.picture],
    files: () => (model ? mapFiles(host, model) : []),
    copies: () => [],
    toggleTable: () => host.setUi("mapTable", !host.ui("mapTable", false)),
    caret(token) {
      if (model) view = showing(view, Math.min(token, model.columns - 1), Math.min(token, model.rows - 1), model.n, size().side);
    },
    key(event) {
      if (!model) return false;
      if (event.key === "ArrowUp" || event.key === "ArrowDown") return step(event.key === "ArrowUp" ? -1 : 1);
      if (event.key === "Enter" && event.target === document.body) {
        shared.reveal(shared.token);
        return true;
      }
      if (event.key !== "[" && event.key !== "]") return false;
      const { layers, heads } = model.trace.source;
      const index = model.headIndex(shared.layer, shared.head) + (event.key === "[" ? -1 : 1);
      if (index >= 0 && index < layers * heads) chooseHead(Math.floor(index / heads), index % heads);
      return true;
    },
    dispose() {
      cancelAnimationFrame(painting);
      element.remove();
    },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function bodySize(): number {
  return Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
}
