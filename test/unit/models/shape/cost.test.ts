import * as fc from "../../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import {
  activationBytes, cacheBytes, cacheNumbers, costKinds, costModel, costParameters, crossing, crossings, flopsOfText, flopsOfToken, keptActivations, loraMemory,
  parameterCount, ruleOfThumb, trainingMemory, weightMemory, workingActivations, type CostModel,
} from "../../../../src/core/models/shape/index.js";
import { bert, gpt2, llama, mistral, shapeOf } from "./support.js";

const own = (shape: typeof gpt2): CostModel => costModel(shape, "own");
const tiny = shapeOf({ model_type: "llama", hidden_size: 12, num_hidden_layers: 3, num_attention_heads: 6, num_key_value_heads: 2, intermediate_size: 20, vocab_size: 17 });

describe("memory of weights and training", () => {
  test("is GPT-2's in four precisions", () => {
    expect(weightMemory(gpt2, "F32")).toEqual({ numbers: 497_759_232, scales: 0, usual: 497_759_232 });
    expect(weightMemory(gpt2, "F16").numbers).toBe(248_879_616);
    // Scales: 124,439,808 / 128 = 972,186 of 2 bytes. As usual: 12 × 12 × 768² numbers in 8 or 4 bits, 39,505,152 in F16.
    expect(weightMemory(gpt2, "INT8")).toEqual({ numbers: 124_439_808, scales: 1_944_372, usual: 84_934_656 + 1_327_104 + 79_010_304 });
    expect(weightMemory(gpt2, "INT4")).toEqual({ numbers: 62_219_904, scales: 1_944_372, usual: 42_467_328 + 1_327_104 + 79_010_304 });
  });

  test("is 16 bytes a parameter for full fine-tuning, in mixed precision and in F32", () => {
    expect(trainingMemory(1e9)).toEqual({ weights: 2e9, gradients: 2e9, copy: 4e9, moments: 8e9, total: 16e9 });
    expect(trainingMemory(1e9, "F32")).toEqual({ weights: 4e9, gradients: 4e9, copy: 0, moments: 8e9, total: 16e9 });
    expect(ruleOfThumb(1e9)).toEqual([16e9, 20e9]);
  });

  // As peft's print_trainable_parameters says.
  test.each([
    ["GPT-2", gpt2, 294_912],
    ["BERT", bert, 294_912],
    ["Llama 2 7B", llama, 4_194_304],
    ["Mistral 7B", mistral, 3_407_872],
  ])("counts what LoRA of rank 8 trains in %s", (_name, shape, trained) => {
    expect(loraMemory(shape)).toMatchObject({ trained, training: 16 * trained, frozen: 2 * parameterCount(shape) });
    expect(loraMemory(shape, 16).trained).toBe(2 * trained);
  });
});

describe("the KV cache", () => {
  test("is half a MiB a token in Llama 2 7B and an eighth in Mistral 7B, whose window ends it", () => {
    expect(cacheBytes(own(llama), { length: 1 })).toBe(524_288);
    expect(cacheBytes(own(llama), { length: 4096 })).toBe(2 ** 31);
    expect(cacheBytes(own(mistral), { length: 1 })).toBe(131_072);
    expect(cacheBytes(own(mistral), { length: 32_768 })).toBe(4096 * 131_072);
    expect(cacheBytes(costModel(mistral, "grouped"), { length: 32_768, batch: 2, bytes: 1 })).toBe(32_768 * 131_072);
    expect(cacheBytes(own(gpt2), { length: 1024 })).toBe(2 * 12 * 768 * 1024 * 2);
    expect(cacheBytes(own(bert), { length: 512 })).toBe(0);
  });

  test("has one head of keys and values, or a state that does not grow", () => {
    expect(cacheNumbers(costModel(llama, "multiQuery"), 100)).toBe(2 * 32 * 128 * 100);
    expect(cacheNumbers(costModel(llama, "linear"), 100)).toBe(32 * 32 * (128 * 128 + 128));
    expect(cacheNumbers(costModel(llama, "linear"), 100_000)).toBe(32 * 32 * (128 * 128 + 128));
    expect(cacheNumbers(costModel(llama, "recurrent"), 7)).toBe(5 * 32 * 4096);
  });
});

