import { describe, expect, it } from "vitest";
import { defaultsOf, format } from "../../../src/core/contract/index.js";
import { attention } from "../../../src/core/attention/explainer.js";
import { recurrentAttention } from "../../../src/core/attention/linearAttention.js";
import { attentionParams, type AttentionParams } from "../../../src/core/attention/params.js";
import { attendFull, attendLinear, attendRecurrent } from "../../../src/core/attention/partCostKernels.js";
import { costStory } from "../../../src/core/attention/storyCost.js";
import { knownShapes } from "../../../src/core/attention/partCostShapes.js";
import { scaledDotProduct } from "../../../src/core/attention/scaledDotProduct.js";
import type { AttentionTrace, CostPart } from "../../../src/core/attention/trace.js";
import type { CostTimes } from "../../../src/core/attention/partCostTimes.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { parameterCount } from "../../../src/core/models/shape/index.js";
import { finish } from "../../oracle/kmeans.js";
import { envOf, run, said, textSource } from "./readingSupport.js";

function traced(patch: Partial<AttentionParams> = {}, source = textSource("Some text.")): AttentionTrace {
  const outcome = run(source, { tab: "cost", ...patch });
  if (!outcome.ok) throw new Error(said(outcome.problems));
  return outcome.trace;
}
const partOf = (patch: Partial<AttentionParams> = {}): CostPart => traced(patch).cost!;
const now = ({ curves }: CostPart, name: string) => curves.find((each) => each.name === name)!.now;
const fact = ({ facts }: CostPart, label: string) => facts.find((each) => format(each.label) === label)!;

describe("known models", () => {
  it("have the parameters that their makers' files hold", () => {
    const counts = Object.fromEntries(knownShapes().map(({ id, shape }) => [id, parameterCount(shape)]));
    expect(counts).toEqual({
      "gpt2": 124_439_808, "gpt2-medium": 354_823_168, "gpt2-large": 774_030_080, "gpt2-xl": 1_557_611_200,
      "bert-base-uncased": 109_482_240, "bert-large-uncased": 335_141_888,
      "Llama-2-7b": 6_738_415_616, "Llama-2-13b": 13_015_864_320, "Llama-2-70b": 68_976_648_192,
      "Llama-3.1-8B": 8_030_261_248, "Llama-3.1-70B": 70_553_706_496, "Mistral-7B-v0.1": 7_241_732_096, "Qwen2.5-7B": 7_615_616_512,
    });
  });
});

