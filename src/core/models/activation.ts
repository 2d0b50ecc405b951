import { relu } from "../math/activations.js";
import { kernels } from "../kernels/current.js";

/** Changes the first n numbers in their place. */
export type Activation = (x: Float32Array, n: number) => void;

const gelu: Activation = (x, n) => kernels().transformer.gelu(x, n);
const geluTanh: Activation = (x, n) => kernels().transformer.geluTanh(x, n);
const silu: Activation = (x, n) => kernels().transformer.silu(x, n);

const rectify: Activation = (x, n) => {
  for (let i = 0; i < n; i++) x[i] = relu(x[i]);
};

/** Activations by the names of transformers' `ACT2FN`. */
const known = new Map<string, Activation>([
  ["gelu_new", geluTanh],
  ["gelu_pytorch_tanh", geluTanh],
  ["gelu", gelu],
  ["relu", rectify],
  ["silu", silu],
  ["swish", silu],
]);

export const activationNames: readonly string[] = [...known.keys()];

export function activationOf(name: string): Activation | undefined {
  return known.get(name);
}
