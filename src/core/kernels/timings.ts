import type { Kernels } from "./kernels.js";
import { typescript } from "./typescript.js";

/** How long a function takes on a case of moderate size, beside TypeScript's: medians in milliseconds. */
export type KernelTiming = { readonly name: string; readonly milliseconds: number; readonly typescript: number };

type Case = { readonly name: string; prepare(own: Kernels): () => void };

const rounds = 5;

const cases: readonly Case[] = [
  {
    name: "softmax of 50,257 logits",
    prepare({ logits }) {
      const vocabulary = logits.vocabulary(50_257, 2, 0);
      const [scores, probabilities] = vocabulary.reals;
      for (let i = 0; i < scores.length; i++) scores[i] = 8 * Math.sin(i * i);
      return () => vocabulary.scale(probabilities, 1 / vocabulary.exponentials(scores, probabilities).sum, probabilities);
    },
  },
];

/** Times the kernels in use, a case a step; some 100 ms in all. */
export function* timeKernels(own: Kernels, now: () => number): Generator<number, readonly KernelTiming[], void> {
  const timings: KernelTiming[] = [];
  for (const [i, { name, prepare }] of cases.entries()) {
    const [run, reference] = [prepare(own), prepare(typescript)];
    timings.push({ name, milliseconds: median(run, now), typescript: median(reference, now) });
    yield (i + 1) / cases.length;
  }
  return timings;
}

/** The first round, in which code is compiled, does not count. */
function median(run: () => void, now: () => number): number {
  run();
  const times = Array.from({ length: rounds }, () => {
    const begun = now();
    run();
    return now() - begun;
  });
  return times.sort((a, b) => a - b)[rounds >> 1];
}
