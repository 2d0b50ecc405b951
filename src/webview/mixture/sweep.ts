import { line, scaleLinear, select } from "d3";
import { msg, type Message } from "../../core/contract/message.js";
import type { MixtureTrace, Sweep } from "../../core/mixture/trace.js";
import { drawAxis, tickFormat } from "../marks/axis.js";
import { h, svg } from "../marks/dom.js";
import { placeLabels, placesAround, textWidth, type Box } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import type { Frame, ViewHost } from "../view.js";
import type { Part, Shared } from "./shared.js";

/** Side figures fill their column, but a wide column would only stretch them. */
export function sideWidth(column: number): number {
  return Math.max(180, Math.min(420, Math.floor(column)));
}

const criterionKey = "criterion";
const height = 168;
const top = 12;
const bottom = 140;
/** Starts that are compared when none were asked for before. */
const usualMax = 6;

export type Criterion = "bic" | "aic";

/** For each K, ascending, the least value of the fits that count, or NaN. */
export function bestByK(sweep: Sweep, criterion: Criterion): { readonly k: number; readonly value: number }[] {
  const best = new Map<number, number>();
  sweep.k.forEach((k, i) => {
    const value = sweep.collapsed[i] ? NaN : sweep[criterion][i];
    const before = best.get(k) ?? NaN;
    best.set(k, Number.isNaN(before) || value < before ? value : before);
  });
  return Array.from(best, ([k, value]) => ({ k, value })).sort((a, b) => a.k - b.k);
}

/** What the crosses mean; null when there are none. */
export function crossesSentence(sweep: Sweep, criterion: Criterion): Message | null {
  const crossed = Array.from(sweep.k.keys()).filter((i) => sweep.collapsed[i]);
  if (crossed.length === 0) return null;
  const best = criterion === "bic" ? sweep.bestBic : sweep.bestAic;
  if (best < 0) {
    return msg("In every fit a component has collapsed onto a few points, so none counts. Raise reg_covar or compare fewer components.");
  }
  const least = crossed.reduce((a, b) => (sweep[criterion][b] < sweep[criterion][a] ? b : a));
  return sweep[criterion][least] < sweep[criterion][best]
    ? msg("K = {0} would win with {1}, but there a component has collapsed onto a few points. Crosses are shown, not counted.",
        sweep.k[least], fixed(sweep[criterion][least], 0))
    : msg("Crosses are fits in which a component has collapsed onto a few points: shown, not counted.");
}

