import type { Progress } from "../contract/index.js";
import { rmsNorm } from "../math/rmsNorm.js";
import { activationOf } from "./activation.js";
import { rowsFrom, type Anatomy, type Dense } from "./anatomy.js";
import type { ModelConfig } from "./modelConfig.js";
import { rotaryFrequencies, rotate } from "./rotary.js";
import { CHUNK, eachRow, type Architecture, type Batch } from "./transformer.js";
import type { Weights } from "./weights.js";

type Layer = {
  readonly norm1: Float32Array;
  readonly query: Dense; // [heads · size, d]
  readonly key: Dense; // [kvHeads · size, d]
  readonly value: Dense;
  readonly output: Dense; // [d, heads · size]
  readonly norm2: Float32Array;
  readonly gate: Dense; // [inner, d]
  readonly up: Dense;
  readonly down: Dense; // [d, inner]
};

/**
 * Llama (Touvron et al. 2023): root-mean-square norms, rotary positions, several query heads for each key-value head (Ainslie et
 * al. 2023), a gated MLP (Shazeer 2020).
 * Reference: transformers, `modeling_llama.py`.
 */
export function* loadLlama(config: ModelConfig, weights: Weights): Generator<Progress, Architecture, void> {
  const d = config.int("hidden_size");
  const heads = config.int("num_attention_heads");
  const kvHeads = config.int("num_key_value_heads", heads);
  const layerCount = config.int("num_hidden_layers");
  const contextLength = config.int("max_position_embeddings", 2048);
  const vocabularySize = config.int("vocab_size");
  const inner = config.int("intermediate_size");
  const epsilon = config.number("rms_norm_eps", 1e-6);
  const activation = config.activation("hidden_act", "silu");
  const size = config.int("head_dim", 0) || config.headSize(d, heads);
  config.multiple("num_attention_heads", heads, "num_key_value_heads", kvHeads);
  const frequencies = rotaryFrequencies(config, size);
  const prefix = weights.has("model.embed_tokens.weight") ? "model." : "";

  function* dense(name: string, out: number, input: number): Generator<Progress, Dense, void> {
    const weight = yield* weights.matrix(`${prefix}${name}.weight`, out, input);
    const bias = weights.has(`${prefix}${name}.bias`) ? yield* weights.vector(`${prefix}${name}.bias`, out) : undefined;
    return { weight, bias };
  }
  const embedding = yield* weights.matrix(`${prefix}embed_tokens.weight`, vocabularySize, d);
  const layers: Layer[] = [];
  for (let i = 0; i < layerCount; i++) {
    layers.push({
      norm1: yield* weights.vector(`${prefix}layers.${i}.input_layernorm.weight`, d),
      query: yield* dense(`layers.${i}.self_attn.q_proj`, heads * size, d),
      key: yield* dense(`layers.${i}.self_attn.k_proj`, kvHeads * size, d),
      value: yield* dense(`layers.${i}.self_attn.v_proj`, kvHeads * size, d),
      output: yield* dense(`layers.${i}.self_attn.o_proj`, d, heads * size),
      norm2: yield* weights.vector(`${prefix}layers.${i}.post_attention_layernorm.weight`, d),
      gate: yield* dense(`layers.${i}.mlp.gate_proj`, inner, d),
      up: yield* dense(`layers.${i}.mlp.up_proj`, inner, d),
      down: yield* dense(`layers.${i}.mlp.down_proj`, d, inner),
    });
  }
  const last = yield* weights.vector(`${prefix}norm.weight`, d);
  const tied = config.flag("tie_word_embeddings", false) || !weights.has("lm_head.weight");
  const head = tied ? embedding : yield* weights.matrix("lm_head.weight", vocabularySize, d);

  const act = activationOf(activation)!;
  const scale = 1 / Math.sqrt(size);
  const kvWidth = kvHeads * size;
  const qWidth = heads * size;
  const normed = new Float32Array(CHUNK * d);
  const queries = new Float32Array(CHUNK * qWidth);
  const keys = new Float32Array(CHUNK * kvWidth);
  const values = new Float32Array(CHUNK * kvWidth);
  const mixed = new Float32Array(CHUNK * qWidth);
  const gates = new Float32Array(CHUNK * inner);
  const wide = new Float32Array(CHUNK * inner);

  function block(index: number, { x, n, start, cache, recorder: { attention, projections, added, normInput } }: Batch): void {
    const layer = layers[index];
    if (normInput) eachRow(x, n, d, (t, row) => normInput(index, "attention", start + t, row));
    rmsNorm(x, n, d, layer.norm1, epsilon, normed);
    layer.query.weight.times(normed, n, layer.query.bias, queries);
    layer.key.weight.times(normed, n, layer.key.bias, keys);
    layer.value.weight.times(normed, n, layer.value.bias, values);
    for (let t = 0; t < n; t++) {
      rotate(queries, t * qWidth, heads, size, start + t, frequencies);
      rotate(keys, t * kvWidth, kvHeads, size, start + t, frequencies);
      cache.write(index, start + t, keys, t * kvWidth, values, t * kvWidth);
    }
    if (projections) {
      const kv = (t: number) => [t * kvWidth, (t + 1) * kvWidth] as const;
      eachRow(queries, n, qWidth, (t, row) => projections(index, start + t, row, keys.subarray(...kv(t)), values.subarray(...kv(t))));
    }
    cache.attend(index, start, { queries, stride: qWidth, n, heads, kvHeads, size, scale }, mixed, attention && ((h, t, found) => attention(index, h, start + t, found)));
    layer.output.weight.times(mixed, n, layer.output.bias, normed);
    if (added) eachRow(normed, n, d, (t, row) => added(index, "attention", start + t, row));
    for (let i = 0; i < n * d; i++) x[i] += normed[i];
    if (normInput) eachRow(x, n, d, (t, row) => normInput(index, "mlp", start + t, row));
    rmsNorm(x, n, d, layer.norm2, epsilon, normed);
    layer.gate.weight.times(normed, n, layer.gate.bias, gates);
    layer.up.weight.times(normed, n, layer.up.bias, wide);
    act(gates, n * inner);
    for (let i = 0; i < n * inner; i++) wide[i] *= gates[i];
    layer.down.weight.times(wide, n, layer.down.bias, normed);
    if (added) eachRow(normed, n, d, (t, row) => added(index, "mlp", start + t, row));
    for (let i = 0; i < n * d; i++) x[i] += normed[i];
  }

  const anatomy: Anatomy = {
    layers: layerCount, heads, kvHeads, headSize: size, centred: false, epsilon, scale: () => scale, positions: undefined,
    attention(index) {
      const { query, key, value, output } = layers[index];
      return { query: rowsFrom(query), key: rowsFrom(key), value: rowsFrom(value), output };
    },
    attentionInput(index, x, n) {
      const out = new Float32Array(n * d);
      rmsNorm(x, n, d, layers[index].norm1, epsilon, out);
      return out;
    },
  };

  return {
    vocabularySize, contextLength, width: d, layers: layerCount, anatomy, cacheWidth: kvWidth, layerWork: d * (2 * qWidth + 2 * kvWidth + 3 * inner), head, block,
    last: { weight: last, bias: undefined },
    embed(token, _position, x, at) {
      embedding.row(token, x, at);
    },
    norm: (x, n, out) => rmsNorm(x, n, d, last, epsilon, out),
  };
}
