import { msg } from "../../core/contract/index.js";
import { csvLine } from "../../core/text/csvLine.js";
import { baseName } from "../text/baseName.js";
import type { ExportFile, ViewHost } from "../view.js";
import type { LayersModel } from "./layersModel.js";

const text = (value: number): string => (Number.isNaN(value) ? "" : String(value));

/** A line a place of the word: where it stands, and its vector. */
export function vectorsCsv(model: LayersModel): string {
  const { part } = model;
  const names = part.parts.flatMap(({ layer, how, from, to }) => Array.from({ length: to - from }, (_, i) => `${layer === null ? "mean" : `layer${layer}`}_${how}_${i}`));
  const head = csvLine(["sentence", "word", "text", ...names]);
  return head + part.occurrences.map(({ sentence, word }, i) => csvLine([sentence, word, model.wordAt(i).text, ...Array.from(model.vector(i), String)])).join("");
}

/** A line a layer: the cosine of each pair of places, and of different words. */
export function cosinesCsv(model: LayersModel): string {
  const { part, count } = model;
  const pairs = Array.from({ length: count }, (_, i) => Array.from({ length: i }, (__, j) => [j, i] as const)).flat();
  const head = csvLine(["layer", ...pairs.map(([a, b]) => `${model.name(a)} – ${model.name(b)}`), "different_words"]);
  return head + Array.from({ length: part.layerCount }, (_, layer) => csvLine([layer, ...pairs.map(([a, b]) => text(model.cosine(layer, a, b))), text(part.others[layer])])).join("");
}

/** A line a sentence: its vector. */
export function documentsCsv({ part: { sentences, documents } }: LayersModel): string {
  const head = csvLine(["sentence", "text", ...Array.from({ length: documents.length }, (_, i) => `${documents.pooling}_${i}`)]);
  return head + sentences.map(({ text: each }, s) => csvLine([s, each, ...Array.from(documents.vectors.subarray(s * documents.length, (s + 1) * documents.length), String)])).join("");
}

export function layersJson({ part, trace, count }: LayersModel): string {
  const rows = (values: ArrayLike<number>, width: number): (number | null)[][] =>
    Array.from({ length: values.length / Math.max(1, width) }, (_, i) => Array.from({ length: width }, (__, j) => (Number.isFinite(values[i * width + j]) ? values[i * width + j] : null)));
  return `${JSON.stringify({
    source: { name: trace.source.name, family: trace.source.family, layers: trace.source.layers, hidden_size: trace.source.hiddenSize },
    settings: { layers: Array.from(part.chosen), layer_mean: part.mean, subtoken_pooling: part.pooling, document_pooling: part.documents.pooling },
    sentences: part.sentences, word: part.word, occurrences: part.occurrences,
    cosines_by_layer: Array.from({ length: part.layerCount }, (_, layer) => rows(part.cosines.subarray(layer * count * count, (layer + 1) * count * count), count)),
    different_words_by_layer: rows(part.others, part.layerCount)[0],
    parts: part.parts, vectors: rows(part.vectors, part.length), cosines: rows(part.pairCosines, count),
    documents: { vectors: rows(part.documents.vectors, part.documents.length), cosines: rows(part.documents.cosines, part.sentences.length) },
  }, null, 1)}\n`;
}

export function layersFiles(host: ViewHost, model: LayersModel): ExportFile[] {
  const base = baseName(host, "attention");
  return [
    { label: msg("Vectors of the word (CSV)"), name: `${base}-word-vectors.csv`, data: () => vectorsCsv(model) },
    { label: msg("Cosines by layer (CSV)"), name: `${base}-word-cosines.csv`, data: () => cosinesCsv(model) },
    { label: msg("Vectors of the sentences (CSV)"), name: `${base}-sentence-vectors.csv`, data: () => documentsCsv(model) },
    { label: msg("Layers and pooling (JSON)"), name: `${base}-layers.json`, data: () => layersJson(model) },
  ];
}
