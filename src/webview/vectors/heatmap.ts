import { msg, type Message } from "../../core/contract/index.js";
import { valueBetween } from "../../core/vectors/derive.js";
import { isDistance } from "../../core/vectors/heatmap.js";
import type { HeatmapPart } from "../../core/vectors/trace.js";
import { h } from "../marks/dom.js";
import { pulse } from "../marks/ring.js";
import type { Palette } from "../marks/palette.js";
import { compact, fixed, significant } from "../text/number.js";
import type { Frame } from "../view.js";
import { createDendrogram, Tree } from "./dendrogram.js";
import { createDerivation, type Derived } from "./derivation.js";
import { valueText } from "./derivationTex.js";
import { drawHeatmap } from "./heatmapCanvas.js";
import { watchHeatmap } from "./heatmapGestures.js";
import { heatmapLayout, type HeatmapLayout } from "./heatmapLayout.js";
import { histogramOf, Matrix, NO_LEVEL, orderOf, placesOf, type Order } from "./heatmapMatrix.js";
import { createOverlay } from "./heatmapOverlay.js";
import { isBounded, Scale, type ColourTable } from "./heatmapScale.js";
import { createHeatmapTable } from "./heatmapTable.js";
import { orderSwitch, thresholdKey, thresholdSlider } from "./heatmapTools.js";
import { fitted, type Viewport } from "./heatmapViewport.js";
import { createLegend, keyDomain } from "./legend.js";
import type { Shared } from "./shared.js";
import type { Section } from "./tab.js";
import { Pyramid } from "./tiles.js";

/** The heatmap, with what stands in the margin beside it and at the right of the tabs. */
export interface Heatmap extends Section {
  readonly aside: HTMLElement;
  readonly tools: HTMLElement;
  /** The editor's caret is on a row, or on none. */
  caret(row: number | null): void;
}

type Ordered = { readonly order: Int32Array; readonly places: Int32Array; readonly pyramid: Pyramid };

