import type { Progress, Span } from "../contract/index.js";
import { indexAt, vectorAt, type DocumentVectors } from "./document/vectorList.js";
import { cosineNeighbours } from "./neighbours.js";
import { cosine, norm } from "./similarity.js";
import type { VectorStore } from "./store.js";
import { stripOf, type Strip, type StripOptions } from "./strip.js";
import { TopK } from "./topK.js";

/** A vector that was pinned, to be compared with every other. */
export type PinnedVector = { readonly name: string; readonly values: Float64Array };

/** A vector in numbers. Norm, mean, min and max are those of its finite numbers; the norm is NaN unless all are. */
export type Figures = {
  readonly length: number;
  readonly norm: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** How many numbers are NaN, missing or infinite. */
  readonly notFinite: number;
};

/** Vectors left out, the lines they stand in, and whether there are more lines than these first few. */
export type Counted = { readonly count: number; readonly lines: readonly number[]; readonly more: boolean };

/** The pinned vector beside the hovered one; NaN where the cosine is undefined. */
export type Comparison =
  | {
      readonly kind: "cosine";
      readonly name: string;
      readonly dot: number;
      /** Of the hovered vector and of the pinned one. */
      readonly norms: readonly [number, number];
      readonly cosine: number;
      /** The factors of the product, where they are few. */
      readonly terms: readonly (readonly [number, number])[];
    }
  /** The hovered vector is the pinned one. */
  | { readonly kind: "same"; readonly name: string }
  | { readonly kind: "length"; readonly name: string; readonly length: number };

type Shown = {
  readonly name: string;
  readonly values: Float64Array;
  readonly figures: Figures;
  readonly strip: Strip;
  readonly pinned: Comparison | null;
};

/** What is known of a vector that stands in a text. */
export type VectorHover = Shown & {
  readonly kind: "vector";
  readonly span: Span;
  readonly line: number;
  /** The most similar vectors of the same length, best first. */
  readonly similar: readonly { readonly name: string; readonly line: number; readonly cosine: number }[];
  /** How many others have the same length and a direction. */
  readonly compared: number;
  readonly otherLengths: Counted;
  /** Vectors of the same length that have no direction: zero, or with numbers that are not finite. */
  readonly undirected: Counted;
};

/** What is known of a word that has a vector in a store. */
export type WordHover = Shown & {
  readonly kind: "word";
  readonly store: { readonly words: number; readonly dimensions: number };
  readonly neighbours: readonly { readonly word: string; readonly cosine: number }[];
};

const SIMILAR = 5;
const NEIGHBOURS = 10;
const LINES_NAMED = 5;
const TERMS_SHOWN = 6;

/** What a hover at an offset of a document says, or undefined when no vector is there. */
export function vectorHover(
  document: DocumentVectors,
  offset: number,
  pinned: PinnedVector | undefined,
  options: StripOptions,
): VectorHover | undefined {
  const index = indexAt(document, offset);
  if (index < 0) return undefined;
  const { n, offsets, norms, names, lines, starts, ends } = document;
  const values = vectorAt(document, index).slice();
  const d = values.length;
  const directed = norms[index] > 0;
  const top = new TopK(SIMILAR);
  const otherLengths = new Lines();
  const undirected = new Lines();
  let compared = 0;
  for (let i = 0; i < n; i++) {
    if (i === index) continue;
    if (offsets[i + 1] - offsets[i] !== d) otherLengths.add(lines[i]);
    else if (!(norms[i] > 0)) undirected.add(lines[i]);
    else {
      compared++;
      if (directed) top.offer(i, cosineOf(document, index, i));
    }
  }
  const similar = top.sorted().map(({ index: i, score }) => ({ name: names[i], line: lines[i], cosine: score }));
  return {
    kind: "vector",
    ...shown(names[index], values, pinned, options),
    span: { start: starts[index], end: ends[index] },
    line: lines[index],
    similar,
    compared,
    otherLengths: otherLengths.counted(),
    undirected: undirected.counted(),
  };
}

