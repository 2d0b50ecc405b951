import { line, scaleLinear, select, type ScaleLinear } from "d3";
import { msg } from "../../core/contract/message.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { niceStep } from "../marks/axis.js";
import { h, svg } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import type { Frame, ViewHost } from "../view.js";
import { curveOf, decimalsOfRange, figureSentence, finalOf, groupsOf, isCollapsed, rangeOf, spread } from "./restartsModel.js";
import type { Part, Shared } from "./shared.js";
import { sideWidth } from "./sweep.js";

const height = 150;
const top = 10;
const bottom = 128;
/** Starts that the button tries. */
const moreStarts = 10;
/** Pixels from a curve within which the pointer is on it. */
const reach = 12;

type Plot = {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly curves: readonly (readonly [number, number])[][];
};

/** The margin's restarts: log-likelihood of every start over its iterations; one is shown, the others are a click away. */
export function createRestarts(root: HTMLElement, host: ViewHost, shared: Shared): Part {
  const heading = h("b");
  const aside = h("span", { class: "mixture-aside" });
  const figure = svg("svg", { role: "img", tabindex: "0", height, class: "mixture-restart-figure" });
  const layers = { axis: svg("g"), curves: svg("g"), ends: svg("g"), here: svg("g"), names: svg("g") };
  figure.append(...Object.values(layers));
  const note = h("p", { class: "mixture-note" });
  const more = h("button", { type: "button", class: "link" });
  root.classList.add("mixture-restarts");
  root.append(h("h2", {}, heading, " ", aside), figure, note, more);
  let plot: Plot | undefined;
  let made: readonly unknown[] = [];
  let pointed: number | null = null;

  more.addEventListener("click", () => host.run({ n_init: moreStarts }));
  const choose = (index: number) => {
    shared.setFit(index);
    host.announce(host.t(msg("Start {0} of {1}: log-likelihood {2}", index + 1, shared.trace.fits.length, fixed(finalOf(shared.trace.fits[index]), 3))));
  };
  const place = (event: PointerEvent): [number, number] => {
    const box = figure.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const point = (index: number | null) => {
    if (index === pointed) return;
    pointed = index;
    figure.style.cursor = index === null ? "" : "pointer";
    host.redraw();
  };
  figure.addEventListener("pointermove", (event) => point(curveAt(...place(event))));
  figure.addEventListener("pointerleave", () => point(null));
  figure.addEventListener("click", (event) => {
    const index = curveAt(...place(event as PointerEvent));
    if (index !== null) choose(index);
  });

  /** The start whose curve passes nearest, among those within reach. */
  function curveAt(px: number, py: number): number | null {
    if (!plot) return null;
    const { x, y, curves } = plot;
    let best: number | null = null;
    let least = reach;
    curves.forEach((curve, i) => {
      for (let j = 0; j < curve.length; j++) {
        const [ax, ay] = [x(curve[j][0]), y(curve[j][1])];
        const [bx, by] = j + 1 < curve.length ? [x(curve[j + 1][0]), y(curve[j + 1][1])] : [ax, ay];
        const length = (bx - ax) ** 2 + (by - ay) ** 2;
        const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length));
        const d = Math.hypot(ax + t * (bx - ax) - px, ay + t * (by - ay) - py);
        if (d < least) [least, best] = [d, i];
      }
    });
    return best;
  }

  function key(event: KeyboardEvent): boolean {
    const step = event.key === "[" ? -1 : event.key === "]" ? 1 : 0;
    const n = plot?.curves.length ?? 0;
    if (step === 0 || n < 2) return false;
    choose((shared.fitIndex + step + n) % n);
    return true;
  }
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const n = plot?.curves.length ?? 0;
    if (step === undefined || n < 2) return;
    choose((shared.fitIndex + step + n) % n);
    event.preventDefault();
    event.stopPropagation();
  });

  function draw(trace: MixtureTrace, frame: Frame): void {
    const palette = host.palette();
    const width = sideWidth(frame.width);
    root.classList.toggle("mixture-stale", frame.status === "stale");
    if (made[0] !== trace) pointed = null;
    if (!plot || made[0] !== trace || made[1] !== width || made[2] !== palette) {
      made = [trace, width, palette];
      plot = plotOf(trace, width, (text) => textWidth(text, `600 12px ${palette.font}`));
    }
    heading.textContent = host.t(msg("Restarts at K = {0}", trace.K));
    aside.textContent = host.t(msg("log-likelihood"));
    figure.setAttribute("width", String(width));
    drawCurves(trace, plot, palette);
    drawNames(trace, plot, palette);
    const n = trace.fits.length;
    more.hidden = n > 1 || frame.status === "running";
    more.textContent = host.t(msg("Try {0} starts", moreStarts));
    const collapsed = trace.fits.filter(isCollapsed).length;
    note.textContent = [
      n === 1 ? host.t(msg("One start. Others may end elsewhere.")) : host.t(msg("Start {0} of {1} is shown.", shared.fitIndex + 1, n)),
      collapsed === 0 ? "" : collapsed === n ? host.t(msg("Crossed out: a component has collapsed.")) : host.t(msg("Crossed out, not counted: a component has collapsed.")),
    ].filter((text) => text !== "").join(" ");
    figure.setAttribute("aria-label", host.t(figureSentence(trace.fits, shared.fitIndex)));
  }

  function drawCurves(trace: MixtureTrace, { x, y, curves }: Plot, palette: Palette): void {
    const order = Array.from(curves.keys()).sort((a, b) => rank(a) - rank(b));
    const strong = (i: number) => i === shared.fitIndex;
    const path = line<readonly [number, number]>((d) => x(d[0]), (d) => y(d[1]));
    select(layers.curves).selectAll<SVGPathElement, number>("path").data(order, (i) => (i === undefined ? "" : String(i))).join("path").order()
      .attr("data-fit", (i) => i)
      .attr("d", (i) => path(curves[i]))
      .attr("fill", "none")
      .attr("stroke", (i) => (strong(i) || i === pointed ? palette.ink : palette.quiet))
      .attr("stroke-width", (i) => (strong(i) ? 2 : i === pointed ? 1.5 : 1))
      .attr("stroke-opacity", (i) => (strong(i) || i === pointed ? 1 : 0.6));
    const end = (i: number) => curves[i][curves[i].length - 1] ?? [0, y.domain()[0]];
    const counted = order.filter((i) => !isCollapsed(trace.fits[i]));
    select(layers.ends).selectAll("circle").data(counted).join("circle")
      .attr("data-fit", (i) => i)
      .attr("cx", (i) => x(end(i)[0])).attr("cy", (i) => y(end(i)[1]))
      .attr("r", (i) => (strong(i) ? 3 : 2)).attr("fill", (i) => (strong(i) ? palette.ink : palette.quiet));
    select(layers.ends).selectAll("path").data(order.filter((i) => isCollapsed(trace.fits[i]))).join("path")
      .attr("data-fit", (i) => i)
      .attr("d", (i) => `M${x(end(i)[0]) - 3.5} ${y(end(i)[1]) - 3.5}l7 7m0 -7l-7 7`)
      .attr("stroke", palette.red).attr("stroke-width", 1.4);
    const { kept, logLikelihood } = shared.fit;
    const iteration = kept[shared.shapesStep];
    const at = { x: x(iteration), y: y(Math.max(y.domain()[0], logLikelihood[iteration])) };
    select(layers.here).selectAll("circle").data([{ r: 3.2, fill: true }, { r: 6.5, fill: false }]).join("circle")
      .attr("cx", at.x).attr("cy", Number.isFinite(at.y) ? at.y : bottom).attr("r", (d) => d.r)
      .attr("fill", (d) => (d.fill ? palette.ink : "none")).attr("stroke", palette.ink).attr("stroke-width", (d) => (d.fill ? 0 : 1.5));

    function rank(i: number): number {
      return i === shared.fitIndex ? 2 : i === pointed ? 1 : 0;
    }
  }

  function drawNames(trace: MixtureTrace, { x, y }: Plot, palette: Palette): void {
    const right = x.range()[1];
    const [low, high] = y.domain();
    const decimals = decimalsOfRange(low, high);
    const labels = labelsOf(trace, shared.fitIndex, host, decimals);
    const ys = spread(labels.map(({ value }) => y(value) + 4), 15, bottom - 2);
    const names = select(layers.names);
    names.selectAll("text.mixture-end").data(labels).join("text").attr("class", "mixture-end")
      .classed("mixture-strong", (d) => d.strong)
      .attr("x", right + 11).attr("y", (_, i) => ys[i]).style("fill", (d) => (d.strong ? palette.ink : palette.quiet)).text((d) => d.text);
    names.selectAll("text.mixture-times").data(labels).join("text").attr("class", "mixture-times")
      .attr("x", (d) => right + 15 + textWidth(d.text, `${d.strong ? "600 " : ""}12px ${palette.font}`)).attr("y", (_, i) => ys[i])
      .style("fill", palette.quiet).text((d) => (d.times > 1 ? `×${d.times}` : ""));
    const cut = trace.fits.some((fit) => fit.logLikelihood.some((v) => v < low));
    names.selectAll("text.mixture-cut").data(cut ? [low] : []).join("text").attr("class", "mixture-cut")
      .attr("x", right + 11).attr("y", bottom + 4).style("fill", palette.quiet).text((v) => `< ${fixed(v, high - v < 20 ? decimals : 0)}`);
    const last = x.domain()[1];
    const every = niceStep(Math.max(1, last / 3));
    const ticks = [...Array.from({ length: Math.ceil(last / every) }, (_, i) => i * every).filter((t) => t === 0 || x(last) - x(t) >= 26), last];
    const axis = select(layers.axis);
    axis.selectAll("line").data([0]).join("line")
      .attr("x1", x(0)).attr("x2", right).attr("y1", bottom + 4).attr("y2", bottom + 4).attr("stroke", palette.axis);
    axis.selectAll("text").data(ticks).join("text")
      .attr("x", (t) => (t === last ? x(t) - 7 : x(t))).attr("y", height - 4)
      .attr("text-anchor", (t) => (t === last && t > 0 ? "start" : "middle")).style("fill", palette.quiet)
      .text((t) => (t === last ? host.t(msg("{0} iterations", t)) : t));
  }

  return {
    draw,
    key,
    svgs: () => [figure],
    dispose() {
      root.replaceChildren();
    },
  };
}

