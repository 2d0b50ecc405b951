import { msg } from "../../core/contract/message.js";
import { mixtureAt } from "../../core/mixture/evaluate.js";
import { rowName } from "../../core/mixture/story.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { letter, type Palette } from "../marks/palette.js";
import { pulse } from "../marks/ring.js";
import { compact } from "../text/number.js";
import type { Frame, ViewHost } from "../view.js";
import { drawContours } from "./contours.js";
import { caughtSentence, drawLasso, maskOf, spansOf, type Caught } from "./lasso.js";
import { matrixKey } from "./matrix.js";
import { countsNow } from "./parameters.js";
import { shownPlane } from "./projection.js";
import { drawAxes } from "./scatterAxes.js";
import { listenTo } from "./scatterGestures.js";
import { onFigureKey } from "./scatterKeys.js";
import { drawMoved, movedHint, runFromMeans, type Moved } from "./scatterMeans.js";
import { boxesOfLetters, boxesOfTrails, drawCallout, drawLabels, placeLabels, strongest, type NotesLook } from "./scatterNotes.js";
import { createPoints, discLimit, svgLimit, type PointsLook } from "./scatterPoints.js";
import { colourer, numberColourer, sceneOf, settledColourer, shapesIn, sharesMove, trailsOf, type Scene } from "./scatterScene.js";
import { drawEllipses, drawLetters, drawTrails, letterRadius } from "./scatterShapes.js";
import type { Part, Shared } from "./shared.js";

/** Saved under this key of the view's state: whether density contours are drawn. */
export const contoursKey = "contours";

/** Pixels from a point within which the pointer is on it. */
const reach = 14;

