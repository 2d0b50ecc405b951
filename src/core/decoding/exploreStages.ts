import type { Message } from "../contract/index.js";
import type { Distribution } from "./distribution.js";
import type { PipelineRun, Stage } from "./pipeline.js";
import type { StagesAt } from "./trace.js";

/** Stages that change every score by one rule, which needs no reason a token. */
const ALIKE = new Set(["TemperatureLogitsWarper", "LogitNormalization", "NoiseLogitsProcessor", "InfNanRemoveLogitsProcessor"]);

/**
 * Copies what the view shows of a run of the processors: the tokens that are most probable at first, and `also` ones, at every
 * stage; the others summed.
 * @param marks [V] zeros, and zeros again afterwards
 * @param unnamed tokens from this id on stand for what the source does not name, and are never listed
 */
export function stagesAt(run: PipelineRun, count: number, also: readonly number[], marks: Uint8Array, unnamed = Infinity): StagesAt {
  const ids = listedIds(run.first, count, also, unnamed);
  const all: readonly Distribution[] = [run.first, ...run.stages.map(({ after }) => after)];
  const [rows, n] = [all.length, ids.length];
  const scores = new Float64Array(rows * n);
  const probabilities = new Float64Array(rows * n);
  const tailKept = new Int32Array(rows);
  const tailMass = new Float64Array(rows);
  for (const id of ids) marks[id] = 1;
  all.forEach(({ scores: from, probabilities: p, kept, invalid, members, listed: left }, row) => {
    let listed = 0;
    let mass = 0;
    for (let i = 0; i < n; i++) {
      scores[row * n + i] = from[ids[i]];
      probabilities[row * n + i] = p[ids[i]];
      if (from[ids[i]] !== -Infinity) listed++;
      mass += p[ids[i]];
    }
    tailKept[row] = kept - listed;
    if (kept === listed || invalid > 0) return;
    // The difference is exact to ten digits where it is not small.
    if (mass < 0.999) tailMass[row] = 1 - mass;
    else if (left < 0) for (let id = 0; id < p.length; id++) tailMass[row] += marks[id] === 0 ? p[id] : 0;
    else for (let m = 0; m < left; m++) tailMass[row] += marks[members[m]] === 0 ? p[members[m]] : 0;
  });
  for (const id of ids) marks[id] = 0;
  let rest = 0;
  for (let id = unnamed; id < run.first.probabilities.length; id++) rest += run.first.probabilities[id];
  return {
    stages: run.stages.map(({ processor: { name, parameters } }) => ({ name, parameters: parametersOf(parameters) })),
    ids, scores, probabilities,
    ...changes(run.stages, ids),
    tailKept, tailMass,
    kept: Int32Array.from(all, ({ kept }) => kept),
    keptMass: Float64Array.of(1, ...run.stages.map(({ keptMass }) => keptMass)),
    entropy: Float64Array.from(all, ({ entropy }) => entropy / Math.LN2),
    rest,
  };
}

/** The ids of the highest scores, the highest first and of equals the lowest id, and `also` behind them. */
function listedIds({ scores }: Distribution, count: number, also: readonly number[], unnamed: number): Int32Array {
  const size = Math.min(scores.length, unnamed);
  const best: number[] = [];
  let floor = -Infinity;
  for (let id = 0; id < size; id++) {
    const score = scores[id];
    if (best.length === count && !(score > floor)) continue;
    let at = best.length;
    while (at > 0 && scores[best[at - 1]] < score) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
    floor = scores[best[best.length - 1]];
  }
  const more = [...new Set(also)].filter((id) => id >= 0 && id < size && !best.includes(id)).sort((a, b) => scores[b] - scores[a] || a - b);
  return Int32Array.from([...best, ...more]);
}

type Changes = Pick<StagesAt, "removedAt" | "reasons" | "reasonTokens" | "reasonStages">;

/** Which stage removed each listed token, and why stages removed or changed them. */
function changes(stages: readonly Stage[], ids: Int32Array): Changes {
  const removedAt = new Int32Array(ids.length);
  const reasons: Message[] = [];
  const tokens: number[] = [];
  const places: number[] = [];
  stages.forEach(({ processor, before, after, reason }, k) => {
    ids.forEach((id, i) => {
      const [from, to] = [before.scores[id], after.scores[id]];
      if (to === -Infinity && from !== -Infinity) removedAt[i] = k + 1;
      else if (to !== -Infinity) removedAt[i] = 0;
      const told = from !== to && (to === -Infinity || !ALIKE.has(processor.name));
      if (!told || !reason) return;
      reasons.push(reason(id));
      tokens.push(id);
      places.push(k + 1);
    });
  });
  return { removedAt, reasons, reasonTokens: Int32Array.from(tokens), reasonStages: Int32Array.from(places) };
}

/** What a stage was made with, as text; that at least one token stays needs no saying. */
function parametersOf(parameters: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  return Object.entries(parameters)
    .filter(([name, value]) => !(name === "min_tokens_to_keep" && value === 1))
    .map(([name, value]) => [name, typeof value === "number" ? String(value) : JSON.stringify(value)] as const);
}
