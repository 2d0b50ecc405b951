import { scaleLinear } from "d3";
import { layersPython } from "../../core/attention/partLayersPython.js";
import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { createSimilarityKey, createSimilarityMap, leastOf, type Cell, type SimilarityMap } from "../marks/similarityMap.js";
import { fixed } from "../text/number.js";
import { createCurves, labelRoom, type Curve } from "./curves.js";
import { layersFiles } from "./layersFiles.js";
import { LayersModel } from "./layersModel.js";
import { createLayersStrips } from "./layersStrips.js";
import { createLayersTables } from "./layersTables.js";
import { createLayersWords } from "./layersWords.js";
import type { Section, Shared } from "./tab.js";

/** Curves that have room beside each other. */
const CURVES = 6;
const BESIDE = 620;
const LARGEST_CELL = 64;

/** A word's vectors: how they are joined, and how alike they are in its sentences, layer by layer. */
export function createLayers(shared: Shared): Section {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  let model: LayersModel | undefined;
  const words = createLayersWords(host, (word) => shared.change({ word }));
  const strips = createLayersStrips(host);
  const curves = createCurves();
  const key = createSimilarityKey();
  const tables = createLayersTables(host);
  const pairs = figure(msg("The chosen vectors"), (cell) => model && pairText(model, cell));
  const documents = figure(msg("Sentences as vectors"), (cell) => model && sentencePair(model, cell));
  const curveBox = h("section", { class: "layers-curves" }, h("h2", {}, t(msg("Cosine by layer"))), curves.element, h("p", { class: "small quiet" }, t(msg("Dashed: what different words of these sentences have on average. A cosine says something by how far it is above that."))));
  const maps = h("section", { class: "layers-maps" }, pairs.element, documents.element);
  const alone = h("p", { class: "small quiet" }, t(msg("The word stands once. Write further sentences with it under “sentences”, or choose a word that occurs more often.")));
  const element = h("div", { class: "attention-layers" }, words.element, strips.element, alone, curveBox, maps, key.element, tables.element);

  function figure(name: Message, say: (cell: Cell) => Message | undefined) {
    let ring: Cell | null = null;
    const said = h("p", { class: "small quiet layers-said" });
    const map: SimilarityMap = createSimilarityMap((cell, spoken) => {
      ring = cell;
      const text = cell && say(cell);
      said.textContent = text ? t(text) : "";
      if (spoken && text) host.announce(t(text));
      host.redraw();
    });
    const title = h("h2", {}, t(name));
    const box = h("div", {}, title, map.element, said);
    return {
      element: box,
      map,
      title,
      draw(values: Float64Array, n: number, side: number, palette: Palette, nameOf: (i: number) => string, row: number, label: Message): void {
        box.hidden = n < 2;
        if (n < 2) return;
        if (ring && (ring[0] >= n || ring[1] >= n)) ring = null;
        map.draw({ values: Float32Array.from(values), n, shown: n, side, palette, name: nameOf, row, ring, text: (value) => fixed(value, 2), label: t(label) });
      },
    };
  }

  function lines(m: LayersModel, palette: Palette): Curve[] {
    const { part, count, chosen } = m;
    const x = Array.from({ length: part.layerCount }, (_, i) => i);
    const others = Array.from({ length: count }, (_, i) => i).filter((i) => i !== chosen);
    const own = others.map((i, at): Curve => {
      const { color, dash } = palette.component(at);
      return {
        name: `place-${i}`, label: at < CURVES ? t(msg("{0} and {1}", m.name(chosen), m.name(i))) : "", colour: color, dash, thick: others.length === 1,
        x, y: x.map((layer) => m.cosine(layer, chosen, i)), value: at < CURVES ? fixed(m.cosine(part.layerCount - 1, chosen, i), 3) : undefined,
      };
    });
    const base: Curve = { name: "others", label: t(msg("different words")), colour: palette.ink, dash: "5 4", x, y: Array.from(part.others), value: fixed(part.others[part.layerCount - 1], 3) };
    return Number.isNaN(part.others[0]) ? own : [...own, base];
  }

  return {
    element,
    draw(frame) {
      const part = shared.trace.layers!;
      if (model?.part !== part) model = new LayersModel(shared.trace, part);
      const palette = host.palette();
      const width = Math.max(240, frame.width);
      words.draw(model);
      strips.draw(model, palette, Math.min(width, 1000));
      const several = model.count > 1;
      alone.hidden = several;
      curveBox.hidden = !several;
      if (several) {
        const own = lines(model, palette);
        const wide = Math.min(width, 640);
        const values = own.flatMap(({ y }) => Array.from(y)).filter(Number.isFinite);
        const least = Math.min(0, ...values);
        curves.draw({
          width: wide, height: 250, palette, fontSize: 12, right: Math.min(wide * 0.42, labelRoom(own, palette, 12)), left: 40,
          x: scaleLinear().domain([0, part.layerCount - 1]), y: scaleLinear().domain([least < 0 ? Math.floor(least * 5) / 5 : 0, 1]),
          xTicks: Array.from({ length: part.layerCount }, (_, i) => i), yTicks: 5, xFormat: (value) => fixed(value, 0), yFormat: (value) => fixed(value, 1),
          xLabel: t(msg("layer (0 is the embedding)")), yLabel: t(msg("cosine")), curves: own, description: t(msg("Cosine of the chosen “{0}” with the others, by layer.", part.word)),
        });
      }
      const beside = width >= BESIDE;
      maps.classList.toggle("beside", beside);
      const room = Math.min(300, beside ? (width - 24) / 2 : width);
      const m = model;
      // Few cells are no larger than their numbers need.
      const side = (n: number): number => Math.min(room, 40 + n * LARGEST_CELL);
      pairs.draw(part.pairCosines, model.count, side(model.count), palette, (i) => m.name(i), model.chosen, msg("Cosines of the chosen vectors of “{0}”.", part.word));
      documents.draw(part.documents.cosines, part.sentences.length, side(part.sentences.length), palette, (i) => String(i + 1), -1, msg("Cosines of the sentences’ vectors."));
      documents.title.textContent = t(documentTitle(model));
      key.element.style.display = model.count > 1 || part.sentences.length > 1 ? "" : "none";
      key.draw(palette, t(msg("cosine")), Math.min(leastOf(finite(part.pairCosines)), leastOf(finite(part.documents.cosines))));
      tables.element.hidden = !host.ui("layersTable", false);
      if (!tables.element.hidden) tables.draw(model, frame.width);
    },
    pictures: () => [...strips.pictures, ...(model && model.count > 1 ? [curves.element, ...pairs.map.parts] : []), ...(model && model.part.sentences.length > 1 ? [...documents.map.parts, key.element] : [])],
    files: () => (model ? layersFiles(host, model) : []),
    copies: () => [{ label: msg("Copy as Python (Flair)"), text: () => layersPython(shared.trace) }],
    toggleTable: () => host.setUi("layersTable", !host.ui("layersTable", false)),
    dispose: () => element.remove(),
  };
}

function finite(values: Float64Array): Float32Array {
  return Float32Array.from(values.filter(Number.isFinite));
}

function pairText(model: LayersModel, [row, column]: Cell): Message {
  const place = (i: number): string => model.context(i).join(" ").trim();
  return msg("“{0}” and “{1}”: cosine {2}", place(row), place(column), fixed(model.part.pairCosines[row * model.count + column], 4));
}

function sentencePair({ part }: LayersModel, [row, column]: Cell): Message {
  return msg("“{0}” and “{1}”: cosine {2}", part.sentences[row].text, part.sentences[column].text, fixed(part.documents.cosines[row * part.sentences.length + column], 4));
}

/** What a sentence's vector is made of. */
function documentTitle({ part: { documents } }: LayersModel): Message {
  switch (documents.of) {
    case "first":
      return msg("Sentences as vectors: their first token, {0} numbers", documents.length);
    case "last":
      return msg("Sentences as vectors: their last token, {0} numbers", documents.length);
    case "words":
      return msg("Sentences as vectors: {0} over their words, {1} numbers", documents.pooling, documents.length);
  }
}
