import { msg, type Message } from "../contract/index.js";
import { text, type Story } from "./storyWords.js";
import type { AttentionTrace, SequencePart, SequenceRun } from "./trace.js";

/** What was written, without the mark of the end. */
export function writtenBy({ output, ended }: SequenceRun): string {
  return (ended && output.at(-1) === "</s>" ? output.slice(0, -1) : output).join("");
}

/** What both decoders make of the input; of one's own states, what they look at. */
export function sequenceStory(trace: AttentionTrace): Story {
  const part = trace.sequence!;
  const { fixed, attentive, input, expected } = part;
  if (!fixed) return ownStory(part);
  const [ours, theirs] = [writtenBy(attentive), writtenBy(fixed)];
  const source = input.join("");
  return { title: titleOf(source, ours, theirs, expected), lede: [text(explanation(part))] };
}

function titleOf(source: string, ours: string, theirs: string, expected: string | null): Message {
  if (expected === null) return ours === theirs ? msg("“{0}” becomes {1}, with attention and with one fixed context", source, ours) : msg("“{0}” becomes {1} with attention, and {2} with one fixed context", source, ours, theirs);
  if (ours === expected && theirs !== expected) return msg("Attention gets “{0}” right; one fixed context makes {1} of it", source, theirs);
  if (ours === expected) return msg("Both get “{0}” right: {1}", source, ours);
  if (theirs === expected) return msg("One fixed context gets “{0}” right; attention makes {1} of it", source, ours);
  return msg("Neither gets “{0}” right: attention makes {1} of it, one fixed context {2}", source, ours, theirs);
}

function explanation({ task, input, trainedLength }: SequencePart): Message {
  if (input.length > trainedLength) return msg("{0} characters are more than the {1} that the networks were trained on, and neither goes far beyond.", input.length, trainedLength);
  return task === "dates"
    ? msg("The fixed context must hold the whole input in one vector; attention looks at the characters that the step needs.")
    : msg("The fixed context must hold all letters in one vector; attention walks back over them, one a step.");
}

function ownStory({ attentive, input, score }: SequencePart): Story {
  const { weights, output } = attentive;
  let most = 0;
  for (let i = 1; i < weights.length; i++) if (weights[i] > weights[most]) most = i;
  const [row, column] = [Math.floor(most / input.length), most % input.length];
  const sizes = msg("{0} steps of a decoder over {1} states of an encoder, by the score “{2}”.", output.length, input.length, score);
  return { title: msg("Most strongly, step “{0}” looks at “{1}”", output[row], input[column]), lede: [text(sizes)] };
}
