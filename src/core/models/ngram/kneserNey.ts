import { msg, type Progress } from "../../contract/index.js";
import { BEFORE, COUNT, FIELDS, NgramTrie, PARENT, ROOT, UNIT } from "./trie.js";

/** Stands before the first unit of every text; never predicted. */
export const TEXT_START = 0x7ffffffe;
/** Taken where too few n-grams occur once or twice to estimate one. */
const USUAL_DISCOUNT = 0.75;
/** N-grams between two pauses. */
const STEP = 1 << 17;

/** Counts the n-grams of texts up to an order. */
export class NgramCounter {
  readonly trie: NgramTrie;
  /** Units counted. */
  units = 0;
  /** [order + 1] the n-grams that end at the last unit, by length. */
  private readonly open: Int32Array;
  private longest = 0;
  /** By unit its node, 0 where there is none yet: spares every unit one search. */
  private singles = new Int32Array(1 << 12);

  /** @param expected different n-grams, about */
  constructor(
    readonly order: number,
    expected = 0,
  ) {
    this.trie = new NgramTrie(expected);
    this.open = new Int32Array(order + 1);
  }

  /** Begins a text: its n-grams do not reach back into the one before. */
  begin(): void {
    this.open.fill(ROOT);
    this.open[1] = this.trie.reach(ROOT, TEXT_START);
    this.longest = 1;
  }

  add(unit: number): void {
    const { trie, open, order } = this;
    this.units++;
    const most = Math.min(order, this.longest + 1);
    let shorter = 0;
    let context = ROOT;
    for (let n = 1; n <= most; n++) {
      const before = trie.size;
      const node = n === 1 ? this.single(unit) : trie.reach(context, unit);
      trie.nodes[FIELDS * node + COUNT]++;
      if (n > 1 && trie.size > before) trie.nodes[FIELDS * shorter + BEFORE]++;
      context = open[n];
      open[n] = node;
      shorter = node;
    }
    this.longest = most;
  }

  private single(unit: number): number {
    if (unit >= this.singles.length) {
      const longer = new Int32Array(2 ** Math.ceil(Math.log2(unit + 1)));
      longer.set(this.singles);
      this.singles = longer;
    }
    return (this.singles[unit] ||= this.trie.reach(ROOT, unit));
  }
}

/**
 * Interpolated Kneser-Ney smoothing (Kneser and Ney 1995; Chen and Goodman 1999, §4.1.6), one discount D = n₁ / (n₁ + 2 n₂) an
 * order. The longest n-grams weigh by their counts, shorter ones by the number of different units before them; n-grams at
 * the beginning of a text, before which nothing can stand, by their counts too. The shortest are interpolated with the uniform
 * distribution, which is what an unknown unit gets.
 */
export class KneserNey {
  /** [order + 1] by length from 1. */
  discounts = new Float64Array(0);
  /** [nodes + 1] where the children of each begin. */
  private readonly first: Int32Array;
  /** [edges] unit and weight of each child. */
  private readonly childUnit: Int32Array;
  private readonly childWeight: Int32Array;
  /** [nodes] sum of the children's weights, and how many are not 0. */
  private readonly total: Float64Array;
  private readonly types: Int32Array;

  private constructor(
    private readonly trie: NgramTrie,
    readonly order: number,
    /** Units that there are, the unknown one included. */
    readonly vocabularySize: number,
  ) {
    const { size } = trie;
    this.first = new Int32Array(size + 1);
    this.childUnit = new Int32Array(size);
    this.childWeight = new Int32Array(size);
    this.total = new Float64Array(size);
    this.types = new Int32Array(size);
  }

  static *of({ trie, order }: NgramCounter, vocabularySize: number): Generator<Progress, KneserNey, void> {
    const made = new KneserNey(trie, order, vocabularySize);
    const weight = yield* made.weigh();
    yield* made.arrange(weight);
    return made;
  }

  /** What each n-gram counts for, the sums of that, and the discounts. [nodes] */
  private *weigh(): Generator<Progress, Int32Array, void> {
    const { order, total, types, first } = this;
    const { size, nodes } = this.trie;
    const depth = new Uint8Array(size);
    const fromStart = new Uint8Array(size);
    const weight = new Int32Array(size);
    const once = new Float64Array(order + 1);
    const twice = new Float64Array(order + 1);
    for (let node = 1; node < size; node++) {
      const at = FIELDS * node;
      const above = nodes[at + PARENT];
      const start = above === ROOT && nodes[at + UNIT] === TEXT_START;
      depth[node] = depth[above] + 1;
      fromStart[node] = start || fromStart[above] === 1 ? 1 : 0;
      const w = start ? 0 : depth[node] === order || fromStart[node] === 1 ? nodes[at + COUNT] : nodes[at + BEFORE];
      weight[node] = w;
      if (w === 1) once[depth[node]]++;
      if (w === 2) twice[depth[node]]++;
      total[above] += w;
      if (w > 0) types[above]++;
      first[above + 1]++;
      if (node % STEP === 0) yield { fraction: (0.5 * node) / size, message: msg("Smoothing the counts") };
    }
    this.discounts = once.map((n1, n) => (n1 > 0 && twice[n] > 0 ? n1 / (n1 + 2 * twice[n]) : USUAL_DISCOUNT));
    return weight;
  }

  /** Puts the children of each n-gram side by side. */
  private *arrange(weight: Int32Array): Generator<Progress, void, void> {
    const { first, childUnit, childWeight } = this;
    const { size, nodes } = this.trie;
    for (let node = 0; node < size; node++) first[node + 1] += first[node];
    const next = first.slice(0, size);
    for (let node = 1; node < size; node++) {
      const at = next[nodes[FIELDS * node + PARENT]]++;
      childUnit[at] = nodes[FIELDS * node + UNIT];
      childWeight[at] = weight[node];
      if (node % STEP === 0) yield { fraction: 0.5 + (0.5 * node) / size, message: msg("Smoothing the counts") };
    }
  }

  /**
   * Probabilities of the next unit.
   * @param context units so far; the last order − 1 count
   * @param out [vocabularySize]
   * @returns how many units of the context were found in the text
   */
  predict(context: ArrayLike<number>, out: Float64Array): number {
    out.fill(1 / this.vocabularySize);
    let found = 0;
    for (let length = 0; length < this.order && length <= context.length; length++) {
      const node = this.contextNode(context, length);
      if (node < 0 || this.total[node] === 0) break;
      found = length;
      const discount = this.discounts[length + 1];
      const total = this.total[node];
      const rest = (discount * this.types[node]) / total;
      for (let i = 0; i < out.length; i++) out[i] *= rest;
      for (let at = this.first[node]; at < this.first[node + 1]; at++) {
        if (this.childWeight[at] > 0) out[this.childUnit[at]] += (this.childWeight[at] - discount) / total;
      }
    }
    return found;
  }

  /** The node of the last `length` units; −1 when they never stand together. */
  private contextNode(context: ArrayLike<number>, length: number): number {
    let node = ROOT;
    for (let i = context.length - length; i < context.length; i++) {
      node = this.trie.find(node, context[i]);
      if (node === 0) return -1;
    }
    return node;
  }
}
