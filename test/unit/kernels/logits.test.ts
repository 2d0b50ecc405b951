import { afterEach, describe, expect, test } from "vitest";
import type { GenerationConfig } from "../../../src/core/decoding/config.js";
import { Pipeline, type PipelineRun } from "../../../src/core/decoding/pipeline.js";
import { chainOf, llamaCppChain } from "../../../src/core/decoding/processors/chain.js";
import { bindLogits } from "../../../src/core/kernels/bindings/logits.js";
import { openModule } from "../../../src/core/kernels/bindings/module.js";
import { kernels, useKernels } from "../../../src/core/kernels/current.js";
import type { Kernels } from "../../../src/core/kernels/kernels.js";
import { typescript } from "../../../src/core/kernels/typescript.js";
import { logSumExp } from "../../../src/core/math/logSumExp.js";
import { massQuantile, quantileWork } from "../../../src/core/math/massQuantile.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { softmax } from "../../../src/core/math/softmax.js";
import { wasmHost } from "../../support/wasmHost.js";
import { everyKernels } from "./implementations.js";

const inUse = kernels();
afterEach(() => useKernels(inUse));

const random = seededRandom(17);
/** Numbers by which sizes and values are chosen: about normal. */
const normal = () => 2 * (random() + random() + random() - 1.5);
const sizes = [1, 2, 3, 4, 5, 7, 8, 31, 63, 64, 65, 66, 127, 129, 1023, 1024, 1025, 4099];
const shapes: Readonly<Record<string, (i: number, size: number) => number>> = {
  "as of a model": (i) => 3 * normal() + (i % 97 === 0 ? 8 * random() : 0),
  "flat": () => 0.01 * normal(),
  "peaked": (i) => 40 * normal() + (i === 3 ? 300 : 0),
  "in steps": () => Math.round(2 * normal()),
  "all equal": () => -2.5,
  "one finite": (i, size) => (i === size >> 1 ? 3 : -Infinity),
  "mostly removed": (i) => (i % 11 === 3 ? normal() : -Infinity),
  "none": () => -Infinity,
  "partly NaN": (i) => (i % 5 === 1 ? NaN : i % 7 === 2 ? -Infinity : normal()),
  "partly infinite": (i) => [normal(), Infinity, -Infinity, NaN][i % 4 === 0 ? Math.floor(4 * random()) : 0],
  "of all magnitudes": (i) => [0, -0, 5e-324, -1e-310, 1e308, -1e308, -707.9, -708, -708.1, 1][i % 10] * (random() < 0.3 ? 1 : normal()),
  "around the least exponent": (i) => (i === 0 ? 0 : -708 + (i % 3) * 1e-13 - 1e-13),
};

const configs: readonly GenerationConfig[] = [
  { do_sample: true, repetition_penalty: 1.2, no_repeat_ngram_size: 3, temperature: 0.8, top_k: 40, top_p: 0.95, min_p: 0.0005, typical_p: 0.9 },
  { do_sample: true, top_p: 0.9 },
  { do_sample: true, top_p: 0.5, num_beams: 3, epsilon_cutoff: 1e-3 },
  { do_sample: true, top_k: 7, eta_cutoff: 0.01 },
  { do_sample: true, typical_p: 0.6, num_beams: 2 },
  { do_sample: true, min_p: 0.1, temperature: 3, renormalize_logits: true },
  { do_sample: true, top_h: 0.6, top_p: 0.999, frequency_penalty: 0.5 },
];

/** Everything that a run says, in a row. */
function told({ first, stages }: PipelineRun): readonly ArrayLike<number>[] {
  return [first, ...stages.map(({ after }) => after)].flatMap(({ scores, probabilities, entropy, kept, invalid, largest, logNormaliser, members, listed }, i) => {
    const mass = i === 0 ? 1 : stages[i - 1].keptMass;
    // Of 0 and −0 either may be the largest.
    return [[entropy, kept, invalid, largest + 0, logNormaliser, listed, mass], scores, probabilities, members.subarray(0, Math.max(0, listed))];
  });
}

/** Where two lists of numbers differ in a bit. */
function difference(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): string | undefined {
  for (let k = 0; k < Math.max(a.length, b.length); k++) {
    for (let i = 0; i < Math.max(a[k].length, b[k].length); i++) if (!Object.is(a[k][i], b[k][i])) return `list ${k}, number ${i}: ${a[k][i]}, not ${b[k][i]}`;
  }
  return undefined;
}

/** The same for vocabularies of any size. */
const forAll = (each: Kernels): Kernels => ({ ...each, logits: { ...each.logits, leastRow: 0, leastVocabulary: 0 } });

const compiled = everyKernels.filter(({ implementation }) => implementation !== "typescript").map((each) => [each.implementation, forAll(each)] as const);

