import { msg, type Env, type Problem, type Progress } from "../contract/index.js";
import type { AttentionParams } from "./params.js";
import { editedQuery } from "./partStepsQuery.js";
import { givenSteps, mapSteps } from "./partStepsGiven.js";
import type { Reading } from "./reading.js";
import { scaledDotProduct } from "./scaledDotProduct.js";
import type { PartResult, Subject } from "./subject.js";
import type { StepsPart } from "./trace.js";

type Shown = StepsPart["matrices"];
/** Numbers of the matrices that make Q, K and V, beyond which these stand alone. */
const MATRICES = 2 ** 20;

/** How one token gets its output: similarities, softmax, weighted sum; with the query changed as the reader asks. */
export function* stepsPart(subject: Subject, params: AttentionParams, _env: Env): Generator<Progress<StepsPart>, PartResult<StepsPart>, void> {
  const { given } = subject;
  if (given?.kind === "states") {
    const message = msg("These are states of an encoder and a decoder. Their scores, weights and sums are shown under Sequence to sequence.");
    return { ok: false, problems: [{ severity: "error", title: msg("No queries, keys and values"), message, fixes: [{ label: msg("Show Sequence to sequence"), params: { tab: "sequence" } }] }] };
  }
  if (given?.kind === "matrices") return givenSteps(given, params);
  if (given?.kind === "maps") return mapSteps(given, params);
  const parsed = yield* subject.reading();
  if (!parsed.ok) return parsed;
  return readingSteps(parsed.input, params);
}

function readingSteps(reading: Reading, params: AttentionParams): PartResult<StepsPart> {
  const { layers, heads, headSize: size, hiddenSize, causal, tokens: { visible } } = reading;
  const n = visible.length;
  const layer = params.layer < 0 ? layers - 1 : Math.min(params.layer, layers - 1);
  const head = Math.min(params.head, heads - 1);
  const token = params.token < 0 ? Math.max(0, visible.lastIndexOf(1)) : Math.min(params.token, n - 1);
  const rowOf = (matrix: Float32Array) => matrix.slice(token * size, (token + 1) * size);
  const queries = reading.queries(layer, head);
  const ownQuery = rowOf(queries);
  const notes: Problem[] = [];
  const query = editedQuery(ownQuery, params, notes);
  const masked = Uint8Array.from({ length: n }, (_, j) => (visible[j] === 0 || (causal && j > token) ? 1 : 0));
  const mask = Float64Array.from(masked, (each) => (each === 1 ? -Infinity : 0));
  const scale = reading.scale(layer);
  const shape = { queries: 1, keys: n, size, valueSize: size };
  const attend = (of: number, q: Float32Array, temperature = 1) => scaledDotProduct(q, reading.keys(layer, of), reading.values(layer, of), shape, { scale, temperature, mask });
  const { similarity, scaled, weights, output } = attend(head, query, params.softmax_temperature);
  const outputs = new Float32Array(heads * size);
  const projected = reading.projectionBias(layer);
  const bias = projected.some((value) => value !== 0);
  let share = new Float32Array(hiddenSize);
  for (let h = 0; h < heads; h++) {
    const own = Float32Array.from(h === head ? output : attend(h, rowOf(reading.queries(layer, h))).output);
    outputs.set(own, h * size);
    const added = reading.project(layer, h, own);
    if (h === head) share = Float32Array.from(added);
    for (let j = 0; j < hiddenSize; j++) projected[j] += added[j];
  }
  return {
    ok: true,
    notes,
    part: {
      layer, head, token, size, valueSize: size, query, ownQuery, keys: reading.keys(layer, head), values: reading.values(layer, head), masked, bias: null,
      similarity, scale, scaled, temperature: params.softmax_temperature, weights, ownWeights: attend(head, ownQuery).weights, output,
      matrices: matricesOf(reading, layer, head, queries),
      heads: { outputs, projected, share, bias },
    },
  };
}

/** Q, K and V, and where that is not too much what they are made from: X W + b, turned by position in Llama. */
function matricesOf(reading: Reading, layer: number, head: number, queries: Float32Array): Shown {
  const { headSize: size, hiddenSize: width, tokens: { ids } } = reading;
  const n = ids.length;
  const shown = [
    { name: "Q", rows: n, columns: size, values: queries },
    { name: "K", rows: n, columns: size, values: reading.keys(layer, head) },
    { name: "V", rows: n, columns: size, values: reading.values(layer, head) },
  ];
  if (n * width + 4 * width * size > MATRICES) return shown;
  const { query, key, value, output, biases } = reading.matrices(layer, head);
  const square = (name: string, values: Float32Array) => ({ name, rows: width, columns: size, values });
  const line = (name: string, values: Float32Array | undefined) => (values ? [{ name, rows: 1, columns: values.length, values }] : []);
  return [
    ...shown,
    { name: "X", rows: n, columns: width, values: reading.inputs(layer).slice() },
    square("W_Q", query), square("W_K", key), square("W_V", value),
    ...line("b_Q", biases.query), ...line("b_K", biases.key), ...line("b_V", biases.value),
    { name: "W_O", rows: size, columns: width, values: output },
  ];
}
