import { msg, type Progress } from "../contract/index.js";
import { crew } from "../kernels/crew.js";
import { kernels } from "../kernels/current.js";
import type { Matrix } from "../kernels/matrix.js";
import type { Anatomy } from "./anatomy.js";
import { KeyValueCache } from "./keyValueCache.js";
import type { LanguageModel, ModelState, Recorder } from "./languageModel.js";

/** Tokens that go through the layers together at most. */
export const CHUNK = 32;

/** A few tokens on their way through the layers. */
export type Batch = {
  /** [n, d] the residual stream, changed by each block. */
  readonly x: Float32Array;
  readonly n: number;
  /** Position of the first of them. */
  readonly start: number;
  readonly cache: KeyValueCache;
  readonly recorder: Recorder;
};

/** What a family of decoder-only transformers does in its own way. */
export interface Architecture {
  readonly vocabularySize: number;
  readonly contextLength: number;
  /** Width d of the residual stream. */
  readonly width: number;
  readonly layers: number;
  readonly anatomy: Anatomy;
  /** Numbers of a token's keys (and of its values) in a layer. */
  readonly cacheWidth: number;
  /** Multiplications of a token in a layer, without attention. */
  readonly layerWork: number;
  /** [V, d] from the last state to logits. */
  readonly head: Matrix;
  /** The final norm's weight and bias [d]. */
  readonly last: { readonly weight: Float32Array; readonly bias: Float32Array | undefined };
  /** Writes a token's embedding [d] to `x` at an offset. */
  embed(token: number, position: number, x: Float32Array, at: number): void;
  /** Runs a layer on the batch, at most CHUNK tokens. */
  block(layer: number, batch: Batch): void;
  /** The final norm of rows [n, d], from `x` to `out`. */
  norm(x: Float32Array, n: number, out: Float32Array): void;
}

/** A decoder-only transformer as a language model. */
export function transformer(architecture: Architecture): LanguageModel {
  const { vocabularySize, contextLength, width, layers, cacheWidth } = architecture;
  return {
    vocabularySize,
    contextLength,
    hiddenSize: width,
    anatomy: {
      ...architecture.anatomy,
      head: architecture.head,
      last: architecture.last,
      norm(state) {
        const out = new Float32Array(width);
        architecture.norm(state, 1, out);
        return out;
      },
    },
    start: () => new TransformerState(architecture, new KeyValueCache(layers, cacheWidth), 0, new Float32Array(0), new Float32Array(0)),
  };
}

class TransformerState implements ModelState {
  constructor(
    private readonly architecture: Architecture,
    private readonly cache: KeyValueCache,
    public length: number,
    public logits: Float32Array,
    public hidden: Float32Array,
  ) {}

  fork(): ModelState {
    const { architecture, cache, length, logits, hidden } = this;
    return new TransformerState(architecture, cache.fork(length), length, logits.slice(), hidden.slice());
  }

  *feed(tokens: ArrayLike<number>, recorder: Recorder = {}): Generator<Progress, void, void> {
    const { contextLength, vocabularySize, layers, layerWork } = this.architecture;
    if (this.length + tokens.length > contextLength) throw new RangeError(`${this.length + tokens.length} tokens for a context of ${contextLength}`);
    for (let i = 0; i < tokens.length; i++) {
      if (!(tokens[i] >= 0 && tokens[i] < vocabularySize)) throw new RangeError(`no token ${tokens[i]} in a vocabulary of ${vocabularySize}`);
    }
    const total = tokens.length * layers;
    // A layer takes four steps at most, so that large models read fewer tokens at once; four share the loading of weights, and cost as much as one to three.
    const step = kernels().matrix.step * (crew().helpers > 0 ? 2 : 1);
    const chunk = Math.max(4, Math.min(CHUNK, 4 * Math.floor((4 * step) / (4 * layerWork))));
    let work = 0;
    for (let from = 0; from < tokens.length; from += chunk) {
      const n = Math.min(chunk, tokens.length - from);
      const batch = this.batch(tokens, from, n, recorder);
      for (let layer = 0; layer < layers; layer++) {
        if (layer > 0) this.record(recorder, layer, batch, batch.x);
        this.architecture.block(layer, batch);
        work += Math.max(4, n) * layerWork;
        if (work < step) continue;
        work = 0;
        yield { fraction: (from * layers + n * (layer + 1)) / total, message: msg("Reading the text with the model") };
      }
      yield* this.finish(batch, recorder, from + n === tokens.length);
      this.length += n;
    }
  }

  private batch(tokens: ArrayLike<number>, from: number, n: number, recorder: Recorder): Batch {
    const { width } = this.architecture;
    const x = new Float32Array(n * width);
    for (let t = 0; t < n; t++) this.architecture.embed(tokens[from + t], this.length + t, x, t * width);
    const batch = { x, n, start: this.length, cache: this.cache, recorder };
    this.record(recorder, 0, batch, x);
    return batch;
  }

  private *finish(batch: Batch, recorder: Recorder, last: boolean): Generator<Progress, void, void> {
    const { width, layers } = this.architecture;
    if (recorder.normInput) eachRow(batch.x, batch.n, width, (t, row) => recorder.normInput!(layers, "last", batch.start + t, row));
    if (!last && !recorder.hidden && !recorder.logits) return;
    const normed = new Float32Array(batch.n * width);
    this.architecture.norm(batch.x, batch.n, normed);
    this.record(recorder, layers, batch, normed);
    for (let t = 0; recorder.logits && t < batch.n; t++) {
      yield* this.project(normed.slice(t * width, (t + 1) * width));
      recorder.logits(batch.start + t, this.logits);
    }
    if (!last) return;
    this.hidden = normed.slice((batch.n - 1) * width);
    if (!recorder.logits) yield* this.project(this.hidden);
  }

  private *project(hidden: Float32Array): Generator<Progress, void, void> {
    const { head, vocabularySize } = this.architecture;
    if (this.logits.length === 0) this.logits = new Float32Array(vocabularySize);
    yield* toVocabulary(hidden, head, undefined, this.logits);
  }

  private record({ hidden }: Recorder, layer: number, { n, start }: Batch, x: Float32Array): void {
    if (hidden) eachRow(x, n, this.architecture.width, (t, row) => hidden(layer, start + t, row));
  }
}

/** logits[v] = bias[v] + head[v] · state, in short steps. */
export function* toVocabulary(state: Float32Array, head: Matrix, bias: Float32Array | undefined, logits: Float32Array): Generator<Progress, void, void> {
  const { rows: size, columns } = head;
  const rows = Math.max(8, 8 * Math.floor(kernels().matrix.step / (8 * columns)));
  for (let from = 0; from < size; from += rows) {
    if (from > 0) yield { fraction: from / size, message: msg("Reading the text with the model") };
    head.times(state, 1, bias, logits, from, Math.min(size, from + rows));
  }
}

/** The rows of a matrix [n, d] as views. */
export function eachRow(x: Float32Array, n: number, d: number, take: (row: number, values: Float32Array) => void): void {
  for (let t = 0; t < n; t++) take(t, x.subarray(t * d, (t + 1) * d));
}
