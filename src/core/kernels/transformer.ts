/** Queries of some tokens, and the keys and values that they attend to. */
export type Attending = {
  /** [n, stride], in each row first those of all heads: heads · size numbers. */
  readonly queries: Float32Array;
  readonly stride: number;
  readonly n: number;
  readonly heads: number;
  /** Each serves heads / kvHeads query heads side by side (Ainslie et al. 2023). */
  readonly kvHeads: number;
  readonly size: number;
  /** What products of queries and keys are multiplied by. */
  readonly scale: number;
  /** Pages [rows, kvHeads · size] one behind the other, full but for the last. */
  readonly keys: readonly Float32Array[];
  /** Likewise; undefined where the weights alone are wanted. */
  readonly values: readonly Float32Array[] | undefined;
  /** Keys that the first query sees: those from the first on. */
  readonly count: number;
  /** How many more each further query sees: 1 in a text that is read from left to right. */
  readonly more: 0 | 1;
};

/** Gets the weights that a head's query t gives the keys it sees; they are valid during the call. In no certain order. */
export type NoteWeights = (head: number, t: number, weights: Float32Array | Float64Array) => void;

/** What a transformer computes between its matrices, in single precision or better. */
export interface TransformerKernels {
  /**
   * Scaled dot-product attention (Vaswani et al. 2017).
   * @param out [n, heads · size] not touched without values
   * @throws RangeError when there are fewer keys than are seen
   */
  attend(what: Attending, out: Float32Array, note?: NoteWeights): void;
  /** GELU in its form with tanh, of the first n numbers in their place. */
  geluTanh(x: Float32Array, n: number): void;
  /** GELU with the normal distribution likewise. */
  gelu(x: Float32Array, n: number): void;
  /** x · sigmoid(x) likewise. */
  silu(x: Float32Array, n: number): void;
  /** −Σ w log₂ w of each row of `weights` [out.length, columns], NaN where one is below 0. */
  entropies(weights: Float32Array, columns: number, out: Float64Array): void;
}

/** How many keys the last query sees. @throws RangeError when they are not there */
export function checkAttending({ queries, stride, n, heads, kvHeads, size, keys, values, count, more }: Attending, out: Float32Array): number {
  const seen = n === 0 ? 0 : count + more * (n - 1);
  const width = kvHeads * size;
  const there = (pages: readonly Float32Array[]) => pages.reduce((sum, page) => sum + page.length, 0) >= seen * width;
  if (!there(keys) || (values && !there(values))) throw new RangeError(`fewer than ${seen} keys or values`);
  if (stride < heads * size || queries.length < (n - 1) * stride + heads * size || (values && out.length < n * heads * size)) throw new RangeError(`arrays too short for ${n} queries`);
  return seen;
}

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkTransformer(own: TransformerKernels, reference: TransformerKernels): string | undefined {
  const [a, b] = [sample(own), sample(reference)];
  const i = a.findIndex((v, j) => !(Math.abs(v - b[j]) <= 1e-5 * (1 + Math.abs(b[j]))));
  return i < 0 ? undefined : `number ${i} of attention, activations and entropies is ${a[i]}, not ${b[i]}`;
}

/** Two heads of 38 numbers attend to up to six keys, in pages of four; then activations. */
function sample(kernels: TransformerKernels): number[] {
  const [n, heads, size] = [2, 2, 38];
  const numbers = (count: number, step: number) => Float32Array.from({ length: count }, (_, i) => ((i * step) % 23) / 8 - 1.4);
  const pages = (step: number) => [numbers(4 * size, step), numbers(2 * size, step + 2)];
  const out = new Float32Array(n * heads * size);
  const found: number[][] = [];
  kernels.attend({ queries: numbers(n * heads * size, 7), stride: heads * size, n, heads, kvHeads: 1, size, scale: 0.2, keys: pages(3), values: pages(5), count: 5, more: 1 }, out, (h, t, weights) => (found[h * n + t] = Array.from(weights)));
  for (const name of ["geluTanh", "gelu", "silu"] as const) {
    const x = Float32Array.of(-100, -3, -0.5, 0, 1e-3, 2, 100);
    kernels[name](x, x.length);
    found.push(Array.from(x));
  }
  const entropies = new Float64Array(2);
  kernels.entropies(Float32Array.of(0.5, 0.3, 0, 0.1, 0.1, 1, 0, 0, 0, 0), 5, entropies);
  return [...out, ...found.flat(), ...entropies];
}
