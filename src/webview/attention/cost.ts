import type { CostPart } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { byteText } from "../../core/text/byteText.js";
import { h } from "../marks/dom.js";
import { compact } from "../text/number.js";
import { createCostBars } from "./costBars.js";
import { createCostCharts } from "./costCharts.js";
import { costFiles } from "./costFiles.js";
import { createCostFacts, createCostTables } from "./costTables.js";
import { createTimes } from "./costTimes.js";
import { createRangeLine } from "./rangeLine.js";
import type { Section, Shared } from "./tab.js";

const widest = 760;

/** What a model costs: curves against sequence length, parameters by part, and what things take. */
export function createCost(shared: Shared): Section {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  let part: CostPart | undefined;
  let offered = "";
  const length = createRangeLine(t(msg("sequence length")), "sequence_length", (sequence_length) => shared.change({ sequence_length }));
  const charts = createCostCharts(host, (sequence_length) => shared.change({ sequence_length }));
  const bars = createCostBars(host);
  const facts = createCostFacts(host);
  const tables = createCostTables(host);
  const times = createTimes(host);
  const shapes = h("select", { class: "plain-select", "aria-label": t(msg("Model")) });
  shapes.addEventListener("change", () => shared.change({ shape: shapes.value }));
  const sizes = h("span", { class: "quiet small" });
  const partsTitle = h("h2");
  const element = h("div", { class: "attention-cost" },
    h("div", { class: "cost-tools" }, h("label", {}, t(msg("Model")), " ", shapes), sizes),
    h("section", {}, h("h2", {}, t(msg("Cost against sequence length"))), h("div", { class: "range-lines" }, length.element), h("div", { class: "cost-charts" }, ...charts.elements),
      h("p", { class: "quiet small" }, t(msg("All curves are of this model’s width, depth and vocabulary, with another kind of attention in its place. Circles: where a curve crosses that of its own kind.")))),
    h("section", {}, h("h2", {}, t(msg("What it takes"))), facts.element),
    h("section", {}, partsTitle, bars.element),
    times.element, tables.element);

  function drawShapes(p: CostPart): void {
    const own = p.shape === "" ? nameOf(p) : t(msg("the one in use"));
    const list = [{ id: "", name: own, parameters: p.shape === "" ? p.parameters : 0 }, ...p.shapes];
    const key = JSON.stringify(list);
    if (key !== offered) {
      offered = key;
      shapes.replaceChildren(...list.map(({ id, name, parameters }) => h("option", { value: id }, parameters > 0 ? t(msg("{0}, {1} parameters", name, compact(parameters))) : name)));
    }
    shapes.value = p.shape;
  }

  function nameOf({ name }: CostPart): string {
    return name === "" ? t(msg("built-in model")) : name;
  }

  return {
    element,
    draw(frame) {
      const p = (part = shared.trace.cost!);
      const fontSize = Math.max(11, (Number.parseFloat(getComputedStyle(document.body).fontSize) || 13) - 2);
      const width = Math.min(frame.width, widest);
      drawShapes(p);
      const { layers, heads, kvHeads, width: d, headSize } = p.sizes;
      sizes.textContent = kvHeads === heads
        ? t(msg("{0} layers × {1} heads of {2}, width {3}", layers, heads, headSize, compact(d)))
        : t(msg("{0} layers × {1} heads of {2}, of them {3} for keys and values, width {4}", layers, heads, headSize, kvHeads, compact(d)));
      length.draw(p.lengths, p.length, compact(p.length));
      charts.draw(p, width, fontSize);
      partsTitle.textContent = t(msg("{0} parameters, {1} in F16", compact(p.parameters), byteText(2 * p.parameters)));
      bars.draw(p, width, fontSize);
      facts.draw(p, frame.width);
      times.draw(p, frame.width, fontSize);
      tables.element.hidden = !host.ui("costTable", false);
      if (!tables.element.hidden) tables.draw(p, frame.width);
    },
    pictures: () => [...charts.elements.filter((each) => !each.hasAttribute("hidden")), bars.element, ...(times.measured.length > 0 ? times.pictures : [])],
    files: () => (part ? costFiles(host, part, times.measured) : []),
    copies: () => [],
    toggleTable: () => host.setUi("costTable", !host.ui("costTable", false)),
    dispose() {
      times.dispose();
      element.remove();
    },
  };
}
