import { affine, type Reals } from "../math/affine.js";
import { layerNorm } from "../math/layerNorm.js";
import { rmsNorm } from "../math/rmsNorm.js";
import { multiHead, type ByHead, type MultiHeadSteps, type MultiHeadWeights, type Projection } from "./multiHead.js";

/** A norm's weights; without a bias it is a root-mean-square norm. */
export type Norm = { readonly weight: Reals; readonly bias?: Reals; readonly epsilon: number };

export type EncoderLayer = {
  readonly attention: MultiHeadWeights;
  readonly up: Projection; // [inner, width]
  readonly down: Projection; // [width, inner]
  readonly norm1: Norm;
  readonly norm2: Norm;
  /** Norms in front of attention and MLP (GPT-2, Llama) instead of behind the sums (Vaswani et al. 2017, BERT). */
  readonly normFirst: boolean;
  readonly activation: (x: number) => number;
};

/** Stages of a layer in the order in which they come about; all [n, width] but for the MLP's inner one. */
export type EncoderSteps = {
  readonly attention: MultiHeadSteps;
  /** The residual stream behind attention (and behind its norm, where norms come last). */
  readonly middle: Float64Array;
  /** The MLP's hidden numbers behind the activation. [n, inner] */
  readonly inner: Float64Array;
  /** What the MLP adds. */
  readonly added: Float64Array;
  readonly output: Float64Array;
};

/**
 * One layer of a transformer encoder, as torch's TransformerEncoderLayer without dropout.
 * @param x [n, width]
 */
export function encoderLayer(x: Reals, n: number, width: number, heads: number, layer: EncoderLayer, options: ByHead = {}): EncoderSteps {
  const { normFirst, norm1, norm2, up, down, activation } = layer;
  const seen = normFirst ? normalise(x, n, width, norm1) : x;
  const attention = multiHead(seen, seen, { queries: n, keys: n, width, heads }, layer.attention, options);
  const sum = plus(x, attention.output);
  const middle = normFirst ? sum : normalise(sum, n, width, norm1);
  const innerSize = up.weight.length / width;
  const inner = affine(normFirst ? normalise(middle, n, width, norm2) : middle, n, width, up.weight, innerSize, up.bias).map(activation);
  const added = affine(inner, n, innerSize, down.weight, width, down.bias);
  const stream = plus(middle, added);
  return { attention, middle, inner, added, output: normFirst ? stream : normalise(stream, n, width, norm2) };
}

/** The norm of rows [n, width]. */
export function normalise(x: Reals, n: number, width: number, { weight, bias, epsilon }: Norm): Float64Array {
  const out = new Float64Array(n * width);
  if (bias) layerNorm(x, n, width, weight, bias, epsilon, out);
  else rmsNorm(x, n, width, weight, epsilon, out);
  return out;
}

function plus(a: Reals, b: Reals): Float64Array {
  return Float64Array.from(a, (value, i) => value + b[i]);
}
