import type { Progress } from "../contract/index.js";
import { layerNorm } from "../math/layerNorm.js";
import { activationOf } from "./activation.js";
import { rowsFrom, type Anatomy, type Dense } from "./anatomy.js";
import type { ModelConfig } from "./modelConfig.js";
import { CHUNK, eachRow, type Architecture, type Batch } from "./transformer.js";
import type { Weights } from "./weights.js";

/** A layer's weights, matrices as [out, in]. */
type Layer = {
  readonly norm1: Norm;
  readonly attention: Dense; // [3d, d]: queries, keys, values
  readonly projection: Dense; // [d, d]
  readonly norm2: Norm;
  readonly up: Dense; // [inner, d]
  readonly down: Dense; // [d, inner]
};
type Norm = { readonly weight: Float32Array; readonly bias: Float32Array };

/**
 * GPT-2 (Radford et al. 2019): learned positions, norms before attention and MLP, one matrix for queries, keys and values, the
 * output tied to the embedding unless the file has `lm_head`.
 * Reference: transformers, `modeling_gpt2.py`.
 */
export function* loadGpt2(config: ModelConfig, weights: Weights): Generator<Progress, Architecture, void> {
  const d = config.int("n_embd");
  const heads = config.int("n_head");
  const layerCount = config.int("n_layer");
  const contextLength = config.int("n_positions", config.int("n_ctx", 1024));
  const vocabularySize = config.int("vocab_size");
  const inner = config.int("n_inner", 4 * d);
  const epsilon = config.number("layer_norm_epsilon", 1e-5);
  const scaled = config.flag("scale_attn_weights", true);
  const byLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
  const activation = config.activation("activation_function", "gelu_new");
  const size = config.headSize(d, heads);
  const prefix = weights.has("transformer.wte.weight") ? "transformer." : "";

  const embedding = yield* weights.matrix(`${prefix}wte.weight`, vocabularySize, d);
  const positions = yield* weights.values(`${prefix}wpe.weight`, contextLength, d);
  function* norm(name: string): Generator<Progress, Norm, void> {
    return { weight: yield* weights.vector(`${prefix}${name}.weight`, d), bias: yield* weights.vector(`${prefix}${name}.bias`, d) };
  }
  function* dense(name: string, out: number, input: number): Generator<Progress, Dense, void> {
    const weight = yield* weights.transposed(`${prefix}${name}.weight`, input, out);
    return { weight, bias: yield* weights.vector(`${prefix}${name}.bias`, out) };
  }
  const layers: Layer[] = [];
  for (let i = 0; i < layerCount; i++) {
    layers.push({
      norm1: yield* norm(`h.${i}.ln_1`),
      attention: yield* dense(`h.${i}.attn.c_attn`, 3 * d, d),
      projection: yield* dense(`h.${i}.attn.c_proj`, d, d),
      norm2: yield* norm(`h.${i}.ln_2`),
      up: yield* dense(`h.${i}.mlp.c_fc`, inner, d),
      down: yield* dense(`h.${i}.mlp.c_proj`, d, inner),
    });
  }
  const last = yield* norm("ln_f");
  const tied = config.flag("tie_word_embeddings", true) || !weights.has("lm_head.weight");
  const head = tied ? embedding : yield* weights.matrix("lm_head.weight", vocabularySize, d);

  const act = activationOf(activation)!;
  const normed = new Float32Array(CHUNK * d);
  const qkv = new Float32Array(CHUNK * 3 * d);
  const mixed = new Float32Array(CHUNK * d);
  const wide = new Float32Array(CHUNK * inner);

  const scaleOf = (index: number) => (scaled ? 1 / Math.sqrt(size) : 1) / (byLayer ? index + 1 : 1);

  function block(index: number, { x, n, start, cache, recorder: { attention, projections, added, normInput } }: Batch): void {
    const layer = layers[index];
    const scale = scaleOf(index);
    if (normInput) eachRow(x, n, d, (t, row) => normInput(index, "attention", start + t, row));
    layerNorm(x, n, d, layer.norm1.weight, layer.norm1.bias, epsilon, normed);
    layer.attention.weight.times(normed, n, layer.attention.bias, qkv);
    for (let t = 0; t < n; t++) cache.write(index, start + t, qkv, t * 3 * d + d, qkv, t * 3 * d + 2 * d);
    if (projections) eachRow(qkv, n, 3 * d, (t, row) => projections(index, start + t, row.subarray(0, d), row.subarray(d, 2 * d), row.subarray(2 * d)));
    cache.attend(index, start, { queries: qkv, stride: 3 * d, n, heads, kvHeads: heads, size, scale }, mixed, attention && ((h, t, found) => attention(index, h, start + t, found)));
    layer.projection.weight.times(mixed, n, layer.projection.bias, normed);
    if (added) eachRow(normed, n, d, (t, row) => added(index, "attention", start + t, row));
    for (let i = 0; i < n * d; i++) x[i] += normed[i];
    if (normInput) eachRow(x, n, d, (t, row) => normInput(index, "mlp", start + t, row));
    layerNorm(x, n, d, layer.norm2.weight, layer.norm2.bias, epsilon, normed);
    layer.up.weight.times(normed, n, layer.up.bias, wide);
    act(wide, n * inner);
    layer.down.weight.times(wide, n, layer.down.bias, normed);
    if (added) eachRow(normed, n, d, (t, row) => added(index, "mlp", start + t, row));
    for (let i = 0; i < n * d; i++) x[i] += normed[i];
  }

  const anatomy: Anatomy = {
    layers: layerCount, heads, kvHeads: heads, headSize: size, centred: true, epsilon, scale: scaleOf, positions,
    attention(index) {
      const { attention, projection } = layers[index];
      return { query: rowsFrom(attention), key: rowsFrom(attention, d), value: rowsFrom(attention, 2 * d), output: projection };
    },
    attentionInput(index, x, n) {
      const out = new Float32Array(n * d);
      layerNorm(x, n, d, layers[index].norm1.weight, layers[index].norm1.bias, epsilon, out);
      return out;
    },
  };

  return {
    vocabularySize, contextLength, width: d, layers: layerCount, anatomy, cacheWidth: d, layerWork: d * (4 * d + 2 * inner), head, last, block,
    embed(token, position, x, at) {
      embedding.row(token, x, at);
      for (let j = 0; j < d; j++) x[at + j] += positions[position * d + j];
    },
    norm: (x, n, out) => layerNorm(x, n, d, last.weight, last.bias, epsilon, out),
  };
}
