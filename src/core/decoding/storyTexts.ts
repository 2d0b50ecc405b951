import { msg, type Message } from "../contract/index.js";
import { decimal, grouped } from "../text/numberText.js";
import { listed, percent, quoted, text, type Story } from "./storyWords.js";
import type { ComparePart, DecodingTrace, SearchPart, TrainingPart } from "./trace.js";

type Beams = Extract<SearchPart, { readonly kind: "beams" }>;
type Contrastive = Extract<SearchPart, { readonly kind: "contrastive" }>;

export function searchStory(trace: DecodingTrace, part: SearchPart, step: number): Story {
  if (part.kind === "beams") return beamsStory(part);
  if (part.kind === "contrastive") return contrastiveStory(trace, part, step);
  return { title: msg("These parameters search nothing"), lede: [text(msg("One token is taken after the other. Set num_beams above 1 for beam search, or penalty_alpha with do_sample false for contrastive search."))] };
}

function beamsStory({ width, groups, steps, finished, lengthPenalty, finish }: Beams): Story {
  const title = groups > 1 ? msg("{0} beams in {1} groups", width, groups) : msg("{0} texts at once", width);
  const best = finished[0];
  if (!best) return { title, lede: [text(steps.length === 0 ? msg("No step yet.") : msg("After {0} steps none is finished.", steps.length))] };
  const sum = decimal(best.sum, 2);
  const score = lengthPenalty === 1 ? msg("The best has a sum of log-probabilities of {0}, which over its length of {1} is {2}.", sum, best.length, decimal(best.score, 3)) : msg("The best has a sum of log-probabilities of {0}, which over its length of {1} to the power of {2} is {3}.", sum, best.length, decimal(lengthPenalty, 1), decimal(best.score, 3));
  const behind = best.path.findIndex((index, t) => steps[t] !== undefined && behindAt(steps[t][best.group], index));
  const lede = [text(score)];
  if (behind >= 0) lede.push(text(msg(" At step {0} it was not the first, so that greedy search would have lost it.", behind + 1)));
  if (finish === "stopped") lede.push(text(msg(" The search was stopped.")));
  return { title, lede };
}

/** Whether a candidate was not the one of the highest sum. */
function behindAt({ candidates }: Beams["steps"][number][number], index: number): boolean {
  return candidates.some(({ sum }) => sum > candidates[index].sum);
}

function contrastiveStory(trace: DecodingTrace, { alpha, k, steps }: Contrastive, step: number): Story {
  const overruled = steps.filter(({ selected }) => selected !== 0).length;
  const title = msg("Likeness overruled probability {0} times in {1} steps", overruled, steps.length);
  const at = steps[Math.max(0, Math.min(step, steps.length - 1))];
  if (!at) return { title: msg("No step yet"), lede: [] };
  const { selected, token, probability, penalty } = at;
  const weight = msg("Of {0} candidates, {1} wins: probability {2}, likeness {3}, weighed {4} to {5}.", k, quoted(trace, token[selected]), decimal(probability[selected], 3), decimal(penalty[selected], 3), decimal(1 - alpha, 2), decimal(alpha, 2));
  const lede = [text(weight)];
  if (selected !== 0) lede.push(text(msg(" {0} was likelier with {1}, but more like what came before: {2}.", quoted(trace, token[0], true), decimal(probability[0], 3), decimal(penalty[0], 3))));
  return { title, lede };
}

export function compareStory({ strategies, prompts }: ComparePart): Story {
  const count = strategies.length;
  const title = count === 1 ? msg("The prompt, one way to choose") : msg("Same prompt, {0} ways to choose", count);
  const known = strategies.filter(({ metrics, problem }) => !problem && metrics.seqRep[3] !== null);
  const failed = strategies.filter(({ problem }) => problem !== null).length;
  const lede: { readonly kind: "text"; readonly text: Message }[] = [];
  if (known.length > 1) {
    const rep = (each: (typeof known)[number]): number => each.metrics.seqRep[3]!;
    const most = known.reduce((a, b) => (rep(b) > rep(a) ? b : a));
    const least = known.reduce((a, b) => (rep(b) < rep(a) ? b : a));
    lede.push(text(rep(most) === 0 ? msg("None repeats a run of four tokens.") : msg("{0} repeats itself most: {1}% of its 4-grams occurred before, {2}% in {3}.", most.name, percent(rep(most)), percent(rep(least)), least.name)));
  }
  const same = strategies.filter(({ samePrompt }) => samePrompt.likeness !== null && samePrompt.likeness > 0.995);
  const asked = strategies.filter(({ samePrompt }) => samePrompt.likeness !== null);
  if (same.length > 0) lede.push(text(same.length === asked.length && asked.length > 1 ? msg(" Each writes the same text again for the same prompt.") : msg(" The same prompt gives the same text again with {0}.", listed(same.map(({ name }) => name)))));
  const others = strategies.filter(({ otherPrompts }) => otherPrompts.likeness !== null);
  if (others.length > 0) {
    const alike = others.reduce((a, b) => (b.otherPrompts.likeness! > a.otherPrompts.likeness! ? b : a));
    lede.push(text(msg(" Texts of {0} other prompts are most alike with {1}: they share {2}% of their pairs of tokens.", prompts.length, alike.name, percent(alike.otherPrompts.likeness!))));
  }
  if (failed > 0) lede.push(text(failed === 1 ? msg(" One strategy can't run; its row says why.") : msg(" {0} strategies can't run; their rows say why.", failed)));
  return { title, lede };
}

export function trainingStory({ ids, promptLength, sequenceMask, tokenLoss, sequenceLoss, contrastive, filters }: TrainingPart): Story {
  const repeated = sequenceMask.reduce((sum, each) => sum + each, 0);
  const written = ids.length - promptLength;
  const title = repeated === 0 ? msg("Nothing repeats itself here") : msg("{0} of {1} new tokens stand in repeated n-grams", repeated, written);
  const loss = msg("a token loss of {0}", decimal(tokenLoss, 2));
  const lede = [text(repeated === 0 ? msg("Unlikelihood training would lower {0} by pushing earlier tokens down. With sequences it has nothing to push down.", loss) : msg("Unlikelihood training would lower {0} by pushing earlier tokens down, and {1} by pushing the repeated ones down.", loss, msg("a sequence loss of {0}", decimal(sequenceLoss, 2))))];
  if (contrastive) lede.push(text(msg(" The contrastive loss of the hidden states falls from {0} to {1} in {2} steps.", decimal(contrastive.lossBefore, 4), decimal(contrastive.lossAfter, 4), contrastive.descentSteps)));
  const removed = filters.reduce((sum, filter) => sum + filter.removed.length, 0);
  if (removed > 0) lede.push(text(removed === 1 ? msg(" Filters would take out one part.") : msg(" Filters would take out {0} parts.", grouped(removed))));
  return { title, lede };
}
