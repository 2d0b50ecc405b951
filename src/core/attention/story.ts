import { msg, type Message } from "../contract/index.js";
import { decimal, setting } from "../text/numberText.js";
import type { AttentionTab } from "./params.js";
import { costStory } from "./storyCost.js";
import { insideStory } from "./storyInside.js";
import { layersStory } from "./storyLayers.js";
import { positionStory } from "./storyPosition.js";
import { sequenceStory } from "./storySequence.js";
import { quoted, strongest, text, type Story, type StoryOf, type StoryPlace } from "./storyWords.js";
import type { AttentionTrace, HeadMap, MapPart } from "./trace.js";

export type { Story, StoryPlace } from "./storyWords.js";

/** Weight from which on a token looks at another and hardly elsewhere, mostly there, there before all, and from which on the next is named. */
const ALONE = 0.85;
const MOSTLY = 0.45;
const FIRST = 0.25;
const THEN = 0.08;
/** Share of the largest possible entropy from which on a row is called even. */
const EVEN = 0.95;
/** Share of a head's attention from which on it is said to do one thing. */
const ROLE = 0.5;

/** What tells each tab's story, from its part of the trace. */
const stories: { readonly [T in AttentionTab]?: StoryOf } = { map: mapStory, steps: stepsStory, sequence: sequenceStory, position: positionStory, cost: costStory, layers: layersStory, inside: insideStory };

/** Headline and sentence of a tab. */
export function attentionStory(trace: AttentionTrace, tab: AttentionTab, place: StoryPlace): Story {
  const story = stories[tab];
  return story && trace[tab] ? story(trace, place) : { title: msg("Not computed yet"), lede: [] };
}

function mapStory(trace: AttentionTrace, { token }: StoryPlace): Story {
  const part = trace.map!;
  const { shown } = part;
  const row = Math.max(0, Math.min(token, shown.rows - 1));
  const lede = [text(shownSentence(shown, trace.source))];
  const role = shown.reduce === "head" ? roleSentence(part, shown.layer * trace.source.heads + shown.head) : undefined;
  if (role) lede.push(text(msg(" ")), text(role));
  lede.push(text(msg(" ")), text(trace.source.kind === "model" && trace.source.name === "" ? msg("Attention is not explanation: it says where a head reads, not what it makes of it; and this model is a very small one.") : msg("Attention is not explanation: it says where a head reads, not what it makes of it.")));
  return { title: mapTitle(trace, shown, row), lede };
}

function mapTitle({ tokens }: AttentionTrace, { weights, columns, rows, entropy, visible }: HeadMap, row: number): Message {
  const name = (column: number) => (column === row && rows === columns ? msg("itself") : quoted(tokens, column));
  const self = quoted(tokens, row);
  if (tokens.visible[row] === 0) return msg("{0} is padding, to which nobody attends", self);
  const [first, second] = strongest(weights.subarray(row * columns, (row + 1) * columns), 2);
  if (!first) return msg("{0} looks at nothing", self);
  if (visible[row] === 1) return msg("{0} has only {1} to look at", self, name(first.at));
  if (first.weight >= ALONE) return msg("Where {0} looks: at {1}, and hardly elsewhere", self, name(first.at));
  if (visible[row] > 2 && entropy[row] >= EVEN * Math.log2(visible[row])) return msg("{0} looks about evenly at all {1} tokens that it sees", self, visible[row]);
  if (second && second.weight >= THEN) {
    if (first.weight >= MOSTLY) return msg("Where {0} looks: mostly at {1}, then {2}", self, name(first.at), name(second.at));
    return first.weight >= FIRST ? msg("Where {0} looks: first at {1}, then {2}", self, name(first.at), name(second.at)) : msg("Where {0} looks: at {1} and {2} a little more than elsewhere", self, name(first.at), name(second.at));
  }
  return msg("Where {0} looks: first at {1}", self, name(first.at));
}

function shownSentence({ reduce, layer, head }: HeadMap, { layers, heads }: AttentionTrace["source"]): Message {
  switch (reduce) {
    case "head":
      return msg("Layer {0}, head {1}.", layer + 1, head + 1);
    case "heads":
      return msg("Layer {0}, the mean over its {1} heads.", layer + 1, heads);
    case "layers":
      return msg("The mean over all {0} heads of all layers.", layers * heads);
    case "rollout":
      return msg("Attention rollout up to layer {0}: followed through the layers, half of each being what passes by.", layer + 1);
  }
}

/** What a head does for the most part; undefined where it does no one thing. */
function roleSentence({ previous, first, self, same }: MapPart, index: number): Message | undefined {
  const shares = [
    { share: same[index], said: msg("This head looks mostly at equal tokens before: {0} of its weight.", percent(same[index])) },
    { share: previous[index], said: msg("This head looks mostly at the token before: {0} of its weight.", percent(previous[index])) },
    { share: first[index], said: msg("This head rests mostly on the first token: {0} of its weight.", percent(first[index])) },
    { share: self[index], said: msg("This head looks mostly at the token itself: {0} of its weight.", percent(self[index])) },
  ].filter(({ share }) => share >= ROLE);
  return shares.sort((a, b) => b.share - a.share)[0]?.said;
}

const percent = (share: number): string => `${decimal(100 * share, 0)}%`;

function stepsStory(trace: AttentionTrace): Story {
  const part = trace.steps!;
  const { tokens } = trace;
  const { token, layer, head, weights, ownWeights, similarity, scaled, scale, size, temperature } = part;
  const self = quoted(tokens, token);
  const [most] = strongest(weights, 1);
  const place = trace.source.kind === "matrices" ? msg("Head {0}.", head + 1) : msg("Layer {0}, head {1}.", layer + 1, head + 1);
  if (!most) return { title: msg("{0} looks at nothing", self), lede: [text(place)] };
  const lede = [text(place), text(msg(" "))];
  const named = most.at === token && trace.source.kind === "model" ? msg("itself") : quoted(tokens, most.at);
  if (size === 0) return { title: msg("The weights of {0}; what made them is not known", self), lede: [...lede, text(msg("The largest is {0} for {1}.", decimal(most.weight, 3), named))] };
  lede.push(text(msg("Its query fits {0} with q·k = {1}; times {2} that is {3}, and the softmax makes {4} of it.", named, decimal(similarity[most.at], 3), decimal(scale, 4), decimal(scaled[most.at], 3), decimal(most.weight, 3))));
  if (part.query.some((value, i) => value !== part.ownQuery[i])) lede.push(text(msg(" ")), text(msg("With the model's own query it has {0}.", decimal(ownWeights[most.at], 3))));
  else if (temperature !== 1) lede.push(text(msg(" ")), text(msg("Without the softmax temperature of {0} it has {1}.", setting(temperature), decimal(ownWeights[most.at], 3))));
  return { title: msg("How {0} gets its output, in three steps", self), lede };
}
