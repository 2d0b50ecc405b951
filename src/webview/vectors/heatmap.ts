import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import { pulse } from "../marks/ring.js";
import { compact } from "../text/number.js";
import type { Frame, MenuEntry } from "../view.js";
import { createDerivation, type Derived } from "./derivation.js";
import { drawHeatmap } from "./heatmapCanvas.js";
import { heatmapCopies, heatmapFiles, heatmapMenu } from "./heatmapFiles.js";
import { watchHeatmap } from "../marks/heatmapGestures.js";
import { heatmapLayout, type HeatmapLayout } from "./heatmapLayout.js";
import { NO_LEVEL } from "./heatmapMatrix.js";
import { HeatmapModel } from "./heatmapModel.js";
import { createOverlay } from "./heatmapOverlay.js";
import { isBounded } from "./heatmapScale.js";
import { createHeatmapTable } from "./heatmapTable.js";
import { branchText, cellText, pairText, treeEnds } from "./heatmapText.js";
import { orderSwitch, thresholdSlider } from "./heatmapTools.js";
import { createHeatmapTree } from "./heatmapTree.js";
import { fitted, type Viewport } from "../marks/viewport.js";
import { createLegend, keyDomain } from "./legend.js";
import type { Shared } from "./shared.js";
import type { Section } from "../section.js";

/** The heatmap, with what stands in the margin beside it and at the right of the tabs. */
export interface Heatmap extends Section {
  readonly aside: HTMLElement;
  readonly tools: HTMLElement;
  /** The editor's caret is on a row, or on none. */
  caret(row: number | null): void;
  menu(): readonly MenuEntry[];
}

