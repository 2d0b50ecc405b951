import { msg } from "../../core/contract/index.js";
import { niceStep } from "../marks/axis.js";
import { h, linkButton, setAttributes, svg } from "../marks/dom.js";
import { fixed } from "../text/number.js";
import type { Frame, ViewHost } from "../view.js";
import { endNote, publishedNotes } from "./likelihoodNotes.js";
import { defaultScale, heightScale, likelihoodDecimals, positionOfIteration, thinned } from "./likelihoodScale.js";
import type { Part, Shared } from "./shared.js";
import { pathOf, px, textWidth } from "./viewDom.js";

export interface Likelihood extends Part {
  /** The x-extent of the curve, which the player's range shares, in px from the figure's left edge. */
  track(frame: Frame, left: number): { readonly left: number; readonly width: number };
}

const height = 84;
const floor = height - 14;

/** The log-likelihood over the iterations: the ruler of the player. */
export function createLikelihood(root: HTMLElement, host: ViewHost, shared: Shared): Likelihood {
  const hint = h("span", { class: "quiet" });
  const toggle = linkButton("", () => host.setUi("likelihoodScale", kind() === "even" ? "stretched" : "even"));
  const remedy = linkButton(host.t(msg("Set reg_covar to {0}", "1e-6")), () => host.run({ reg_covar: 1e-6 }));
  const heading = h("h2", {}, host.t(msg("Log-likelihood")), " ", hint, " ", toggle, " ", remedy);
  const figure = svg("svg", { class: "mixture-likelihood", role: "img" });
  const area = svg("g");
  figure.append(area);
  const box = h("div", { class: "mixture-likelihood-box" }, heading, figure);
  root.append(box);
  let extent = { left: 0, width: 1 };
  let held = false;

  function kind(): "even" | "stretched" {
    return host.ui<"even" | "stretched" | null>("likelihoodScale", null) ?? defaultScale(shared.fit);
  }

  const seek = (event: PointerEvent): void => {
    const x = event.clientX - figure.getBoundingClientRect().left;
    const last = 2 * (shared.S - 1);
    host.setStep(Math.max(0, Math.min(last, Math.round(((x - extent.left) / extent.width) * last))));
  };
  figure.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = true;
    figure.setPointerCapture(event.pointerId);
    seek(event);
  });
  figure.addEventListener("pointermove", (event) => {
    if (held) seek(event);
  });
  for (const end of ["pointerup", "pointercancel"] as const) figure.addEventListener(end, () => (held = false));

  return {
    track(frame, left) {
      const font = host.palette().font;
      const { fit } = shared;
      const end = Math.max(textWidth(fixed(fit.logLikelihood[fit.logLikelihood.length - 1], likelihoodDecimals(fit)), 12, font, true), textWidth(host.t(endNote(fit)), 11, font));
      extent = { left, width: Math.max(60, frame.width - left - end - 18) };
      return extent;
    },
    draw(trace, frame) {
      const { fit, S, position } = shared;
      const palette = host.palette();
      const narrow = frame.width < 480;
      const values = fit.logLikelihood;
      const I = values.length - 1;
      const decimals = likelihoodDecimals(fit);
      const last = 2 * (S - 1);
      const scale = heightScale(values, kind());
      const at = (p: number): number => (last > 0 ? extent.left + (extent.width * p) / last : extent.left);
      const X = (iteration: number): number => at(positionOfIteration(fit.kept, iteration));
      const Y = (v: number): number => floor - 8 - scale.height(v) * (floor - 18);
      setAttributes(figure, {
        width: frame.width, height: height + 6, viewBox: `0 0 ${frame.width} ${height + 6}`,
        "aria-label": host.t(msg("Log-likelihood from {0} to {1} over {2} iterations", fixed(values[0], decimals), fixed(values[I], decimals), I)),
      });
      const stretched = scale.kind === "stretched";
      hint.textContent = narrow ? (stretched ? host.t(msg("stretched near its end")) : "")
        : stretched ? host.t(msg("the curve is the ruler of the player; its height is stretched near the end, to show the small gains"))
        : host.t(msg("the curve is the ruler of the player: drag to any half-step"));
      toggle.textContent = host.t(stretched ? msg("even") : msg("stretch"));
      toggle.hidden = I < 3;
      remedy.hidden = fit.fell.length === 0 || trace.regCovar <= 1e-6;

      const nodes: SVGElement[] = [svg("rect", { width: frame.width, height: height + 6, fill: "transparent", "data-export": "none" })];
      // The ruler: a tick an iteration as far as they can be told apart, numbers thinned, half-steps as short ticks.
      const spacing = extent.width / Math.max(1, S - 1);
      const widest = textWidth(String(I), 11, palette.font) + (narrow ? 9 : 16);
      const every = niceStep(Math.max(1, (widest * Math.max(1, S - 1)) / extent.width));
      for (let s = 0; s < S; s++) {
        const x = at(2 * s);
        const lastClash = s !== S - 1 && (S - 1 - s) * spacing < widest;
        const numbered = (s % every === 0 && !lastClash) || s === S - 1;
        if (spacing >= 4 || numbered) nodes.push(svg("line", { x1: px(x), x2: px(x), y1: floor, y2: floor + 5, stroke: palette.axis, "data-iteration": fit.kept[s] }));
        if (numbered) nodes.push(svg("text", { x: px(x), y: height + 2, "text-anchor": "middle", class: "q" }, String(fit.kept[s])));
        if (spacing >= 16 && s < S - 1) nodes.push(svg("line", { x1: px(at(2 * s + 1)), x2: px(at(2 * s + 1)), y1: floor, y2: floor + 2.5, stroke: palette.axis, "data-half": true }));
      }
      nodes.push(svg("line", { x1: px(at(0)), x2: px(at(last)), y1: floor, y2: floor, stroke: palette.axis }));
      nodes.push(svg("path", { d: pathOf(thinned(values, X, Y)), fill: "none", stroke: palette.ink, "stroke-width": 1.5, "stroke-linejoin": "round", "data-curve": true }));
      const now = Math.floor(position / 2);
      if (spacing >= 9) {
        for (let i = 0; i <= I; i++) nodes.push(svg("circle", { cx: px(X(i)), cy: px(Y(values[i])), r: i === fit.kept[now] ? 3.4 : 2.4, fill: palette.ink, "data-dot": i }));
      }
      for (const i of fit.fell) {
        const [x, y] = [X(i), Y(values[i])];
        nodes.push(svg("line", { x1: px(X(i - 1)), y1: px(Y(values[i - 1])), x2: px(x), y2: px(y), stroke: palette.red, "stroke-width": 2 }));
        nodes.push(svg("path", { d: `M${px(x - 5)} ${px(y - 5)}l10 10M${px(x + 5)} ${px(y - 5)}l-10 10`, stroke: palette.red, "stroke-width": 2, "data-fell": i }));
      }

      // The place: a line from the curve into the ruler, with the value there.
      const here = at(position);
      const value = values[fit.kept[Math.min(now, S - 1)]];
      nodes.push(svg("line", { x1: px(here), x2: px(here), y1: px(Y(value)), y2: floor, stroke: palette.ink, "stroke-width": 1.25, "data-place": position }));
      const published = publishedNotes(trace, fit);
      const iterationAt = (x: number): number => {
        const s = Math.max(0, Math.min(S - 1, ((x - extent.left) / extent.width) * (S - 1)));
        const [a, b] = [fit.kept[Math.floor(s)], fit.kept[Math.ceil(s)]];
        return a + (b - a) * (s - Math.floor(s));
      };
      const rows = new Rows(frame.width, (x) => {
        const i = iterationAt(x);
        const [a, b] = [Y(values[Math.floor(i)]), Y(values[Math.ceil(i)])];
        return x < extent.left || x > extent.left + extent.width ? NaN : a + (b - a) * (i - Math.floor(i));
      });
      const fell = fit.fell[0];
      if (fell !== undefined) {
        const label = host.t(msg("fell by {0}", fixed(values[fell - 1] - values[fell], 3)));
        const width = textWidth(label, 12, palette.font, true);
        const [x, y] = rows.put(X(fell), Y(values[fell]) + 4, width, [10, 16, 24, -10 - width], [0, -16, 14, -26, 24]);
        nodes.push(svg("text", { x: px(x), y: px(y), class: "t12 b halo red" }, label));
      }
      const end = fixed(values[I], decimals);
      const endX = at(last) + 8;
      const endY = Math.min(Y(values[I]) + 4, floor - 12);
      // At the end the value of the step is the end's.
      const atEnd = position >= last && value === values[I];
      nodes.push(svg("text", { x: px(endX), y: px(endY), class: atEnd ? "t12 b" : "t12", "data-end": values[I], "data-value": atEnd ? value : null }, end));
      nodes.push(svg("text", { x: px(endX), y: px(endY + 15), class: "q" }, host.t(endNote(fit))));
      const bold = fixed(value, decimals);
      if (published) {
        const x = X(published.at);
        nodes.push(svg("circle", { cx: px(x), cy: px(Y(values[published.at])), r: 6.5, fill: "none", stroke: palette.ink, "stroke-width": 1.5, "data-published": published.at }));
        const atIt = Math.floor(fit.kept[now]) === published.at;
        // Room for the value of the step, where that stands before the stop.
        const left = Math.max(x + 18, atIt ? here + 8 : here < x ? here + 34 + textWidth(bold, 12, palette.font, true) : 0);
        const lead = atIt ? bold : "";
        const leadWidth = lead ? textWidth(lead, 12, palette.font, true) + 8 : 0;
        const lines = narrow ? [host.t(published.short)] : [host.t(published.first), host.t(published.second)];
        const first = floor - 8 - (lines.length - 1) * 16;
        if (lead) rows.take(left, first - (narrow ? 16 : 0), leadWidth);
        if (lead) nodes.push(svg("text", { x: px(left), y: narrow ? first - 16 : first, class: "t12 b halo", "data-value": value }, lead));
        lines.forEach((line, i) => {
          const offset = i === 0 && !narrow ? leadWidth : 0;
          nodes.push(svg("text", { x: px(left + offset), y: first + 16 * i, class: "t12 q halo", "data-note": i }, line));
          rows.take(left, first + 16 * i, offset + textWidth(line, 12, palette.font));
        });
        if (!atIt && !atEnd) nodes.push(valueNode(here, bold, value, rows));
      } else if (!atEnd) nodes.push(valueNode(here, bold, value, rows));
      if (now > 0 && I > 0) {
        const label = narrow ? host.t(msg("from {0}", fixed(values[0], decimals))) : fixed(values[0], decimals);
        const width = textWidth(label, 12, palette.font);
        const x = at(0) + 8;
        const crossed = here > x - 4 && here < x + width + 4;
        const y = [4, -14, -24].map((dy) => Y(values[0]) + dy).find((each) => rows.free(x, each, width));
        if (!crossed && y !== undefined) nodes.push(svg("text", { x: px(x), y: px(y), class: "t12 q halo" }, label));
      }
      area.replaceChildren(...nodes);

      function valueNode(x: number, text: string, exact: number, taken: Rows): SVGElement {
        const width = textWidth(text, 12, palette.font, true);
        const right = [8, 12, 18, 24];
        const before = [-8 - width];
        const [left, y] = taken.put(x, floor - 8, width, x + 8 + width > at(last) + 4 ? [...before, ...right] : [...right, ...before], [0, -16, -32, 20 - floor]);
        return svg("text", { x: px(left), y, class: "t12 b halo", "data-value": exact }, text);
      }
    },
    svgs: () => [figure],
    dispose: () => box.remove(),
  };
}

