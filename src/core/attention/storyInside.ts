import { msg, type Message } from "../contract/index.js";
import { decimal } from "../text/numberText.js";
import { quoted, text, type Story, type StoryPiece, type StoryPlace } from "./storyWords.js";
import type { AttentionTrace, InsidePart } from "./trace.js";

/** Headline and sentence of Inside. */
export function insideStory(trace: AttentionTrace, { token }: StoryPlace): Story {
  const part = trace.inside!;
  const lede: StoryPiece[] = [text(inductionSentence(part))];
  const add = (message: Message) => lede.push(text(msg(" ")), text(message));
  if (!part.pulls) add(msg("This model reads both ways: it has no next token, so that there is no repeating text and no pull on it."));
  const rank = rankSentence(trace, token);
  return { title: titleOf(trace, token), lede: rank ? [text(rank), text(msg(" ")), ...lede] : lede };
}

function titleOf({ source, tokens, inside }: AttentionTrace, token: number): Message {
  const self = quoted(tokens, token);
  const lens = inside!.lens;
  if (!lens || token < lens.from || token >= lens.from + lens.count) return msg("What the layers make of {0}", self);
  const guess = (layer: number) => lens.ids[(layer * lens.count + token - lens.from) * lens.listed];
  let from = source.layers;
  while (from > 0 && guess(from - 1) === guess(source.layers)) from--;
  const name = named(inside!, guess(source.layers));
  if (!source.causal) return from === 0 ? msg("In place of {0} the guess is {1} from the embedding on", self, name) : msg("In place of {0} the guess is {1}, from layer {2} on", self, name, from);
  return from === 0 ? msg("Behind {0} the guess is {1} from the embedding on", self, name) : msg("Behind {0} the guess is {1}, from layer {2} on", self, name, from);
}

/** A token as it is called in a sentence. */
export function named({ names }: InsidePart, id: number): Message {
  const piece = names.find(([each]) => each === id)?.[1] ?? String(id);
  const plain = piece.replace(/\s+/g, " ").trim();
  return /^[\r\n]+$/.test(piece) ? msg("the line break") : plain === "" ? msg("the blank") : msg("“{0}”", plain);
}

function rankSentence({ source, inside }: AttentionTrace, token: number): Message | undefined {
  const lens = inside!.lens;
  const at = lens ? token - lens.from : -1;
  if (!lens || at < 0 || at >= lens.count || lens.target[at] < 0) return undefined;
  const [first, last] = [lens.rank[at], lens.rank[source.layers * lens.count + at]];
  const target = named(inside!, lens.target[at]);
  return source.causal
    ? msg("{0}, which follows in the text, has rank {1} in the embedding and {2} behind the last layer.", target, first, last)
    : msg("{0}, which stands there, has rank {1} in the embedding and {2} behind the last layer.", target, first, last);
}

/** Which heads repeat, if any do. */
function inductionSentence({ roles }: InsidePart): Message {
  const { random, here, named: all, threshold, repeatLength } = roles;
  const scores = (random ?? here).scores.induction;
  const best = Array.from(scores).reduce((most, score) => (score > most ? score : most), -Infinity);
  const heads = all.filter(({ role, where }) => role === "induction" && (where === "random") === (random !== null));
  if (best === -Infinity) return msg("The text repeats nothing, so that nothing can be said of induction heads.");
  if (heads.length === 0) {
    return random
      ? msg("No head is an induction head: on {0} random tokens that come twice none puts more than {1} of its weight behind the earlier equal token, and {2} is asked for.", repeatLength, decimal(best, 2), decimal(threshold, 1))
      : msg("No head is an induction head on this text: none puts more than {0} of its weight behind the earlier equal token, and {1} is asked for.", decimal(best, 2), decimal(threshold, 1));
  }
  const first = heads.slice().sort((a, b) => b.score - a.score)[0];
  return heads.length === 1
    ? msg("Layer {0}, head {1} is an induction head (score {2}): it looks behind the earlier equal token and copies. Induction heads are one cause of repetition.", first.layer + 1, first.head + 1, decimal(first.score, 2))
    : msg("{0} heads are induction heads, the clearest layer {1}, head {2} (score {3}): they look behind the earlier equal token and copy. Induction heads are one cause of repetition.", heads.length, first.layer + 1, first.head + 1, decimal(first.score, 2));
}
