import { additiveScores, align, attentionalState, concatScores, dotScores, generalScores, type States } from "../../src/core/math/alignment.js";
import { alibiBias, alibiSlopes } from "../../src/core/attention/alibi.js";
import { encoderLayer, normalise } from "../../src/core/attention/encoderLayer.js";
import { linearAttention, recurrentAttention } from "../../src/core/attention/linearAttention.js";
import { booleanMask, causalMask, combineMasks, paddingMask, type Mask } from "../../src/core/attention/mask.js";
import { attendHeads, multiHead } from "../../src/core/attention/multiHead.js";
import { ropeAngles, ropePlan, ropeRotate, type RopeScaling } from "../../src/core/attention/rope.js";
import { scaledDotProduct } from "../../src/core/attention/scaledDotProduct.js";
import { sinusoidalPositions } from "../../src/core/attention/sinusoidal.js";
import { gelu, relu } from "../../src/core/math/activations.js";
import { affine } from "../../src/core/math/affine.js";
import { compare } from "./compare.js";
import type { Operation, Topic } from "./runner.js";
import { flatNumbers, nested, toNumber, type Json } from "./schema.js";

type Input = { readonly [key: string]: Json };

/** Lengths of nested lists. */
export function shapeOf(value: Json): number[] {
  return Array.isArray(value) ? [value.length, ...(value.length > 0 ? shapeOf(value[0] as Json) : [])] : [];
}

const listOf = (value: Json) => value as readonly Json[];
const rows = (values: Float64Array, length: number) => nested(values, length);

/** Booleans as numbers, 1 where something is said to be so. */
function flags(value: Json): number[] {
  return Array.isArray(value) ? value.flatMap((each) => flags(each as Json)) : [value === true ? 1 : 0];
}

/** A boolean mask of torch's modules, where true hides. */
function blockedMask(value: Json | undefined): Mask | undefined {
  if (!value) return undefined;
  const [queries, keys] = shapeOf(value);
  return booleanMask(queries, keys, flags(value).map((blocked) => 1 - blocked));
}

const scaledDot: Operation = ({ input }) => {
  const found = listOf(input.q).map((q, b) =>
    listOf(q).map((head, h) => {
      const [k, v] = [listOf(listOf(input.k)[b])[h], listOf(listOf(input.v)[b])[h]];
      const [queries, size] = shapeOf(head);
      const [keys, valueSize] = shapeOf(v);
      const mask = input.mask ? booleanMask(queries, keys, flags(listOf(listOf(input.mask)[b])[h])) : undefined;
      const { masked, weights, output } = scaledDotProduct(flatNumbers(head), flatNumbers(k), flatNumbers(v), { queries, keys, size, valueSize }, { mask });
      return { scores: rows(masked, keys), weights: rows(weights, keys), output: rows(output, valueSize) };
    }),
  );
  const all = (key: "scores" | "weights" | "output") => found.map((heads) => heads.map((head) => head[key]));
  return { values: { scores: all("scores"), weights: all("weights"), output: all("output") } };
};

/** Torch's one matrix of three projections. */
function projections(inWeight: Json, inBias: Json, outWeight: Json, outBias: Json) {
  const width = shapeOf(outWeight)[0];
  const weight = flatNumbers(inWeight);
  const bias = flatNumbers(inBias);
  const part = (i: number) => ({ weight: weight.slice(i * width * width, (i + 1) * width * width), bias: bias.slice(i * width, (i + 1) * width) });
  return { query: part(0), key: part(1), value: part(2), output: { weight: flatNumbers(outWeight), bias: flatNumbers(outBias) } };
}

const multi: Operation = ({ input }) => {
  const weights = projections(input.in_proj_weight, input.in_proj_bias, input.out_proj_weight, input.out_proj_bias);
  const found = listOf(input.query).map((x, b) => {
    const y = listOf(input.key_value)[b];
    const [queries, width] = shapeOf(x);
    const keys = shapeOf(y)[0];
    const padded = input.key_padding_mask_true_is_blocked;
    const padding = padded ? paddingMask(queries, flags(listOf(padded)[b]).map((blocked) => 1 - blocked)) : undefined;
    const mask = combineMasks(blockedMask(input.attn_mask_true_is_blocked), padding);
    const { heads, output } = multiHead(flatNumbers(x), flatNumbers(y), { queries, keys, width, heads: toNumber(input.num_heads) }, weights, { mask });
    return { output: rows(output, width), weights: heads.map((head) => rows(head.weights, keys)) };
  });
  return { values: { output: found.map(({ output }) => output), weights: found.map((each) => each.weights) } };
};

