import type { Progress } from "../contract/index.js";
import type { ModelState } from "../models/languageModel.js";
import type { GenerationConfig } from "./config.js";
import { argmax } from "./distribution.js";
import { writeText, type TextOptions, type WrittenText } from "./exploreText.js";
import { logSumExp } from "../math/logSumExp.js";
import { remembering } from "./runCache.js";
import { isBeams, strategyOf } from "./runConfig.js";
import type { Hand } from "./runSource.js";
import { beamSearch } from "./strategies/beamSearch.js";
import { contrastiveSearch } from "./strategies/contrastive.js";

export type TextProgress = { readonly ids: readonly number[] };
/** What a run of text writing yields: the new tokens so far, where there are more than before. */
export type Writing = Generator<Progress | TextProgress, WrittenText, void>;

/** Writes one text by the strategy that the configuration means. Beam search shows the best beam so far. */
export function* textBy(hand: Hand, prompt: readonly number[], config: GenerationConfig, options: Pick<TextOptions, "random" | "stopping" | "order" | "forced">): Writing {
  const strategy = strategyOf(config);
  const model = remembering(hand.model);
  if (isBeams(strategy)) {
    const running = beamSearch(model, prompt, config, options.random);
    let best: readonly number[] = [];
    for (;;) {
      const next = running.next();
      if (next.done) return { ids: next.value.sequences[0]?.tokens.slice(prompt.length) ?? best, finish: next.value.finish };
      if (next.value.kind === "working") yield next.value.progress;
      else {
        const beams = next.value.step.groups.flatMap(({ running: going }) => going);
        const leader = beams.reduce((most, beam) => (beam.sum > most.sum ? beam : most), beams[0]);
        best = leader?.tokens.slice(prompt.length) ?? best;
        yield { ids: best };
        if (options.stopping()) return { ids: best, finish: "stopped" };
      }
    }
  }
  if (strategy === "contrastive") {
    const running = contrastiveSearch(model, prompt, config);
    const ids: number[] = [];
    for (;;) {
      const next = running.next();
      if (next.done) return { ids, finish: next.value.finish };
      if (next.value.kind === "working") yield next.value.progress;
      else {
        ids.push(next.value.step.token);
        yield { ids: [...ids] };
        if (options.stopping()) return { ids, finish: "stopped" };
      }
    }
  }
  const running = writeText(hand, prompt, config, options);
  for (;;) {
    const next = running.next();
    if (next.done) return next.value;
    yield next.value.kind === "working" ? next.value.progress : { ids: next.value.ids.slice(prompt.length) };
  }
}

/** What a model makes of a text that follows a prompt: [S] the probability of each token, and the most probable one. */
export type Judged = { readonly probability: Float64Array; readonly best: Int32Array };

export function* judge({ model }: Hand, prompt: readonly number[], ids: readonly number[]): Generator<Progress, Judged, void> {
  const probability = new Float64Array(ids.length);
  const best = new Int32Array(ids.length);
  const note = (t: number, logits: ArrayLike<number>) => {
    if (t >= ids.length) return;
    probability[t] = Math.exp(logits[ids[t]] - logSumExp(logits));
    best[t] = argmax(logits);
  };
  if (ids.length === 0) return { probability, best };
  const state: ModelState = remembering(model).start();
  yield* state.feed(prompt);
  note(0, state.logits);
  yield* state.feed(ids.slice(0, -1), { logits: (position, values) => note(position - prompt.length + 1, values) });
  return { probability, best };
}
