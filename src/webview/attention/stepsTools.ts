import { attentionParams } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import type { Values } from "../../core/protocol.js";
import { createField } from "../controls/fields.js";
import { h } from "../marks/dom.js";
import type { ViewHost } from "../view.js";

export type StepsTools = { readonly element: HTMLElement; draw(trace: AttentionTrace, layer: number, head: number, token: number): void };

/** Tokens that a list of choices holds; of longer texts one is chosen by the arrows, the map or the editor. */
const LISTED = 2000;

/** Layer, head, and the token whose steps are shown. */
export function createStepsTools(host: ViewHost, change: (patch: { readonly layer?: number; readonly head?: number }) => void, choose: (token: number) => void, name: (token: number) => string): StepsTools {
  const select = (label: Message, key: string, run: (value: number) => void): HTMLSelectElement => {
    const element = h("select", { class: "plain-select", "aria-label": host.t(label), "data-name": key });
    element.addEventListener("change", () => run(Number(element.value)));
    return element;
  };
  const layers = select(msg("Layer"), "layer", (layer) => change({ layer }));
  const heads = select(msg("Head"), "head", (head) => change({ head }));
  const tokens = select(msg("Token"), "token", choose);
  const hint = h("span", { class: "quiet small" }, host.t(msg("↑ ↓ choose the token")));
  let filled: AttentionTrace["tokens"] | undefined;
  return {
    element: h("div", { class: "map-tools" }, h("span", { class: "map-place" }, layers, heads, tokens), hint),
    draw(trace, layer, head, token) {
      const { source } = trace;
      fill(layers, source.layers, (i) => host.t(msg("layer {0}", i + 1)));
      fill(heads, source.heads, (i) => host.t(msg("head {0}", i + 1)));
      layers.hidden = source.layers < 2;
      layers.value = String(layer);
      heads.value = String(head);
      const count = trace.tokens.pieces.length;
      tokens.hidden = count > LISTED;
      if (filled !== trace.tokens && count <= LISTED) {
        filled = trace.tokens;
        tokens.replaceChildren(...Array.from({ length: count }, (_, i) => h("option", { value: i }, trace.tokens.pieces[i] === String(i) ? name(i) : `${i + 1} ${name(i)}`)));
      }
      tokens.value = String(token);
    },
  };
}

function fill(select: HTMLSelectElement, count: number, name: (i: number) => string): void {
  if (select.options.length === Math.max(1, count)) return;
  select.replaceChildren(...Array.from({ length: Math.max(1, count) }, (_, i) => h("option", { value: i }, name(i))));
}

/** Sliders of the softmax's temperature and of what the query is multiplied by. */
export function createStepsSliders(host: ViewHost, change: (patch: Values) => void): { readonly element: HTMLElement; draw(params: Values, hasQuery: boolean): void } {
  const names = ["softmax_temperature", "query_scale"] as const;
  const fields = names.map((name) => {
    const field = createField(host, name, attentionParams[name], { change: (value) => change({ [name]: value }), invalid: () => undefined });
    return { name, field, row: h("div", { class: "steps-slider", title: host.t(attentionParams[name].help) }, ...field.cells) };
  });
  return {
    element: h("div", { class: "steps-sliders" }, ...fields.map(({ row }) => row)),
    draw(params, hasQuery) {
      for (const { name, row } of fields) row.hidden = name === "query_scale" && !hasQuery;
      for (const { name, field } of fields) field.show(params[name] ?? attentionParams[name].default);
    },
  };
}