describe("the Cost tab's part", () => {
  it("counts the model in use part by part, with the products that make the counts", () => {
    const part = partOf();
    expect(part.parts.reduce((sum, { count }) => sum + count, 0)).toBe(part.parameters);
    const gpt2 = partOf({ shape: "gpt2" });
    const formulas = Object.fromEntries(gpt2.parts.map(({ label, formula }) => [format(label), formula]));
    expect(formulas).toMatchObject({ "token embedding": "50,257 × 768", "queries W_Q": "12 × (768 × 768 + 768)", "MLP up": "12 × (768 × 3,072 + 3,072)", "MLP down": "12 × (3,072 × 768 + 768)", "last norm": "1,536" });
    // Each formula is worth its count.
    for (const { formula, count } of [...gpt2.parts, ...partOf({ shape: "Llama-3.1-8B" }).parts]) {
      expect(Number(new Function(`return ${formula.replace(/,/g, "").replace(/×/g, "*")}`)())).toBe(count);
    }
  });

  it("says what weights, cache and training take", () => {
    const part = partOf({ shape: "gpt2", sequence_length: 1024 });
    expect(fact(part, "weights in F32").value).toBe(4 * 124_439_808);
    expect(fact(part, "weights in INT4").value).toBe(124_439_808 / 2);
    expect(fact(part, "KV cache").value).toBe(2 * 12 * 12 * 64 * 1024 * 2);
    expect(fact(part, "full fine-tuning").value).toBe(16 * 124_439_808);
    expect([fact(part, "by the rule of thumb").value, fact(part, "by the rule of thumb").most]).toEqual([16 * 124_439_808, 20 * 124_439_808]);
    expect(format(fact(part, "KV cache").formula)).toBe("2 × 12 layers × 12 heads × 64 numbers × 1,024 tokens × 2 bytes");
    expect(now(part, "full").cache).toBe(fact(part, "KV cache").value);
    expect(now(partOf({ shape: "gpt2", sequence_length: 1024, batch_size: 3, dtype: "float32" }), "full").cache).toBe(6 * fact(part, "KV cache").value);
    expect(partOf({ shape: "bert-base-uncased" }).facts.some(({ label }) => format(label) === "KV cache")).toBe(false);
    expect(partOf({ shape: "bert-base-uncased" }).crossings.some(({ quantity }) => quantity === "cache")).toBe(false);
  });

  it("finds where the curves cross, by the formulas of the kinds", () => {
    const { crossings, own } = partOf({ shape: "gpt2" });
    const at = (quantity: string, cheaper: string, dearer: string) => crossings.find((each) => each.quantity === quantity && each.cheaper === cheaper && each.dearer === dearer)?.length;
    expect(own).toBe("full");
    // 4·H·s·T a layer against 4·H·s·(s + 1): dearer from T = s + 2 on.
    expect(at("flops", "linear", "full")).toBe(66);
    // 2·d·T against d·(s + 1), and against 5·d.
    expect(at("cache", "linear", "full")).toBe(33);
    expect(at("cache", "recurrent", "full")).toBe(3);
    // One head's keys and values, 2·s·T, against H·s·(s + 1).
    expect(at("cache", "linear", "multiQuery")).toBe((12 * 65) / 2 + 1);
    for (const { length, quantity, cheaper, dearer } of partOf({ shape: "Llama-3.1-8B" }).crossings) {
      const of = (name: string, tokens: number) => now(partOf({ shape: "Llama-3.1-8B", sequence_length: tokens }), name)[quantity];
      expect(of(cheaper, length)).toBeLessThan(of(dearer, length));
      expect(of(cheaper, length - 1)).toBeGreaterThanOrEqual(of(dearer, length - 1));
    }
  });

  it("reads all curves at the length asked for, and names the model's own", () => {
    const part = partOf({ shape: "Llama-3.1-8B", sequence_length: 4096 });
    const at = part.lengths.indexOf(4096);
    for (const { flops, activations, cache, now: here } of part.curves) expect([flops[at], activations[at], cache[at]]).toEqual([here.flops, here.activations, here.cache]);
    expect(part.own).toBe("grouped");
    expect(partOf({ shape: "Mistral-7B-v0.1" }).own).toBe("own");
    const { title, lede } = costStory(traced({ shape: "gpt2" }));
    expect(format(title)).toBe("From 66 tokens on, linear attention takes fewer operations a token");
    expect(lede.map(({ text }) => format(text)).join("")).toContain("GPT-2 has 124,439,808 parameters. The last of 2,048 tokens takes ");
  });

  it("counts a config.json without a model, and says what it can't count", () => {
    const config = (values: object) => textSource(JSON.stringify(values), undefined, "json", "config.json");
    const own = config({ model_type: "llama", hidden_size: 64, num_attention_heads: 4, num_hidden_layers: 2, intermediate_size: 128, vocab_size: 100 });
    const outcome = run(own, { tab: "cost" }, undefined);
    expect(outcome.ok && [outcome.trace.source.kind, outcome.trace.cost!.name, outcome.trace.cost!.sizes.width]).toEqual(["none", "config.json", 64]);
    const refusals = [
      run(config({ model_type: "mamba", hidden_size: 64 }), { tab: "cost" }), run(config({ model_type: "llama", hidden_size: 64, num_attention_heads: 4, num_key_value_heads: 3 }), { tab: "cost" }),
      run(own, { tab: "cost", shape: "gpt-9" }),
    ];
    const words = refusals.map((each) => (each.ok ? "" : said(each.problems)));
    expect(words[0]).toContain("does not know how a mamba is built");
    expect(words[1]).toContain("do not fit together");
    expect(words[2]).toContain("no model of the name gpt-9");
    for (const each of refusals) expect(!each.ok && each.problems[0].fixes!.at(-1)!.params).toEqual({ shape: "gpt2" });
    expect(said(traced({ sequence_length: 4096 }).cost!.notes)).toContain("positions for 256 tokens");
  });
});

