import { blank, measure, measureChanged, measureFiltered, newDistribution, type Distribution } from "./distribution.js";
import { forgetChanges, newWorkspace, type Processor, type Reason, type StepContext, type Workspace } from "./processors/processor.js";

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
  private readonly distributions: Distribution[] = [];
  private readonly work: Workspace;

  constructor(readonly size: number) {
    this.work = newWorkspace(size);
  }

  /** @param logits [V]; not changed */
  run(logits: ArrayLike<number>, chain: readonly Processor[], context: StepContext): PipelineRun {
    if (logits.length !== this.size) throw new RangeError(`${logits.length} logits for a vocabulary of ${this.size}`);
    const first = this.distribution(0);
    first.scores.set(logits);
    measure(first);
    let last = first;
    const stages = chain.map((processor, i) => {
      const stage = this.stage(processor, last, this.distribution(i + 1), context);
      last = stage.after;
      return stage;
    });
    return { first, stages, last };
  }

  private stage(processor: Processor, before: Distribution, after: Distribution, context: StepContext): Stage {
    if (before.listed >= 0) blank(after);
    const reason = processor.apply(before, context, after.scores, this.work);
    if (processor.few && this.work.changes === 0) return { processor, before, after: before, removed: 0, keptMass: before.kept > 0 ? 1 : 0, reason };
    const quick = processor.few ? measureChanged(before, after, this.work.changed, this.work.changes) : -1;
    forgetChanges(this.work);
    const keptMass = quick >= 0 ? quick : processor.filters ? measureFiltered(before, after) : this.measured(before, after);
    return { processor, before, after, removed: before.kept - after.kept, keptMass, reason };
  }

  /** Measures scores that may differ anywhere. */
  private measured(before: Distribution, after: Distribution): number {
    measure(after);
    if (after.kept === before.kept) return before.kept > 0 ? 1 : 0;
    let mass = 0;
    for (let i = 0; i < this.size; i++) if (after.scores[i] !== -Infinity) mass += before.probabilities[i];
    return mass;
  }

  private distribution(i: number): Distribution {
    return (this.distributions[i] ??= newDistribution(this.size));
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
