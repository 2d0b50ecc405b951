import { dotAt } from "../math/attentionRow.js";
import { softmax } from "../math/softmax.js";

/** Positions of a page. */
const PAGE = 16;

type Page = {
  /** [layers, PAGE, width] */
  readonly keys: Float32Array;
  readonly values: Float32Array;
};

/**
 * Keys and values of the tokens read, so that a new token costs only itself. They lie in pages: a fork shares those that are
 * full, which no one changes any more, and copies only the last.
 */
export class KeyValueCache {
  private scores = new Float64Array(64);

  /** @param width heads × size of a head, of the keys and values */
  constructor(
    private readonly layers: number,
    private readonly width: number,
    private readonly pages: Page[] = [],
  ) {}

  /** A cache of the first `length` tokens that goes on on its own. */
  fork(length: number): KeyValueCache {
    const pages = this.pages.slice(0, Math.ceil(length / PAGE));
    if (length % PAGE !== 0) {
      const { keys, values } = pages[pages.length - 1];
      pages[pages.length - 1] = { keys: keys.slice(), values: values.slice() };
    }
    return new KeyValueCache(this.layers, this.width, pages);
  }

  /** Keeps a token's key and value: `width` numbers of each from an offset. */
  write(layer: number, position: number, keys: Float32Array, keysAt: number, values: Float32Array, valuesAt: number): void {
    const size = this.layers * PAGE * this.width;
    const page = (this.pages[Math.floor(position / PAGE)] ??= { keys: new Float32Array(size), values: new Float32Array(size) });
    const at = (layer * PAGE + (position % PAGE)) * this.width;
    for (let j = 0; j < this.width; j++) page.keys[at + j] = keys[keysAt + j];
    for (let j = 0; j < this.width; j++) page.values[at + j] = values[valuesAt + j];
  }

  /**
   * Scaled dot-product attention of one head's query (Vaswani et al. 2017) to the tokens up to `position`.
   * @param head offset of its keys and values within the width
   * @param out written at `outAt`, `size` numbers
   * @returns [position + 1] weights, valid until the next call
   */
  attend(
    layer: number,
    position: number,
    query: Float32Array,
    queryAt: number,
    head: number,
    size: number,
    scale: number,
    out: Float32Array,
    outAt: number,
  ): Float64Array {
    const count = position + 1;
    if (this.scores.length < count) this.scores = new Float64Array(2 * count);
    const { scores, width } = this;
    for (let start = 0; start < count; start += PAGE) {
      const { keys } = this.pages[start / PAGE];
      const end = Math.min(count, start + PAGE);
      let at = layer * PAGE * width + head;
      for (let p = start; p < end; p++, at += width) {
        scores[p] = dotAt(query, queryAt, keys, at, size) * scale;
      }
    }
    softmax(scores, scores, count);
    out.fill(0, outAt, outAt + size);
    for (let start = 0; start < count; start += PAGE) {
      const { values } = this.pages[start / PAGE];
      const end = Math.min(count, start + PAGE);
      let at = layer * PAGE * width + head;
      for (let p = start; p < end; p++, at += width) {
        const weight = scores[p];
        for (let j = 0; j < size; j++) out[outAt + j] += weight * values[at + j];
      }
    }
    return scores.subarray(0, count);
  }
}
