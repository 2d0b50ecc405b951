import { msg, type Problem, type Progress } from "../contract/index.js";
import { cosinesOf, meanOfOthers, MOST_WORDS } from "./partLayersCosines.js";
import { sentencesOf } from "./partLayersSentences.js";
import { chosenLayers, poolDocument, poolWords, wordLength, wordParts, type DocumentPooling, type WordPooling } from "./pooling.js";
import type { AttentionParams } from "./params.js";
import type { Reading } from "./reading.js";
import type { PartResult, Subject } from "./subject.js";
import type { LayersPart, LayersWord } from "./trace.js";
import { NO_WORD, splitWords, wordsOfTokens } from "./wordsOfTokens.js";

/** Occurrences of a word that are compared. */
const MOST_OCCURRENCES = 24;
/** A bert-base: 12 layers and the embedding, of 768 numbers. */
const BERT_BASE = { layers: 13, width: 768 };

type Sentence = { readonly reading: Reading; readonly wordIds: Int32Array; readonly words: readonly LayersWord[]; readonly text: string };
type Place = { readonly sentence: number; readonly word: number };

/** A word's vectors in its sentences, layer by layer, and the sentences' own. */
export function* layersPart(subject: Subject, params: AttentionParams): Generator<Progress<LayersPart>, PartResult<LayersPart>, void> {
  const { sentences: texts, notes: found } = sentencesOf(subject.input, params);
  const notes: Problem[] = [...found];
  const sentences: Sentence[] = [];
  for (const text of texts) {
    const parsed = yield* subject.read(text);
    if (!parsed.ok) return parsed;
    notes.push(...parsed.problems);
    sentences.push(inWords(text, parsed.input));
    yield { fraction: sentences.length / texts.length, message: msg("Reading sentence {0} of {1}", sentences.length, texts.length) };
  }
  const all = sentences.flatMap(({ words }, sentence) => words.map((_, word): Place => ({ sentence, word })));
  if (all.length === 0) return { ok: false, problems: [{ severity: "error", title: msg("No words"), message: msg("The text has no words to compare. Write sentences under “sentences”, one a line.") }] };
  const { reading } = sentences[0];
  const [layerCount, width] = [reading.layers + 1, reading.hiddenSize];
  const choice = chosenLayers(params.layers, layerCount);
  if (!choice.ok) return { ok: false, problems: [{ ...choice.problem, fixes: [{ label: msg("Take the last layer"), params: { layers: "-1" } }] }] };
  const pooling: WordPooling = { layers: choice.layers, layerMean: params.layer_mean, subtokens: params.subtoken_pooling };
  const textOf = ({ sentence, word }: Place) => sentences[sentence].words[word].text;
  const wordIndex = params.word < 0 ? sharedWord(all, textOf) : Math.min(params.word, all.length - 1);
  const word = textOf(all[wordIndex]);
  const equal = all.filter((place) => same(textOf(place), word));
  const occurrences = kept(equal, all[wordIndex]);
  notes.push(...remarks(sentences, equal, occurrences, word, textOf));

  const single = (layer: number): WordPooling => ({ ...pooling, layers: [layer] });
  const cosines = new Float64Array(layerCount * occurrences.length ** 2);
  const others = new Float64Array(layerCount);
  const sample = spread(all, MOST_WORDS);
  for (let layer = 0; layer < layerCount; layer++) {
    const pooled = pool(sentences, single(layer), width);
    cosines.set(cosinesOf(vectorsOf(pooled, occurrences)), layer * occurrences.length ** 2);
    others[layer] = meanOfOthers(vectorsOf(pooled, sample), sample.map((place) => textOf(place).toLowerCase()));
    yield { fraction: (layer + 1) / layerCount, message: msg("Comparing words, layer {0} of {1}", layer + 1, layerCount) };
  }
  const pooled = pool(sentences, pooling, width);
  const length = wordLength(width, pooling);
  const vectors = vectorsOf(pooled, occurrences);
  const base = chosenLayers(params.layers, BERT_BASE.layers);
  return {
    ok: true,
    notes,
    part: {
      sentences: sentences.map(({ text, words }) => ({ text, words })),
      word, wordIndex, occurrences, layerCount, width, chosen: choice.layers, cosines, others,
      pooling: params.subtoken_pooling, mean: params.layer_mean, length,
      vectors: joined(vectors, length),
      parts: wordParts(width, pooling),
      pairCosines: cosinesOf(vectors),
      documents: documentsOf(sentences, pooled, pooling, params.document_pooling, width),
      bertBase: base.ok ? wordLength(BERT_BASE.width, { ...pooling, layers: base.layers }) : 0,
    },
  };
}

