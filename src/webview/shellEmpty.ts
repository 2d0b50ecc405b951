import { msg, type Message } from "../core/contract/index.js";
import type { SampleInfo } from "../core/protocol.js";
import { button } from "./controls/toolkit.js";
import { h, linkButton, svg } from "./marks/dom.js";
import type { ViewHost } from "./view.js";

/** Counts of the sample's 100 numbers in 30 equal bins from −2.553 to 6.896, and the two fitted bells. */
const counts = [1, 1, 2, 2, 2, 4, 3, 7, 5, 6, 4, 3, 5, 1, 2, 2, 0, 0, 2, 1, 4, 7, 7, 2, 9, 7, 3, 5, 1, 2];
const bells = [[0.5019, 0.1563, 1.1496], [0.4981, 4.9815, 0.8716]];

/** What stands in an empty panel: what to select, the samples, and the first sample's picture, small and grey. */
export function emptyState(host: ViewHost, invitation: { readonly title: Message; readonly hint: Message }, samples: readonly SampleInfo[]): HTMLElement {
  const section = h("section", { class: "empty" }, h("h1", {}, host.t(invitation.title)), h("p", {}, host.t(invitation.hint)));
  const [first, ...others] = samples;
  if (first) {
    const open = (sample: SampleInfo) => () => host.post({ type: "openSample", file: sample.file });
    section.append(h("div", { class: "buttons" }, button(host.t(msg("Try {0}", first.title)), open(first), true)));
    if (others.length > 0) {
      const list = h("ul", { class: "samples small", "aria-label": host.t(msg("Other samples")) });
      for (const sample of others) list.append(h("li", {}, linkButton(sample.title, open(sample))));
      section.append(list);
    }
  }
  section.append(picture());
  return section;
}

function picture(): SVGSVGElement {
  const [low, high, width, height] = [-3.2, 8, 312, 120];
  const [min, max] = [-2.55299, 6.89589];
  const x = (v: number): number => ((v - low) / (high - low)) * width;
  const y = (density: number): number => height - 2 - (density / 0.3) * (height - 6);
  const bin = (max - min) / counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const figure = svg("svg", { class: "sample-picture", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  counts.forEach((count, i) => {
    const top = y(count / total / bin);
    figure.append(svg("rect", { class: "bar", x: x(min + i * bin) + 0.5, y: top, width: x(min + bin) - x(min) - 1, height: y(0) - top }));
  });
  for (const [weight, mean, deviation] of bells) {
    const points = Array.from({ length: 160 }, (_, i) => low + ((high - low) * i) / 159)
      .map((v) => [v, (weight / deviation / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5 * ((v - mean) / deviation) ** 2)])
      .filter(([, density]) => density > 0.0007);
    figure.append(svg("path", { class: "bell", d: points.map(([v, density], i) => `${i ? "L" : "M"}${x(v).toFixed(1)} ${y(density).toFixed(1)}`).join("") }));
  }
  figure.append(svg("line", { class: "base", x1: 0, x2: width, y1: y(0), y2: y(0) }));
  return figure;
}