/** The cosine of two vectors of a document that have one length and a direction. */
function cosineOf({ values, offsets, norms }: DocumentVectors, i: number, j: number): number {
  const d = offsets[i + 1] - offsets[i];
  const a = offsets[i];
  const b = offsets[j];
  let dot = 0;
  for (let k = 0; k < d; k++) dot += values[a + k] * values[b + k];
  const product = norms[i] * norms[j];
  // Products of very large or very small numbers leave the range of doubles.
  if (!(product > 1e-280 && product < 1e280)) return cosine(values.subarray(a, a + d), values.subarray(b, b + d));
  return Math.max(-1, Math.min(1, dot / product));
}

/** What a hover on a word says: its neighbours are exact, over the whole store. Yields as the store is searched. */
export function* wordHover(
  store: VectorStore,
  index: number,
  pinned: PinnedVector | undefined,
  options: StripOptions,
): Generator<Progress, WordHover, void> {
  const values = Float64Array.from(store.row(index));
  const found = yield* cosineNeighbours(store, values, NEIGHBOURS, new Set([index]));
  return {
    kind: "word",
    ...shown(store.word(index), values, pinned, options),
    store: { words: store.n, dimensions: store.d },
    neighbours: found.map(({ index: i, score }) => ({ word: store.word(i), cosine: Math.max(-1, Math.min(1, score)) })),
  };
}

function shown(name: string, values: Float64Array, pinned: PinnedVector | undefined, options: StripOptions): Shown {
  return { name, values, figures: figuresOf(values), strip: stripOf(values, options), pinned: pinned ? compare(values, name, pinned) : null };
}

/** Length, norm, mean, least and greatest of a vector. */
export function figuresOf(values: Float64Array): Figures {
  let sum = 0;
  let finite = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    finite++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const none = finite === 0;
  return {
    length: values.length,
    norm: finite === values.length ? norm(values) : NaN,
    mean: none ? NaN : Number.isFinite(sum) ? sum / finite : meanOfHuge(values, finite, min, max),
    min: none ? NaN : min,
    max: none ? NaN : max,
    notFinite: values.length - finite,
  };
}

/** The mean where the sum overflows: divided before they are summed, values near the largest double do not. */
function meanOfHuge(values: Float64Array, finite: number, min: number, max: number): number {
  let mean = 0;
  for (const value of values) if (Number.isFinite(value)) mean += value / finite;
  return Math.max(min, Math.min(max, mean)); // rounding can still pass the largest double
}

/** A vector beside the pinned one. */
export function compare(values: Float64Array, name: string, pinned: PinnedVector): Comparison {
  if (pinned.values.length !== values.length) return { kind: "length", name: pinned.name, length: pinned.values.length };
  if (pinned.name === name && pinned.values.every((value, i) => Object.is(value, values[i]))) return { kind: "same", name };
  let dot = 0;
  for (let i = 0; i < values.length; i++) dot += values[i] * pinned.values[i];
  const norms = [figuresOf(values).norm, figuresOf(pinned.values).norm] as const;
  return {
    kind: "cosine",
    name: pinned.name,
    dot,
    norms,
    cosine: norms[0] > 0 && norms[1] > 0 ? cosine(values, pinned.values) : NaN,
    terms: values.length <= TERMS_SHOWN ? Array.from(values, (value, i) => [value, pinned.values[i]] as const) : [],
  };
}

class Lines {
  private count = 0;
  private more = false;
  private readonly lines: number[] = [];

  add(line: number): void {
    this.count++;
    if (this.lines[this.lines.length - 1] === line) return;
    if (this.lines.length < LINES_NAMED) this.lines.push(line);
    else this.more = true;
  }

  counted(): Counted {
    return { count: this.count, lines: this.lines, more: this.more };
  }
}