/** The scatter plot of two columns or two principal axes: points, ellipses, letters, callout, lasso. */
export function createScatter(root: HTMLElement, host: ViewHost, shared: Shared): Part {
  const layer = (name: string, clip = "") => svg("g", { class: name, "clip-path": clip === "" ? null : `url(#mixture-clip-${clip})` });
  const clips = [svg("rect"), svg("rect")];
  const clipOf = (name: string, i: number) => svg("defs", {}, svg("clipPath", { id: `mixture-clip-${name}` }, clips[i]));
  const axes = { x: svg("g", { "data-axis": "x" }), y: svg("g", { "data-axis": "y" }) };
  const under = { ellipses: layer("ellipses", "below"), contours: layer("contours", "below"), points: layer("points") };
  const over = {
    ellipses: layer("ellipses", "above"), lasso: layer("lasso"), trails: layer("trails", "above"), letters: layer("letters"),
    labels: layer("labels"), callout: layer("callout"), moved: layer("moved"), pulse: layer("pulse"),
  };
  const below = svg("svg", { class: "mixture-under", "aria-hidden": "true" }, clipOf("below", 0), axes.x, axes.y, ...Object.values(under));
  const above = svg("svg", { class: "mixture-over", "aria-hidden": "true" }, clipOf("above", 1), ...Object.values(over));
  const canvas = h("canvas", { class: "mixture-canvas" });
  const figure = h("div", { class: "mixture-plot", role: "img", tabindex: "0" }, below, canvas, above);
  const contoursButton = h("button", { type: "button", class: "link mixture-toggle" });
  const hint = h("p", { class: "mixture-hint" });
  root.classList.add("mixture-scatter");
  root.append(figure, contoursButton, hint);

  const points = createPoints(under.points, canvas);
  let scene: Scene | undefined;
  let caught: Caught | null = null;
  let circle: readonly (readonly [number, number])[] | null = null;
  let moved: Moved | null = null;
  let pulsed = shared.pulse?.serial ?? 0;
  let shownLook: readonly unknown[] = [];
  let version = 0;
  let labelsKey = "";
  let places: ReturnType<typeof placeLabels> = [];

  contoursButton.addEventListener("click", () => host.setUi(contoursKey, !host.ui(contoursKey, false)));

  const letterAt = (x: number, y: number): number | null => {
    if (!scene) return null;
    const { means, K } = shapesIn(scene, shared.mixture);
    let best: number | null = null;
    let least = letterRadius + 2;
    for (let k = 0; k < K; k++) {
      const d = Math.hypot(means[2 * k] - x, means[2 * k + 1] - y);
      if (d <= least) [least, best] = [d, k];
    }
    return best;
  };
  const movedTo = (component: number, x: number, y: number, by: Moved["by"]): Moved | null => {
    if (!scene) return null;
    const { means } = shapesIn(scene, shared.mixture);
    const { map } = scene.layout;
    return { component, dx: (x - means[2 * component]) / map.x[1], dy: (y - means[2 * component + 1]) / map.y[1], by };
  };
  const setMoved = (next: Moved | null) => {
    moved = next;
    host.redraw();
  };
  const start = (from: Moved | null) => {
    if (scene && from) runFromMeans(host, shared.mixture, scene.plane, from);
    setMoved(null);
  };
  const letGo = (): boolean => {
    const busy = gestures.cancel();
    const used = busy || moved !== null || caught !== null || shared.held !== null || shared.heldComponent !== null || shared.hovered !== null;
    if (busy || moved) setMoved(null);
    else if (caught) {
      caught = null;
      host.redraw();
    } else if (shared.heldComponent !== null) shared.holdComponent(null);
    else {
      shared.hover(null);
      if (shared.held !== null) shared.hold(null);
    }
    return used;
  };

  const gestures = listenTo(above, {
    letterAt,
    hover(x, y) {
      const component = letterAt(x, y);
      shared.hoverComponent(component);
      shared.hover(component === null && scene ? scene.index.nearest(x, y, reach) : null);
    },
    leave() {
      shared.hoverComponent(null);
      shared.hover(null);
    },
    click(x, y) {
      const component = letterAt(x, y);
      const point = scene?.index.nearest(x, y, reach) ?? null;
      if (component !== null) shared.holdComponent(component === shared.heldComponent ? null : component);
      else if (point !== null) shared.hold(point);
      else letGo();
    },
    drag: (component, x, y) => setMoved(movedTo(component, x, y, "pointer")),
    drop: (component, x, y) => start(movedTo(component, x, y, "pointer")),
    circling(path) {
      circle = path;
      host.redraw();
    },
    circled(path) {
      circle = null;
      if (scene) caught = catchRows(scene, path);
      if (caught && caught.rows.length > 0) {
        const spans = spansOf(caught.trace, caught.rows);
        if (spans.length > 0) host.post({ type: "select", spans });
        host.announce(host.t(caughtSentence(caught.trace, caught.rows)));
      }
      host.redraw();
    },
    cancel() {
      circle = null;
      setMoved(null);
    },
  });

  const onKey = onFigureKey({
    shared,
    moved: () => moved,
    nudge(component, x, y) {
      if (!scene) return;
      const unitX = scene.layout.x.domain();
      const unitY = scene.layout.y.domain();
      const before = moved?.component === component ? moved : { dx: 0, dy: 0 };
      setMoved({
        component,
        dx: before.dx + x * (unitX[1] - unitX[0]),
        dy: before.dy + y * (unitY[1] - unitY[0]),
        by: "keys",
      });
    },
    toward: (from, dx, dy) => scene?.index.toward(from, dx, dy) ?? null,
    start: () => start(moved),
    letGo,
    say(point) {
      const ps = shared.sharesOf(point);
      const parts = ps ? strongest(ps).map(({ k, percents }) => `${letter(k)} ${percents}`) : [];
      host.announce([pointName(point), ...parts].join(", "));
    },
  });
  figure.addEventListener("keydown", onKey);
  const onBlur = () => shared.hover(null);
  figure.addEventListener("blur", onBlur);
  figure.addEventListener("focus", () => host.redraw());

  const pointName = (point: number): string => host.t(rowName(shared.trace, point));

  function updateScene(trace: MixtureTrace, width: number): Scene {
    const plane = shownPlane(trace, host);
    const height = Math.max(260, Math.min(500, Math.round(width * 1.05)));
    if (scene?.trace === trace && scene.plane.id === plane.id && scene.layout.width === width) return scene;
    if (caught && caught.trace !== trace) caught = null;
    moved = null;
    scene = sceneOf(trace, plane, width, height);
    for (const element of [below, above]) setAttributes(element, { width, height });
    figure.style.width = `${width}px`;
    figure.style.height = `${height}px`;
    const { left, right, top, bottom } = scene.layout;
    for (const clip of clips) setAttributes(clip, { x: left, y: top, width: right - left, height: bottom - top });
    return scene;
  }

  function draw(trace: MixtureTrace, frame: Frame): void {
    root.hidden = trace.D > 2 && host.ui(matrixKey, false);
    if (root.hidden) return;
    const now = updateScene(trace, Math.max(200, Math.floor(frame.width)));
    const { layout, index, plane } = now;
    const palette = host.palette();
    const step = shared.shapesStep;
    const shapes = shapesIn(now, shared.mixture);
    const chosen = shared.emphasized;
    root.classList.toggle("mixture-stale", frame.status === "stale");

    drawAxes(axes.x, axes.y, layout, plane, palette);
    const overCrowd = shared.M > svgLimit;
    (overCrowd ? under : over).ellipses.replaceChildren();
    drawEllipses((overCrowd ? over : under).ellipses, {
      now: shapes, previous: shared.previous && shapesIn(now, shared.previous), palette, chosen, overCrowd,
    });
    drawContours(under.contours, host.ui(contoursKey, false) ? shapes : null, layout, palette);
    const look = [now, palette, caught, trace];
    if (look.some((part, i) => part !== shownLook[i])) [shownLook, version] = [look, version + 1];
    const fades = shared.M <= svgLimit && !Number.isInteger(shared.position) && sharesMove(shared);
    points.draw({
      layout, index, palette, selected: caught?.mask ?? null, placesKey: String(version),
      coloursKey: `${shared.fitIndex}:${fades ? shared.position : shared.sharesStep}`,
      ...colours(palette),
    });
    const trails = trailsOf(now, shared);
    drawTrails(over.trails, trails, palette);
    drawLetters(over.letters, shapes, palette, chosen);

    const settled = shapesIn(now, mixtureAt(trace, shared.fitIndex, step));
    const weights = mixtureAt(trace, shared.fitIndex, step).weights;
    const counts = shared.fit.counts.subarray(step * trace.K, (step + 1) * trace.K);
    const notes: NotesLook = { layout, index, palette, t: (message) => host.t(message), taken: boxesOfTrails(trails) };
    const key = `${version}:${shared.fitIndex}:${step}`;
    if (key !== labelsKey) [labelsKey, places] = [key, placeLabels(settled, weights, counts, notes)];
    // The places are the step's own, so that labels stay where they are while an E-step changes the counts.
    drawLabels(over.labels, places, weights, counts.some(Number.isNaN) ? counts : countsNow(shared), notes);
    const point = shared.point;
    const more = index.stack(point) - 1;
    const title = more > 0 ? host.t(msg("{0} and {1} more here", pointName(point), more)) : pointName(point);
    const taken = [...boxesOfLetters(settled), ...places.filter((box) => box !== null)];
    drawCallout(over.callout, { point, title, shares: shared.sharesOf(point) }, { ...notes, taken });

    drawLasso(over.lasso, circle ?? outlineInPixels(now), palette);
    drawMoved(over.moved, moved && moveMark(shapes.means, now, moved), palette);
    if (shared.pulse && shared.pulse.serial !== pulsed) {
      pulsed = shared.pulse.serial;
      pulse(over.pulse, palette, index.x[shared.pulse.point], index.y[shared.pulse.point], host.reducedMotion);
    }
    describe(trace, now);
  }

  /** Only one of the two is used, as the number of points asks; the other must cost nothing. */
  function colours(palette: Palette): Pick<PointsLook, "color" | "colorNumber"> {
    const none = () => 0;
    if (shared.M > discLimit) return { color: () => palette.quiet, colorNumber: numberColourer(shared, palette) };
    return { color: (shared.M > svgLimit ? settledColourer : colourer)(shared, palette), colorNumber: none };
  }

  function outlineInPixels({ plane, layout }: Scene): [number, number][] | null {
    return caught && caught.plane === plane.id ? caught.outline.map(([x, y]) => [layout.x(x), layout.y(y)]) : null;
  }

  function describe(trace: MixtureTrace, { plane }: Scene): void {
    figure.setAttribute("aria-label", host.t(msg(
      "{0} rows by {1} and {2}, coloured by their shares of {3} components, at iteration {4}.",
      compact(shared.M), plane.labels[0], plane.labels[1], trace.K, shared.fit.kept[shared.shapesStep],
    )));
    contoursButton.textContent = host.t(msg("density contours"));
    contoursButton.setAttribute("aria-pressed", String(host.ui(contoursKey, false)));
    contoursButton.title = host.t(msg("Lines of equal density of the mixture; each has half the density of the one inside it."));
    const keyed = shared.heldComponent !== null && document.activeElement === figure;
    hint.textContent = host.t(
      moved ? movedHint(moved)
      : caught ? caughtSentence(trace, caught.rows)
      : keyed ? msg("Arrows move the mean of {0}, Enter starts EM there, Esc lets go.", letter(shared.heldComponent ?? 0))
      : msg("Circle points to select their rows; drag a letter to start EM from there."),
    );
  }

  return {
    draw,
    svgs: () => (root.hidden ? [] : canvas.hidden ? [below, above] : [below, canvas, above]),
    dispose() {
      gestures.dispose();
      points.dispose();
      figure.removeEventListener("keydown", onKey);
      figure.removeEventListener("blur", onBlur);
      root.replaceChildren();
    },
  };
}

function catchRows(scene: Scene, path: readonly (readonly [number, number])[]): Caught {
  const rows = scene.index.inside(path);
  const { layout, plane, trace } = scene;
  return {
    trace, plane: plane.id, rows,
    outline: path.map(([x, y]) => [layout.x.invert(x), layout.y.invert(y)] as const),
    mask: maskOf(rows, scene.index.x.length),
  };
}

function moveMark(means: Float64Array, { layout }: Scene, { component, dx, dy }: Moved) {
  const from = [means[2 * component], means[2 * component + 1]] as const;
  return { component, from, to: [from[0] + dx * layout.map.x[1], from[1] + dy * layout.map.y[1]] as const };
}
