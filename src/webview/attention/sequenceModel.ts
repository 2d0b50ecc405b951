import { writtenBy } from "../../core/attention/storySequence.js";
import type { AttentionTrace, SequencePart, SequenceRun } from "../../core/attention/trace.js";

/** A character of an output, and whether it is right; null where nothing tells. */
export type Written = { readonly text: string; readonly right: boolean | null };

/** What the view asks about an alignment. S inputs, steps of the decoder. */
export class SequenceModel {
  readonly inputs: number;
  readonly steps: number;

  constructor(readonly trace: AttentionTrace, readonly part: SequencePart) {
    this.inputs = part.input.length;
    this.steps = part.attentive.output.length;
  }

  weight(step: number, input: number): number {
    return this.part.attentive.weights[step * this.inputs + input];
  }

  score(step: number, input: number): number {
    return this.part.attentive.scores[step * this.inputs + input];
  }

  strongest(step: number): number {
    let best = 0;
    for (let j = 1; j < this.inputs; j++) if (this.weight(step, j) > this.weight(step, best)) best = j;
    return best;
  }

  context(run: SequenceRun, step: number): Float32Array {
    return run.contexts.subarray(step * run.hiddenSize, (step + 1) * run.hiddenSize);
  }

  /** The two rows that a score compares. */
  compared(step: number, input: number): { readonly decoder: Float64Array; readonly encoder: Float64Array } {
    const { size, decoder, encoder } = this.part.compared;
    return { decoder: decoder.subarray(step * size, (step + 1) * size), encoder: encoder.subarray(input * size, (input + 1) * size) };
  }

  /** The characters of an output beside what is right. What is missing at the end is shown by the caller from `short`. */
  written(run: SequenceRun): { readonly characters: readonly Written[]; readonly short: number; readonly right: boolean | null } {
    const { expected } = this.part;
    const text = [...writtenBy(run)];
    if (expected === null) return { characters: text.map((each) => ({ text: each, right: null })), short: 0, right: null };
    const wanted = [...expected];
    return {
      characters: text.map((each, i) => ({ text: each, right: each === wanted[i] })),
      short: Math.max(0, wanted.length - text.length),
      right: text.length === wanted.length && text.every((each, i) => each === wanted[i]),
    };
  }

  /** Whether a step of an output is right. */
  isRight(run: SequenceRun, step: number): boolean | null {
    const { expected } = this.part;
    if (expected === null) return null;
    const wanted = [...expected];
    return isEnd(run.output[step]) ? step === wanted.length : run.output[step] === wanted[step];
  }
}

export function isEnd(output: string): boolean {
  return output === "</s>";
}

/** A character as a label: a blank is a middle dot. */
export function characterLabel(text: string): string {
  return text === " " ? "·" : text;
}
