import type { LanguageModel, ModelState } from "../../models/languageModel.js";
import { idList, type GenerationConfig } from "../config.js";
import { Pipeline, type PipelineRun } from "../pipeline.js";
import { runChain } from "../processors/chain.js";
import { feeding, type Finish, type StrategyRun } from "./events.js";
import { roomFor, type GenerationResult } from "./generate.js";

export type ContrastiveCandidate = {
  readonly token: number;
  readonly probability: number;
  /** The largest cosine of its hidden state to those of the tokens before, and the first position where it is. */
  readonly penalty: number;
  readonly nearest: number;
  /** (1 − α) probability − α penalty. */
  readonly score: number;
  /** [positions before] its cosine to each of them. */
  readonly similarities: Float64Array;
};

export type ContrastiveStep = {
  readonly position: number;
  /** The top_k most probable tokens, the most probable first. */
  readonly candidates: readonly ContrastiveCandidate[];
  readonly selected: number;
  readonly token: number;
  /** All stages of the processors; valid until the next step. */
  readonly run: PipelineRun;
};

/**
 * Contrastive search (Su et al. 2022, "A Contrastive Framework for Neural Text Generation"): of the top_k tokens takes the one
 * that is probable and unlike what came before. Probabilities are those of the whole vocabulary, not of the top_k alone, as in
 * transformers 4 (`_contrastive_search`).
 * @param model with hidden states
 */
export function* contrastiveSearch(model: LanguageModel, prompt: readonly number[], config: GenerationConfig): StrategyRun<ContrastiveStep, GenerationResult> {
  if (prompt.length === 0) throw new RangeError("the prompt is empty");
  if (model.hiddenSize === 0) throw new RangeError("contrastive search needs a model with hidden states");
  const { penalty_alpha: alpha = 0, top_k: k = 4 } = config;
  const eos = idList(config.eos_token_id);
  // A candidate is read before it is chosen, so that here the last token must fit into the context too.
  const { count, limit } = roomFor(config, prompt.length, model.contextLength - 1);
  // top_k is the number of candidates, not a filter.
  const chain = runChain({ ...config, top_k: 0 }, prompt.length, count);
  const pipeline = new Pipeline(model.vocabularySize);
  const history = new History(model.hiddenSize);
  const sequence = [...prompt];
  let state = model.start();
  const feed = state.feed(prompt, { hidden: (layer, position, values) => history.record(layer, position, values) });
  for (const progress of feed) yield { kind: "working", progress };
  const ended = (finish: Finish): GenerationResult => ({ sequence, promptLength: prompt.length, finish });
  for (let t = 0; t < count; t++) {
    const run = pipeline.run(state.logits, chain, { ids: sequence, promptLength: prompt.length });
    const { last } = run;
    if (last.invalid > 0) return ended("invalid");
    if (last.kept === 0) return ended("no token");
    const tokens = mostProbable(last.scores, pipeline.kthHighest(last, k), k);
    const candidates: ContrastiveCandidate[] = [];
    const states: ModelState[] = [];
    for (const token of tokens) {
      const next = state.fork();
      yield* feeding(next, [token]);
      const similarities = history.cosines(next.hidden);
      let nearest = 0;
      for (let j = 1; j < similarities.length; j++) if (similarities[j] > similarities[nearest]) nearest = j;
      const penalty = similarities[nearest];
      const probability = last.probabilities[token];
      candidates.push({ token, probability, penalty, nearest, score: (1 - alpha) * probability - alpha * penalty, similarities });
      states.push(next);
    }
    let selected = 0;
    candidates.forEach(({ score }, i) => {
      if (score > candidates[selected].score) selected = i;
    });
    const { token } = candidates[selected];
    state = states[selected];
    history.record(history.lastLayer, sequence.length, state.hidden);
    const position = sequence.length;
    sequence.push(token);
    yield { kind: "step", step: { position, candidates, selected, token, run } };
    if (eos.includes(token)) return ended("eos");
  }
  return ended(limit);
}

/** The k tokens of the highest scores, the highest first and of equals the lowest id. */
function mostProbable(scores: Float64Array, floor: number, k: number): number[] {
  const ids: number[] = [];
  for (let i = 0; i < scores.length; i++) if (scores[i] >= floor && scores[i] !== -Infinity) ids.push(i);
  return ids.sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k);
}

/** The last layer's states of the text so far, as unit vectors. */
class History {
  lastLayer = 0;
  private readonly units: Float64Array[] = [];

  constructor(private readonly d: number) {}

  /** Layers come in ascending order for each position: the last that is recorded stays. */
  record(layer: number, position: number, values: ArrayLike<number>): void {
    this.lastLayer = Math.max(this.lastLayer, layer);
    this.units[position] = this.unit(values);
  }

  cosines(values: ArrayLike<number>): Float64Array {
    const unit = this.unit(values);
    return Float64Array.from(this.units, (other) => {
      let dot = 0;
      for (let j = 0; j < this.d; j++) dot += unit[j] * other[j];
      return dot;
    });
  }

  private unit(values: ArrayLike<number>): Float64Array {
    let sum = 0;
    for (let j = 0; j < this.d; j++) sum += values[j] * values[j];
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    return Float64Array.from({ length: this.d }, (_, j) => values[j] * scale);
  }
}
