import { kernels } from "../kernels/current.js";
import type { Attending, NoteWeights } from "../kernels/transformer.js";

/** Positions of a page. */
const PAGE = 16;

type Page = {
  /** By layer, [PAGE, width] each. */
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
};

/**
 * Keys and values of the tokens read, so that a new token costs only itself. They lie in pages: a fork shares those that are
 * full, which no one changes any more, and copies only the last.
 */
export class KeyValueCache {
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
      pages[pages.length - 1] = { keys: keys.map((layer) => layer.slice()), values: values.map((layer) => layer.slice()) };
    }
    return new KeyValueCache(this.layers, this.width, pages);
  }

  /** Keeps a token's key and value: `width` numbers of each from an offset. */
  write(layer: number, position: number, keys: Float32Array, keysAt: number, values: Float32Array, valuesAt: number): void {
    const page = (this.pages[Math.floor(position / PAGE)] ??= { keys: this.blank(), values: this.blank() });
    const at = (position % PAGE) * this.width;
    page.keys[layer].set(keys.subarray(keysAt, keysAt + this.width), at);
    page.values[layer].set(values.subarray(valuesAt, valuesAt + this.width), at);
  }

  private blank(): Float32Array[] {
    return Array.from({ length: this.layers }, () => new Float32Array(PAGE * this.width));
  }

  /**
   * Attention of the queries of tokens from `position` on, each to the tokens up to itself.
   * @param out [n, heads · size]
   */
  attend(layer: number, position: number, queries: Omit<Attending, "keys" | "values" | "count" | "more">, out: Float32Array, note?: NoteWeights): void {
    const keys = this.pages.map((page) => page.keys[layer]);
    const values = this.pages.map((page) => page.values[layer]);
    kernels().transformer.attend({ ...queries, keys, values, count: position + 1, more: 1 }, out, note);
  }
}
