import path from "node:path";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { fitPrompt } from "../../../src/core/models/fitPrompt.js";
import { feedAll } from "../../../src/core/models/languageModel.js";
import { loadModel } from "../../../src/core/models/loadModel.js";
import { finish } from "../../oracle/kmeans.js";
import { filesOf } from "../../oracle/models.js";
import { builtIn, fixtures, folder, loaded, refusal, safetensors, sourceOf, tensorsOf, withConfig } from "./folders.js";

const tensors = tensorsOf(path.join(fixtures, "tiny-gpt2/model.safetensors"));
const ids = [3, 1, 4, 1, 5];

function logitsOf(files: Parameters<typeof loaded>[0]): Float32Array {
  const state = loaded(files).model.start();
  feedAll(state, ids);
  return Float32Array.from(state.logits);
}

/** The fixture in shards of a few tensors. */
function sharded(count: number) {
  const files = folder("tiny-gpt2");
  files.delete("model.safetensors");
  const list = [...tensors];
  const map: Record<string, string> = {};
  for (let s = 0; s < count; s++) {
    const name = `model-0000${s + 1}-of-0000${count}.safetensors`;
    const part = list.filter((_, i) => i % count === s);
    for (const [tensor] of part) map[tensor] = name;
    files.set(name, sourceOf(safetensors(part)));
  }
  return files.set("model.safetensors.index.json", sourceOf({ metadata: {}, weight_map: map }));
}

describe("a model's folder", () => {
  const reference = logitsOf(folder("tiny-gpt2"));

  test("may hold its tensors in shards", () => {
    expect(logitsOf(sharded(3))).toEqual(reference);
  });

  test("may name its tensors with or without the prefix", () => {
    const bare = [...tensors].map(([name, value]): [string, typeof value] => [name.replace(/^transformer\./, ""), value]);
    expect(logitsOf(folder("tiny-gpt2").set("model.safetensors", sourceOf(safetensors(bare))))).toEqual(reference);
  });

  test("may have an output matrix of its own", () => {
    const embedding = tensors.get("transformer.wte.weight")!;
    const zeros = { entry: embedding.entry, bytes: new Uint8Array(embedding.bytes.length) };
    const content = sourceOf(safetensors([...tensors, ["lm_head.weight", zeros]]));
    expect(logitsOf(folder("tiny-gpt2").set("model.safetensors", content))).toEqual(reference);
    expect(logitsOf(withConfig("tiny-gpt2", { tie_word_embeddings: false }).set("model.safetensors", content)).every((v) => v === 0)).toBe(true);
  });

  test("may lack a tokenizer, which is said", () => {
    const parsed = finish(loadModel(folder("tiny-gpt2"), "x"));
    expect(parsed.problems.map(({ message }) => format(message)).join()).toMatch(/no tokenizer\.json/);
    expect(parsed.ok && parsed.input.tokenizer).toBeUndefined();
  });

  test("takes its end of text from generation_config.json first", () => {
    expect(loaded(folder("tiny-llama")).eos).toEqual([2]);
    expect(loaded(folder("tiny-llama").set("generation_config.json", sourceOf({ eos_token_id: [5, 6] }))).eos).toEqual([5, 6]);
  });
});