/** The margin's BIC or AIC over K: one dot a restart, a line through the best that count, crosses for collapsed fits. */
export function createSweep(root: HTMLElement, host: ViewHost, _shared: Shared): Part {
  const criteria = (["bic", "aic"] as const).map((name) => h("button", { type: "button", class: "link mixture-criterion", "data-criterion": name }, name.toUpperCase()));
  const heading = h("b");
  const aside = h("span", { class: "mixture-aside" });
  const figure = svg("svg", { "aria-hidden": "true", height });
  const layers = { axis: svg("g"), dots: svg("g"), best: svg("g"), crosses: svg("g"), names: svg("g") };
  figure.append(...Object.values(layers));
  const columns = h("div", { class: "mixture-columns", role: "group" });
  const plot = h("div", { class: "mixture-side-plot" }, figure, columns);
  const note = h("p", { class: "mixture-note" });
  const compare = h("button", { type: "button", class: "link" });
  root.classList.add("mixture-sweep");
  root.append(h("h2", {}, criteria[0], " ", criteria[1], " ", heading, " ", aside), plot, note, compare);
  for (const button of criteria) button.addEventListener("click", () => host.setUi(criterionKey, button.dataset.criterion));
  compare.addEventListener("click", () => host.run({ sweep_max: maxToCompare(host), sweep_always: true }));
  columns.addEventListener("keydown", onArrow);
  let drawn: readonly unknown[] = [];

  function draw(trace: MixtureTrace, frame: Frame): void {
    const { sweep } = trace;
    const criterion: Criterion = host.ui<Criterion>(criterionKey, "bic");
    const palette = host.palette();
    root.classList.toggle("mixture-stale", frame.status === "stale");
    const look = [trace, palette, criterion, frame.width, frame.status];
    if (look.every((part, i) => part === drawn[i])) return;
    drawn = look;
    heading.textContent = host.t(msg("over K"));
    aside.textContent = sweep ? host.t(msg("one dot a restart")) : "";
    for (const button of criteria) button.setAttribute("aria-pressed", String(button.dataset.criterion === criterion));
    plot.hidden = sweep === null;
    compare.hidden = sweep !== null || frame.status === "running";
    if (!sweep) {
      note.textContent =
        frame.status === "running" ? host.t(msg("The comparison follows the fit."))
        : trace.sweepSkipped ? host.t(trace.sweepSkipped)
        : "";
      note.hidden = note.textContent === "";
      compare.textContent = host.t(msg("Compare K = 1…{0}", maxToCompare(host)));
      return;
    }
    const sentence = crossesSentence(sweep, criterion);
    note.textContent = sentence ? host.t(sentence) : "";
    note.hidden = sentence === null;
    drawFigure(trace, sweep, criterion, sideWidth(frame.width), palette);
  }

  function drawFigure(trace: MixtureTrace, sweep: Sweep, criterion: Criterion, width: number, palette: Palette): void {
    const values = sweep[criterion];
    const best = bestByK(sweep, criterion);
    const finite = Array.from(values).filter(Number.isFinite);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const pad = (high - low || Math.abs(high) * 0.05 || 1) * 0.12;
    const y = scaleLinear([low - 1.5 * pad, high + pad / 2], [bottom, top]);
    const last = best[best.length - 1].k;
    const ticks = y.ticks(4);
    const widest = Math.max(0, ...ticks.map(tickFormat(ticks)).map((text) => textWidth(text, `11px ${palette.font}`)));
    const at = Math.max(32, Math.ceil(widest) + 8);
    const x = scaleLinear([1, Math.max(2, last)], [at + 12, width - 18]);
    figure.setAttribute("width", String(width));
    drawAxis(layers.axis, { side: "left", scale: y, at, ticks, grid: [at - 4, width], line: false, palette });

    const counted = Array.from(values.keys()).filter((i) => !sweep.collapsed[i] && Number.isFinite(values[i]));
    select(layers.dots).selectAll("circle").data(counted).join("circle")
      .attr("data-restart", (i) => i)
      .attr("cx", (i) => x(sweep.k[i])).attr("cy", (i) => y(values[i]))
      .attr("r", 2.4).attr("fill", palette.quiet).attr("fill-opacity", 0.55);
    const crossed = Array.from(values.keys()).filter((i) => sweep.collapsed[i] && Number.isFinite(values[i]));
    select(layers.crosses).selectAll("path").data(crossed).join("path")
      .attr("data-restart", (i) => i)
      .attr("d", (i) => `M${x(sweep.k[i]) - 3.5} ${y(values[i]) - 3.5}l7 7m0 -7l-7 7`)
      .attr("stroke", palette.red).attr("stroke-width", 1.4).attr("fill", "none");

    const winner = criterion === "bic" ? sweep.bestBic : sweep.bestAic;
    const route = best.filter(({ value }) => Number.isFinite(value));
    const marks = select(layers.best);
    marks.selectAll("path").data([route]).join("path")
      .attr("d", line<{ k: number; value: number }>((d) => x(d.k), (d) => y(d.value)))
      .attr("fill", "none").attr("stroke", palette.ink).attr("stroke-width", 1.5);
    marks.selectAll("circle.mixture-best").data(route).join("circle").attr("class", "mixture-best")
      .attr("data-k", (d) => d.k)
      .attr("cx", (d) => x(d.k)).attr("cy", (d) => y(d.value))
      .attr("r", (d) => (winner >= 0 && d.k === sweep.k[winner] ? 5 : 3))
      .attr("fill", palette.ink).attr("stroke", palette.paper).attr("stroke-width", 1.5);
    marks.selectAll("circle.mixture-here").data(route.filter((d) => d.k === trace.K)).join("circle").attr("class", "mixture-here")
      .attr("cx", (d) => x(d.k)).attr("cy", (d) => y(d.value)).attr("r", 6.5)
      .attr("fill", "none").attr("stroke", palette.ink).attr("stroke-width", 1.5);
    drawNames(trace, sweep, values, best.map(({ k }) => k), winner, crossed, x, y, width, palette);
    drawColumns(trace, best, criterion, x);
  }

  function drawNames(
    trace: MixtureTrace, sweep: Sweep, values: Float64Array, ks: readonly number[], winner: number, crossed: readonly number[],
    x: (k: number) => number, y: (v: number) => number, width: number, palette: Palette,
  ): void {
    const names = select(layers.names);
    const every = ks.length < 2 ? 1 : Math.max(1, Math.ceil(15 / Math.abs(x(ks[1]) - x(ks[0]))));
    names.selectAll<SVGTextElement, number>("text.mixture-k").data(ks.filter((k) => k % every === 0 || k === 1 || k === trace.K)).join("text")
      .attr("class", "mixture-k").classed("mixture-strong", (k) => k === trace.K)
      .attr("x", (k) => x(k)).attr("y", 158).attr("text-anchor", "middle")
      .style("fill", (k) => (k === trace.K ? palette.ink : palette.quiet)).text((k) => k);
    const low = crossed.reduce((a, b) => (a < 0 || values[b] < values[a] ? b : a), -1);
    const notes = [
      ...(winner < 0 ? [] : [{ name: "mixture-lowest", at: winner, text: host.t(msg("{0} lowest", fixed(values[winner], 1))), color: palette.ink }]),
      ...(low < 0 ? [] : [{ name: "mixture-collapsed", at: low, text: host.t(msg("collapsed")), color: palette.red }]),
    ];
    const widths = notes.map(({ name, text }) => textWidth(text, `${name === "mixture-lowest" ? "600 12px" : "11px"} ${palette.font}`));
    const boxes = placeLabels(
      notes.map(({ at }, i) => ({ width: widths[i], height: 15, places: placesAround(x(sweep.k[at]), y(values[at]), widths[i], 15, 9) })),
      obstaclesOf(sweep, values, bestByK(sweep, values === sweep.aic ? "aic" : "bic"), x, y),
      { x: 30, y: 2, width: width - 30, height: 145 },
    );
    names.selectAll("text.mixture-side-note").data(notes).join("text")
      .attr("class", (d) => `mixture-side-note mixture-halo ${d.name} ${d.name === "mixture-lowest" ? "mixture-strong" : ""}`)
      .attr("x", (_, i) => boxes[i].x).attr("y", (_, i) => boxes[i].y + 12)
      .style("fill", (d) => d.color).attr("stroke", palette.paper).text((d) => d.text);
  }

  /** One button over each K: a click fits with it. They are one tab stop; arrows move inside. */
  function drawColumns(trace: MixtureTrace, best: ReturnType<typeof bestByK>, criterion: Criterion, x: (k: number) => number): void {
    const wide = best.length < 2 ? 40 : Math.min(40, Math.abs(x(best[1].k) - x(best[0].k)));
    columns.setAttribute("aria-label", host.t(msg("{0} over K; choosing a K fits with it", criterion.toUpperCase())));
    select(columns)
      .selectAll<HTMLButtonElement, (typeof best)[number]>("button")
      .data(best)
      .join((enter) => enter.append("button").attr("type", "button").attr("class", "mixture-column"))
      .attr("data-k", (d) => d.k)
      .attr("tabindex", (d, i) => (d.k === trace.K || (i === 0 && !best.some(({ k }) => k === trace.K)) ? 0 : -1))
      .attr("aria-pressed", (d) => String(d.k === trace.K))
      .attr("aria-label", (d) => host.t(Number.isFinite(d.value) ? msg("K = {0}: {1} {2}", d.k, criterion.toUpperCase(), fixed(d.value, 1)) : msg("K = {0}: every fit collapsed", d.k)))
      .attr("title", function () {
        return this.getAttribute("aria-label");
      })
      .style("left", (d) => `${x(d.k) - wide / 2}px`)
      .style("width", `${wide}px`)
      .style("height", `${height}px`)
      .on("click", (_event, d) => host.run({ n_components: d.k }));
  }

  return {
    draw,
    svgs: () => (plot.hidden ? [] : [figure]),
    dispose() {
      root.replaceChildren();
    },
  };
}

