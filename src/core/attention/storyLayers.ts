import { msg, type Message } from "../contract/index.js";
import { decimal } from "../text/numberText.js";
import { text, type Story, type StoryPiece } from "./storyWords.js";
import type { AttentionTrace, LayersPart } from "./trace.js";

/** Headline and sentence of Layers and pooling. */
export function layersStory(trace: AttentionTrace): Story {
  const part = trace.layers!;
  const lede: StoryPiece[] = [text(lengthSentence(part))];
  const add = (message: Message) => lede.push(text(msg(" ")), text(message));
  const others = part.others[part.layerCount - 1];
  if (part.occurrences.length > 1 && !Number.isNaN(others)) add(msg("Behind the last layer different words of these sentences have {0} on average, against which to hold it.", decimal(others, 3)));
  if (trace.source.name === "") add(msg("The built-in model is far too small to tell senses apart well; a folder of BERT’s family does it better."));
  else if (trace.source.causal) add(msg("This model reads from left to right: a word’s vector knows nothing of what follows."));
  return { title: titleOf(part), lede };
}

function titleOf({ word, occurrences, layerCount, cosines, length }: LayersPart): Message {
  const count = occurrences.length;
  if (count === 1) return msg("“{0}” as {1} numbers", word, decimal(length, 0));
  const mean = (layer: number) => meanOfPairs(cosines.subarray(layer * count * count, (layer + 1) * count * count), count);
  return count === 2
    ? msg("The two “{0}”: cosine {1} in the embedding, {2} behind layer {3}", word, decimal(mean(0), 3), decimal(mean(layerCount - 1), 3), layerCount - 1)
    : msg("“{0}” {1} times: mean cosine {2} in the embedding, {3} behind layer {4}", word, count, decimal(mean(0), 3), decimal(mean(layerCount - 1), 3), layerCount - 1);
}

/** The mean over pairs of different places; NaN without any. */
function meanOfPairs(cosines: ArrayLike<number>, count: number): number {
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      if (Number.isNaN(cosines[i * count + j])) continue;
      sum += cosines[i * count + j];
      pairs++;
    }
  }
  return pairs === 0 ? NaN : sum / pairs;
}

/** How long a word's vector is, and why. */
function lengthSentence({ chosen, width, length, mean, pooling, bertBase }: LayersPart): Message {
  const layers = mean || chosen.length === 1 ? msg("{0} numbers", width) : msg("{0} layers × {1}", chosen.length, width);
  const product = pooling === "first_last" ? msg("{0} × 2 (first and last token)", layers) : layers;
  const own = mean || chosen.length > 1 || pooling === "first_last" ? msg("A word’s vector: {0} = {1}.", product, decimal(length, 0)) : msg("A word’s vector has {0} numbers.", decimal(length, 0));
  return bertBase > 0 ? msg("{0} The same choice makes {1} of a bert-base.", own, decimal(bertBase, 0)) : own;
}
