import { msg, type Problem, type Progress } from "../contract/index.js";
import { softmax } from "../math/softmax.js";
import { grouped } from "../text/numberText.js";
import type { Reading } from "./reading.js";
import type { LensPart } from "./trace.js";

/** Products that reading all states may take, for a vocabulary and width: some ten seconds. */
const WORK = 1.6e10;
/** Places that are read at any cost. */
const LEAST = 8;

/** By the stream of a text, which is one array for all its readings: what was found last. */
const known = new WeakMap<Float32Array, { readonly key: string; readonly part: LensPart }>();

/**
 * What each state of the stream would say if it were the last one (nostalgebraist 2020, "logit lens").
 * @param visible tokens without padding
 * @param place the token that is looked at, which is among those read where not all are
 */
export function* lensOf(reading: Reading, visible: number, place: number, listed: number, notes: Problem[]): Generator<Progress, LensPart | null, void> {
  const { layers, hiddenSize: d, vocabulary: { size }, unembed } = reading;
  if (!unembed) {
    notes.push({ severity: "info", message: msg("This folder's model has no output matrix over the vocabulary (a head for masked words), so that its states name no tokens.") });
    return null;
  }
  const most = Math.max(LEAST, Math.floor(WORK / ((layers + 1) * size * d)));
  const count = Math.min(visible, most);
  // Steps of half a window: the next token is mostly in the one that was read.
  const half = Math.max(1, Math.floor(count / 2));
  const from = Math.max(0, Math.min(visible - count, Math.floor((place - half / 2) / half) * half));
  if (count < visible) notes.push({ severity: "info", message: msg("Tokens {0} to {1} of {2} are read through the output matrix, which is large; choose a token to read others.", from + 1, from + count, grouped(visible)) });
  const n = Math.min(listed, size);
  const key = `${from} ${count} ${n}`;
  const kept = known.get(reading.states(0));
  const part = kept?.key === key ? kept.part : yield* readAll(reading, from, count, n);
  known.set(reading.states(0), { key, part });
  // What is remembered must not be handed over with the trace.
  return { ...part, ids: part.ids.slice(), probability: part.probability.slice(), entropy: part.entropy.slice(), target: part.target.slice(), rank: part.rank.slice(), chance: part.chance.slice() };
}

function* readAll(reading: Reading, from: number, count: number, n: number): Generator<Progress, LensPart, void> {
  const { layers, hiddenSize: d, causal, tokens, vocabulary: { size } } = reading;
  const rows = layers + 1;
  const logits = new Float32Array(size);
  const chances = new Float64Array(size);
  const part = {
    listed: n, from, count,
    ids: new Int32Array(rows * count * n), probability: new Float64Array(rows * count * n), entropy: new Float64Array(rows * count),
    target: Int32Array.from({ length: count }, (_, c) => (causal ? (tokens.ids[from + c + 1] ?? -1) : tokens.ids[from + c])),
    rank: new Int32Array(rows * count), chance: new Float64Array(rows * count).fill(NaN),
  };
  for (let layer = 0; layer < rows; layer++) {
    const states = reading.states(layer);
    for (let c = 0; c < count; c++) {
      const at = layer * count + c;
      yield* reading.unembed!(states.slice((from + c) * d, (from + c + 1) * d), logits);
      softmax(logits, chances);
      best(logits, n).forEach((id, i) => {
        part.ids[at * n + i] = id;
        part.probability[at * n + i] = chances[id];
      });
      part.entropy[at] = entropyOf(chances);
      const target = part.target[c];
      if (target >= 0) {
        part.rank[at] = rankOf(logits, target);
        part.chance[at] = chances[target];
      }
      yield { fraction: (at + 1) / (rows * count), message: msg("Reading the stream, layer {0} of {1}", layer, layers) };
    }
  }
  return part;
}

/** The places of the n largest, the largest first, of equals the earlier. */
function best(values: Float32Array, n: number): number[] {
  const found: number[] = [];
  for (let id = 0; id < values.length; id++) {
    if (found.length === n && values[id] <= values[found[n - 1]]) continue;
    let at = Math.min(found.length, n - 1);
    while (at > 0 && values[found[at - 1]] < values[id]) {
      found[at] = found[at - 1];
      at--;
    }
    found[at] = id;
  }
  return found;
}

function entropyOf(chances: Float64Array): number {
  let bits = 0;
  for (const p of chances) if (p > 0) bits -= p * Math.log2(p);
  return bits;
}

/** 1 for the largest; equals before it count. */
function rankOf(values: Float32Array, id: number): number {
  let rank = 1;
  for (let other = 0; other < values.length; other++) if (values[other] > values[id] || (values[other] === values[id] && other < id)) rank++;
  return rank;
}