function inWords(text: string, reading: Reading): Sentence {
  const spans = splitWords(text);
  const { tokens } = reading;
  const wordIds = wordsOfTokens(tokens.spans ?? new Int32Array(0), spans);
  const words = spans.map(({ start, end }, word): LayersWord => {
    const first = wordIds.indexOf(word);
    return { text: text.slice(start, end), pieces: tokens.pieces.filter((_, t) => wordIds[t] === word), first, last: wordIds.lastIndexOf(word) };
  });
  return { reading, wordIds, words, text };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The longest word that several sentences share, the first of equals; else the last word that is no punctuation. */
function sharedWord(all: readonly Place[], textOf: (place: Place) => string): number {
  const seenIn = new Map<string, Set<number>>();
  for (const place of all) seenIn.set(textOf(place).toLowerCase(), (seenIn.get(textOf(place).toLowerCase()) ?? new Set()).add(place.sentence));
  const isWord = (place: Place) => /[\p{L}\p{N}]/u.test(textOf(place));
  let best = -1;
  all.forEach((place, i) => {
    if (!isWord(place) || seenIn.get(textOf(place).toLowerCase())!.size < 2) return;
    if (best < 0 || textOf(place).length > textOf(all[best]).length) best = i;
  });
  return best >= 0 ? best : Math.max(0, all.map(isWord).lastIndexOf(true));
}

/** The first occurrences, the chosen one among them. */
function kept(equal: readonly Place[], chosen: Place): readonly Place[] {
  const first = equal.slice(0, MOST_OCCURRENCES);
  return first.includes(chosen) ? first : [...first.slice(0, -1), chosen];
}

function remarks(sentences: readonly Sentence[], equal: readonly Place[], occurrences: readonly Place[], word: string, textOf: (place: Place) => string): Problem[] {
  const notes: Problem[] = [];
  if (equal.length > occurrences.length) notes.push({ severity: "info", message: msg("“{0}” occurs {1} times: {2} of them are compared.", word, equal.length, occurrences.length) });
  const empty = sentences.flatMap(({ words }, sentence) => words.flatMap(({ first }, at) => (first < 0 ? [{ sentence, word: at }] : [])));
  if (empty.length > 0) notes.push({ severity: "info", prominent: true, message: msg("Words without a token of their own have a vector of zeros: {0}.", [...new Set(empty.map(textOf))].slice(0, 8).join(", ")) });
  return notes;
}

/** By sentence, the vectors of all its words. */
function pool(sentences: readonly Sentence[], pooling: WordPooling, width: number): readonly Float64Array[][] {
  const length = wordLength(width, pooling);
  return sentences.map(({ reading, wordIds, words }) => {
    const rows = poolWords((layer) => reading.hiddenStates(layer), width, wordIds, words.length, pooling);
    return words.map((_, word) => rows.subarray(word * length, (word + 1) * length));
  });
}

function vectorsOf(pooled: readonly (readonly Float64Array[])[], places: readonly Place[]): readonly Float64Array[] {
  return places.map(({ sentence, word }) => pooled[sentence][word]);
}

function joined(vectors: readonly Float64Array[], length: number): Float32Array {
  const out = new Float32Array(vectors.length * length);
  vectors.forEach((vector, i) => out.set(vector, i * length));
  return out;
}

/** About `most` items, evenly out of the list. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  return list.length <= most ? list : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
}

/** Each sentence as one vector: of its words, or of the token that stands for the whole, which is the last where none sees those behind it. */
function documentsOf(sentences: readonly Sentence[], pooled: readonly (readonly Float64Array[])[], pooling: WordPooling, document: DocumentPooling, width: number): LayersPart["documents"] {
  const causal = sentences[0].reading.causal;
  const single: WordPooling = { ...pooling, subtokens: "first" };
  const vectors = sentences.map(({ reading }, s) => {
    if (document === "cls") {
      const ids = new Int32Array(reading.tokens.ids.length).fill(NO_WORD);
      ids[causal ? ids.length - 1 : 0] = 0;
      return poolWords((layer) => reading.hiddenStates(layer), width, ids, 1, single);
    }
    const length = wordLength(width, pooling);
    const rows = new Float64Array(pooled[s].length * length);
    pooled[s].forEach((vector, word) => rows.set(vector, word * length));
    return poolDocument(rows, pooled[s].length, length, document);
  });
  const length = wordLength(width, document === "cls" ? single : pooling);
  return { pooling: document, of: document !== "cls" ? "words" : causal ? "last" : "first", length, vectors: joined(vectors, length), cosines: cosinesOf(vectors) };
}
