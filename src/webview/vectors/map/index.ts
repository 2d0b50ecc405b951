import { defaultsOf, msg } from "../../../core/contract/index.js";
import { vectorParams, type VectorParams } from "../../../core/vectors/params.js";
import { mapPython } from "../../../core/vectors/python.js";
import type { MapPart, VectorsTrace } from "../../../core/vectors/trace.js";
import { createPlayer } from "../../controls/player.js";
import { h } from "../../marks/dom.js";
import { compact } from "../../text/number.js";
import type { Chip, Frame } from "../../view.js";
import { vectorsLayout } from "../layout.js";
import type { Section } from "../../section.js";
import type { Shared } from "../tab.js";
import { Choice } from "./choice.js";
import { mapFiles } from "./files.js";
import { watchMap } from "./gestures.js";
import { Grid } from "./grid.js";
import { createLoss } from "./loss.js";
import { createMargin } from "./margin.js";
import { Neighbours } from "./neighbours.js";
import { createPicture, type Plot } from "./picture.js";
import { Layouts } from "./positions.js";
import { caughtSentence, figureLabel } from "./sentences.js";
import { drawMapTable } from "./table.js";
import { createToolbar, toolNow, zoomStep } from "./toolbar.js";
import { fitted, panned, placeAt, showing, toX, toY, zoomed, type Viewport } from "./viewport.js";

/** Pixels from a point within which the pointer is on it. */
const reach = 12;

/** The player's steps for a map: one for each kept layout. */
export function mapSteps(trace: VectorsTrace): number {
  return trace.map?.iterations.length ?? 1;
}

