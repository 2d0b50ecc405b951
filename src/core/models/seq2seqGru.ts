import { affine } from "../math/affine.js";
import { sigmoid } from "../math/activations.js";

/** A layer of gated recurrent units, named and laid out as PyTorch's `nn.GRU`: rows for the gates r, z and the candidate n. */
export type Gru = {
  readonly inputSize: number;
  readonly hiddenSize: number; // h
  readonly input: Float32Array; // [3h, inputSize] weight_ih
  readonly hidden: Float32Array; // [3h, h] weight_hh
  readonly inputBias: Float32Array; // [3h] bias_ih
  readonly hiddenBias: Float32Array; // [3h] bias_hh
};

/**
 * The next state. The reset gate acts behind the hidden product, as in PyTorch and cuDNN, and not before it as in Cho et al. (2014):
 * r = σ(W_r x + U_r h), z = σ(W_z x + U_z h), n = tanh(W_n x + b + r ∘ (U_n h + c)), h′ = (1 − z) ∘ n + z ∘ h.
 * @param x [inputSize]
 * @param state [h]
 */
export function gruStep({ inputSize, hiddenSize, input, hidden, inputBias, hiddenBias }: Gru, x: Float32Array, state: Float64Array): Float64Array {
  const a = affine(x, 1, inputSize, input, 3 * hiddenSize, inputBias);
  const b = affine(state, 1, hiddenSize, hidden, 3 * hiddenSize, hiddenBias);
  return state.map((before, i) => {
    const r = sigmoid(a[i] + b[i]);
    const z = sigmoid(a[hiddenSize + i] + b[hiddenSize + i]);
    const n = Math.tanh(a[2 * hiddenSize + i] + r * b[2 * hiddenSize + i]);
    return (1 - z) * n + z * before;
  });
}
