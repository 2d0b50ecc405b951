import type { ByteSource } from "../../../src/core/contract/index.js";
import { safetensors, sourceOf } from "../models/folders.js";

/**
 * A GPT-2 of two layers without MLPs whose weights were written by hand: layer 1, head 1 looks at the token before and notes
 * down which it was; layer 2, head 1 looks at tokens before which its own token stood, and copies them: an induction circuit
 * (Elhage et al. 2021). The other two heads do nothing, so that they attend evenly.
 *
 * The stream holds one-hot codes: the token in [0, V), its position in [V, V + P), the token before in [V + P, 2 V + P).
 * Each norm's input has so many ones, hence a known mean and deviation, which the norm's own weight and bias take back.
 */
const V = 32;
const P = 64;
const D = 2 * V + P;
const SIZE = D / 2;
const EPSILON = 1e-5;
/** What a match adds to a scaled similarity, and how strongly the copied token stands in the stream. */
const SHARP = 30;
const COPY = 4;

type Tensor = { readonly shape: readonly number[]; readonly values: Float32Array };

function tensor(shape: readonly number[], fill: (at: (...place: number[]) => number, values: Float32Array) => void = () => {}): Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fill((row, column = 0) => row * (shape[1] ?? 1) + column, values);
  return { shape, values };
}

/** A norm whose input has `ones` ones gives it back as it is. */
function undone(ones: number): { readonly weight: Tensor; readonly bias: Tensor } {
  const mean = ones / D;
  const deviation = Math.sqrt(mean - mean * mean + EPSILON);
  return { weight: tensor([D], (_, values) => values.fill(deviation)), bias: tensor([D], (_, values) => values.fill(mean)) };
}

/** A block whose first head compares, copies and writes as told: entries [input, output, value] of each matrix. */
function block(tensors: Map<string, Tensor>, layer: number, ones: number, query: Entries, key: Entries, value: Entries, output: Entries): void {
  const at = (name: string) => `h.${layer}.${name}`;
  const norm = undone(ones);
  tensors.set(at("ln_1.weight"), norm.weight).set(at("ln_1.bias"), norm.bias);
  tensors.set(at("ln_2.weight"), undone(ones).weight).set(at("ln_2.bias"), undone(ones).bias);
  tensors.set(at("attn.c_attn.weight"), tensor([D, 3 * D], (place, values) => {
    [query, key, value].forEach((entries, part) => entries.forEach(([from, to, entry]) => (values[place(from, part * D + to)] = entry)));
  }));
  tensors.set(at("attn.c_attn.bias"), tensor([3 * D]));
  tensors.set(at("attn.c_proj.weight"), tensor([D, D], (place, values) => output.forEach(([from, to, entry]) => (values[place(from, to)] = entry))));
  tensors.set(at("attn.c_proj.bias"), tensor([D]));
  tensors.set(at("mlp.c_fc.weight"), tensor([D, 4 * D])).set(at("mlp.c_fc.bias"), tensor([4 * D]));
  tensors.set(at("mlp.c_proj.weight"), tensor([4 * D, D])).set(at("mlp.c_proj.bias"), tensor([D]));
}

type Entries = readonly (readonly [number, number, number])[];

const codes = (count: number, entry: (i: number) => readonly [number, number, number] | undefined): Entries => Array.from({ length: count }, (_, i) => entry(i)).filter((each) => each !== undefined);

export function inductionFiles(): Map<string, ByteSource> {
  const tensors = new Map<string, Tensor>();
  const sharp = SHARP * Math.sqrt(SIZE);
  tensors.set("wte.weight", tensor([V, D], (place, values) => Array.from({ length: V }, (_, id) => (values[place(id, id)] = 1))));
  tensors.set("wpe.weight", tensor([P, D], (place, values) => Array.from({ length: P }, (_, p) => (values[place(p, V + p)] = 1))));
  // A position asks for the one before it.
  block(tensors, 0, 2, codes(P, (p) => (p > 0 ? [V + p, p - 1, sharp] : undefined)), codes(P, (p) => [V + p, p, 1]), codes(V, (id) => [id, id, 1]), codes(V, (id) => [id, V + P + id, 1]));
  // A token asks for those that note it as the one before them.
  block(tensors, 1, 3, codes(V, (id) => [id, id, sharp]), codes(V, (id) => [V + P + id, id, 1]), codes(V, (id) => [id, id, 1]), codes(V, (id) => [id, id, COPY]));
  const last = undone(3);
  tensors.set("ln_f.weight", last.weight).set("ln_f.bias", last.bias);
  const config = { model_type: "gpt2", vocab_size: V, n_positions: P, n_embd: D, n_layer: 2, n_head: 2, layer_norm_epsilon: EPSILON, activation_function: "gelu_new", tie_word_embeddings: true };
  const entries = Array.from(tensors, ([name, { shape, values }]) => [name, { entry: { dtype: "F32", shape, data_offsets: [0, 0] as const }, bytes: new Uint8Array(values.buffer) }] as const);
  return new Map([["config.json", sourceOf(config)], ["model.safetensors", sourceOf(safetensors(entries.map(([name, each]) => [name, each])))]]);
}
