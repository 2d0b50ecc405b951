import { msg, type Message } from "../contract/index.js";
import { decimal, grouped } from "../text/numberText.js";
import type { DecodingTab } from "./params.js";
import { searchStory, compareStory, trainingStory } from "./storyTexts.js";
import { percent, quoted, text, type Story } from "./storyWords.js";
import type { DecodingTrace, ExplorePart, StagesAt } from "./trace.js";

export type { Story } from "./storyWords.js";

/** The share of repeated 4-grams from which a text is said to repeat itself. */
const REPEATS = 0.2;

/** Headline and sentence of a tab, from its part of the trace; `place` is the position of the text or the step of the search. */
export function decodingStory(trace: DecodingTrace, tab: DecodingTab, place = 0): Story {
  const { explore, search, compare, training } = trace;
  if (tab === "explore" && explore) return exploreStory(trace, explore, place);
  if (tab === "search" && search) return searchStory(trace, search, place);
  if (tab === "compare" && compare) return compareStory(compare);
  if (tab === "training" && training) return trainingStory(training);
  return { title: msg("Not computed yet"), lede: [] };
}

function exploreStory(trace: DecodingTrace, part: ExplorePart, place: number): Story {
  const position = Math.max(0, Math.min(place, part.at.length - 1));
  const at = part.at[position];
  if (!at) return { title: msg("No token yet"), lede: [] };
  const last = at.kept.length - 1;
  if (at.kept[last] === 0) return { title: msg("No token is left"), lede: [text(removals(at)), text(msg(" Loosen one of the stages to go on."))] };
  const lede = [text(stagesSentence(at))];
  const order = orderSentence(part, position);
  if (order) lede.push(text(order));
  const repeated = part.metrics.seqRep[3];
  if (part.finish !== "running" && repeated !== null && repeated >= REPEATS && part.ids.length > 7) {
    lede.push(text(msg(" The text repeats itself: {0}% of its 4-grams occurred before.", percent(repeated))));
  }
  return { title: exploreTitle(trace, part, position), lede };
}

function exploreTitle(trace: DecodingTrace, part: ExplorePart, position: number): Message {
  const { ids, probability, forced, uniform } = part;
  if (position >= ids.length) {
    const at = part.at[position];
    const i = bestOf(at);
    const share = at.probabilities[(at.kept.length - 1) * at.ids.length + i];
    return msg("What would come next: {0} has {1}%", quoted(trace, at.ids[i]), percent(share));
  }
  const name = quoted(trace, ids[position]);
  const begin = quoted(trace, ids[position], true);
  const share = percent(probability[position]);
  if (forced[position] === 1) {
    if (probability[position] > 0) return msg("You chose {0}, which has {1}%", name, share);
    return part.modelProbability[position] > 0 ? msg("You chose {0}, which was removed", name) : msg("You chose {0}, which the model rules out", name);
  }
  if (Number.isNaN(uniform[position])) return msg("{0} is the most probable, with {1}%", begin, share);
  return msg("{0} was drawn, with {1}%", begin, share);
}

/** The listed token that is most probable behind all stages. */
function bestOf({ ids, probabilities, kept }: StagesAt): number {
  const row = (kept.length - 1) * ids.length;
  let best = 0;
  for (let i = 1; i < ids.length; i++) if (probabilities[row + i] > probabilities[row + best]) best = i;
  return best;
}

function stagesSentence(at: StagesAt): Message {
  const last = at.kept.length - 1;
  if (at.kept[0] === 1) return msg("One token is possible at all.");
  if (at.stages.length === 0) return msg("No stage acts: all {0} tokens are left as the model has them.", grouped(at.kept[0]));
  if (at.kept[last] === at.kept[0]) {
    const [before, after] = [decimal(at.entropy[0], 2), decimal(at.entropy[last], 2)];
    return before === after ? msg("No token is removed, and the entropy stays at {0} bits.", before) : msg("No token is removed, but the entropy goes from {0} to {1} bits.", before, after);
  }
  if (at.kept[last] === 1) return msg("{0} One token is left, so that nothing is left to chance.", removals(at));
  return msg("{0} {1} are left, which had {2}% before the last cut.", removals(at), grouped(at.kept[last]), percent(lastCut(at)));
}

/** What the kept had before the last stage that removed any. */
function lastCut({ kept, keptMass }: StagesAt): number {
  for (let k = kept.length - 1; k > 0; k--) if (kept[k] < kept[k - 1]) return keptMass[k];
  return 1;
}

/** "top_k removed 28 of 40 tokens, top_p 3 more." */
function removals({ stages, kept }: StagesAt): Message {
  const cuts = stages.flatMap((stage, k) => (kept[k + 1] < kept[k] ? [{ name: stageLabel(stage), count: kept[k] - kept[k + 1] }] : []));
  if (cuts.length === 0) return msg("No token is possible.");
  const [first, ...more] = cuts;
  const head = msg("{0} removed {1} of {2} tokens", first.name, grouped(first.count), grouped(kept[0]));
  return msg("{0}.", more.reduce((line, { name, count }) => msg("{0}, {1} {2} more", line, name, grouped(count)), head));
}

/** A stage by the parameter that it stands for. */
export function stageLabel({ name, parameters }: StagesAt["stages"][number]): string {
  return parameters[0]?.[0] ?? name;
}

function orderSentence({ order, other, at }: ExplorePart, position: number): Message | undefined {
  if (!other || position > 0) return undefined;
  const here = at[0].kept[at[0].kept.length - 1];
  if (other.kept === here && other.onlyHere.length === 0 && other.onlyThere.length === 0) return undefined;
  return order === "transformers" ? msg(" In llama.cpp's order {0} would be left.", grouped(other.kept)) : msg(" In transformers' order {0} would be left.", grouped(other.kept));
}