describe("a folder is refused", () => {
  const without = (name: string) => {
    const files = folder("tiny-gpt2");
    files.delete(name);
    return files;
  };
  const { entry, bytes } = tensors.get("transformer.wpe.weight")!;

  test.each([
    ["without config.json", () => without("config.json"), /my-model has no config\.json/],
    ["without weights", () => without("model.safetensors"), /my-model has no model\.safetensors/],
    ["with half a config", () => folder("tiny-gpt2").set("config.json", sourceOf('{"model_type": "gpt2", ')), /config\.json is not valid JSON/],
    ["with a list for a config", () => folder("tiny-gpt2").set("config.json", sourceOf([1])), /config\.json holds no JSON object/],
    ["of an unknown architecture, with those that are known", () => withConfig("tiny-gpt2", { model_type: "mamba" }), /architecture mamba, which Lumen can't run\. It runs: gpt2, llama, bert\./],
    ["of no architecture", () => withConfig("tiny-gpt2", { model_type: undefined }), /names no model_type/],
    ["with a shape that does not fit", () => withConfig("tiny-gpt2", { vocab_size: 65 }), /transformer\.wte\.weight has shape \(64, 32\), but config\.json asks for \(65, 32\)/],
    ["with more layers than tensors", () => withConfig("tiny-gpt2", { n_layer: 3 }), /no tensor transformer\.h\.2\.ln_1\.weight/],
    ["with a missing number", () => withConfig("tiny-gpt2", { n_embd: undefined }), /config\.json lacks n_embd/],
    ["with a number that is none", () => withConfig("tiny-gpt2", { n_head: "4" }), /n_head = "4", which should be a number/],
    ["with a fraction", () => withConfig("tiny-gpt2", { n_head: 2.5 }), /should be a whole number above 0/],
    ["with heads that do not divide", () => withConfig("tiny-gpt2", { n_head: 5 }), /width of 32 for 5 heads/],
    ["with an unknown activation", () => withConfig("tiny-gpt2", { activation_function: "snake" }), /activation snake.*gelu_new/],
    ["with unknown rotary scaling", () => withConfig("tiny-llama", { rope_scaling: { rope_type: "yarn", factor: 2 } }), /by yarn.*default, linear, llama3/],
    ["with key-value heads that do not divide", () => withConfig("tiny-llama", { num_key_value_heads: 3 }), /no multiple of num_key_value_heads = 3/],
    ["with a cut-off file", () => folder("tiny-gpt2").set("model.safetensors", sourceOf(safetensors([["transformer.wpe.weight", { entry, bytes: bytes.slice(8) }]]))), /needs 4096 bytes|cut off/],
    ["with a tokenizer of another model", () => folder("tiny-gpt2").set("tokenizer.json", filesOf(builtIn).get("tokenizer.json")!), /tokenizer\.json has 2048 tokens, but the model has 64/],
    ["with a broken tokenizer", () => folder("tiny-gpt2").set("tokenizer.json", sourceOf({ model: { type: "Nonsense" } })), /tokenizer\.json can't be used/],
  ])("%s", (_, files, sentence) => {
    expect(refusal(files())).toMatch(sentence);
  });

  /** The small model beside a tensor that nobody reads, of a file that is not there. */
  const beside = (dtype: "F32" | "F16" | "BF16", bytes: number) => {
    const all = safetensors(tensors);
    const length = Number(new DataView(all.buffer, all.byteOffset).getBigUint64(0, true));
    const start = all.length - 8 - length;
    const header = JSON.parse(new TextDecoder().decode(all.subarray(8, 8 + length))) as object;
    const more = { dtype, shape: [bytes / (dtype === "F32" ? 4 : 2)], data_offsets: [start, start + bytes] };
    const grown = new TextEncoder().encode(JSON.stringify({ ...header, more }));
    const front = new Uint8Array(8 + grown.length + start);
    new DataView(front.buffer).setBigUint64(0, BigInt(grown.length), true);
    front.set(grown, 8);
    front.set(all.subarray(8 + length), 8 + grown.length);
    return folder("tiny-gpt2").set("model.safetensors", { size: front.length + bytes, read: (offset, n) => front.slice(offset, offset + n) });
  };

  test.each(["F32", "F16", "BF16"] as const)("whose numbers of %s do not fit into two memories, as they are held", (dtype) => {
    const room = 6 * 2 ** 30;
    const left = room - 4 * loaded(folder("tiny-gpt2")).parameters;
    expect(refusal(beside(dtype, left))).toBe("(it was loaded)");
    expect(refusal(beside(dtype, left + 4))).toContain("my-model takes 6.45 GB of memory, but Lumen runs models of at most 6.44 GB.");
    expect(refusal(beside(dtype, 10 ** 10))).toContain("my-model takes 10.01 GB");
  });

  test.each([
    ["F32", 10 ** 10, "Choose a smaller model of the family, or one whose weights are stored in BF16."],
    ["F32", 2 * 10 ** 10, "Choose a smaller model of the family."],
    ["F16", 10 ** 10, "Choose a smaller model of the family."],
    ["BF16", 10 ** 10, "Choose a smaller model of the family."],
  ] as const)("for its size, with what would fit: %s, %i bytes", (dtype, bytes, remedy) => {
    expect(refusal(beside(dtype, bytes)).split("at most 6.44 GB. ")[1]).toBe(remedy);
  });

  test("with missing shards, which it names", () => {
    const files = sharded(3);
    files.delete("model-00002-of-00003.safetensors");
    expect(refusal(files)).toBe("my-model lacks model-00002-of-00003.safetensors. Copy it into the folder.");
    files.delete("model-00001-of-00003.safetensors");
    expect(refusal(files)).toMatch(/^2 of the 3 files of my-model are missing: model-00001-of-00003\.safetensors, model-00002-of-00003\.safetensors\. /);
  });

  test("with a file that was cut off, as a download that was broken off leaves it", () => {
    const files = folder("tiny-gpt2");
    const { size, read } = files.get("model.safetensors")!;
    files.set("model.safetensors", { size: Math.floor(size / 2), read });
    expect(refusal(files)).toMatch(/^model\.safetensors: The tensor .* but the file has only \d+\. The file is cut off: copy or save it again\.$/);
  });

  test("with a file that can't be read any more", () => {
    const files = folder("tiny-gpt2");
    const { size, read } = files.get("model.safetensors")!;
    files.set("model.safetensors", { size, read: (offset, length) => { if (offset > 9000) throw new Error("EIO"); return read(offset, length); } });
    expect(refusal(files)).toBe("model.safetensors could not be read: EIO");
  });
});

describe("a prompt", () => {
  const said = (problems: ReturnType<typeof fitPrompt>["problems"]) => problems.map(({ message }) => format(message)).join();

  test("that fits stays", () => {
    expect(fitPrompt([1, 2, 3], 8, 5)).toEqual({ ids: [1, 2, 3], cut: 0, problems: [] });
  });

  test("that is too long loses its beginning, and says what and where", () => {
    const { tokenizer } = loaded(filesOf(builtIn));
    const long = tokenizer!.encode("Once upon a time there was a little girl who looked at the door");
    const { ids: kept, cut, problems } = fitPrompt(long, 12, 4, tokenizer);
    expect(kept).toEqual(long.slice(-8));
    expect(cut).toBe(long.length - 8);
    expect(said(problems)).toMatch(/has 15 tokens, but the model reads 12 and 4 new ones.*first 7 are cut.*“a little girl/);
  });

  test("keeps a token even when more is to be written than fits", () => {
    expect(fitPrompt([1, 2, 3], 8, 100).ids).toEqual([3]);
  });

  test("that is empty becomes the start token, or is refused", () => {
    expect(fitPrompt([], 8, 2, undefined, 7)).toMatchObject({ ids: [7], problems: [{ severity: "info" }] });
    expect(said(fitPrompt([], 8, 2).problems)).toBe("The prompt is empty. Type one, or select text.");
  });
});
