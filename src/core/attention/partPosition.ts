import { msg, type Env, type Progress } from "../contract/index.js";
import { alibiSlopes } from "./alibi.js";
import { plainFrequencies } from "../models/rotary.js";
import { alibiScores, learnedScores, ropeScores, type LearnedScores } from "./distance.js";
import type { AttentionParams } from "./params.js";
import { interpolated, ropeAngles, ropePlan } from "./rope.js";
import { sinusoidalPositions } from "./sinusoidal.js";
import type { PartResult, Subject } from "./subject.js";
import type { PositionCurve, PositionPart } from "./trace.js";

/** Positions whose codes are shown. */
const PLACES = 64;
/** Distances up to here are all on the curves; beyond, so many a doubling. */
const DENSE = 64;
const STEPS = 24;
/** Of learned positions, whose curve is the mean over all pairs. */
const LEARNED_STEPS = 12;
/** The base of sinusoidal positions (Vaswani et al. 2017), which no model changes. */
const SINUSOIDAL_BASE = 10000;

type Learned = { readonly name: string; readonly rows: number; readonly columns: number; readonly values: Float32Array };

/** Where a token stands, as sinusoids, learned vectors, rotations and biases say it; needs no text. */
export function* positionPart(subject: Subject, params: AttentionParams, env: Env): Generator<Progress<PositionPart>, PartResult<PositionPart>, void> {
  const { position, rope_theta: base, max_position_embeddings: trained, target_length: target, num_attention_heads: heads } = params;
  // Numbers are turned in pairs, and a sine has its cosine.
  const size = params.hidden_size + (params.hidden_size % 2);
  const { factor, position: shortened } = interpolated(position, trained, target);
  const [plain, linear, ntk] = (["none", "linear", "ntk"] as const).map((kind) => ropePlan(size, base, kind === "none" ? { kind } : { kind, factor }));
  const schemes: PositionPart["schemes"] = [
    { name: "plain", label: msg("RoPE"), frequencies: plain.frequencies, angles: ropeAngles([position], plain) },
    { name: "linear", label: msg("RoPE, linear interpolation"), frequencies: linear.frequencies.map((each) => each / linear.divisor), angles: ropeAngles([position], linear) },
    { name: "ntk", label: msg("RoPE, NTK-aware scaling"), frequencies: ntk.frequencies, angles: ropeAngles([position], ntk) },
  ];
  const learned = yield* learnedOf(subject, env);
  const distances = distancesTo(Math.max(trained, target) - 1, STEPS);
  const slopes = alibiSlopes(heads);
  const similarity = (name: PositionCurve["name"], label: PositionCurve["label"], frequencies: Float64Array): PositionCurve => ({
    name, kind: "similarity", label, distances, scores: ropeScores(frequencies, distances), smooth: smoothScores(frequencies, distances),
  });
  const same = base === SINUSOIDAL_BASE;
  const curves: PositionCurve[] = [
    similarity("plain", same ? msg("RoPE, sinusoidal") : msg("RoPE"), schemes[0].frequencies),
    similarity("linear", msg("linear interpolation"), schemes[1].frequencies),
    similarity("ntk", msg("NTK-aware"), schemes[2].frequencies),
    ...(same ? [] : [similarity("sinusoidal", msg("sinusoidal"), plainFrequencies(size, SINUSOIDAL_BASE))]),
    ...(learned ? [yield* learnedCurve(learned)] : []),
    ...Array.from(slopes, (slope, head): PositionCurve => ({ name: "alibi", kind: "bias", label: msg("head {0}", head + 1), distances, scores: alibiScores(slope, distances) })),
  ];
  const places = placesAround(position, Infinity);
  const part: PositionPart = {
    hiddenSize: size, base, position, trained, target, factor, interpolated: shortened, ntkBase: ntk.base,
    places, sinusoidal: Float32Array.from(sinusoidalPositions(places, size, SINUSOIDAL_BASE)), learned: learned ? learnedAt(learned, position) : null, schemes, slopes, curves,
  };
  return { ok: true, part };
}

/** Consecutive positions with this one among them, if there are so many. */
function placesAround(position: number, rows: number): Int32Array {
  const count = Math.min(PLACES, rows);
  const first = Math.max(0, Math.min(rows - count, position < PLACES ? 0 : position - PLACES / 2));
  return Int32Array.from({ length: count }, (_, i) => first + i);
}

/** 0, 1, 2 … and from `DENSE` on so many a doubling. */
function distancesTo(longest: number, steps: number): Float64Array {
  const found: number[] = [];
  for (let distance = 0; distance <= Math.min(DENSE, longest); distance++) found.push(distance);
  // Powers of two are among them.
  for (let i = 1; DENSE * 2 ** (i / steps) < longest; i++) {
    const distance = Math.round(DENSE * 2 ** (i / steps));
    if (distance > found[found.length - 1]) found.push(distance);
  }
  if (found[found.length - 1] < longest) found.push(longest);
  return Float64Array.from(found);
}

/**
 * The mean of the scores of N neighbouring distances, N being about the step between points: by the sum of cosines in arithmetic
 * progression, Σ cos(θ (d + j)) = cos(θ d) sin(N θ / 2) / sin(θ / 2) for N distances around d.
 */
function smoothScores(frequencies: Float64Array, distances: Float64Array): Float64Array {
  return distances.map((distance, i) => {
    const step = (distances[Math.min(i + 1, distances.length - 1)] - distances[Math.max(0, i - 1)]) / 2;
    const n = 2 * Math.floor(step / 2) + 1;
    let sum = 0;
    for (const theta of frequencies) {
      const half = Math.sin(theta / 2);
      sum += Math.cos(theta * distance) * (half === 0 ? 1 : Math.sin((n * theta) / 2) / (n * half));
    }
    return sum / frequencies.length;
  });
}

/** The learned positions of the model in use, if it has any. It reads one token, which tells them. */
function* learnedOf({ input, given, read }: Subject, env: Env): Generator<Progress, Learned | undefined, void> {
  if (given || input.config || !env.model) return undefined;
  const parsed = yield* read("a");
  if (!parsed.ok || !parsed.input.positions) return undefined;
  const { rows, values } = parsed.input.positions;
  return { name: env.model.name, rows, columns: parsed.input.hiddenSize, values };
}

function learnedAt({ name, rows, columns, values }: Learned, position: number): PositionPart["learned"] {
  const places = placesAround(Math.min(position, rows - 1), rows);
  return { name, places, columns, values: values.slice(places[0] * columns, (places[0] + places.length) * columns), known: rows };
}

const scoresOf = new WeakMap<Float32Array, { readonly distances: Float64Array; readonly scores: LearnedScores }>();

function* learnedCurve({ rows, columns, values }: Learned): Generator<Progress, PositionCurve, void> {
  let known = scoresOf.get(values);
  if (!known) {
    const distances = distancesTo(rows - 1, LEARNED_STEPS);
    scoresOf.set(values, (known = { distances, scores: yield* learnedScores(values, rows, columns, distances) }));
  }
  const { distances, scores } = known;
  // What a trace holds is handed over; the memory keeps its own.
  return { name: "learned", kind: "similarity", label: msg("learned"), distances: distances.slice(), scores: scores.mean.slice(), deviation: scores.deviation.slice() };
}