/** The margin at the right is as wide as the widest label of an end can be. */
function plotOf(trace: MixtureTrace, width: number, measure: (text: string) => number): Plot {
  const [low, high] = rangeOf(trace.fits);
  const curves = trace.fits.map((fit) => curveOf(fit, low));
  const last = Math.max(1, ...trace.fits.map((fit) => fit.logLikelihood.length - 1));
  const decimals = decimalsOfRange(low, high);
  const texts = groupsOf(trace.fits).map(({ value, fits }) => `${fixed(value, decimals)}${fits.length > 1 ? ` ×${fits.length}` : ""}`);
  const right = Math.max(67, 15 + Math.max(0, ...[...texts, `< ${fixed(low, decimals)}`].map(measure)));
  return { x: scaleLinear([0, last], [6, width - right]), y: scaleLinear([low, high], [bottom, top]), curves };
}

type EndLabel = { readonly value: number; readonly text: string; readonly times: number; readonly strong: boolean };

/** The ends in words: the highest and the lowest group, the one shown, and how far down the others go. */
function labelsOf(trace: MixtureTrace, shown: number, host: ViewHost, decimals: number): EndLabel[] {
  const groups = groupsOf(trace.fits);
  const label = (i: number, range = false): EndLabel => ({
    value: groups[i].value,
    text: range ? host.t(msg("to {0}", fixed(groups[i].value, decimals))) : fixed(groups[i].value, decimals),
    times: range ? 1 : groups[i].fits.length,
    strong: groups[i].fits.includes(shown),
  });
  if (groups.length <= 4) return groups.map((_, i) => label(i));
  const chosen = groups.findIndex(({ fits }) => fits.includes(shown));
  const last = groups.length - 1;
  const others = chosen === last - 1 ? last - 2 : last - 1;
  const indices = [...new Set([0, chosen, others, last])].sort((a, b) => a - b);
  return indices.filter((i) => i >= 0).map((i) => (i === others && i !== chosen ? label(i, true) : label(i)));
}
