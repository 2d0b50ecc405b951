import { msg, type Env, type Progress } from "../contract/index.js";
import { joinTokens } from "../models/tokenPieces.js";
import type { GenerationConfig } from "./config.js";
import type { Distribution } from "./distribution.js";
import { stagesAt } from "./exploreStages.js";
import { chainFor, forcedTokens, writeText, type Chosen } from "./exploreText.js";
import { repeatMask } from "./metrics.js";
import type { DecodingParams } from "./params.js";
import type { Pipeline, PipelineRun } from "./pipeline.js";
import { benchOf } from "./runCache.js";
import { metricsOf } from "./runMetrics.js";
import type { Hand } from "./runSource.js";
import { roomFor } from "./strategies/generate.js";
import type { ExplorePart, StagesAt } from "./trace.js";

/** Bytes of the stages of all places together; beyond, fewer tokens are listed behind the first place. */
const BUDGET = 12_000_000;
const FEWEST = 5;

export type ExploreHand = { readonly hand: Hand; readonly prompt: readonly number[]; readonly config: GenerationConfig; readonly params: DecodingParams };

/** How many tokens are listed at each place but the first. */
export function listedLater({ hand, prompt, config, params }: ExploreHand): number {
  const { count } = roomFor(config, prompt.length, hand.model.contextLength);
  const rows = 1 + chainFor(config, prompt.length, count, params.order).length;
  return Math.max(FEWEST, Math.min(params.listed, Math.floor(BUDGET / (16 * rows * (count + 1)))));
}

/** The tokens that one distribution keeps and another does not, the most probable first; no more than are read. */
function onlyIn(a: Distribution, b: Distribution, unnamed: number): Int32Array {
  const ids: number[] = [];
  for (let id = 0; id < Math.min(a.scores.length, unnamed); id++) if (a.scores[id] !== -Infinity && b.scores[id] === -Infinity) ids.push(id);
  return Int32Array.from(ids.sort((one, two) => a.scores[two] - a.scores[one] || one - two).slice(0, MOST_DIFFERENT));
}
const MOST_DIFFERENT = 20;

/** What the first place would keep if the stages stood in the other order. Noise would differ by chance. */
export function otherOrder(run: PipelineRun, { hand, prompt, config, params }: ExploreHand, beside: Pipeline, unnamed: number): ExplorePart["other"] {
  const { count } = roomFor(config, prompt.length, hand.model.contextLength);
  const [here, there] = [params.order, params.order === "transformers" ? "llama.cpp" : "transformers"] as const;
  const chains = [here, there].map((order) => chainFor(config, prompt.length, count, order));
  if (chains[0].every(({ name }, i) => name === chains[1][i].name) || chains[0].some(({ name }) => name === "NoiseLogitsProcessor")) return null;
  const { last } = beside.run(run.first.scores, chains[1], { ids: prompt, promptLength: prompt.length });
  return { kept: last.kept, onlyHere: onlyIn(run.last, last, unnamed), onlyThere: onlyIn(last, run.last, unnamed) };
}

/** The text token by token, with the stages of each place. The first stages come at once, then the text grows. */
export function* explorePart(setting: ExploreHand, env: Env): Generator<Progress<ExplorePart>, ExplorePart, void> {
  const { hand, prompt, config, params } = setting;
  const begun = env.now();
  const later = listedLater(setting);
  const { marks, other: beside } = benchOf(hand.model);
  const unnamed = hand.given ? hand.given.names.length : Infinity;
  const at: StagesAt[] = [];
  const chosen: Chosen[] = [];
  let other: ExplorePart["other"] = null;

  const take = (run: PipelineRun, t: number, token: Chosen | undefined) => {
    at.push(stagesAt(run, t === 0 ? params.listed : later, token ? [token.token] : [], marks, unnamed));
    if (token) chosen.push(token);
    if (t === 0) other = otherOrder(run, setting, beside, unnamed);
  };
  const part = (finish: ExplorePart["finish"]): ExplorePart => partOf({ hand, prompt, params, chosen, at, other, finish, milliseconds: env.now() - begun });

  const running = writeText(hand, prompt, config, { random: env.random, order: params.order, forced: forcedTokens(params.forced), stopping: env.stopping, at: take });
  for (;;) {
    const next = running.next();
    if (next.done) return part(next.value.finish);
    if (next.value.kind === "working") {
      const { fraction, message } = next.value.progress;
      yield chosen.length === 0 ? { fraction, message } : { fraction: NaN, message, trace: () => part("running") };
      continue;
    }
    const { count } = next.value;
    yield { fraction: chosen.length / count, message: msg("Token {0} of {1}", chosen.length, count), trace: () => part("running"), ...(chosen.length === 1 ? { urgent: true } : {}) };
  }
}

type Made = Pick<ExploreHand, "hand" | "prompt" | "params"> & Pick<ExplorePart, "at" | "other" | "finish" | "milliseconds"> & { readonly chosen: readonly Chosen[] };

/** The part of the trace from the tokens chosen so far and the stages of their places. */
export function partOf({ hand, prompt, params, chosen, at, ...rest }: Made): ExplorePart {
  const ids = Int32Array.from(chosen, ({ token }) => token);
  const column = (read: (each: Chosen) => number) => Float64Array.from(chosen, read);
  const modelProbability = column((each) => each.modelProbability);
  return {
    order: params.order, ids, modelProbability,
    probability: column((each) => each.probability),
    uniform: column((each) => each.uniform),
    below: column((each) => each.below),
    upTo: column((each) => each.upTo),
    leftBelow: Int32Array.from(chosen, (each) => each.leftBelow),
    forced: Uint8Array.from(chosen, ({ forced }) => (forced ? 1 : 0)),
    repeated: repeatMask(ids, params.ngram),
    at: [...at],
    ...joinTokens(hand.tokenizer, ids, prompt),
    metrics: metricsOf(ids, chosen.map(({ best }) => best), modelProbability),
    ...rest,
  };
}