export function createHeatmap(shared: Shared): Heatmap {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const canvas = h("canvas", { class: "heatmap-canvas", "aria-hidden": "true" });
  const overlay = createOverlay();
  const dendrogram = createDendrogram();
  const plot = h("div", { class: "heatmap-plot" }, canvas, overlay.element);
  const readout = h("p", { class: "heatmap-readout small" });
  const table = createHeatmapTable(shared, exact);
  const element = h("div", { class: "heatmap" }, h("div", { class: "heatmap-figure" }, plot, dendrogram.element), readout, table.element);
  const legend = createLegend();
  const threshold = thresholdSlider(host);
  const derivation = createDerivation(shared);
  const aside = h("div", { class: "heatmap-aside" }, legend.element, threshold.element, derivation.element);
  const tools = orderSwitch(host);

  let matrix: Matrix | undefined;
  let tree: Tree | undefined;
  let ordered: Ordered | undefined;
  let orderName: Order | undefined;
  let scale: Scale | undefined;
  let colours: { readonly table: ColourTable; readonly threshold: number | null } | undefined;
  let version = 0;
  let counts: Uint32Array | undefined;
  let layout: HeatmapLayout | undefined;
  let view: Viewport = { x: 0, y: 0, cell: 1 };
  let cursor: readonly [number, number] | null = null;
  let branch: number | null = null;
  let overName: number | null = null;
  let ringed: number | null = null;
  let painting = 0;
  const values = new Map<number, number>();

  function part(): HeatmapPart {
    return shared.trace.heatmap!;
  }

  /** The exact value of a pair of rows. */
  function exact(a: number, b: number): number {
    const { trace } = shared;
    const key = Math.min(a, b) * trace.n + Math.max(a, b);
    let value = values.get(key);
    if (value === undefined) {
      const rows = trace.values;
      value = rows ? valueBetween({ n: trace.n, d: trace.d, values: rows }, part().metric, a, b) : matrix!.valueOf(matrix!.level(a, b));
      if (values.size > 20_000) values.clear();
      values.set(key, value);
    }
    return value;
  }

  function thresholdNow(): number | null {
    return host.ui<number | null>(thresholdKey(part().metric), null);
  }

  /** Everything that follows from the trace, the order and the theme. */
  function prepare(palette: Palette): void {
    const { trace } = shared;
    if (matrix?.part !== part()) {
      const kept = matrix?.n === trace.n ? view : undefined;
      matrix = new Matrix(part(), trace.n);
      tree = new Tree(part(), trace.n);
      ordered = undefined;
      counts = undefined;
      scale = undefined;
      branch = cursor = null;
      values.clear();
      if (!kept) view = { x: 0, y: 0, cell: 0 };
    }
    const wanted = host.ui<Order>("order", "clustered");
    if (!ordered || orderName !== wanted) {
      orderName = wanted;
      const order = orderOf(wanted, part(), trace.names);
      ordered = { order, places: placesOf(order), pyramid: new Pyramid({ n: trace.n, cells: part().cells, order }) };
      version++;
    }
    if (scale?.palette !== palette) {
      scale = new Scale(part(), palette);
      colours = undefined;
    }
    const limit = thresholdNow();
    if (!colours || colours.threshold !== limit) {
      colours = { table: scale.table(part(), limit), threshold: limit };
      version++;
    }
  }

  function derived(): Derived | null {
    if (cursor && cursor[0] !== cursor[1] && ordered) {
      return { pair: sortedPair(ordered.order[cursor[0]], ordered.order[cursor[1]]), why: "hovered" };
    }
    const pair = shared.pair();
    if (pair) return { pair, why: "framed" };
    const { closest } = part();
    return closest && { pair: sortedPair(closest.a, closest.b), why: "closest" };
  }

  /** The value of the cursor's pair in words. */
  function hint(): string | null {
    if (!cursor || !ordered) return null;
    const [column, row] = cursor;
    const [a, b] = [ordered.order[row], ordered.order[column]];
    const { names } = shared.trace;
    if (a === b) return names[a];
    const value = exact(a, b);
    return Number.isNaN(value) ? t(msg("{0} · {1}: undefined", names[a], names[b])) : t(msg("{0} · {1}: {2}", names[a], names[b], valueText(part().metric, value)));
  }

  /** Canvas, names and tree; nothing that the shell draws. */
  function paint(): void {
    if (!ordered || !matrix || !scale || !colours || !layout || !tree) return;
    const { trace } = shared;
    const { order, places, pyramid } = ordered;
    const { metric } = part();
    const { n } = trace;
    const limit = colours.threshold;
    const m = matrix;
    const more = drawHeatmap(canvas, {
      pyramid, view, side: layout.side, colours: colours.table, version, scale,
      isUndefined: (column, row) => m.level(order[row], order[column]) === NO_LEVEL,
      value: (column, row) => exact(order[row], order[column]),
      text: (value, cell) => cellText(value, cell, isBounded(metric)),
      fades: (value) => !scale!.passes(value, limit),
    });
    const pair = derived();
    const framed = pair && pair.why !== "hovered" ? pair.pair : shared.pair();
    overlay.draw({
      layout, view, n, palette: scale.palette, name: (place) => trace.names[order[place]],
      cursor, hint: hint(),
      framed: framed ? [places[framed[0]], places[framed[1]]] : null,
      ringed: ringed === null ? null : places[ringed],
      marked: branch !== null ? tree.rowsOf(branch).map((row) => places[row]) : overName !== null ? [overName] : shared.hovered().map((row) => places[row]),
    });
    dendrogram.element.style.display = layout.tree > 0 && treeShown() ? "" : "none";
    if (layout.tree > 0 && treeShown()) dendrogram.draw({ tree, view, side: layout.side, top: layout.top, width: layout.tree, palette: scale.palette, chosen: branch });
    readout.textContent = words(n);
    if (more) repaint();
  }

  function treeShown(): boolean {
    return orderName === "clustered" && (tree?.merges ?? 0) > 0;
  }

  function repaint(): void {
    cancelAnimationFrame(painting);
    painting = requestAnimationFrame(paint);
  }

  /** The line under the figure: what is pointed at, else how to look closer. */
  function words(n: number): string {
    if (branch !== null && tree) {
      const rows = tree.rowsOf(branch);
      const named = rows.slice(0, 6).map((row) => shared.trace.names[row]).join(", ");
      return t(msg("{0} rows joined at {1}: {2}", compact(rows.length), heightText(part(), tree.heightOf(tree.n + branch)), rows.length > 6 ? `${named} …` : named));
    }
    const said = hint();
    if (said !== null && cursor && cursor[0] !== cursor[1]) return `${part().metric}, ${said}`;
    const f = 2 ** Number(canvas.dataset.level ?? 0);
    if (f > 1) return t(msg("A dot of the picture is the mean of {0} × {0} cells: {1} rows are more than there is room for. Wheel or + to come closer.", f, compact(n)));
    return t(layout && view.cell < 24 ? msg("Wheel or + to come closer, drag to move, 0 for all.") : msg("Click a cell to hold its pair; arrows walk."));
  }

  function size(): { n: number; side: number; left: number; top: number } {
    return { n: shared.trace.n, side: layout?.side ?? 1, left: layout?.left ?? 0, top: layout?.top ?? 0 };
  }

  watchHeatmap(overlay.element, {
    size,
    view: () => view,
    setView(next) {
      view = next;
      repaint();
    },
    cursor: () => cursor,
    setCursor(cell, byKey) {
      if (cell?.[0] === cursor?.[0] && cell?.[1] === cursor?.[1]) return;
      cursor = cell;
      if (cell) branch = null;
      const rows = cell && ordered ? [...new Set([ordered.order[cell[1]], ordered.order[cell[0]]])] : [];
      shared.hover(rows);
      derivation.draw(derived());
      repaint();
      const said = byKey ? hint() : null;
      if (said !== null) host.announce(said);
    },
    choose([column, row]) {
      if (!ordered) return;
      const [a, b] = [ordered.order[row], ordered.order[column]];
      if (a === b) return shared.reveal(a);
      shared.setPair([a, b]);
      shared.select([a, b]);
    },
    chooseName: (place) => ordered && shared.reveal(ordered.order[place]),
    overName(place) {
      if (place === overName) return;
      overName = place;
      if (cursor === null) shared.hover(place === null || !ordered ? [] : [ordered.order[place]]);
      repaint();
    },
    letGo() {
      const any = cursor !== null || shared.pair() !== null || branch !== null;
      cursor = branch = null;
      shared.hover([]);
      shared.setPair(null);
      return any;
    },
  });

  const overTree = (merge: number | null): void => {
    if (merge === branch) return;
    branch = merge;
    shared.hover(merge === null || !tree ? [] : tree.rowsOf(merge));
    repaint();
  };
  dendrogram.element.addEventListener("pointermove", (event) => {
    const box = dendrogram.element.getBoundingClientRect();
    overTree(dendrogram.at(event.clientX - box.left, event.clientY - box.top));
  });
  dendrogram.element.addEventListener("pointerleave", () => overTree(null));
  dendrogram.element.addEventListener("click", () => {
    if (branch !== null && tree) shared.select(tree.rowsOf(branch));
  });
  dendrogram.element.setAttribute("tabindex", "0");
  dendrogram.element.setAttribute("role", "img");
  dendrogram.element.addEventListener("blur", () => overTree(null));
  dendrogram.element.addEventListener("keydown", (event) => {
    const to = tree ? walk(tree, branch, event.key) : undefined;
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === "choose") return void (branch !== null && tree && shared.select(tree.rowsOf(branch)));
    overTree(to);
    if (tree && to !== null) host.announce(words(tree.n));
  });

  return {
    element,
    aside,
    tools: tools.element,
    draw(frame: Frame) {
      const palette = host.palette();
      prepare(palette);
      const { trace } = shared;
      const next = heatmapLayout(frame.width, trace.names, palette.font, Math.max(11, fontSize() - 1));
      const resized = layout?.side !== next.side;
      layout = next;
      if (view.cell === 0 || (resized && view.x === 0 && view.y === 0)) view = fitted(trace.n, layout.side);
      plot.style.width = `${layout.width - (layout.tree > 0 ? layout.tree + 8 : 0)}px`;
      plot.style.height = `${layout.height}px`;
      canvas.style.left = `${layout.left}px`;
      canvas.style.top = `${layout.top}px`;
      canvas.style.borderColor = palette.grid;
      overlay.element.setAttribute("role", "application");
      overlay.element.setAttribute("tabindex", "0");
      overlay.element.setAttribute("aria-roledescription", t(msg("heatmap")));
      overlay.element.setAttribute("aria-label", t(msg("Heatmap of {0}: {1} rows. Arrows walk over the cells, Enter holds a pair.", part().metric, compact(trace.n))));
      dendrogram.element.setAttribute("aria-label", t(msg("Tree of the clustering. Arrows walk over its branches, Enter selects their rows.")));
      tools.show(host.ui<Order>("order", "clustered"));
      paint();
      const extent = legend.draw(part(), scale!, part().metric);
      threshold.draw(scale!, keyDomain(part(), scale!), extent, thresholdNow(), countNow);
      derivation.draw(derived());
      table.element.hidden = !host.ui("heatmapTable", false);
      if (!table.element.hidden) table.draw(matrix!, frame.width);
    },
    pictures: () => [canvas, overlay.element, ...(layout && layout.tree > 0 && treeShown() ? [dendrogram.element] : []), legend.element],
    files: () => [],
    copies: () => [],
    toggleTable() {
      host.setUi("heatmapTable", !host.ui("heatmapTable", false));
    },
    caret(row) {
      if (row === ringed) return;
      ringed = row;
      paint();
      if (row === null || !ordered || !layout || !scale) return;
      const at = (ordered.places[row] + 0.5 - view.x) * view.cell;
      const y = (ordered.places[row] + 0.5 - view.y) * view.cell;
      if (at >= 0 && at <= layout.side && y >= 0 && y <= layout.side) pulse(overlay.pulses, scale.palette, layout.left + at, layout.top + y, host.reducedMotion);
    },
    dispose() {
      cancelAnimationFrame(painting);
      element.remove();
    },
  };

  function countNow(): { pairs: number; total: number } {
    counts ??= histogramOf(matrix!, shared.trace.n);
    const limit = thresholdNow();
    let [pairs, total] = [0, 0];
    for (let level = 0; level < NO_LEVEL; level++) {
      total += counts[level];
      if (counts[level] > 0 && scale!.passes(matrix!.valueOf(level), limit)) pairs += counts[level];
    }
    return { pairs, total };
  }
}

