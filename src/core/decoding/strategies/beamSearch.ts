import { logSumExp } from "../../math/logSumExp.js";
import type { LanguageModel } from "../../models/languageModel.js";
import { idList, type GenerationConfig } from "../config.js";
import { Pipeline, type PipelineRun } from "../pipeline.js";
import { runChain } from "../processors/chain.js";
import { BeamGroup, type Beam, type Candidate, type Finished } from "./beamGroup.js";
import { bestChoices, drawnChoices } from "./choices.js";
import { feeding, type Finish, type StrategyRun } from "./events.js";
import { roomFor } from "./generate.js";

export type GroupStep = {
  /** 2 · width candidates with what became of them, the best first or as they were drawn; empty when the group has ended. */
  readonly candidates: readonly Candidate[];
  /** Beams that go on, the best first. */
  readonly running: readonly Pick<Beam, "tokens" | "sum" | "origins">[];
  /** Finished texts so far, the best first. */
  readonly finished: readonly Finished[];
};

export type BeamStep = {
  /** The number of the new token, from 1. */
  readonly t: number;
  /** One for beam search, num_beam_groups for diverse beam search. */
  readonly groups: readonly GroupStep[];
};

export type BeamResult = {
  /** The best first, num_return_sequences of them; for diverse search, of all groups together. */
  readonly sequences: readonly Finished[];
  /** All finished texts of each group, the best first. */
  readonly groups: readonly (readonly Finished[])[];
  readonly promptLength: number;
  readonly finish: Finish;
};

/**
 * Beam search, sampling with beams when `do_sample` is set, and diverse beam search when there are several groups (Vijayakumar et al. 2018). Processors work on log-softmax
 * values, as in generate(). In each step a group lowers the tokens that the groups before it chose.
 * @param prompt at least one token, and no more than the context holds
 * @param random uniform in [0, 1); 2 · num_beams numbers are taken a token when `do_sample` is set
 */
export function* beamSearch(model: LanguageModel, prompt: readonly number[], config: GenerationConfig, random: () => number = () => 0): StrategyRun<BeamStep, BeamResult> {
  if (prompt.length === 0) throw new RangeError("the prompt is empty");
  const { num_beams: beams = 1, num_beam_groups: groupCount = 1, length_penalty: lengthPenalty = 1, early_stopping: earlyStopping = false } = config;
  const eos = idList(config.eos_token_id);
  const { count, limit } = roomFor(config, prompt.length, model.contextLength);
  const chain = runChain({ ...config, diversity_penalty: groupCount > 1 ? config.diversity_penalty : 0 }, prompt.length, count);
  const rules = { width: beams / groupCount, eos, maxNewTokens: count, lengthPenalty, earlyStopping };
  const first = model.start();
  yield* feeding(first, prompt);
  const groups = Array.from({ length: groupCount }, (_, g) => new BeamGroup({ tokens: prompt, sum: 0, origins: [], state: g === 0 ? first : first.fork() }, rules));
  const pipeline = new Pipeline(model.vocabularySize);
  const logProbabilities = new Float64Array(model.vocabularySize);
  const chosen = new Int32Array(model.vocabularySize);
  let fault: Finish | undefined;

  const score = (beam: Beam): PipelineRun => {
    const { logits } = beam.state;
    const normaliser = logSumExp(logits);
    for (let i = 0; i < logits.length; i++) logProbabilities[i] = logits[i] - normaliser;
    return pipeline.run(logProbabilities, chain, { ids: beam.tokens, promptLength: prompt.length, chosenByGroups: chosen });
  };

  for (let t = 1; t <= count && groups.some(({ done }) => !done); t++) {
    chosen.fill(0);
    const steps: GroupStep[] = [];
    for (const group of groups) {
      if (group.done) {
        steps.push({ candidates: [], running: [], finished: group.finished });
        continue;
      }
      const best = config.do_sample ? drawnChoices(group.candidateCount, random) : bestChoices(group.candidateCount);
      for (const [row, beam] of group.running.entries()) {
        if (t > 1) yield* feeding(beam.state, beam.tokens.slice(-1));
        const { last } = score(beam);
        if (last.invalid > 0) fault = "invalid";
        else best.offer(row, beam.sum, last.scores);
      }
      const candidates = group.advance(t, best.chosen());
      if (candidates.length === 0) fault ??= "no token";
      for (const { token } of candidates.filter((candidate) => !eos.includes(candidate.token)).slice(0, rules.width)) chosen[token]++;
      steps.push({ candidates, running: group.running.map(({ tokens, sum, origins }) => ({ tokens, sum, origins })), finished: group.finished });
    }
    yield { kind: "step", step: { t, groups: steps } };
  }
  const all = groups.flatMap(({ finished }) => finished).sort((a, b) => b.score - a.score);
  const sequences = all.slice(0, config.num_return_sequences ?? 1);
  const finish = sequences.length === 0 && fault ? fault : sequences.some(({ tokens }) => eos.includes(tokens[tokens.length - 1])) ? "eos" : limit;
  return { sequences, groups: groups.map(({ finished }) => finished), promptLength: prompt.length, finish };
}
