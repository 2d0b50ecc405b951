import { msg } from "../../../core/contract/index.js";
import type { VectorParams } from "../../../core/vectors/params.js";
import { mapPython } from "../../../core/vectors/python.js";
import type { MapPart, VectorsTrace } from "../../../core/vectors/trace.js";
import { createPlayer } from "../../controls/player.js";
import { h, linkButton, setAttributes, svg } from "../../marks/dom.js";
import { compact } from "../../text/number.js";
import type { Chip, Frame } from "../../view.js";
import { segmented } from "../heatmapTools.js";
import { vectorsLayout } from "../layout.js";
import type { Section, Shared } from "../tab.js";
import { mapFiles } from "./files.js";
import { createFind } from "./find.js";
import { watchMap } from "./gestures.js";
import { Grid } from "./grid.js";
import { createLoss } from "./loss.js";
import { createMargin } from "./margin.js";
import { placeNames, type PlacedName } from "./names.js";
import { Neighbours } from "./neighbours.js";
import { drawAxes, drawOverlay, type OverlayScene } from "./overlay.js";
import { paintPoints } from "./paint.js";
import { Layouts } from "./positions.js";
import { caughtSentence, figureLabel, axisLabel } from "./sentences.js";
import { drawMapTable } from "./table.js";
import { fitted, panned, placeAt, showing, toX, toY, zoomed, type Viewport } from "./viewport.js";

/** Pixels from a point within which the pointer is on it. */
const reach = 12;
const zoomStep = 1.6;

/** The player's steps for a map: one for each kept layout. */
export function mapSteps(trace: VectorsTrace): number {
  return trace.map?.iterations.length ?? 1;
}

