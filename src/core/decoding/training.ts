import { msg, type Env, type Progress } from "../contract/index.js";
import { joinTokens } from "../models/tokenPieces.js";
import type { ExploreHand } from "./explore.js";
import { forcedTokens } from "./exploreText.js";
import { repeatMask } from "./metrics.js";
import { nearDuplicates, repeatedNgrams, repeatedSentences, withoutRemovals } from "./postFilters.js";
import { textBy } from "./runTexts.js";
import { contrastiveStates } from "./trainingContrastive.js";
import type { TrainingPart } from "./trace.js";
import { sequenceTerm, tokenTerms } from "./unlikelihood.js";

/** Gradients that are kept of each place, by magnitude, beside that of the token itself. */
const GRADIENTS = 12;
/** Sentences that share so much of their words are near-duplicates. */
const ALIKE = 0.8;

/**
 * What training against repetition would do with the text that the parameters write: the losses at each place with their
 * gradients on the logits, the contrastive loss of the hidden states, and what filters would take out.
 */
export function* trainingPart({ hand, prompt, config, params }: ExploreHand, env: Env): Generator<Progress<TrainingPart>, TrainingPart, void> {
  const writing = textBy(hand, prompt, config, { random: env.random, stopping: env.stopping, order: params.order, forced: forcedTokens(params.forced) });
  let next = writing.next();
  for (; !next.done; next = writing.next()) {
    if ("fraction" in next.value) yield next.value;
    else yield { fraction: NaN, message: msg("Writing the text: {0} tokens", next.value.ids.length) };
  }
  const ids = [...prompt, ...next.value.ids];
  const { text, ends } = joinTokens(hand.tokenizer, ids);
  const { losses, states } = yield* judgePlaces(ids, prompt.length, { hand, prompt, config, params });
  const contrastive = states ? yield* contrastiveStates(states, hand.model.hiddenSize, params.margin) : null;
  return { ids: Int32Array.from(ids), promptLength: prompt.length, text, ends, ...losses, contrastive, filters: filtersOf(text, params.ngram) };
}

type Losses = Pick<TrainingPart, "likelihood" | "unlikelihood" | "candidates" | "pull" | "tokenLoss" | "sequenceMask" | "sequenceLoss" | "gradients">;

/** Losses and gradients place by place, so that no more than one place's logits are held. Nothing predicts the first token. */
function* judgePlaces(ids: readonly number[], promptLength: number, { hand: { model }, params }: ExploreHand): Generator<Progress, { readonly losses: Losses; readonly states: Float32Array | undefined }, void> {
  const T = ids.length;
  const V = model.vocabularySize;
  const likelihood = new Float64Array(T).fill(NaN);
  const unlikelihood = new Float64Array(T);
  const candidates: (readonly number[])[] = Array.from({ length: T }, () => []);
  const gradients: { ids: Int32Array; token: Float64Array; sequence: Float64Array }[] = ids.map(() => ({ ids: new Int32Array(0), token: new Float64Array(0), sequence: new Float64Array(0) }));
  const sequenceMask = new Uint8Array(T);
  sequenceMask.set(repeatMask(ids.slice(promptLength), params.ngram), promptLength);
  const states = model.hiddenSize > 0 ? new Float32Array(T * model.hiddenSize) : undefined;
  const pull = new Float64Array(T);
  const [p, slope, lift] = [new Float64Array(V), new Float64Array(V), new Float64Array(V)];
  const seen = new Set<number>();
  let tokenLoss = 0;
  let sequenceLoss = 0;
  const state = model.start();
  const reading = state.feed(ids.slice(0, model.contextLength), {
    hidden: (_layer, position, values) => states?.set(values, position * model.hiddenSize),
    logits(position, row) {
      seen.add(ids[position]);
      const t = position + 1;
      if (t >= T) return;
      const terms = tokenTerms(row, ids[t], seen, params.alpha, p, slope);
      likelihood[t] = terms.likelihood;
      unlikelihood[t] = terms.unlikelihood;
      candidates[t] = terms.candidates;
      tokenLoss += terms.likelihood + params.alpha * terms.unlikelihood;
      pull[t] = terms.pull;
      lift.fill(0);
      if (sequenceMask[t] === 1) sequenceLoss += sequenceTerm(row, ids[t], p, lift);
      const shown = largest(slope, lift, ids[t]);
      gradients[t] = { ids: shown, token: Float64Array.from(shown, (id) => slope[id]), sequence: Float64Array.from(shown, (id) => lift[id]) };
    },
  });
  for (const { fraction } of reading) yield { fraction, message: msg("Computing losses") };
  return { losses: { likelihood, unlikelihood, candidates, pull, tokenLoss, sequenceMask, sequenceLoss, gradients }, states };
}

/** The token itself, and the tokens of the largest gradients at either level. */
function largest(token: Float64Array, sequence: Float64Array, own: number): Int32Array {
  const best: number[] = [];
  const size = (id: number) => Math.max(Math.abs(token[id]), Math.abs(sequence[id]));
  let floor = 0;
  for (let id = 0; id < token.length; id++) {
    const value = size(id);
    if (id === own || !(value > floor)) continue;
    let at = best.length;
    while (at > 0 && size(best[at - 1]) < value) at--;
    best.splice(at, 0, id);
    if (best.length > GRADIENTS) best.pop();
    if (best.length === GRADIENTS) floor = size(best[GRADIENTS - 1]);
  }
  return Int32Array.of(own, ...best);
}

function filtersOf(text: string, n: number): TrainingPart["filters"] {
  const made = [
    { name: msg("Repeated sentences"), removals: repeatedSentences(text) },
    { name: msg("Sentences that share {0}% of their words", 100 * ALIKE), removals: nearDuplicates(text, ALIKE) },
    { name: msg("Repeated runs of {0} words", n), removals: repeatedNgrams(text, n) },
  ];
  return made.map(({ name, removals }) => ({ name, removed: removals.map(({ start, end, reason }) => ({ start, end, reason })), text: withoutRemovals(text, removals) }));
}