function statesOf(input: Input): States {
  const [steps, decoderSize] = shapeOf(input.decoder_states);
  const [inputs, encoderSize] = shapeOf(input.encoder_states);
  return { decoder: flatNumbers(input.decoder_states), steps, decoderSize, encoder: flatNumbers(input.encoder_states), inputs, encoderSize };
}

const additive: Operation = ({ input }) => {
  const states = statesOf(input);
  const scores = additiveScores(states, { query: flatNumbers(input.W_query), key: flatNumbers(input.W_key), v: flatNumbers(input.v), bias: flatNumbers(input.b) });
  const found = align(states, scores, input.mask ? flags(input.mask) : undefined);
  return { values: { scores: rows(found.scores, states.inputs), weights: rows(found.weights, states.inputs), context: rows(found.context, states.encoderSize) } };
};

const luong: Operation = ({ input }) => {
  const states = statesOf(input);
  const scores =
    input.kind === "dot" ? dotScores(states)
    : input.kind === "general" ? generalScores(states, flatNumbers(input.W))
    : concatScores(states, flatNumbers(input.W_concat), flatNumbers(input.v_concat));
  const found = align(states, scores);
  const state = attentionalState(states, found.context, flatNumbers(input.W_c));
  return {
    values: {
      scores: rows(found.scores, states.inputs),
      weights: rows(found.weights, states.inputs),
      context: rows(found.context, states.encoderSize),
      attentional_state: rows(state, shapeOf(input.W_c)[0]),
    },
  };
};

const layer: Operation = ({ input }) => {
  const parameters = input.parameters as Input;
  const of = (name: string) => flatNumbers(parameters[name]);
  const epsilon = toNumber(input.layer_norm_eps);
  const described = {
    attention: projections(parameters["self_attn.in_proj_weight"], parameters["self_attn.in_proj_bias"], parameters["self_attn.out_proj.weight"], parameters["self_attn.out_proj.bias"]),
    up: { weight: of("linear1.weight"), bias: of("linear1.bias") },
    down: { weight: of("linear2.weight"), bias: of("linear2.bias") },
    norm1: { weight: of("norm1.weight"), bias: of("norm1.bias"), epsilon },
    norm2: { weight: of("norm2.weight"), bias: of("norm2.bias"), epsilon },
    normFirst: input.norm_first === true,
    activation: input.activation === "gelu" ? gelu : relu,
  };
  const mask = blockedMask(input.attn_mask_true_is_blocked);
  const output = listOf(input.x).map((x) => {
    const [n, width] = shapeOf(x);
    return rows(encoderLayer(flatNumbers(x), n, width, toNumber(input.num_heads), described, { mask }).output, width);
  });
  return { values: { output } };
};

const norm: Operation = ({ input }) => {
  const [n, width] = shapeOf(input.x);
  const bias = input.bias ? flatNumbers(input.bias) : undefined;
  return { values: { output: rows(normalise(flatNumbers(input.x), n, width, { weight: flatNumbers(input.weight), bias, epsilon: toNumber(input.eps) }), width) } };
};

const sinusoidal: Operation = ({ input }) => {
  const width = toNumber(input.d_model);
  const positions = Array.from({ length: toNumber(input.length) }, (_, i) => i);
  return { values: { encoding: rows(sinusoidalPositions(positions, width), width) } };
};

