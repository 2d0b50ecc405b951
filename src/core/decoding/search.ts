import { msg, type Env, type Progress } from "../contract/index.js";
import { joinTokens } from "../models/tokenPieces.js";
import { isBeams, strategyOf } from "./runConfig.js";
import { remembering } from "./runCache.js";
import type { ExploreHand } from "./explore.js";
import { contrastivePart } from "./searchContrastive.js";
import type { Finished } from "./strategies/beamGroup.js";
import { beamSearch, type BeamStep } from "./strategies/beamSearch.js";
import { roomFor } from "./strategies/generate.js";
import type { SearchPart } from "./trace.js";

type Beams = Extract<SearchPart, { readonly kind: "beams" }>;
type Candidates = Beams["steps"][number];

/** The search that the configuration means, step by step; none where it means none. */
export function* searchPart(setting: ExploreHand, env: Env): Generator<Progress<SearchPart>, SearchPart, void> {
  const strategy = strategyOf(setting.config);
  if (isBeams(strategy)) return yield* beamsPart(setting, env);
  if (strategy === "contrastive" && setting.hand.model.hiddenSize > 0) return yield* contrastivePart(setting, env);
  return { kind: "none" };
}

function* beamsPart({ hand, prompt, config }: ExploreHand, env: Env): Generator<Progress<SearchPart>, SearchPart, void> {
  const begun = env.now();
  const { num_beams: width = 1, num_beam_groups: groups = 1, length_penalty: lengthPenalty = 1 } = config;
  const { count } = roomFor(config, prompt.length, hand.model.contextLength);
  const steps: Candidates[] = [];
  let latest: BeamStep["groups"] = [];
  const part = (finish: Beams["finish"], finished: readonly (readonly Finished[])[], returned: readonly Finished[]): Beams => ({
    kind: "beams", width, groups, lengthPenalty, finish,
    steps: [...steps],
    finished: finished
      .flatMap((texts, group) => texts.map((text) => ({ group, text })))
      .sort((a, b) => b.text.score - a.text.score)
      .map(({ group, text }) => finishedText(text, group, returned.includes(text), steps, prompt, hand.tokenizer)),
    milliseconds: env.now() - begun,
  });
  const running = beamSearch(remembering(hand.model), prompt, config, env.random);
  for (;;) {
    const next = running.next();
    if (next.done) return part(next.value.finish, next.value.groups, next.value.sequences);
    if (next.value.kind === "working") {
      yield next.value.progress;
      continue;
    }
    const { t, groups: each } = next.value.step;
    latest = each;
    steps.push(each.map(({ candidates }) => ({
      candidates: candidates.map(({ row, token, logProbability, sum, fate }) => ({ parent: row, token, logProbability, sum, fate })),
      running: runningOf(candidates),
    })));
    const soFar = (finish: "running" | "stopped") => part(finish, latest.map(({ finished }) => finished), []);
    yield { fraction: t / count, message: msg("Step {0} of at most {1}", t, count), trace: () => soFar("running"), ...(t === 1 ? { urgent: true } : {}) };
    if (env.stopping()) return soFar("stopped");
  }
}

/** The candidates that go on, the best first, as the rows of the next step. */
function runningOf(candidates: readonly { readonly fate: string; readonly sum: number }[]): Int32Array {
  return Int32Array.from(candidates.keys()).filter((i) => candidates[i].fate === "running").sort((a, b) => candidates[b].sum - candidates[a].sum || a - b);
}

function finishedText(text: Finished, group: number, returned: boolean, steps: readonly Candidates[], prompt: readonly number[], tokenizer: ExploreHand["hand"]["tokenizer"]): Beams["finished"][number] {
  const ids = Int32Array.from(text.tokens.slice(prompt.length));
  const path = Int32Array.from(ids, (token, t) => steps[t][group].candidates.findIndex((each) => each.token === token && each.parent === text.origins[t]));
  return { group, ids, path, returned, sum: text.sum, length: ids.length, score: text.score, text: joinTokens(tokenizer, ids, prompt).text };
}
