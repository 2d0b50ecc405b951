import type { ModelShape } from "./modelShape.js";
import { parameterCount, parameterParts } from "./parameters.js";

export type Precision = "F32" | "F16" | "INT8" | "INT4";
export const precisions: readonly Precision[] = ["F32", "F16", "INT8", "INT4"];

/** Bytes of a number; BF16 is as large as F16. */
export const bytesOf: Readonly<Record<Precision, number>> = { F32: 4, F16: 2, INT8: 1, INT4: 0.5 };

/** Numbers that share a scale when they are kept in 8 or 4 bits, as is usual (GPTQ, AWQ). */
export const GROUP = 128;

/** Memory of a model's weights in bytes. */
export type WeightMemory = {
  /** All parameters in this precision. */
  readonly numbers: number;
  /** INT8 and INT4: an F16 scale for each group of `GROUP` numbers; else 0. */
  readonly scales: number;
  /** INT8 and INT4 as most tools do it: with scales, and embeddings, head, norms and biases left in F16; else as `numbers`. */
  readonly usual: number;
};

/** Bytes of all weights in one precision, whatever type they are saved in. */
export function weightMemory(shape: ModelShape, precision: Precision): WeightMemory {
  const count = parameterCount(shape);
  const numbers = Math.ceil(count * bytesOf[precision]);
  if (precision === "F32" || precision === "F16") return { numbers, scales: 0, usual: numbers };
  const matrices = layerMatrices(shape);
  const usual = Math.ceil(matrices * bytesOf[precision]) + scalesOf(matrices) + 2 * (count - matrices);
  return { numbers, scales: scalesOf(count), usual };
}

function scalesOf(count: number): number {
  return 2 * Math.ceil(count / GROUP);
}

/** Numbers in the matrices of all layers, which is what quantisation is made for. */
function layerMatrices(shape: ModelShape): number {
  return parameterParts(shape).reduce((sum, { group, times, matrix }) => sum + (group === "attention" || group === "mlp" ? times * matrix : 0), 0);
}

/** Bytes while all parameters are trained with Adam, without activations. */
export type TrainingMemory = {
  readonly weights: number;
  readonly gradients: number;
  /** A copy of the weights in F32, which small steps need beside F16. */
  readonly copy: number;
  /** Adam's running means of gradients and of their squares. */
  readonly moments: number;
  readonly total: number;
};

/**
 * Full fine-tuning: in mixed precision 2 + 2 + 4 + 8 bytes a parameter, in F32 4 + 4 + 0 + 8: 16 either way.
 * Source: Rajbhandari et al. 2020 (ZeRO), section 3.1.
 */
export function trainingMemory(parameters: number, precision: "mixed" | "F32" = "mixed"): TrainingMemory {
  const [weights, gradients, copy] = precision === "mixed" ? [2, 2, 4] : [4, 4, 0];
  return { weights: weights * parameters, gradients: gradients * parameters, copy: copy * parameters, moments: 8 * parameters, total: (weights + gradients + copy + 8) * parameters };
}

/** The rule of thumb for full fine-tuning: 16 to 20 GB a billion parameters. */
export function ruleOfThumb(parameters: number): readonly [number, number] {
  return [16 * parameters, 20 * parameters];
}

/** Rank of an adapter unless another is asked for. */
export const LORA_RANK = 8;

/** A low-rank adapter (Hu et al. 2021). */
export type LoraMemory = {
  /** Matrices that it is added to, as peft chooses them for the family. */
  readonly targets: readonly string[];
  /** Trained parameters. */
  readonly trained: number;
  /** Bytes of the frozen weights in F16, and of the trained parameters with gradients and Adam at 16 bytes each. */
  readonly frozen: number;
  readonly training: number;
  readonly total: number;
};

/**
 * Trained parameters: rank × (inputs + outputs) of each matrix: by default of queries and values in each layer, in GPT-2 of c_attn,
 * which holds queries, keys and values in one.
 * Source: peft, TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING.
 */
export function loraMemory(shape: ModelShape, rank = LORA_RANK): LoraMemory {
  const { family, layers, width: d, heads, kvHeads, headSize } = shape;
  const outputs = { gpt2: [["c_attn", 3 * d]], bert: [["query", d], ["value", d]], llama: [["q_proj", heads * headSize], ["v_proj", kvHeads * headSize]] } as const;
  const trained = layers * outputs[family].reduce((sum, [, out]) => sum + rank * (d + out), 0);
  const frozen = 2 * parameterCount(shape);
  return { targets: outputs[family].map(([name]) => name), trained, frozen, training: 16 * trained, total: frozen + 16 * trained };
}
