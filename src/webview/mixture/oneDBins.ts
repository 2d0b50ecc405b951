import { msg, type Message } from "../../core/contract/index.js";
import type { BinRule } from "../../core/mixture/histogram.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { h } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import { binsOf, type BinChoice } from "./oneDModel.js";
import type { Layout } from "./oneDScene.js";

const rules: readonly (readonly [BinRule, Message])[] = [
  ["auto", msg("auto")],
  ["fd", msg("Freedman–Diaconis")],
  ["scott", msg("Scott")],
  ["sturges", msg("Sturges")],
  ["sqrt", msg("square root")],
];
const counts = [5, 10, 15, 20, 30, 50, 75, 100, 200];

/** The chosen bin rule: 30 bins under the as-published preset, as the article draws it, else numpy's "auto". */
export function ruleOf(host: ViewHost): BinChoice {
  const kept = host.ui<string | number | null>("bins", null);
  if (typeof kept === "number" && kept >= 1) return kept;
  if (rules.some(([rule]) => rule === kept)) return kept as BinRule;
  return host.params().stop_rule === "as-published" ? 30 : "auto";
}

/** The quiet menu of bin rules at the foot of the figure. */
export function binControl(host: ViewHost): { readonly element: HTMLElement; draw(trace: MixtureTrace, layout: Layout): void } {
  const select = h("select", { class: "mixture-bins", "aria-label": host.t(msg("Bins of the histogram")), title: host.t(msg("Bins of the histogram")) });
  select.addEventListener("change", () => host.setUi("bins", /^\d+$/.test(select.value) ? Number(select.value) : select.value));
  let drawnFor: readonly unknown[] = [];
  return {
    element: select,
    draw(trace, layout) {
      const rule = ruleOf(host);
      select.style.top = `${layout.rugBottom + 4}px`;
      const keys = [trace.stats, trace.N, rule];
      if (keys.every((key, i) => key === drawnFor[i])) return;
      drawnFor = keys;
      const own = typeof rule === "number" && !counts.includes(rule) ? [rule] : [];
      select.replaceChildren(
        ...rules.map(([name, label]) => h("option", { value: name }, host.t(msg("{0}: {1} bins", label, binsOf(trace, name))))),
        ...[...own, ...counts].sort((a, b) => a - b).map((n) => h("option", { value: n }, host.t(msg("{0} bins", n)))),
      );
      select.value = String(rule);
    },
  };
}