describe("operations", () => {
  test("of GPT-2's token behind 1,023 others", () => {
    // Matrices 2 × 12 × 12 × 768², pairs 4 × 12 × 768 × 1024, head 2 × 768 × 50257.
    expect(flopsOfToken(own(gpt2), 1024)).toEqual({ projections: 56_623_104, mixing: 37_748_736, mlp: 113_246_208, head: 77_194_752, total: 284_812_800 });
  });

  test("are those that a plain program does, multiplication by multiplication", () => {
    for (const kind of ["own", "full", "multiQuery", "linear"] as const) {
      const model = costModel(tiny, kind);
      expect(flopsOfToken(model, 9).projections + flopsOfToken(model, 9).mixing, kind).toBe(2 * counted(model, 9));
    }
  });

  test("of a text are those of its tokens together", () => {
    const windowed = shapeOf({ model_type: "mistral", hidden_size: 64, num_attention_heads: 4, num_key_value_heads: 2, sliding_window: 5, num_hidden_layers: 2, vocab_size: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...costKinds), fc.constantFrom(tiny, windowed, gpt2), (length, kind, shape) => {
        const model = costModel(shape, kind);
        let sum = 0;
        for (let t = 1; t <= length; t++) sum += flopsOfToken(model, t).total;
        expect(flopsOfText(model, length).total).toBe(sum);
      }),
    );
    expect(flopsOfText(own(bert), 50).total).toBe(50 * flopsOfToken(own(bert), 50).total);
  });

  test("of a recurrent model do not grow, and its parameters are RWKV-4's", () => {
    const rwkv = costModel({ ...gpt2, vocabulary: 50277 }, "recurrent");
    expect(costParameters(rwkv)).toBe(169_342_464); // RWKV-4 169M
    expect(flopsOfToken(rwkv, 10)).toEqual(flopsOfToken(rwkv, 10_000));
    expect(flopsOfToken(rwkv, 1).total).toBe(2 * (50277 * 768 + 13 * 768 ** 2 * 12) + 28 * 768 * 12);
  });

  /** Multiplications with their additions of the attention of one token that sees `length`, in all layers. */
  function counted({ kind, shape }: CostModel, length: number): number {
    let count = 0;
    const multiply = (rows: number, columns: number) => {
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) count++;
    };
    const { layers, width, heads, kvHeads, headSize } = shape;
    for (let layer = 0; layer < layers; layer++) {
      multiply(heads * headSize, width);
      multiply(kvHeads * headSize, width);
      multiply(kvHeads * headSize, width);
      for (let head = 0; head < heads; head++) {
        if (kind === "linear") {
          multiply(headSize, headSize); // the state's update
          multiply(headSize, 1); // the norm's
          multiply(headSize, headSize); // reading the state
          multiply(headSize, 1);
        } else {
          multiply(length, headSize); // scores
          multiply(headSize, length); // weighted sum
        }
      }
      multiply(width, heads * headSize);
    }
    return count;
  }
});

describe("activations", () => {
  test("kept for training are Korthikanti's 34·s·b·h + 5·a·s²·b bytes a layer without the masks of dropout", () => {
    const s = 1024, b = 3, h = 768, a = 12, L = 12;
    const kept = activationBytes(keptActivations, own(gpt2), { length: s, batch: b });
    expect(kept.layers).toBe(L * (34 - 2) * s * b * h);
    expect(kept.maps).toBe(L * (5 - 3) * a * s * s * b);
    expect(kept.head).toBe(2 * b * s * (2 * h + 50257));
    expect(kept.total).toBe(kept.layers + kept.maps + kept.head);
  });

  test("have maps only where there is attention, and grow with the text", () => {
    for (const kind of costKinds) {
      for (const measure of [keptActivations, workingActivations]) {
        const [short, long] = [measure(costModel(llama, kind), 1000), measure(costModel(llama, kind), 2000)];
        expect(long.total, kind).toBeGreaterThan(short.total);
        expect(long.layers, kind).toBe(2 * short.layers);
        expect(long.maps).toBe(kind === "linear" || kind === "recurrent" ? 0 : 4 * short.maps);
      }
    }
    // Of short texts the MLP's inside is the larger: 2 × 4096 between layers, 2 × 11008 inside, and the last token's scores.
    expect(workingActivations(own(llama), 10)).toEqual({ layers: 10 * (8192 + 22016), maps: 0, head: 32000, total: 10 * (8192 + 22016) + 32000 });
  });
});

describe("crossings", () => {
  test("of full and linear attention are where the formulas cross", () => {
    const [full, linear] = [costModel(gpt2, "full"), costModel(gpt2, "linear")];
    // T·s against s·(s + 1), and 2·T against s + 1, with heads of 64.
    expect(crossing((n) => flopsOfToken(full, n).total, (n) => flopsOfToken(linear, n).total)).toBe(65);
    expect(crossing((n) => cacheNumbers(full, n), (n) => cacheNumbers(linear, n))).toBe(33);
    expect(crossing((n) => cacheNumbers(full, n), (n) => cacheNumbers(full, n))).toBeUndefined();
    expect(crossing((n) => n, () => 10, 9)).toBeUndefined();
  });

  test("name the kind that becomes cheaper, and are where the order really changes", () => {
    const measure = (model: CostModel, n: number) => cacheNumbers(model, n);
    const found = crossings(mistral, measure, ["full", "grouped", "multiQuery", "linear", "recurrent"]);
    expect(found.filter(({ dearer }) => dearer === "full").map(({ cheaper }) => cheaper).sort()).toEqual(["linear", "recurrent"]);
    for (const { cheaper, dearer, length } of found) {
      const [a, b] = [costModel(mistral, cheaper), costModel(mistral, dearer)];
      expect(measure(a, length)).toBeLessThanOrEqual(measure(b, length));
      expect(measure(a, length - 1)).toBeGreaterThan(measure(b, length - 1));
    }
    expect(found.map(({ length }) => length)).toEqual([...found.map(({ length }) => length)].sort((a, b) => a - b));
  });

  test("groups are the model's own, a quarter of the heads, or as asked", () => {
    expect(costModel(mistral, "grouped").shape.kvHeads).toBe(8);
    expect(costModel(gpt2, "grouped").shape.kvHeads).toBe(3);
    expect(costModel(gpt2, "grouped", 6).shape.kvHeads).toBe(6);
    expect(() => costModel(gpt2, "grouped", 5)).toThrow(RangeError);
  });
});
