import { msg } from "../../core/contract/index.js";
import { numberWord } from "../../core/mixture/numberWord.js";
import { rowName } from "../../core/mixture/story.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { letter } from "../marks/palette.js";
import { pulse } from "../marks/ring.js";
import { compact, fixed, percent } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { binControl, ruleOf } from "./oneDBins.js";
import { createHandles } from "./oneDHandles.js";
import { decimalsFor } from "./oneDModel.js";
import { axisNodes, barNodes, curveNodes, labelNodes } from "./oneDPlot.js";
import { posteriorNodes, tickLimit, tickNodes } from "./oneDRug.js";
import { freeze, nearest, sceneOf, type Frozen, type Scene } from "./oneDScene.js";
import type { Part, Shared } from "./shared.js";
import { memo, px, textWidth } from "./viewDom.js";

/** The 1-D figure: histogram, curves, means and rug over one x-axis. */
export function createOneD(root: HTMLElement, host: ViewHost, shared: Shared): Part {
  const layers = { axis: svg("g"), bars: svg("g"), curves: svg("g"), rug: svg("g"), posterior: svg("g"), labels: svg("g"), note: svg("g"), pulse: svg("g") };
  const id = `lumen-clip-${++clips}`;
  const clipBox = svg("rect");
  const picture = svg("g", { role: "img" }, layers.axis, layers.bars, svg("g", { "clip-path": `url(#${id})` }, layers.curves), layers.rug, layers.posterior, layers.note, layers.labels, layers.pulse);
  const handles = createHandles(host, shared);
  const area = svg("rect", { fill: "transparent", "data-export": "none" });
  const figure = svg("svg", { class: "mixture-figure", role: "group", tabindex: 0 }, svg("defs", {}, svg("clipPath", { id }, clipBox)), area, picture, handles.element);
  const bins = binControl(host);
  const box = h("div", { class: "mixture-one-d" }, figure, bins.element);
  root.append(box);

  let frozen: Frozen | undefined;
  let frozenFor: readonly unknown[] = [];
  let scene: Scene | undefined;
  let pulsed = 0;

  const pointUnder = (event: PointerEvent | MouseEvent): number | null => {
    if (!scene || !frozen) return null;
    const at = figure.getBoundingClientRect();
    const [x, y] = [event.clientX - at.left, event.clientY - at.top];
    const { layout, X } = scene;
    if (y < layout.top - 20 || y > layout.rugBottom + 6 || x < layout.left - 8) return null;
    return nearest(frozen, X.invert(x), X.invert(x + 14) - X.invert(x));
  };
  const componentUnder = (event: PointerEvent): number | null => {
    if (!scene) return null;
    const at = figure.getBoundingClientRect();
    const [x, y] = [X(scene, event.clientX - at.left), event.clientY - at.top];
    if (y > scene.layout.floor) return null;
    let best: number | null = null;
    let distance = 7;
    for (let k = 0; k < scene.mixture.K; k++) {
      const curve = scene.now.components[k];
      const i = Math.min(curve.length - 1, Math.max(0, scene.now.x.findIndex((v) => v >= x)));
      const d = Math.abs(scene.Y(curve[i]) - y);
      if (d < distance && scene.Y(curve[i]) < scene.layout.floor - 3) [best, distance] = [k, d];
    }
    return best;
  };
  figure.addEventListener("pointermove", (event) => {
    if (handles.dragging) return;
    shared.hover(pointUnder(event));
    shared.hoverComponent(componentUnder(event));
  });
  figure.addEventListener("pointerleave", () => {
    shared.hover(null);
    shared.hoverComponent(null);
  });
  figure.addEventListener("click", (event) => {
    if (handles.justDragged()) return;
    const component = componentUnder(event as PointerEvent);
    if (component !== null) shared.holdComponent(component === shared.heldComponent ? null : component);
    const point = pointUnder(event);
    shared.hold(point === shared.held ? null : point);
  });
  // The keyboard's cursor is the same thing as hover, and leaves with the focus.
  figure.addEventListener("blur", () => shared.hover(null));

  function walk(event: KeyboardEvent): boolean {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return false;
    if (event.target instanceof Element && event.target.closest("select, input, .mixture-rows")) return false;
    const from = shared.hovered ?? shared.held;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const point = from === null ? (step > 0 ? 0 : shared.M - 1) : Math.max(0, Math.min(shared.M - 1, from + step));
    shared.hover(point);
    host.announce(sentenceOf(host, shared, point));
    return true;
  }

  return {
    draw(trace, frame) {
      const rule = ruleOf(host);
      const palette = host.palette();
      const keys = [trace, shared.fitIndex, rule];
      if (!frozen || keys.some((key, i) => key !== frozenFor[i])) [frozen, frozenFor] = [freeze(shared, rule), keys];
      scene = sceneOf(shared, host, frame, frozen, rule);
      const { layout } = scene;
      setAttributes(figure, { width: layout.width, height: layout.height, viewBox: `0 0 ${layout.width} ${layout.height}`, "aria-label": labelOf(host, shared) });
      setAttributes(picture, { "aria-label": labelOf(host, shared) });
      setAttributes(area, { width: layout.width, height: layout.height });
      setAttributes(clipBox, { x: layout.left, y: layout.top - 8, width: layout.right - layout.left, height: layout.floor - layout.top + 10 });
      const { shares } = scene;
      const look = [palette, layout.width, trace, frozen];
      const shown = scene;
      const ice = frozen;
      memo(layers.axis, look, () => axisNodes(shown, palette, { x: trace.columns[0] ?? "x", y: host.t(msg("density")) }));
      memo(layers.bars, [...look, shares], () => barNodes(shown, palette));
      memo(layers.curves, [...look, shared.mixture, shared.emphasized], () => curveNodes(shown, palette, shared.emphasized));
      memo(layers.rug, [...look, shares], () => tickNodes(shown, shared, ice, palette));
      memo(layers.posterior, [...look, shared.sharesStep, shared.fitIndex], () => posteriorNodes(shown, palette));
      memo(layers.note, [...look, shares === null], () => noteNodes(shown, host, shared));
      memo(layers.labels, [...look, shared.mixture, shares, shared.point], () => [...labelNodes(shown, shared, host, shared.point), ...shareNode(shown, shared, host)]);
      handles.draw(shown);
      bins.draw(trace, layout);
      if (shared.pulse && shared.pulse.serial !== pulsed) {
        pulsed = shared.pulse.serial;
        const x = shown.X(trace.points[shared.pulse.point]);
        pulse(layers.pulse, palette, x, (layout.rugTop + layout.rugBottom) / 2, host.reducedMotion);
        pulse(layers.pulse, palette, x, layout.floor, host.reducedMotion);
      }
    },
    key: (event) => handles.key(event, figure) || walk(event),
    svgs: () => [figure],
    dispose: () => box.remove(),
  };
}

