import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import type { LayersModel } from "./layersModel.js";
import { layerName } from "./layersStrips.js";

/** The table twins: cosines by layer, of the chosen vectors, and of the sentences. */
export function createLayersTables(host: ViewHost): { readonly element: HTMLElement; draw(model: LayersModel, width: number): void } {
  const t = (message: Message): string => host.t(message);
  const places = [h("div", { class: "map-table-rows" }), h("div", { class: "map-table-rows" }), h("div", { class: "map-table-rows" })];
  const titles = [msg("Cosine to the chosen place, by layer"), msg("Cosines of the chosen vectors"), msg("Cosines of the sentences")];
  const cosine = (value: number) => ({ text: fixed(value, 3), title: exact(value) });
  return {
    element: h("section", { class: "map-tables layers-tables" }, ...places.map((place, i) => h("div", {}, h("h2", {}, t(titles[i])), place))),
    draw(model, width) {
      const { part, count, chosen } = model;
      const all = Array.from({ length: count }, (_, i) => i);
      drawTable(places[0], {
        caption: t(titles[0]), width,
        columns: [{ title: t(msg("layer")) }, ...all.filter((i) => i !== chosen).map((i) => ({ title: model.name(i), numeric: true })), { title: t(msg("different words")), numeric: true }],
        rows: Array.from({ length: part.layerCount }, (_, layer) => ({
          key: String(layer),
          cells: [t(layerName(layer)), ...all.filter((i) => i !== chosen).map((i) => cosine(model.cosine(layer, chosen, i))), cosine(part.others[layer])],
        })),
      });
      const square = (place: HTMLElement, caption: string, names: readonly string[], texts: readonly string[], values: Float64Array): void => {
        drawTable(place, {
          caption, width,
          columns: [{ title: t(msg("place")) }, { title: t(msg("text")), secondary: true }, ...names.map((name) => ({ title: name, numeric: true }))],
          rows: names.map((name, i) => ({ key: name, cells: [name, texts[i], ...names.map((_, j) => cosine(values[i * names.length + j]))] })),
        });
      };
      square(places[1], t(titles[1]), all.map((i) => model.name(i)), all.map((i) => model.context(i).join(" ").trim()), part.pairCosines);
      square(places[2], t(titles[2]), part.sentences.map((_, i) => String(i + 1)), part.sentences.map(({ text }) => (text.length > 40 ? `${text.slice(0, 40)}…` : text)), part.documents.cosines);
    },
  };
}