function sortedPair(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}

function fontSize(): number {
  return Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
}

/** A value as it fits a cell: as many decimals as there is room for; undefined where not even one fits. */
export function cellText(value: number, cell: number, bounded: boolean): string | undefined {
  const room = Math.floor((cell - 4) / 6.2); // characters of 11 px
  if (!Number.isFinite(value)) return room >= 2 ? fixed(value, 0) : undefined;
  if (bounded) {
    for (const decimals of [3, 2, 1]) {
      const text = fixed(value, decimals);
      const short = text.replace(/^(\u2212?)0(?=\.)/, "$1");
      if (text.length <= room) return text;
      if (decimals <= 2 && short.length <= room) return short;
    }
    return undefined;
  }
  for (const digits of [4, 3, 2]) {
    const text = significant(value, digits);
    if (text.length <= room) return text;
  }
  return undefined;
}

/** The height of a branch in the metric's own terms. */
function heightText({ metric, high }: HeatmapPart, height: number): string {
  if (isDistance(metric)) return `${metric} ${significant(height, 3)}`;
  return metric === "dot" ? `dot ${significant(high - height, 3)}` : `${metric} ${fixed(1 - height, 3)}`;
}

/** Where a key leads in the tree: to a merge, to none (null), or to a choice of the rows; undefined for other keys. */
function walk(tree: Tree, at: number | null, key: string): number | null | "choose" | undefined {
  const { n, merges, part, middle } = tree;
  const root = merges - 1;
  if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Enter", "Escape"].includes(key) || merges === 0) return undefined;
  if (key === "Enter") return "choose";
  if (key === "Escape") return null;
  if (at === null) return root;
  if (key === "ArrowRight") return tree.parentOf(n + at) ?? at;
  const children = [part.left[at], part.right[at]].sort((a, b) => middle[a] - middle[b]);
  const [upper, lower] = children;
  const to = key === "ArrowUp" ? upper : key === "ArrowDown" ? lower : children.find((child) => child >= n);
  return to !== undefined && to >= n ? to - n : at;
}
