import { msg } from "../../core/contract/index.js";
import { setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import { fixed, percent } from "../text/number.js";
import type { ViewHost } from "../view.js";

export type Weighed = {
  readonly names: readonly string[];
  /** The token before that each is most alike, by its name. */
  readonly nearest: readonly string[];
  readonly probability: ArrayLike<number>;
  readonly penalty: ArrayLike<number>;
  readonly score: ArrayLike<number>;
  readonly selected: number;
};

export interface ContrastiveBars {
  readonly element: SVGSVGElement;
  draw(weighed: Weighed, width: number, at: number | null): void;
  /** The candidate at a height. */
  indexAt(y: number): number | null;
}

const head = 24;
const pitch = 26;

/** The score as a formula, or by its name where the column has no room for that. */
function whole(host: ViewHost, column: number): string {
  const formula = "(1 \u2212 \u03b1) p \u2212 \u03b1 s";
  return textWidth(formula, `11px ${host.palette().font}`) <= column ? formula : host.t(msg("score"));
}

/** The candidates of a step: what the model gives each, how alike it is to what came before, and what that leaves. */
export function createContrastiveBars(host: ViewHost): ContrastiveBars {
  const element = svg("svg", { class: "contrastive-bars", role: "listbox", tabindex: "0", "aria-label": host.t(msg("Candidates")) });
  let count = 0;
  return {
    element,
    indexAt(y) {
      const index = Math.floor((y - head) / pitch);
      return index >= 0 && index < count ? index : null;
    },
    draw({ names, nearest, probability, penalty, score, selected }, width, at) {
      const palette = host.palette();
      count = names.length;
      const height = head + count * pitch + 2;
      const font = `12px ${palette.mono}`;
      const labels = Math.min(width * 0.24, Math.max(36, ...names.map((name) => textWidth(name, `600 ${font}`)))) + 8;
      const gap = width < 420 ? 10 : 18;
      const column = (width - labels - 2 * gap) / 3;
      const digits = 44;
      const x = [0, 1, 2].map((i) => labels + i * (column + gap));
      const bar = column - digits;
      // One scale for all three, so that lengths can be held against one another; negative ones run to the left of zero.
      const least = Math.min(0, ...Array.from(score), ...Array.from(penalty));
      const unit = bar / (1 - least);
      const zero = -least * unit;
      const titles = [host.t(width < 420 ? msg("p") : msg("probability p")), host.t(width < 420 ? msg("likeness s") : msg("largest likeness s")), whole(host, column)];
      const marks: SVGElement[] = titles.map((title, i) => svg("text", { x: x[i], y: 12, class: "quiet-text" }, shortened(title, column, `11px ${palette.font}`)));
      [0, 1, 2].forEach((i) => {
        const origin = i === 0 ? 0 : zero;
        marks.push(svg("line", { x1: x[i] + origin, x2: x[i] + origin, y1: head - 4, y2: height - 2, stroke: palette.axis }));
      });
      names.forEach((name, i) => {
        const top = head + i * pitch;
        const y = top + pitch / 2;
        const chosen = i === selected;
        const row = svg("g", { role: "option", id: `contrastive-${i}`, "aria-selected": String(chosen), "aria-label": host.t(msg("{0}: p {1}, most like {2} with {3}, score {4}", name, percent(probability[i], 1), nearest[i], fixed(penalty[i], 3), fixed(score[i], 3))) });
        if (i === at) row.append(svg("rect", { x: 0, y: top, width, height: pitch, fill: palette.ink, "fill-opacity": 0.08, "data-export": "none" }));
        if (chosen) row.append(svg("rect", { x: -4, y: top + 1, width: width + 6, height: pitch - 2, rx: 3, fill: "none", stroke: palette.focus, "stroke-width": 2 }));
        row.append(svg("text", { x: 0, y: y + 4, class: chosen ? "mono-text strong-text" : "mono-text" }, shortened(name, labels - 8, chosen ? `600 ${font}` : font)));
        const draw = (at: number, value: number, origin: number, scale: number, fill: string, text: string, strong: boolean): void => {
          const [from, to] = [origin, origin + value * scale].sort((a, b) => a - b);
          row.append(
            svg("rect", { x: x[at] + from, y: y - 5.5, width: Math.max(0.75, to - from), height: 11, fill, stroke: palette.contrast ? palette.ink : "none", "stroke-width": 0.75 }),
            svg("text", { x: x[at] + column - 4, y: y + 4, "text-anchor": "end", class: strong ? "strong-text" : "" }, text),
          );
        };
        draw(0, probability[i], 0, unit, palette.strength(0.6), fixed(probability[i], 3), false);
        draw(1, penalty[i], zero, unit, palette.strength(Math.max(-1, Math.min(1, penalty[i]))), fixed(penalty[i], 3), false);
        draw(2, score[i], zero, unit, palette.quiet, fixed(score[i], 3), chosen);
        row.append(svg("title", {}, host.t(msg("{0}: most like {1} before it", name, nearest[i]))));
        marks.push(row);
      });
      element.replaceChildren(...marks);
      setAttributes(element, { width, height, "aria-activedescendant": at === null ? null : `contrastive-${at}` });
    },
  };
}