let clips = 0;

function X(scene: Scene, x: number): number {
  return scene.X.invert(x);
}

/** How the rug is to be read, and its scale. */
function noteNodes(scene: Scene, host: ViewHost, shared: Shared): SVGElement[] {
  const { layout } = scene;
  const { K } = shared.trace;
  const many = shared.M > tickLimit;
  const text =
    !shared.shares || K === 1 ? (many ? msg("one tick a pixel with numbers") : msg("one tick a number"))
    : many && layout.narrow ? msg("mean shares by pixel: A at the foot")
    : many ? msg("numbers by pixel, split by their mean share: A at the foot")
    : K > 2 && layout.width < 330 ? msg("shares: A at the foot")
    : K > 2 && layout.narrow ? msg("split by share: A at the foot, then B …")
    : K > 2 ? msg("one tick a number, split by its shares: A at the foot, then B, C …")
    : layout.width < 330 ? msg("A’s share is below the line")
    : layout.narrow ? msg("one tick a number: A’s share below the line")
    : msg("one tick a number, split by its share: A below the line, B above it");
  return [
    svg("text", { x: 0, y: layout.rugTop + 8, class: "q" }, "100%"),
    svg("text", { x: 0, y: layout.rugBottom, class: "q" }, "0%"),
    svg("text", { x: layout.left, y: layout.rugBottom + 16, class: "q" }, host.t(text)),
  ];
}

/** The chosen number's largest share, printed beside the hairline in the rug. */
function shareNode(scene: Scene, shared: Shared, host: ViewHost): SVGElement[] {
  const palette = host.palette();
  const { layout } = scene;
  const own = shared.sharesOf(shared.point);
  if (!own || own.length < 2) return [];
  const k = own.indexOf(Math.max(...own));
  const label = `${letter(k)} ${percent(own[k], 1)}`;
  const x = scene.X(shared.trace.points[shared.point]);
  const width = textWidth(label, 12, palette.font, true);
  const left = x + 6 + width > layout.right ? x - 6 - width : x + 6;
  return [svg("text", { x: px(left), y: layout.rugBottom - 6, class: `b t12 halo c${k % 8}`, "data-share": own[k] }, label)];
}

function labelOf(host: ViewHost, shared: Shared): string {
  const { trace } = shared;
  return host.t(
    msg("Density histogram of {0} numbers with {1} Gaussian components and their mixture, after iteration {2}", compact(trace.N), numberWord(trace.K), shared.fit.kept[shared.shapesStep]),
  );
}

/** A number and its shares in words, for screen readers. */
function sentenceOf(host: ViewHost, shared: Shared, point: number): string {
  const { trace } = shared;
  const place = host.t(rowName(trace, point));
  const own = shared.sharesOf(point);
  const parts = own ? Array.from(own, (r, k) => `${letter(k)} ${percent(r, 1)}`) : [];
  return [`${place}: ${fixed(trace.points[point], decimalsFor(trace.stats.std[0], 3))}`, ...parts].join(", ");
}