/** What the labels must not cover: dots, crosses and the line. */
function obstaclesOf(sweep: Sweep, values: Float64Array, best: ReturnType<typeof bestByK>, x: (k: number) => number, y: (v: number) => number): Box[] {
  const around = (px: number, py: number, r: number): Box => ({ x: px - r, y: py - r, width: 2 * r, height: 2 * r });
  const route = best.filter(({ value }) => Number.isFinite(value)).map(({ k, value }) => [x(k), y(value)]);
  const along = route.slice(1).flatMap(([bx, by], i) =>
    Array.from({ length: 13 }, (_, j) => around(route[i][0] + (j / 12) * (bx - route[i][0]), route[i][1] + (j / 12) * (by - route[i][1]), 4)));
  const dots = Array.from(values.keys()).filter((i) => Number.isFinite(values[i])).map((i) => around(x(sweep.k[i]), y(values[i]), 5));
  return [...along, ...dots, ...route.map(([px, py]) => around(px, py, 7))];
}

function maxToCompare(host: ViewHost): number {
  const asked = host.params()["sweep_max"];
  return typeof asked === "number" && asked > 0 ? asked : usualMax;
}

function onArrow(event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const button = event.target;
  if (step === undefined || !(button instanceof HTMLElement)) return;
  const next = step < 0 ? button.previousElementSibling : button.nextElementSibling;
  if (next instanceof HTMLElement) next.focus();
  event.preventDefault();
  event.stopPropagation();
}