/** All vectors as points of a plane. */
export function createMap(shared: Shared): Section {
  const { host } = shared;
  const canvas = h("canvas", { class: "map-canvas" });
  const axes = { x: svg("g", { "data-axis": "x" }), y: svg("g", { "data-axis": "y" }) };
  const frame = svg("svg", { class: "map-axes", "aria-hidden": "true" }, axes.x, axes.y);
  const marks = svg("g");
  const over = svg("svg", { class: "map-over", "aria-hidden": "true" }, marks);
  const figure = h("div", { class: "map-plot", role: "img", tabindex: "0" }, frame, canvas, over);
  const hint = h("p", { class: "vectors-note map-hint" });
  const loss = createLoss(host);
  const player = createPlayer(host, { label: (step) => msg("Iteration {0} of {1}", map().iterations[Math.round(step)] ?? 0, lastIteration()) });
  const playerBox = h("div", { class: "map-player" }, loss.element, player.element);
  const margin = createMargin(host, { go, point: (neighbour) => pointTo(neighbour ?? held, false), release });
  const find = createFind(host, () => shared.trace.map?.names ?? [], go);
  const projection = segmented(host.t(msg("Projection")), [{ value: "pca", label: "PCA" }, { value: "tsne", label: "t-SNE" }, { value: "umap", label: "UMAP" }], (value) => host.run({ tab: "map", projection: value }));
  const points = segmented(host.t(msg("Points")), [{ value: "rows", label: host.t(msg("these vectors")) }, { value: "store", label: host.t(msg("all word vectors in use")) }], (value) => host.run({ tab: "map", points: value }));
  const tool = segmented(host.t(msg("Dragging")), [{ value: "move", label: host.t(msg("Move")) }, { value: "circle", label: host.t(msg("Circle")) }], (value) => host.setUi("mapTool", value));
  const zoomBy = (factor: number) => setView(zoomed(viewNow(), factor, viewNow().width / 2, viewNow().height / 2, whole));
  const plus = h("button", { type: "button", "aria-label": host.t(msg("Zoom in")) }, "+");
  const minus = h("button", { type: "button", "aria-label": host.t(msg("Zoom out")) }, "\u2212");
  plus.addEventListener("click", () => zoomBy(zoomStep));
  minus.addEventListener("click", () => zoomBy(1 / zoomStep));
  const reset = linkButton(host.t(msg("Show all")), () => setView(null));
  const bar = h("div", { class: "map-bar" }, projection.element, points.element, h("span", { class: "grow" }), find.element);
  const tools = h("div", { class: "map-tools" }, tool.element, h("span", { class: "segmented", role: "group", "aria-label": host.t(msg("Zoom")) }, minus, plus), reset);
  const main = h("div", { class: "map-main" }, figure, tools, hint, playerBox);
  const top = h("div", { class: "map-top" }, main, margin.element);
  const table = h("div", { class: "map-table" });
  const element = h("section", { class: "vectors-map", "aria-label": host.t(msg("Map")) }, bar, top, table);

  const layouts = new Layouts();
  const neighbours = new Neighbours(host, () => host.redraw());
  let whole: Viewport = { x: 0, y: 0, scale: 1, width: 1, height: 1 };
  /** What is shown while the reader has zoomed; null: all. */
  let view: Viewport | null = null;
  let plot = { left: 0, top: 0 };
  let pointed: number | null = null;
  let held: number | null = null;
  let caught: Int32Array | null = null;
  let caughtMask: Uint8Array | null = null;
  let lasso: readonly (readonly [number, number])[] | null = null;
  let known: MapPart | undefined;
  let painted: readonly unknown[] = [];
  let named: readonly unknown[] = [];
  let names: readonly PlacedName[] = [];
  let grid: Grid | undefined;
  let running = false;

  const map = (): MapPart => shared.trace.map!;
  const viewNow = (): Viewport => view ?? whole;
  const toolNow = (): "move" | "circle" => host.ui<"move" | "circle">("mapTool", "move");
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
    if (point === pointed) return;
    pointed = point;
    neighbours.drop();
    const row = point === null ? -1 : map().rows[point];
    shared.hover(row < 0 ? [] : [row]);
    if (spoken && point !== null) speak(point);
    host.redraw();
  }

  function speak(point: number): void {
    const near = neighbours.of(point);
    const others = near ? Array.from(near.indices.subarray(0, 3), (i) => map().names[i]).join(", ") : "";
    host.announce(others === "" ? map().names[point] : host.t(msg("{0}; nearest: {1}", map().names[point], others)));
  }

  function hold(point: number | null): void {
    held = point;
    const row = point === null ? -1 : map().rows[point];
    if (row >= 0) shared.reveal(row);
    host.redraw();
  }

  /** Goes to a point, wherever it is, and holds it. */
  function go(point: number): void {
    pointed = point;
    const positions = positionsNow();
    view = view && showing(view, positions[2 * point], positions[2 * point + 1], whole);
    hold(point);
    speak(point);
  }

  function release(): void {
    circle(null, null);
    host.redraw();
  }

  function circle(path: typeof lasso, points: Int32Array | null): void {
    lasso = path;
    caught = points;
    caughtMask = points && new Uint8Array(map().m);
    for (const point of points ?? []) caughtMask![point] = 1;
  }

  function letGo(): boolean {
    if (cancelDrag()) return true;
    if (caught || lasso) release();
    else if (held !== null) hold(null);
    else if (pointed !== null) pointTo(null, false);
    else return false;
    return true;
  }

  const inPlane = (path: readonly (readonly [number, number])[]): (readonly [number, number])[] => path.map(([x, y]) => placeAt(viewNow(), x - plot.left, y - plot.top));

  const cancelDrag = watchMap(over, {
    circles: () => toolNow() === "circle",
    hover: (x, y) => pointTo(pointAt(x, y) ?? held, false),
    leave: () => pointTo(held, false),
    click(x, y) {
      const point = pointAt(x, y);
      if (point === null) letGo();
      else {
        pointTo(point, true);
        hold(held === point ? null : point);
      }
    },
    pan: (dx, dy) => setView(panned(viewNow(), dx, dy, whole)),
    zoom: (factor, x, y) => setView(zoomed(viewNow(), factor, x - plot.left, y - plot.top, whole)),
    circling(path) {
      circle(inPlane(path), null);
      host.redraw();
    },
    circled(path) {
      const outline = inPlane(path);
      const inside = gridNow().inside(outline);
      circle(outline, inside);
      const spans = spansOf(inside);
      if (spans.length > 0) host.post({ type: "select", spans });
      host.announce(host.t(caughtSentence(inside.length, spans.length)));
      host.redraw();
    },
    cancel() {
      lasso = null;
      host.redraw();
    },
  });

  function spansOf(chosen: Int32Array): { start: number; end: number }[] {
    const { spans } = shared.trace;
    if (!spans) return [];
    const rows = Array.from(chosen, (i) => map().rows[i]).filter((row) => row >= 0).sort((a, b) => a - b);
    return rows.map((row) => ({ start: spans[2 * row], end: spans[2 * row + 1] })).filter(({ start, end }) => end > start);
  }

  figure.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });

  function onKey(key: string): boolean {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    if (direction) {
      const now = viewNow();
      const next = pointed === null ? gridNow().nearest(now.x, now.y, Infinity) : gridNow().toward(pointed, direction[0], direction[1]);
      if (next !== null) {
        const positions = positionsNow();
        if (view) setView(showing(view, positions[2 * next], positions[2 * next + 1], whole));
        pointTo(next, true);
      }
      return true;
    }
    if (key === "Enter" && pointed !== null) hold(held === pointed ? null : pointed);
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
    const [x, y] = pointed === null ? [now.width / 2, now.height / 2] : [toX(now, positions[2 * pointed]), toY(now, positions[2 * pointed + 1])];
    setView(zoomed(now, factor, x, y, whole));
  }

  /** Another map: what was pointed at is kept by name, as far as it is there. */
  function adopt(next: MapPart): void {
    if (next === known) return;
    const again = (point: number | null): number | null => {
      if (point === null || !known) return null;
      const name = known.names[point];
      if (next.names[point] === name) return point;
      const at = next.names.indexOf(name);
      return at < 0 ? null : at;
    };
    [pointed, held] = [again(pointed), again(held)];
    if (known && (known.projection !== next.projection || known.m !== next.m)) view = null;
    circle(null, null);
    known = next;
  }

  function draw(at: Frame): void {
    const { trace } = shared;
    const now = map();
    adopt(now);
    running = at.status === "running";
    neighbours.update(trace);
    const palette = host.palette();
    const { kind, main: width, side } = vectorsLayout(at.width);
    element.dataset.layout = kind;
    main.style.width = `${width}px`;
    margin.element.style.width = kind === "margin" || kind === "wide" ? `${side}px` : "";
    const step = stepNow();
    const positions = layouts.at(now, step);
    layout(now, width);
    const shown = viewNow();

    const marked = caughtMask ?? (now.points === "store" ? layouts.marked(now) : null);
    const paint = [positions, palette, marked, shown.x, shown.y, shown.scale, shown.width, shown.height];
    if (paint.some((value, i) => value !== painted[i])) {
      painted = paint;
      paintPoints(canvas, { positions, view: shown, palette, marked });
    }
    const near = pointed !== null && !running ? neighbours.of(pointed) : undefined;
    const naming = [...paint, pointed, near, now.names];
    if (naming.some((value, i) => value !== named[i])) {
      named = naming;
      const first = [...(pointed === null ? [] : [pointed]), ...(near?.indices ?? []), ...layouts.markedPoints(now)];
      names = placeNames(positions, now.names, shown, `12px ${palette.mono}`, first);
    }
    const scene: OverlayScene = { map: now, positions, view: shown, palette, left: plot.left, top: plot.top, names, point: pointed, held, neighbours: near, lasso };
    drawAxes(axes.x, axes.y, scene, [host.t(axisLabel(now, 0)), host.t(axisLabel(now, 1))]);
    drawOverlay(marks, scene);
    margin.draw({
      trace, map: now, positions, point: pointed, held: held !== null && held === pointed, neighbours: near, caught, selected: caught ? spansOf(caught).length : 0,
      width: kind === "narrow" ? width : side, running,
    });
    drawControls(now, step, width);
    table.hidden = !tableOpen();
    if (tableOpen()) drawMapTable(table, host, now, positions, neighbours, at.width);
    figure.setAttribute("aria-label", host.t(figureLabel(now, trace, now.iterations[Math.round(step)])));
  }

  function layout(now: MapPart, width: number): void {
    const pca = now.projection === "pca";
    const height = Math.max(260, Math.min(500, Math.round(width * 0.8)));
    plot = pca ? { left: 40, top: 18 } : { left: 0, top: 0 };
    const box = { width: width - plot.left, height: height - plot.top - (pca ? 38 : 0) };
    const before = whole;
    whole = fitted(layouts.extent, box.width, box.height);
    if (view && (before.width !== box.width || before.height !== box.height)) view = { ...view, scale: (view.scale / before.scale) * whole.scale, ...box };
    for (const each of [frame, over]) setAttributes(each, { width, height });
    figure.style.width = `${width}px`;
    figure.style.height = `${height}px`;
    canvas.style.left = `${plot.left}px`;
    canvas.style.top = `${plot.top}px`;
    setAttributes(marks, { transform: `translate(${plot.left} ${plot.top})` });
  }

  function drawControls(now: MapPart, step: number, width: number): void {
    const { trace } = shared;
    projection.show(String(host.params().projection ?? now.projection) as MapPart["projection"]);
    points.show(String(host.params().points ?? now.points) as MapPart["points"]);
    points.element.hidden = trace.origin === "file" || (trace.origin === "vectors" && now.points === "rows" && trace.store === null && !host.ui("mapStore", false));
    tool.show(toolNow());
    reset.hidden = view === null;
    find.draw();
    const steps = now.iterations.length;
    playerBox.hidden = now.projection === "pca" || (steps < 2 && now.loss.length < 2);
    loss.element.hidden = now.loss.length < 2;
    const planned = Number(host.params().max_iter ?? lastIteration());
    const track = now.loss.length < 2 ? undefined : loss.draw(now, step, planned, width);
    player.element.hidden = steps < 2;
    player.draw({ steps, step, ...(track ? { track } : {}) });
    const stack = pointed === null ? 1 : gridNow().stack(pointed);
    hint.textContent = stack > 1 ? host.t(msg("{0} points lie exactly here.", compact(stack)))
      : toolNow() === "circle" ? host.t(msg("Drag around points to list them and select their rows. Shift and drag moves the map."))
      : host.t(msg("Drag moves, the wheel zooms; Shift and drag circles points. Click holds a point."));
  }

  const tableOpen = (): boolean => host.ui("mapTable", false);
  return {
    element,
    draw,
    pictures: () => [frame, canvas, over, ...(loss.element.hidden || playerBox.hidden ? [] : [loss.figure]), ...margin.pictures()],
    files: () => mapFiles(map(), stepNow(), host.shownParams()),
    copies: () => [{ label: msg("Copy as Python"), text: () => mapPython(shared.trace, map(), host.shownParams() as VectorParams, { name: host.source()?.name ?? "vectors.txt" }) }],
    chips(): Chip[] {
      const now = shared.trace.map;
      if (!now || now.finished || running) return [];
      return [{ label: msg("stopped at iteration {0}", lastIteration()), tone: "warn", action: { label: msg("Run again"), params: { tab: "map" } } }];
    },
    key(event) {
      if (event.key === "/") {
        find.input.focus();
        find.input.select();
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
