import { msg, type Progress } from "../contract/index.js";
import type { Matrix } from "../kernels/matrix.js";
import type { DecoderAnatomy } from "../models/anatomy.js";
import type { ModelState } from "../models/languageModel.js";
import type { LoadedEncoder, LoadedModel } from "../models/loadModel.js";
import { toVocabulary } from "../models/transformer.js";
import type { Direction, Reading } from "./reading.js";

/** Additions between two pauses. */
const STEP = 2 ** 22;

type Readout = Pick<Reading, "unembed" | "direction" | "goOn">;

/** An encoder guesses the word in a place, through a small network. */
export function encoderReadout({ encoder }: LoadedEncoder): Readout {
  return { unembed: encoder.guess, direction: undefined, goOn: undefined };
}

/** @param state the text as the model remembers it */
export function modelReadout({ model, eos }: LoadedModel, ids: Int32Array, state: ModelState): Readout {
  const anatomy = model.anatomy!;
  return {
    *unembed(stream, logits) {
      yield* toVocabulary(anatomy.norm(stream), anatomy.head, undefined, logits);
    },
    *direction(token) {
      return directionOf(anatomy, token, yield* meanRow(anatomy));
    },
    *goOn(count) {
      const grown = state.fork();
      const found: number[] = [];
      const most = Math.min(count, model.contextLength - ids.length);
      while (found.length < most) {
        const next = largest(grown.logits);
        found.push(next);
        if (eos.includes(next) || found.length === most) break;
        yield* grown.feed([next]);
        yield { fraction: found.length / most, message: msg("Going on with the text") };
      }
      return Int32Array.from(found);
    },
  };
}

const means = new WeakMap<Matrix, Float64Array>();

/** The mean of the output matrix over the vocabulary. [d] */
function* meanRow({ head, last }: DecoderAnatomy): Generator<Progress, Float64Array, void> {
  const known = means.get(head);
  if (known) return known;
  const d = last.weight.length;
  const sums = new Float64Array(d);
  const row = new Float32Array(d);
  const some = Math.max(1, Math.floor(STEP / d));
  for (let from = 0; from < head.rows; from += some) {
    const end = Math.min(head.rows, from + some);
    for (let i = from; i < end; i++) {
      head.row(i, row);
      for (let j = 0; j < d; j++) sums[j] += row[j];
    }
    yield { fraction: end / head.rows, message: msg("Reading the output matrix") };
  }
  const mean = sums.map((sum) => sum / head.rows);
  means.set(head, mean);
  return mean;
}

/** logit − mean = (row − mean row) · (weight (state − its mean) / deviation + bias); the state's mean is taken out by the vector instead. */
function directionOf({ head, last: { weight, bias }, centred }: DecoderAnatomy, token: number, mean: Float64Array): Direction {
  const d = weight.length;
  const vector = new Float32Array(d);
  const own = new Float32Array(d);
  head.row(token, own);
  let constant = 0;
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const row = own[j] - mean[j];
    vector[j] = row * weight[j];
    sum += row * weight[j];
    if (bias) constant += row * bias[j];
  }
  if (centred) for (let j = 0; j < d; j++) vector[j] -= sum / d;
  return { vector, constant };
}

function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
