import { ARRAYS, blank, measure, measureChanged, measureFiltered, newDistribution, openVocabulary, type Distribution } from "./distribution.js";
import { kthHighest } from "./processors/keepBest.js";
import { forgetChanges, newWorkspace, WORK, type Processor, type Reason, type StepContext, type Workspace } from "./processors/processor.js";

/** What one processor did. */
export type Stage = {
  readonly processor: Processor;
  readonly before: Distribution;
  /** A token is removed where its score is −Infinity. The same as `before` where a stage that changes few tokens changed none. */
  readonly after: Distribution;
  /** Tokens that this stage removed. */
  readonly removed: number;
  /** What the tokens left here had together before the stage. */
  readonly keptMass: number;
  /** Why a token was removed or changed; undefined when the stage had nothing to do. */
  readonly reason: Reason | undefined;
};

export type PipelineRun = {
  readonly first: Distribution;
  readonly stages: readonly Stage[];
  readonly last: Distribution;
};

/**
 * Runs chains of processors over vocabularies of one size. It owns all buffers, so that a run allocates nothing of the
 * vocabulary's size once a chain of that length was run; what a run returns is valid until the next.
 */
export class Pipeline {
  private distributions: readonly Distribution[] = [];
  private work!: Workspace;

  constructor(readonly size: number) {
    this.reserve(1);
  }

  /** @param logits [V]; not changed */
  run(logits: ArrayLike<number>, chain: readonly Processor[], context: StepContext): PipelineRun {
    if (logits.length !== this.size) throw new RangeError(`${logits.length} logits for a vocabulary of ${this.size}`);
    this.reserve(chain.length + 1);
    const first = this.distributions[0];
    first.scores.set(logits);
    measure(first, this.work.vocabulary);
    let last = first;
    const stages = chain.map((processor, i) => {
      const stage = this.stage(processor, last, this.distributions[i + 1], context);
      last = stage.after;
      return stage;
    });
    return { first, stages, last };
  }

  private stage(processor: Processor, before: Distribution, after: Distribution, context: StepContext): Stage {
    if (before.listed >= 0) blank(after);
    const reason = processor.apply(before, context, after.scores, this.work);
    if (processor.few && this.work.changes === 0) return { processor, before, after: before, removed: 0, keptMass: before.kept > 0 ? 1 : 0, reason };
    const quick = processor.few ? measureChanged(before, after, this.work.changed, this.work.changes, this.work.vocabulary) : -1;
    forgetChanges(this.work);
    const keptMass = quick >= 0 ? quick : processor.filters ? measureFiltered(before, after, this.work.vocabulary) : this.measured(before, after);
    return { processor, before, after, removed: before.kept - after.kept, keptMass, reason };
  }

  /** Measures scores that may differ anywhere. */
  private measured(before: Distribution, after: Distribution): number {
    measure(after, this.work.vocabulary);
    if (after.kept === before.kept) return before.kept > 0 ? 1 : 0;
    let mass = 0;
    for (let i = 0; i < this.size; i++) if (after.scores[i] !== -Infinity) mass += before.probabilities[i];
    return mass;
  }

  /** The `k`-th highest score of a distribution of the last run: see `kthHighest`. */
  kthHighest(input: Distribution, k: number): number {
    return kthHighest(input, k, this.work);
  }

  /** Makes room for so many distributions: all anew where there are fewer, since their memory does not grow. */
  private reserve(count: number): void {
    if (count <= this.distributions.length) return;
    const vocabulary = openVocabulary(this.size, WORK.reals + count * ARRAYS.reals, WORK.integers + count * ARRAYS.integers);
    const [reals, integers] = [vocabulary.reals.slice(WORK.reals), vocabulary.integers.slice(WORK.integers)];
    this.work = newWorkspace(vocabulary);
    this.distributions = Array.from({ length: count }, (_, i) => newDistribution(reals[2 * i], reals[2 * i + 1], integers[i]));
  }
}

/** Runs one processor over scores [V], in buffers of its own. */
export function applyProcessor(processor: Processor, scores: ArrayLike<number>, context: StepContext): Stage {
  return new Pipeline(scores.length).run(scores, [processor], context).stages[0];
}

/** [V] 1 where a token is left. */
export function keptMask({ scores }: Distribution): Uint8Array {
  return Uint8Array.from(scores, (score) => (score === -Infinity ? 0 : 1));
}