describe("the timed kernels", () => {
  const random = seededRandom(3);
  const made = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
  const [n, size] = [9, 4];
  const [q, k, v] = [made(n * size), made(n * size), made(n * size)];
  const row = (x: Float32Array, t: number) => x.slice(t * size, (t + 1) * size);
  const close = (found: Float32Array, wanted: ArrayLike<number>) => found.forEach((value, j) => expect(value).toBeCloseTo(wanted[j], 5));

  it("give what attention gives", () => {
    const out = new Float32Array(size);
    attendFull(row(q, n - 1), k, v, n, new Float32Array(n), out);
    close(out, scaledDotProduct(row(q, n - 1), k, v, { queries: 1, keys: n, size, valueSize: size }, { scale: 1 / Math.sqrt(size) }).output);
  });

  it("give what linear attention gives, token by token", () => {
    const wanted = recurrentAttention(q, k, v, { queries: n, keys: n, size, valueSize: size }, true).output;
    const state = { sums: new Float32Array(size * size), norms: new Float32Array(size) };
    const out = new Float32Array(size);
    for (let t = 0; t < n; t++) {
      attendLinear(row(q, t), row(k, t), row(v, t), state, out);
      close(out, wanted.slice(t * size, (t + 1) * size));
    }
  });

  it("give RWKV's weighted mean", () => {
    const [decay, bonus] = [made(size).map(Math.abs), made(size)];
    const state = { above: new Float32Array(size), below: new Float32Array(size), largest: new Float32Array(size).fill(-Infinity) };
    const out = new Float32Array(size);
    for (let t = 0; t < n; t++) {
      attendRecurrent(row(k, t), row(v, t), decay, bonus, state, out);
      close(out, Array.from({ length: size }, (_, c) => {
        let [above, below] = [0, 0];
        for (let i = 0; i <= t; i++) {
          const weight = Math.exp(i === t ? bonus[c] + k[t * size + c] : -(t - 1 - i) * decay[c] + k[i * size + c]);
          above += weight * v[i * size + c];
          below += weight;
        }
        return above / below;
      }));
    }
  });

  it("are timed one length at a time, whatever the clock", () => {
    const params = { ...defaultsOf(attentionParams), tab: "cost" as const };
    const input = { name: "", text: "", ranges: [], inEditor: false, given: undefined, config: undefined };
    const ask = (question: unknown, tick: number) => {
      let time = 0;
      return finish(attention.answer!(input, params, question, { ...envOf(params), now: () => (time += tick) })) as CostTimes | undefined;
    };
    const times = ask({ kind: "costTimes", length: 256, headSize: 32 }, 4)!;
    expect([times.length, times.headSize]).toEqual([256, 32]);
    // A clock that goes on by 4 ms a look gives a batch of one 4 ms.
    expect(times.milliseconds).toEqual({ full: 4, linear: 4, recurrent: 4 });
    expect(ask({ kind: "costTimes", length: 65536, headSize: 64 }, 0)!.milliseconds.full).toBe(0);
    for (const wrong of [null, {}, { kind: "costTimes", length: 257, headSize: 32 }, { kind: "costTimes", length: 256, headSize: 1e6 }]) expect(ask(wrong, 1)).toBeUndefined();
  });
});