describe.each(compiled)("the logits by %s are TypeScript's to the last bit", (_, each) => {
  test.each(Object.keys(shapes))("chains on logits %s", (name) => {
    for (const size of sizes) {
      const context = { ids: [0, size >> 1, 0, size - 1], promptLength: 2 };
      const [reference, own] = [new Pipeline(size), new Pipeline(size)];
      const logits = Float64Array.from({ length: size }, (__, i) => shapes[name](i, size));
      for (const config of size > 2000 ? configs.slice(0, 3) : configs) {
        const made = chainOf(config, { promptLength: 2, maxLength: 9 });
        const chain = random() < 0.5 ? made : llamaCppChain(made);
        useKernels(typescript);
        const wanted = reference.run(logits, chain, context);
        useKernels(each);
        expect(difference(told(own.run(logits, chain, context)), told(wanted)), `${size} tokens, ${JSON.stringify(config)}`).toBeUndefined();
      }
    }
  });

  test.each(Object.keys(shapes))("softmax and log-sum-exp of rows %s", (name) => {
    for (const size of sizes) {
      const drawn = Array.from({ length: size + 3 }, (__, i) => shapes[name](i, size));
      for (const values of [drawn, Float32Array.from(drawn), Float64Array.from(drawn)]) {
        for (const [n, from] of [[size, 0], [size, 2], [size + 3, 0], [0, 1]]) {
          const [a, b] = [new Float64Array(size + 3).fill(9), new Float64Array(size + 3).fill(9)];
          each.logits.softmax(values, a, n, from);
          typescript.logits.softmax(values, b, n, from);
          expect(difference([a, [each.logits.logSumExp(values, n, from)]], [b, [typescript.logits.logSumExp(values, n, from)]]), `${n} from ${from}`).toBeUndefined();
        }
      }
    }
  });

  test("a large vocabulary", () => {
    for (const size of [50_257, 60_000]) {
      for (const name of ["as of a model", "in steps", "all equal"]) {
        const logits = Float64Array.from({ length: size }, (__, i) => shapes[name](i, size));
        const chain = chainOf(configs[name === "as of a model" ? 0 : 1], { promptLength: 2, maxLength: 9 });
        const [wanted, own] = [typescript, each].map((one) => {
          useKernels(one);
          return new Pipeline(size).run(logits, chain, { ids: [1, 2, 1], promptLength: 1 });
        });
        expect(difference(told(own), told(wanted)), `${size} tokens ${name}`).toBeUndefined();
      }
    }
  });

  test("arrays of another vocabulary are refused", () => {
    const [one, other] = [each.logits.vocabulary(8, 1, 0), each.logits.vocabulary(8, 1, 0)];
    expect(() => one.scale(one.reals[0], 2, other.reals[0])).toThrow(TypeError);
  });

  test("a pipeline takes chains of any length in turn", () => {
    let opened = 0;
    const vocabulary = (...args: Parameters<typeof each.logits.vocabulary>) => {
      opened++;
      return each.logits.vocabulary(...args);
    };
    useKernels({ ...each, logits: { ...each.logits, vocabulary } });
    const pipeline = new Pipeline(100);
    const logits = Float64Array.from({ length: 100 }, () => normal());
    const context = { ids: [], promptLength: 0 };
    const chains = [[], ...configs.map((config) => chainOf(config, { promptLength: 0, maxLength: 9 }))];
    for (const chain of [...chains, ...chains]) expect(difference(told(pipeline.run(logits, chain, context)), told(new Pipeline(100).run(logits, chain, context)))).toBeUndefined();
    // Once warm, nothing of the vocabulary's size is allocated.
    opened = 0;
    for (const chain of chains) pipeline.run(logits, chain, context);
    expect(opened).toBe(0);
  });
});

describe.each(everyKernels.map((each) => [each.implementation, forAll(each)] as const))("the logits by %s", (_, each) => {
  test("have the softmax, log-sum-exp and entropy that Math.exp gives", () => {
    for (const spread of [0.01, 1, 30, 300]) {
      useKernels(each);
      const values = Float64Array.from({ length: 2001 }, () => spread * normal());
      const most = Math.max(...values);
      const weights = values.map((value) => Math.exp(value - most));
      const sum = weights.reduce((a, b) => a + b, 0);
      const entropy = weights.reduce((h, w) => (w > 0 ? h - (w / sum) * Math.log(w / sum) : h), 0);
      const out = new Float64Array(values.length);
      softmax(values, out);
      // Each of 2,001 additions may cost half a unit of the last place.
      out.forEach((p, i) => expect(Math.abs(p - weights[i] / sum)).toBeLessThanOrEqual(5e-14 * p + 1e-307));
      expect(logSumExp(values)).toBeCloseTo(most + Math.log(sum), 12);
      const { first } = new Pipeline(values.length).run(values, [], { ids: [], promptLength: 0 });
      // The logarithm of a sum near 1 has the sum's last place.
      expect(Math.abs(first.entropy - entropy)).toBeLessThanOrEqual(1e-13 * entropy + 4e-16);
      expect(first.probabilities).toEqual(out);
    }
  });
});

test.each(compiled)("%s knows a sum that is reached from one that is passed", (_, { logits }) => {
  const size = 1024;
  const { reals: [keys, masses], integers: [members], narrow } = logits.vocabulary(size, 2, 1);
  keys.forEach((__, i) => (keys[i] = Math.floor(i / 256)));
  masses.fill(1 / size);
  const work = { ...quantileWork(size), members, narrow };
  expect([true, false].map((reach) => massQuantile(keys, masses, 0.5, reach, work))).toEqual([511, 512]);
  expect([true, false].map((reach) => massQuantile(keys, undefined, 256, reach, work))).toEqual([255, 256]);
  expect(massQuantile(keys, masses, 2, true, work)).toBe(size - 1);
});

test("without memory for it, a vocabulary is TypeScript's", () => {
  let opened = 0;
  const { vocabulary } = bindLogits(() => {
    if (opened++ > 0) throw new RangeError("could not allocate memory");
    return openModule(wasmHost, "simd", "logits");
  });
  const { reals: [scores, p], exponentials } = vocabulary(3, 2, 0);
  scores.set([1, 1, -Infinity]);
  expect(exponentials(scores, p)).toMatchObject({ sum: 2, kept: 2 });
});
