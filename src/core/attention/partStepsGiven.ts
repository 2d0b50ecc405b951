import { msg, type Problem } from "../contract/index.js";
import type { AttentionParams } from "./params.js";
import { maskRow } from "./partMapSource.js";
import { editedQuery } from "./partStepsQuery.js";
import { scaledDotProduct } from "./scaledDotProduct.js";
import type { GivenArrays, PartResult } from "./subject.js";
import type { StepsPart } from "./trace.js";

type Given<K extends GivenArrays["kind"]> = Extract<GivenArrays, { kind: K }>;

/** The three steps of matrices of one's own. */
export function givenSteps(given: Given<"matrices">, params: AttentionParams): PartResult<StepsPart> {
  const { query, key, value } = given;
  const heads = query.length;
  const head = Math.min(params.head, heads - 1);
  const { rows, columns: size } = query[0];
  const [keys, valueSize] = [key[0].rows, value[0].columns];
  const token = params.token < 0 ? rows - 1 : Math.min(params.token, rows - 1);
  const mask = maskRow(given, token);
  const shape = { queries: 1, keys, size, valueSize };
  const shared = (h: number) => Math.floor((h * key.length) / heads);
  const ownOf = (h: number) => query[h].values.slice(token * size, (token + 1) * size);
  const attend = (h: number, q: Float32Array, temperature = 1) => scaledDotProduct(q, key[shared(h)].values, value[shared(h)].values, shape, { temperature, mask });
  const notes: Problem[] = [];
  const used = editedQuery(ownOf(head), params, notes);
  const { similarity, scaled, scale, weights, output } = attend(head, used, params.softmax_temperature);
  const outputs = new Float32Array(heads * valueSize);
  for (let h = 0; h < heads; h++) outputs.set(h === head ? output : attend(h, ownOf(h)).output, h * valueSize);
  const named = (name: string, { rows: r, columns, values }: (typeof query)[number]) => ({ name, rows: r, columns, values: values.slice() });
  return {
    ok: true,
    notes,
    part: {
      layer: 0, head, token, size, valueSize, query: used, ownQuery: ownOf(head), keys: key[shared(head)].values.slice(), values: value[shared(head)].values.slice(),
      masked: Uint8Array.from({ length: keys }, (_, j) => (mask?.[j] === -Infinity ? 1 : 0)),
      bias: mask?.some((each) => each !== 0 && each !== -Infinity) ? mask.map((each) => (each === -Infinity ? 0 : each)) : null,
      similarity, scale, scaled, temperature: params.softmax_temperature, weights, ownWeights: attend(head, ownOf(head)).weights, output,
      matrices: [named("Q", query[head]), named("K", key[shared(head)]), named("V", value[shared(head)])],
      heads: heads > 1 ? { outputs, projected: new Float32Array(0), share: new Float32Array(0), bias: false } : null,
    },
  };
}

/** Attention of one's own: weights are known, and nothing of what made them. A temperature acts on their logarithms. */
export function mapSteps(given: Given<"maps">, params: AttentionParams): PartResult<StepsPart> {
  const { layers, heads, rows, columns, weights: all } = given;
  const layer = params.layer < 0 ? layers - 1 : Math.min(params.layer, layers - 1);
  const head = Math.min(params.head, heads - 1);
  const token = params.token < 0 ? rows - 1 : Math.min(params.token, rows - 1);
  const from = ((layer * heads + head) * rows + token) * columns;
  const ownWeights = Float64Array.from(all.subarray(from, from + columns));
  const lead = Math.max(0, columns - rows);
  const { causal = false } = given;
  const none = new Float32Array(0);
  const unknown = () => new Float64Array(columns).fill(NaN);
  return {
    ok: true,
    notes: [{ severity: "info", prominent: true, message: msg("Of attention maps only the weights are known: what queries, keys and values made them is not in the file. Select Q, K and V for all three steps.") }],
    part: {
      layer, head, token, size: 0, valueSize: 0, query: none, ownQuery: none, keys: none.slice(), values: none.slice(),
      masked: Uint8Array.from({ length: columns }, (_, j) => (causal && j > token + lead ? 1 : 0)),
      bias: null, similarity: unknown(), scale: NaN, scaled: unknown(), temperature: params.softmax_temperature,
      weights: tempered(ownWeights, params.softmax_temperature), ownWeights, output: new Float64Array(0), matrices: null, heads: null,
    },
  };
}

/** softmax(log w / temperature): what the temperature would have made of the scores behind the weights. */
function tempered(weights: Float64Array, temperature: number): Float64Array {
  if (temperature === 1) return weights.slice();
  const powers = weights.map((weight) => (weight > 0 ? weight ** (1 / temperature) : 0));
  const sum = powers.reduce((a, b) => a + b, 0);
  return sum > 0 ? powers.map((power) => power / sum) : weights.slice();
}
