import { msg, type Problem, type Progress } from "../contract/index.js";
import { logSumExp } from "../math/logSumExp.js";
import type { Direction, Reading } from "./reading.js";
import type { PullsPart, RolesPart } from "./trace.js";

/** Tokens of an n-gram whose return is called a repetition. */
const GRAM = 4;

const known = new WeakMap<Float32Array, { readonly key: string; readonly part: PullsPart }>();

/**
 * Lets the text go on greedily and takes each new token's logit apart into what the parts of the stream add to it
 * (Elhage et al. 2021, "direct logit attribution"), with the last norm's deviation held. Null for encoders.
 */
export function* pullsOf(reading: Reading, most: number, roles: RolesPart, notes: Problem[]): Generator<Progress, PullsPart | null, void> {
  if (!reading.goOn || !reading.direction || !reading.unembed) return null;
  const key = String(most);
  const kept = known.get(reading.states(0));
  const part = kept?.key === key ? kept.part : yield* compute(reading, most);
  known.set(reading.states(0), { key, part });
  if (part.ids.length < most && reading.tokens.ids.length + part.ids.length >= reading.vocabulary.contextLength) {
    notes.push({ severity: "info", message: msg("The text goes on for {0} tokens: more than {1} the model doesn't read.", part.ids.length, reading.vocabulary.contextLength) });
  }
  const named = roles.named.filter(({ role, where }) => role === "induction" && (where === "random") === (roles.random !== null));
  const { ids, repeated, heads, looks, mlp, embedding, bias, logit, probability } = part;
  return {
    ...part,
    ids: ids.slice(), repeated: repeated.slice(), heads: heads.slice(), looks: looks.slice(), mlp: mlp.slice(), embedding: embedding.slice(), bias: bias.slice(), logit: logit.slice(), probability: probability.slice(),
    induction: named.map(({ layer, head }) => [layer, head] as const),
  };
}

function* compute(reading: Reading, most: number): Generator<Progress, PullsPart, void> {
  const { layers: L, heads: H, hiddenSize: d } = reading;
  const before = reading.tokens.ids.length;
  const ids = most > 0 && before < reading.vocabulary.contextLength ? yield* reading.goOn!(most) : new Int32Array(0);
  const S = ids.length;
  const all = Int32Array.of(...reading.tokens.ids, ...ids);
  // The last new token is not read: nothing is asked behind it.
  const grown = S > 1 ? yield* reading.again(Array.from(all.subarray(0, all.length - 1))) : reading;
  const part = {
    ids, pieces: Array.from(ids, (id) => reading.vocabulary.piece(id)), before, repeated: repeatsIn(all, before),
    heads: new Float64Array(S * L * H), looks: new Float64Array(S * L * H), mlp: new Float64Array(S * L),
    embedding: new Float64Array(S), bias: new Float64Array(S), logit: new Float64Array(S), probability: new Float64Array(S), induction: [],
  };
  const logits = new Float32Array(reading.vocabulary.size);
  const { deviation } = grown.norm(0, "last");
  for (let s = 0; s < S; s++) {
    const t = before + s - 1;
    const direction = yield* grown.direction!(ids[s]);
    const pull = puller(direction, deviation[t], d);
    part.embedding[s] = pull(grown.states(0), t);
    part.bias[s] = direction.constant;
    for (let layer = 0; layer < L; layer++) {
      part.mlp[s * L + layer] = pull(grown.added(layer, "mlp"), t);
      part.bias[s] += pull(grown.projectionBias(layer), 0);
      for (let head = 0; head < H; head++) {
        const at = (s * L + layer) * H + head;
        const { output, look } = outputOf(grown, layer, head, t, all, ids[s]);
        part.heads[at] = pull(grown.project(layer, head, output), 0);
        part.looks[at] = look;
      }
    }
    yield* grown.unembed!(grown.states(L).slice(t * d, (t + 1) * d), logits);
    part.logit[s] = logits[ids[s]] - logits.reduce((sum, value) => sum + value, 0) / logits.length;
    part.probability[s] = Math.exp(logits[ids[s]] - logSumExp(logits));
    yield { fraction: (s + 1) / S, message: msg("Taking logits apart, token {0} of {1}", s + 1, S) };
  }
  return part;
}

/** What a row adds to the centred logit. */
function puller({ vector }: Direction, deviation: number, d: number): (rows: Float32Array, row: number) => number {
  return (rows, row) => {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += vector[i] * rows[row * d + i];
    return sum / deviation;
  };
}

/** A head's output at a place, and how much it attends there to tokens that equal one. */
function outputOf(reading: Reading, layer: number, head: number, t: number, ids: Int32Array, equal: number): { readonly output: Float32Array; readonly look: number } {
  const { headSize } = reading;
  const n = reading.tokens.ids.length;
  const weights = reading.weights(layer, head);
  const values = reading.values(layer, head);
  const output = new Float32Array(headSize);
  let look = 0;
  for (let j = 0; j <= t; j++) {
    const weight = weights[t * n + j];
    if (ids[j] === equal) look += weight;
    for (let i = 0; i < headSize; i++) output[i] += weight * values[j * headSize + i];
  }
  return { output, look };
}

/** 1 for each token behind `before` that ends an n-gram which ended somewhere before it. */
function repeatsIn(ids: Int32Array, before: number): Uint8Array {
  const seen = new Set<string>();
  const out = new Uint8Array(ids.length - before);
  for (let end = GRAM; end <= ids.length; end++) {
    const gram = ids.subarray(end - GRAM, end).join(" ");
    if (end > before && seen.has(gram)) out[end - 1 - before] = 1;
    seen.add(gram);
  }
  return out;
}
