import type { Kernels } from "./kernels.js";
import { finish } from "../steps.js";
import { typescript } from "./typescript.js";
import { rowsOf } from "./vectors.js";

/** How long a function takes on a case of moderate size, beside TypeScript's: medians in milliseconds. */
export type KernelTiming = { readonly name: string; readonly milliseconds: number; readonly typescript: number };

type Case = { readonly name: string; prepare(own: Kernels): () => void };

const rounds = 5;
/** Milliseconds in which code that is used for the first time is compiled, and found worth optimising. */
const warmUp = 15;

const cases: readonly Case[] = [
  {
    name: "EM pass, 5,000 rows, 2 columns, 4 components",
    prepare({ em }) {
      const columns = [0, 1].map((d) => Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i * (i + d))));
      const model = {
        K: 4, D: 2, means: Float64Array.from({ length: 8 }, (_, i) => Math.cos(i)), centres: new Float64Array(8),
        roots: Float64Array.from({ length: 16 }, (_, i) => [1, 0, 0.3, 1.2][i % 4]), offsets: new Float64Array(4), top: 0,
      };
      const out = { counts: new Float64Array(4), sums: new Float64Array(8), products: new Float64Array(16), logLikelihood: new Float64Array(1) };
      return () => em.full(columns, 0, 5000, model, out);
    },
  },
  {
    name: "product of 32 × 256 and 256 × 512 of binary16",
    prepare({ matrix }) {
      const weights = matrix.room().matrix(512, 256, "float16");
      // Between 1 and 2, as their bits say.
      weights.fill(new Uint8Array(Uint16Array.from({ length: 512 * 256 }, (_, i) => 0x3c00 | ((i * 37) & 0x3ff)).buffer), 0, 512);
      const x = Float32Array.from({ length: 32 * 256 }, (_, i) => Math.sin(i));
      const out = new Float32Array(32 * 512);
      return () => weights.times(x, 32, undefined, out);
    },
  },
  {
    name: "softmax of 50,257 logits",
    prepare({ logits }) {
      const vocabulary = logits.vocabulary(50_257, 2, 0);
      const [scores, probabilities] = vocabulary.reals;
      for (let i = 0; i < scores.length; i++) scores[i] = 8 * Math.sin(i * i);
      return () => vocabulary.scale(probabilities, 1 / vocabulary.exponentials(scores, probabilities).sum, probabilities);
    },
  },
  {
    name: "1,000 rows of 50 numbers from text",
    prepare({ text }) {
      const line = `word ${Array.from({ length: 50 }, (_, i) => Math.sin(i).toFixed(5)).join(" ")}\n`;
      const size = 1000 * line.length;
      const scanner = text.openRows(size, 50);
      for (let i = 0; i < size; i++) scanner.bytes[i] = line.charCodeAt(i % line.length);
      return () => void scanner.scan(0, size, 1000);
    },
  },
  {
    name: "attention of 32 queries to 256 keys, 4 heads",
    prepare({ transformer }) {
      const [n, heads, size] = [32, 4, 64];
      const numbers = (rows: number) => Float32Array.from({ length: rows * heads * size }, (_, i) => Math.sin(i * i));
      const what = { queries: numbers(n), stride: heads * size, n, heads, kvHeads: heads, size, scale: 1 / 8, keys: [numbers(256)], values: [numbers(256)], count: 256, more: 0 } as const;
      const out = new Float32Array(n * heads * size);
      return () => transformer.attend(what, out);
    },
  },
  {
    name: "cosines of 128 rows of 100 numbers",
    prepare({ vectors }) {
      const [n, d] = [128, 100];
      const rows = Float64Array.from({ length: n * d }, (_, i) => Math.sin(i * i) / 7.2); // of length about 1
      const pairs = vectors.pairs(rowsOf(rows, d), n, d, "cosine");
      const out = new Float32Array(n * n);
      return () => pairs.fill(0, n, 0, n, out);
    },
  },
  {
    name: "t-SNE's forces on 1,000 points",
    prepare({ maps }) {
      const m = 1000;
      const p = { m, starts: new Int32Array(m + 1), columns: new Int32Array(0), values: new Float64Array(0) };
      const forces = finish(maps.forces(p));
      const positions = Float64Array.from({ length: 2 * m }, (_, i) => 20 * Math.sin(i * i));
      const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
      return () => void finish(forces.at(positions, 0.5, pull, push));
    },
  },
  {
    name: "262,144 numbers of binary16",
    prepare({ decode }) {
      const raw = new Uint8Array(2 ** 19).map((_, i) => (i * 7) & 0x3b);
      const out = new Float32Array(2 ** 18);
      return () => decode.float16(raw, 0, out);
    },
  },
];

/** Times the kernels in use, a case a step; some 400 ms in all. */
export function* timeKernels(own: Kernels, now: () => number): Generator<number, readonly KernelTiming[], void> {
  const timings: KernelTiming[] = [];
  for (const [i, { name, prepare }] of cases.entries()) {
    const [run, reference] = [prepare(own), prepare(typescript)];
    const milliseconds = median(run, now);
    timings.push({ name, milliseconds, typescript: own === typescript ? milliseconds : median(reference, now) });
    yield (i + 1) / cases.length;
  }
  return timings;
}

function median(run: () => void, now: () => number): number {
  for (const begun = now(); now() - begun < warmUp; ) run();
  const times = Array.from({ length: rounds }, () => {
    const begun = now();
    run();
    return now() - begun;
  });
  return times.sort((a, b) => a - b)[rounds >> 1];
}
