import { msg, type Message } from "../../core/contract/index.js";
import { isDistance } from "../../core/vectors/heatmap.js";
import type { Metric } from "../../core/vectors/similarity.js";
import { segmented } from "../controls/segmented.js";
import { h } from "../marks/dom.js";
import { compact, fixed, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { thresholdKey } from "./heatmapModel.js";
import { isBounded, type Scale } from "./heatmapScale.js";
import type { Order } from "./heatmapMatrix.js";

/** As given, by name, or clustered. */
export function orderSwitch(host: ViewHost): { readonly element: HTMLElement; show(order: Order): void } {
  const t = (message: Message): string => host.t(message);
  return segmented<Order>(t(msg("Order of the rows")), [
    { value: "given", label: t(msg("as given")) }, { value: "name", label: t(msg("by name")) }, { value: "clustered", label: t(msg("clustered")) },
  ], (order) => host.setUi("order", order));
}

/** Positions of the slider. */
const size = 200;

/** Fades the cells that are less alike than a threshold. It stands under the key and shares its extent. */
export function thresholdSlider(host: ViewHost): {
  readonly element: HTMLElement;
  draw(scale: Scale, domain: readonly [number, number], extent: { readonly left: number; readonly width: number }, threshold: number | null, count: () => { readonly pairs: number; readonly total: number }): void;
} {
  const input = h("input", { type: "range", class: "track", min: 0, max: size, step: 1 });
  const text = h("p", { class: "small quiet" });
  const element = h("div", { class: "heatmap-threshold" }, input, text);
  let now: { readonly domain: readonly [number, number]; readonly metric: Metric } = { domain: [0, 1], metric: "cosine" };
  input.addEventListener("input", () => {
    const { domain: [low, high], metric } = now;
    const at = Number(input.value);
    const off = isDistance(metric) ? at >= size : at <= 0;
    // As exact as it is said, so that what is said holds.
    const value = low + (at / size) * (high - low);
    host.setUi(thresholdKey(metric), off ? null : Number(isBounded(metric) ? value.toFixed(2) : value.toPrecision(3)));
  });
  return {
    element,
    draw(scale, domain, { left, width }, threshold, count) {
      const distance = isDistance(scale.metric);
      now = { domain, metric: scale.metric };
      // The thumb's middle, not its edge, stands at the key's ends.
      input.style.marginLeft = `${left - 7}px`;
      input.style.width = `${width + 14}px`;
      const place = threshold === null ? (distance ? size : 0) : Math.round(((threshold - domain[0]) / (domain[1] - domain[0])) * size);
      if (Number(input.value) !== place) input.value = String(place);
      input.style.setProperty("--filled", `${(100 * Number(input.value)) / size}%`);
      const value = threshold === null ? "" : isBounded(scale.metric) ? fixed(threshold, 2) : significant(threshold, 3);
      input.setAttribute("aria-label", host.t(msg("Threshold")));
      input.setAttribute("aria-valuetext", threshold === null ? host.t(msg("all pairs")) : value);
      if (threshold === null) text.textContent = host.t(msg("Threshold: all pairs"));
      else {
        const { pairs, total } = count();
        text.textContent = host.t(distance ? msg("At {0} or below: {1} of {2} pairs", value, compact(pairs), compact(total)) : msg("At {0} or above: {1} of {2} pairs", value, compact(pairs), compact(total)));
      }
    },
  };
}