export function createHeatmap(shared: Shared): Heatmap {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const canvas = h("canvas", { class: "heatmap-canvas", "aria-hidden": "true" });
  const overlay = createOverlay();
  const tree = createHeatmapTree({
    tree: () => model?.tree,
    branch: () => branch,
    point: (merge, byKey) => pointBranch(merge, byKey),
    choose: (merge) => model && shared.select(model.tree.rowsOf(merge)),
  });
  const plot = h("div", { class: "heatmap-plot" }, canvas, overlay.element);
  const readout = h("p", { class: "heatmap-readout small" });
  const table = createHeatmapTable(shared, (a, b) => model?.exact(a, b) ?? NaN);
  const element = h("div", { class: "heatmap" }, h("div", { class: "heatmap-figure" }, plot, tree.element), readout, table.element);
  const legend = createLegend();
  const threshold = thresholdSlider(host);
  const derivation = createDerivation(shared);
  const aside = h("div", { class: "heatmap-aside" }, legend.element, threshold.element, derivation.element);
  const tools = orderSwitch(host);

  let model: HeatmapModel | undefined;
  let layout: HeatmapLayout | undefined;
  let view: Viewport = { x: 0, y: 0, cell: 0 };
  /** The cell under the pointer or the keys, [column, row] in the order of the screen. */
  let cursor: readonly [number, number] | null = null;
  let branch: number | null = null;
  let overName: number | null = null;
  let ringed: number | null = null;
  let painting = 0;

  /** The pair whose formula is shown: the one pointed at, else the framed one, else the closest. */
  function derived({ ordered, part }: HeatmapModel): Derived | null {
    if (cursor && cursor[0] !== cursor[1]) return { pair: sorted(ordered.order[cursor[0]], ordered.order[cursor[1]]), why: "hovered" };
    const pair = shared.pair();
    if (pair) return { pair, why: "framed" };
    return part.closest && { pair: sorted(part.closest.a, part.closest.b), why: "closest" };
  }

  /** Canvas, names and tree: what a zoom changes, without the shell. */
  function paint(): void {
    if (!model || !layout) return;
    const m = model;
    const { trace, part, scale, ordered: { order, places, pyramid } } = m;
    const at = view;
    const more = drawHeatmap(canvas, {
      pyramid, view: at, side: layout.side, colours: m.colours, version: m.version, scale,
      isUndefined: (column, row) => m.matrix.level(order[row], order[column]) === NO_LEVEL,
      value: (column, row) => m.exact(order[row], order[column]),
      text: (value, fits) => cellText(value, fits, isBounded(part.metric)),
      fades: (value) => !scale.passes(value, m.threshold),
    });
    const frame = shared.pair() ?? (part.closest && sorted(part.closest.a, part.closest.b));
    const marked = branch !== null ? m.tree.rowsOf(branch) : shared.hovered();
    overlay.draw({
      layout, view: at, n: trace.n, palette: scale.palette, name: (place) => trace.names[order[place]],
      cursor, hint: cursor ? t(pairText(m, cursor)) : null,
      framed: frame && [places[frame[0]], places[frame[1]]],
      ringed: ringed === null ? null : places[ringed],
      marked: overName !== null && branch === null ? [overName] : marked.map((row) => places[row]),
    });
    const wide = layout.tree > 0 && m.treeShown;
    tree.element.style.display = wide ? "" : "none";
    if (wide) tree.draw({ tree: m.tree, view: at, side: layout.side, top: layout.top, width: layout.tree, palette: scale.palette, ends: treeEnds(m), chosen: branch });
    readout.textContent = t(words(m));
    if (more) repaint();
  }

  function repaint(): void {
    cancelAnimationFrame(painting);
    painting = requestAnimationFrame(paint);
  }

  /** The line under the figure: what is pointed at, else how to look closer. */
  function words(m: HeatmapModel): Message {
    if (branch !== null) return branchText(m, branch);
    if (cursor && cursor[0] !== cursor[1]) return msg("{0}, {1}", m.part.metric, pairText(m, cursor));
    const size = 2 ** Number(canvas.dataset.level ?? 0);
    if (size > 1) return msg("A dot of the picture is the mean of {0} × {0} cells, since {1} rows are more than there is room for. Wheel or + to come closer.", size, compact(m.trace.n));
    return view.cell < 24 ? msg("Wheel or + to come closer, drag to move, 0 for all.") : msg("Click a cell to hold its pair; arrows walk.");
  }

  function pointBranch(merge: number | null, byKey: boolean): void {
    if (!model || merge === branch) return;
    branch = merge;
    shared.hover(merge === null ? [] : model.tree.rowsOf(merge));
    if (byKey && merge !== null) host.announce(t(branchText(model, merge)));
    repaint();
  }

  function setCursor(cell: readonly [number, number] | null, byKey: boolean): void {
    if (!model || (cell?.[0] === cursor?.[0] && cell?.[1] === cursor?.[1])) return;
    cursor = cell;
    if (cell) branch = null;
    const { order } = model.ordered;
    shared.hover(cell ? [...new Set([order[cell[1]], order[cell[0]]])] : []);
    derivation.draw(derived(model));
    if (byKey && cell) host.announce(t(pairText(model, cell)));
    repaint();
  }

  watchHeatmap(overlay.element, {
    size: () => ({ n: shared.trace.n, side: layout?.side ?? 1, left: layout?.left ?? 0, top: layout?.top ?? 0 }),
    view: () => view,
    setView(next) {
      view = next;
      repaint();
    },
    cursor: () => cursor,
    setCursor,
    choose([column, row]) {
      if (!model) return;
      const [a, b] = [model.ordered.order[row], model.ordered.order[column]];
      if (a === b) return shared.reveal(a);
      shared.setPair([a, b]);
      shared.select([a, b]);
    },
    chooseName: (place) => model && shared.reveal(model.ordered.order[place]),
    overName(place) {
      if (place === overName || !model) return;
      overName = place;
      if (cursor === null) shared.hover(place === null ? [] : [model.ordered.order[place]]);
      repaint();
    },
    letGo() {
      const any = cursor !== null || shared.pair() !== null;
      setCursor(null, true);
      shared.setPair(null);
      return any;
    },
  });

  return {
    element,
    aside,
    tools: tools.element,
    draw(frame: Frame) {
      const { trace } = shared;
      const part = trace.heatmap!;
      if (model?.part !== part || model.trace.key !== trace.key) {
        if (model?.trace.n !== trace.n) view = { x: 0, y: 0, cell: 0 };
        model = new HeatmapModel(trace, part);
        branch = cursor = overName = null;
      }
      const palette = host.palette();
      model.update(host, palette);
      const next = heatmapLayout(frame.width, trace.names, palette.font, Math.max(11, fontSize() - 1));
      if (layout?.side !== next.side || view.cell === 0) view = fitted(trace.n, next.side);
      layout = next;
      plot.style.width = `${next.left + next.side + 2}px`;
      plot.style.height = `${next.height}px`;
      canvas.style.left = `${next.left}px`;
      canvas.style.top = `${next.top}px`;
      overlay.describe(t(msg("heatmap")), t(msg("Heatmap of {0}: {1} rows. Arrows walk over the cells, Enter holds a pair.", part.metric, compact(trace.n))));
      tree.element.setAttribute("aria-label", t(msg("Tree of the clustering. Arrows walk over its branches, Enter selects their rows.")));
      tools.show(model.ordered.name);
      paint();
      const extent = legend.draw(part, model.scale, part.metric);
      threshold.draw(model.scale, keyDomain(part, model.scale), extent, model.threshold, () => model!.count());
      derivation.element.classList.toggle("absent", !host.ui("formula", true));
      derivation.draw(derived(model));
      table.element.hidden = !host.ui("heatmapTable", false);
      if (!table.element.hidden) table.draw(model.matrix, frame.width);
    },
    pictures: () => [canvas, overlay.element, ...(layout && layout.tree > 0 && model?.treeShown ? [tree.element] : []), legend.element],
    files: () => (model ? heatmapFiles(host, model) : []),
    copies: () => (model ? heatmapCopies(host, model) : []),
    menu: () => (model ? heatmapMenu(host, model) : []),
    toggleTable: () => host.setUi("heatmapTable", !host.ui("heatmapTable", false)),
    caret(row) {
      if (row === ringed) return;
      ringed = row;
      paint();
      if (row === null || !model || !layout) return;
      const place = model.ordered.places[row] + 0.5;
      const [x, y] = [(place - view.x) * view.cell, (place - view.y) * view.cell];
      const inside = Math.min(x, y) >= 0 && Math.max(x, y) <= layout.side;
      if (inside) pulse(overlay.pulses, model.scale.palette, layout.left + x, layout.top + y, host.reducedMotion);
    },
    dispose() {
      cancelAnimationFrame(painting);
      element.remove();
    },
  };
}

function sorted(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}

function fontSize(): number {
  return Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
}
