import { attentionParams, type AttentionParams } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { segmented } from "../controls/segmented.js";
import { h } from "../marks/dom.js";
import type { ViewHost } from "../view.js";

type Reduce = AttentionParams["reduce"];

const short: { readonly [R in Reduce]: Message } = {
  head: msg("one head"),
  heads: msg("mean of heads"),
  layers: msg("mean of all"),
  rollout: msg("rollout"),
};

export type MapTools = { readonly element: HTMLElement; draw(trace: AttentionTrace, layer: number, head: number, reduce: Reduce): void };

/** Layer, head, and what is made of several heads. */
export function createMapTools(host: ViewHost, change: (patch: { readonly layer?: number; readonly head?: number; readonly reduce?: Reduce }) => void): MapTools {
  const select = (name: string, label: Message, run: (value: number) => void): HTMLSelectElement => {
    const element = h("select", { class: "plain-select", "aria-label": host.t(label), "data-name": name });
    element.addEventListener("change", () => run(Number(element.value)));
    return element;
  };
  const layers = select("layer", msg("Layer"), (layer) => change({ layer }));
  const heads = select("head", msg("Head"), (head) => change({ head }));
  const options = attentionParams.reduce.options.map(({ value }) => ({ value, label: host.t(short[value]) }));
  const reduction = segmented(host.t(msg("What is shown")), options, (reduce) => change({ reduce }));
  attentionParams.reduce.options.forEach(({ value, label }) => reduction.element.querySelector(`[data-value="${value}"]`)?.setAttribute("title", host.t(label)));
  const place = h("span", { class: "map-place" }, layers, heads);
  return {
    element: h("div", { class: "map-tools" }, place, reduction.element),
    draw({ source }, layer, head, reduce) {
      fill(layers, source.layers, layer, (i) => host.t(msg("layer {0}", i + 1)));
      fill(heads, source.heads, head, (i) => host.t(msg("head {0}", i + 1)));
      layers.hidden = reduce === "layers";
      heads.hidden = reduce !== "head";
      reduction.show(reduce);
    },
  };
}

function fill(select: HTMLSelectElement, count: number, chosen: number, name: (i: number) => string): void {
  const names = Array.from({ length: Math.max(1, count) }, (_, i) => name(i));
  if (select.options.length !== names.length || select.options[0].text !== names[0]) {
    select.replaceChildren(...names.map((text, i) => h("option", { value: i }, text)));
  }
  select.value = String(chosen);
}