/** All vectors as points of a plane. */
export function createMap(shared: Shared): Section {
  const { host } = shared;
  const picture = createPicture(host);
  const { figure } = picture;
  const hint = h("p", { class: "vectors-note map-hint" });
  const loss = createLoss(host);
  const player = createPlayer(host, { label: (step) => msg("Iteration {0} of {1}", map().iterations[Math.round(step)] ?? 0, lastIteration()) });
  const playerBox = h("div", { class: "map-player" }, loss.element, player.element);
  const margin = createMargin(host, { go, point: light, release });
  const zoomBy = (factor: number) => setView(zoomed(viewNow(), factor, viewNow().width / 2, viewNow().height / 2, whole));
  const toolbar = createToolbar(host, { names: () => shared.trace.map?.names ?? [], go, zoom: zoomBy, showAll: () => setView(null) });
  const main = h("div", { class: "map-main" }, figure, toolbar.tools, hint, playerBox);
  const top = h("div", { class: "map-top" }, main, margin.element);
  const table = h("div", { class: "map-table" });
  const element = h("section", { class: "vectors-map", "aria-label": host.t(msg("Map")) }, toolbar.bar, top, table);

  const layouts = new Layouts();
  const neighbours = new Neighbours(host, () => host.redraw());
  let whole: Viewport = { x: 0, y: 0, scale: 1, width: 1, height: 1 };
  /** What is shown while the reader has zoomed; null: all. */
  let view: Viewport | null = null;
  let plot: Plot = { left: 0, top: 0, width: 1, height: 1 };
  const choice = new Choice();
  let grid: Grid | undefined;
  let running = false;

  const paramsShown = (): VectorParams => ({ ...defaultsOf(vectorParams), ...host.shownParams() });
  const map = (): MapPart => shared.trace.map!;
  const viewNow = (): Viewport => view ?? whole;
  const lastIteration = (): number => map().iterations[map().iterations.length - 1] ?? 0;
  const positionsNow = (): Float32Array => layouts.at(map(), stepNow());
  const stepNow = (): number => Math.max(0, Math.min(map().iterations.length - 1, host.step()));

  function setView(next: Viewport | null): void {
    view = next && next.scale <= whole.scale * 1.001 ? null : next;
    host.redraw();
  }

  function gridNow(): Grid {
    const positions = positionsNow();
    if (grid?.positions !== positions) grid = new Grid(positions, layouts.extent);
    return grid;
  }

  function pointAt(x: number, y: number): number | null {
    const [px, py] = placeAt(viewNow(), x - plot.left, y - plot.top);
    return gridNow().nearest(px, py, reach / viewNow().scale);
  }

  function pointTo(point: number | null, spoken: boolean): void {
    if (point === choice.pointed) return;
    choice.pointed = point;
    choice.lit = null;
    neighbours.drop();
    const row = choice.rowOf(point);
    shared.hover(row < 0 ? [] : [row]);
    if (spoken && point !== null) speak(point);
    host.redraw();
  }

  /** The neighbour that the list in the margin points at. */
  function light(point: number | null): void {
    choice.lit = point;
    const row = choice.rowOf(point ?? choice.pointed);
    shared.hover(row < 0 ? [] : [row]);
    host.redraw();
  }

  function speak(point: number): void {
    const near = neighbours.of(point);
    const others = near ? Array.from(near.indices.subarray(0, 3), (i) => map().names[i]).join(", ") : "";
    host.announce(others === "" ? map().names[point] : host.t(msg("{0}; nearest: {1}", map().names[point], others)));
  }

  function hold(point: number | null): void {
    choice.held = point;
    const row = choice.rowOf(point);
    if (row >= 0) shared.reveal(row);
    host.redraw();
  }

  /** Goes to a point, wherever it is, and holds it. */
  function go(point: number): void {
    choice.pointed = point;
    const positions = positionsNow();
    view = view && showing(view, positions[2 * point], positions[2 * point + 1], whole);
    hold(point);
    speak(point);
  }

  function release(): void {
    choice.circle(null, null);
    host.redraw();
  }

  function letGo(): boolean {
    if (cancelDrag()) return true;
    if (choice.lasso) release();
    else if (choice.held !== null || choice.pointed !== null) {
      hold(null);
      pointTo(null, false);
    } else return false;
    return true;
  }

  const inPlane = (path: readonly (readonly [number, number])[]): (readonly [number, number])[] => path.map(([x, y]) => placeAt(viewNow(), x - plot.left, y - plot.top));

  const cancelDrag = watchMap(picture.over, {
    circles: () => toolNow(host) === "circle",
    hover: (x, y) => pointTo(pointAt(x, y) ?? choice.held, false),
    leave: () => pointTo(choice.held, false),
    click(x, y) {
      const point = pointAt(x, y);
      if (point === null) letGo();
      else {
        pointTo(point, true);
        hold(choice.held === point ? null : point);
      }
    },
    pan: (dx, dy) => setView(panned(viewNow(), dx, dy, whole)),
    zoom: (factor, x, y) => setView(zoomed(viewNow(), factor, x - plot.left, y - plot.top, whole)),
    circling(path) {
      choice.circle(inPlane(path), null);
      host.redraw();
    },
    circled(path) {
      const outline = inPlane(path);
      const inside = gridNow().inside(outline);
      choice.circle(outline, inside);
      const spans = choice.spans(shared.trace);
      if (spans.length > 0) host.post({ type: "select", spans });
      host.announce(host.t(caughtSentence(inside.length, spans.length)));
      host.redraw();
    },
    cancel() {
      choice.circle(null, null);
      host.redraw();
    },
  });

  figure.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });

  function onKey(key: string): boolean {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    if (direction) {
      const now = viewNow();
      const next = choice.pointed === null ? gridNow().nearest(now.x, now.y, Infinity) : gridNow().toward(choice.pointed, direction[0], direction[1]);
      if (next !== null) {
        const positions = positionsNow();
        if (view) setView(showing(view, positions[2 * next], positions[2 * next + 1], whole));
        pointTo(next, true);
      }
      return true;
    }
    if (key === "Enter" && choice.pointed !== null) hold(choice.held === choice.pointed ? null : choice.pointed);
    else if (key === "+" || key === "=") zoomAtPoint(zoomStep);
    else if (key === "-" || key === "\u2212") zoomAtPoint(1 / zoomStep);
    else if (key === "0") setView(null);
    else if (key === "Escape") return letGo();
    else return false;
    return true;
  }

  function zoomAtPoint(factor: number): void {
    const positions = positionsNow();
    const now = viewNow();
    const [x, y] = choice.pointed === null ? [now.width / 2, now.height / 2] : [toX(now, positions[2 * choice.pointed]), toY(now, positions[2 * choice.pointed + 1])];
    setView(zoomed(now, factor, x, y, whole));
  }

  function draw(at: Frame): void {
    const { trace } = shared;
    const now = map();
    if (choice.adopt(now)) view = null;
    running = at.status === "running";
    neighbours.update(trace);
    const { kind, main: width, side } = vectorsLayout(at.width);
    element.dataset.layout = kind;
    main.style.width = `${width}px`;
    margin.element.style.width = kind === "margin" || kind === "wide" ? `${side}px` : "";
    const step = stepNow();
    const positions = layouts.at(now, step);
    resize(now, width);
    const near = choice.pointed !== null && !running ? neighbours.of(choice.pointed) : undefined;
    const marked = choice.mask ?? (now.points === "store" ? layouts.marked(now) : null);
    picture.draw({ map: now, positions, view: viewNow(), choice, neighbours: near, marked, named: layouts.markedPoints(now) });
    margin.draw({
      trace, map: now, positions, point: choice.pointed, held: choice.held !== null && choice.held === choice.pointed, neighbours: near, caught: choice.caught, selected: choice.spans(trace).length,
      width: kind === "narrow" ? width : side, running,
    });
    drawControls(now, step, width);
    table.hidden = !tableOpen();
    if (tableOpen()) drawMapTable(table, host, now, positions, neighbours, at.width);
    figure.setAttribute("aria-label", host.t(figureLabel(now, trace, now.iterations[Math.round(step)])));
  }

  /** Keeps what the reader has zoomed to when the plot gets another size. */
  function resize(now: MapPart, width: number): void {
    plot = picture.layOut(now, width);
    const before = whole;
    whole = fitted(layouts.extent, plot.width, plot.height);
    if (view && (before.width !== plot.width || before.height !== plot.height)) {
      view = { ...view, scale: (view.scale / before.scale) * whole.scale, width: plot.width, height: plot.height };
    }
  }

  function drawControls(now: MapPart, step: number, width: number): void {
    const { trace } = shared;
    toolbar.draw(trace, now, view !== null);
    const steps = now.iterations.length;
    playerBox.hidden = now.projection === "pca" || (steps < 2 && now.loss.length < 2);
    loss.element.hidden = now.loss.length < 2;
    const planned = Number((running ? host.params() : host.shownParams()).max_iter ?? vectorParams.max_iter.default);
    const track = now.loss.length < 2 ? undefined : loss.draw(now, step, planned, width);
    player.element.hidden = steps < 2;
    player.draw({ steps, step, ...(track ? { track } : {}) });
    const stack = choice.pointed === null ? 1 : gridNow().stack(choice.pointed);
    hint.textContent = stack > 1 ? host.t(msg("{0} points lie exactly here.", compact(stack)))
      : toolNow(host) === "circle" ? host.t(msg("Drag around points to list them and select their rows. Shift and drag moves the map."))
      : host.t(msg("Drag moves, the wheel zooms; Shift and drag circles points. Click holds a point."));
  }

  const tableOpen = (): boolean => host.ui("mapTable", false);
  return {
    element,
    draw,
    pictures: () => [...picture.pictures(), ...(loss.element.hidden || playerBox.hidden ? [] : [loss.figure]), ...margin.pictures()],
    files: () => mapFiles(map(), stepNow(), paramsShown()),
    copies: () => [{ label: msg("Copy as Python"), text: () => mapPython(shared.trace, map(), paramsShown(), { name: host.source()?.name ?? "vectors.txt" }) }],
    chips(): Chip[] {
      const now = shared.trace.map;
      if (!now || now.finished || running) return [];
      return [{ label: msg("stopped at iteration {0}", lastIteration()), tone: "warn", action: { label: msg("Continue"), params: { tab: "map" } } }];
    },
    key(event) {
      if (event.key === "/") {
        toolbar.find.focus();
        toolbar.find.select();
        return true;
      }
      if (event.key === "Escape") return letGo();
      return mapSteps(shared.trace) > 1 && player.key(event);
    },
    action: (name) => mapSteps(shared.trace) > 1 && player.action(name),
    toggleTable: () => host.setUi("mapTable", !tableOpen()),
    dispose() {
      player.dispose();
      element.remove();
    },
  };
}
