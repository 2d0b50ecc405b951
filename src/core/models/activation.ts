import { gelu, geluTanh, relu, silu } from "../math/activations.js";

/** Activations by the names of transformers' `ACT2FN`. */
const known = new Map<string, (x: number) => number>([
  ["gelu_new", geluTanh],
  ["gelu_pytorch_tanh", geluTanh],
  ["gelu", gelu],
  ["relu", relu],
  ["silu", silu],
  ["swish", silu],
]);

export const activationNames: readonly string[] = [...known.keys()];

export function activationOf(name: string): ((x: number) => number) | undefined {
  return known.get(name);
}