/** Texts of one line that are already placed, by left end, baseline and width; and the curve's y over an x, NaN beside it. */
class Rows {
  #boxes: { readonly x: number; readonly y: number; readonly width: number }[] = [];
  constructor(readonly width: number, readonly curve: (x: number) => number) {}

  take(x: number, y: number, width: number): void {
    this.#boxes.push({ x, y, width });
  }

  /** Whether a text meets neither another nor the curve. */
  free(x: number, y: number, width: number): boolean {
    if (x < 0 || x + width > this.width || y < 8) return false;
    if (this.#boxes.some((other) => x < other.x + other.width + 3 && x + width > other.x - 3 && Math.abs(y - other.y) < 14)) return false;
    for (let at = x; at <= x + width; at += 3) {
      const curve = this.curve(at);
      if (curve > y - 11 && curve < y + 2) return false;
    }
    return true;
  }

  /** Takes the first free place of those aside and above or below a point; the first of all where none is free. */
  put(x: number, y: number, width: number, aside: readonly number[], above: readonly number[]): readonly [number, number] {
    const places = above.flatMap((dy) => aside.map((dx) => [x + dx, y + dy] as const));
    const place = places.find(([left, base]) => this.free(left, base, width)) ?? places[0];
    this.take(place[0], place[1], width);
    return place;
  }
}