const llamaRope: Operation = ({ input }) => {
  const [n, size] = shapeOf(input.q);
  const positions = flatNumbers(input.positions);
  const kind = (input.scaling ?? "none") as "none" | "linear" | "ntk";
  const plan = ropePlan(size, toNumber(input.base), { kind, factor: toNumber(input.scale) } as RopeScaling);
  const angles = ropeAngles(positions, plan);
  const twice = (of: (angle: number) => number) =>
    nested(angles, size / 2).map((row) => [...row, ...row].map(of));
  const q = ropeRotate(flatNumbers(input.q), positions, plan);
  const k = ropeRotate(flatNumbers(input.k), positions, plan);
  return {
    values: {
      effective_base: plan.base,
      effective_positions: positions.map((position) => position / plan.divisor),
      inv_freq: plan.frequencies,
      cos: twice(Math.cos),
      sin: twice(Math.sin),
      q_rotated: rows(q, size),
      k_rotated: rows(k, size),
      scores: rows(affine(q, n, size, k, n), n),
    },
  };
};

const interleavedRope: Operation = ({ input }) => {
  const size = shapeOf(input.q)[1];
  return { values: { q_rotated: rows(ropeRotate(flatNumbers(input.q), flatNumbers(input.positions), ropePlan(size, toNumber(input.base)), "interleaved"), size) } };
};

const dynamicRope: Operation = ({ input }) => {
  const { base, frequencies } = ropePlan(toNumber(input.dim), toNumber(input.base), {
    kind: "dynamic", factor: toNumber(input.factor), trained: toNumber(input.max_position_embeddings), length: toNumber(input.seq_len),
  });
  return { values: { effective_base: base, inv_freq: frequencies } };
};

/** The heads of each text of a batch, with what differs by head. */
function batched(input: Input, maskOf: (head: number, queries: number, keys: number) => Mask | undefined) {
  const [, heads, queries, size] = shapeOf(input.q);
  const [, kvHeads, keys, valueSize] = shapeOf(input.v);
  const found = listOf(input.q).map((q, b) =>
    attendHeads(
      flatNumbers(q), flatNumbers(listOf(input.k)[b]), flatNumbers(listOf(input.v)[b]),
      { heads, kvHeads, queries, keys, size, valueSize },
      (head) => ({ mask: maskOf(head, queries, keys) }),
    ).map(({ weights, output }) => ({ weights: rows(weights, keys), output: rows(output, valueSize) })),
  );
  return { weights: found.map((all) => all.map(({ weights }) => weights)), output: found.map((all) => all.map(({ output }) => output)) };
}

const alibi: Operation = ({ input }) => {
  const slopes = alibiSlopes(toNumber(input.num_heads));
  const [, , queries] = shapeOf(input.q);
  const [, , keys] = shapeOf(input.k);
  const biases = Array.from(slopes, (slope) => alibiBias(slope, queries, keys));
  return { values: { slopes, causal_bias: biases.map((bias) => rows(bias, keys)), ...batched(input, (head) => biases[head]) } };
};

const grouped: Operation = ({ input }) => ({ values: batched(input, (_, queries, keys) => (input.causal ? causalMask(queries, keys) : undefined)) });

const linear: Operation = ({ input, tolerance }) => {
  const [queries, size] = shapeOf(input.q);
  const [keys, valueSize] = shapeOf(input.v);
  const shape = { queries, keys, size, valueSize };
  const [q, k, v] = [flatNumbers(input.q), flatNumbers(input.k), flatNumbers(input.v)];
  const found = linearAttention(q, k, v, shape, input.causal === true);
  const output = rows(found.output, valueSize);
  const differences = compare(recurrentAttention(q, k, v, shape, input.causal === true).output, Array.from(found.output), () => tolerance);
  if (differences.length > 0) return { error: "the recurrent order gives another output" };
  return { values: { phi_q: rows(found.phiQ, size), phi_k: rows(found.phiK, size), weights: rows(found.weights, keys), output } };
};

export const attention: Topic = {
  operations: {
    "attention.scaled_dot_product": scaledDot,
    "attention.multihead": multi,
    "attention.additive": additive,
    "attention.luong": luong,
    "attention.alibi": alibi,
    "attention.grouped_query": grouped,
    "attention.linear": linear,
    "transformer.encoder_layer": layer,
    "transformer.layer_norm": norm,
    "transformer.rms_norm": norm,
    "transformer.sinusoidal": sinusoidal,
    "rope.llama": llamaRope,
    "rope.interleaved": interleavedRope,
    "rope.dynamic_ntk_base": dynamicRope,
  },
};
