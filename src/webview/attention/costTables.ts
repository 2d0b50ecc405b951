import type { CostFact, CostPart } from "../../core/attention/trace.js";
import { kindLabel } from "../../core/attention/partCostCurves.js";
import { msg, type Message } from "../../core/contract/index.js";
import { byteText, flopText } from "../../core/text/byteText.js";
import { h } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { compact, exact, percent } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { drawnCurves, quantities, quantityText, shortLabel } from "./costCharts.js";

const groups: readonly { readonly group: CostFact["group"]; readonly title: Message }[] = [
  { group: "serving", title: msg("To serve it") },
  { group: "text", title: msg("For a text") },
  { group: "training", title: msg("To train it") },
];

/** Narrower panels have the reckoning under its name. */
const BESIDE = 520;

/** What things take, each with how it was reckoned. Always open: it is what people come for. */
export function createCostFacts(host: ViewHost): { readonly element: HTMLElement; draw(part: CostPart, width: number): void } {
  const places = groups.map(({ title }) => ({ title, place: h("div", { class: "cost-fact-rows" }) }));
  return {
    element: h("div", { class: "cost-facts" }, ...places.map(({ title, place }) => h("div", {}, h("h3", {}, host.t(title)), place))),
    draw(part, width) {
      groups.forEach(({ group, title }, i) => drawTable(places[i].place, {
        caption: host.t(title), width,
        columns: [{ title: "" }, { title: host.t(msg("takes")), numeric: true }, ...(width < BESIDE ? [] : [{ title: host.t(msg("reckoned as")) }])],
        rows: part.facts.filter((fact) => fact.group === group).map((fact) => ({
          cells: width < BESIDE
            ? [{ text: "", node: h("div", { class: "cost-fact" }, host.t(fact.label), h("div", { class: "quiet" }, host.t(fact.formula))) }, { text: factText(fact), title: exact(fact.value) }]
            : [{ text: host.t(fact.label) }, { text: factText(fact), title: exact(fact.value) }, { text: host.t(fact.formula), className: "cost-formula quiet" }],
        })),
      }));
    },
  };
}

function factText({ value, most, unit }: CostFact): string {
  const text = (each: number): string => (unit === "flops" ? flopText(each) : unit === "bytes" ? byteText(each) : compact(each));
  return most === undefined ? text(value) : `${text(value)} … ${text(most)}`;
}

/** The table twin: parameters with their formulas, all kinds at this length, and all crossings. */
export function createCostTables(host: ViewHost): { readonly element: HTMLElement; draw(part: CostPart, width: number): void } {
  const t = (message: Message): string => host.t(message);
  const [parts, kinds, crossings] = [h("div"), h("div"), h("div")];
  const kindsTitle = h("h2");
  const section = (title: HTMLElement, place: HTMLElement): HTMLElement => h("div", {}, title, place);
  return {
    element: h("section", { class: "cost-tables" }, section(h("h2", {}, t(msg("Parameters by part"))), parts), section(kindsTitle, kinds), section(h("h2", {}, t(msg("Where curves cross"))), crossings)),
    draw(part, width) {
      drawTable(parts, {
        caption: t(msg("Parameters by part")), width,
        columns: [{ title: t(msg("part")) }, { title: t(msg("formula")), secondary: true }, { title: t(msg("parameters")), numeric: true }, { title: t(msg("share")), numeric: true }],
        rows: [
          ...part.parts.map(({ label, formula, count }) => ({ cells: [t(label), formula, compact(count), percent(count / part.parameters, 1)] })),
          { className: "sum", cells: [t(msg("all")), "", compact(part.parameters), percent(1, 1)] },
        ],
      });
      kindsTitle.textContent = t(msg("All kinds at {0} tokens", compact(part.length)));
      drawTable(kinds, {
        caption: kindsTitle.textContent, width,
        columns: [{ title: t(msg("attention")) }, { title: t(msg("parameters")), numeric: true, secondary: true }, { title: t(msg("a token")), numeric: true }, { title: t(msg("activations")), numeric: true }, { title: t(msg("kept")), numeric: true }],
        rows: part.curves.map((curve) => ({
          className: curve.name === part.own ? "chosen" : "",
          cells: [shortLabel(host, part, curve.name), compact(curve.parameters), ...quantities.map((quantity) => ({ text: curve.now[quantity] === 0 ? "\u2013" : quantityText(quantity, curve.now[quantity]), title: exact(curve.now[quantity]) }))],
        })),
      });
      const what = { flops: msg("operations"), activations: msg("activations"), cache: msg("kept") } as const;
      const drawn = quantities.flatMap((quantity) => part.crossings.filter((each) => each.quantity === quantity && [each.cheaper, each.dearer].every((kind) => drawnCurves(part, quantity).some(({ name }) => name === kind))));
      drawTable(crossings, {
        caption: t(msg("Where curves cross")), width,
        columns: [{ title: t(msg("quantity")) }, { title: t(msg("from tokens on")), numeric: true }, { title: t(msg("cheaper")) }, { title: t(msg("than")) }],
        rows: drawn.map(({ quantity, cheaper, dearer, length }) => ({ cells: [t(what[quantity]), compact(length), t(kindLabel(cheaper)), t(kindLabel(dearer))] })),
      });
    },
  };
}
