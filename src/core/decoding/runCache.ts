import type { Progress } from "../contract/index.js";
import type { LanguageModel, ModelState, Recorder } from "../models/languageModel.js";
import { Pipeline } from "./pipeline.js";

/** Prompts of a model that are remembered. */
const KEPT = 4;

type Read = { readonly ids: readonly number[]; readonly state: ModelState };
type Memory = { readonly reads: Read[] };

const memories = new WeakMap<LanguageModel, Memory>();
const benches = new WeakMap<LanguageModel, Bench>();

/** Buffers over a model's vocabulary that its runs share; what they hold is read before the run pauses. */
export type Bench = {
  readonly pipeline: Pipeline;
  /** For a second chain beside the first. */
  readonly other: Pipeline;
  /** [V], all zero between uses. */
  readonly marks: Uint8Array;
};

export function benchOf(model: LanguageModel): Bench {
  let bench = benches.get(model);
  if (!bench) benches.set(model, (bench = { pipeline: new Pipeline(model.vocabularySize), other: new Pipeline(model.vocabularySize), marks: new Uint8Array(model.vocabularySize) }));
  return bench;
}

/** The same model, which reads a prompt once: a state that is fed one it knows goes on from what it remembers of it. */
export function remembering(model: LanguageModel): LanguageModel {
  let memory = memories.get(model);
  if (!memory) memories.set(model, (memory = { reads: [] }));
  const { vocabularySize, contextLength, hiddenSize } = model;
  const known = memory;
  return { vocabularySize, contextLength, hiddenSize, start: () => new RememberingState(known, model.start()) };
}

class RememberingState implements ModelState {
  constructor(
    private readonly memory: Memory,
    private inner: ModelState,
  ) {}

  get length(): number {
    return this.inner.length;
  }

  get logits(): Float32Array | Float64Array {
    return this.inner.logits;
  }

  get hidden(): Float32Array | Float64Array {
    return this.inner.hidden;
  }

  fork(): ModelState {
    return new RememberingState(this.memory, this.inner.fork());
  }

  *feed(tokens: ArrayLike<number>, recorder?: Recorder): Generator<Progress, void, void> {
    if (recorder || this.inner.length > 0 || tokens.length === 0) return yield* this.inner.feed(tokens, recorder);
    const ids = Array.from(tokens);
    const { reads } = this.memory;
    const known = reads.filter((read) => read.ids.length <= ids.length && read.ids.every((id, i) => id === ids[i])).sort((a, b) => b.ids.length - a.ids.length)[0];
    if (known) this.inner = known.state.fork();
    const rest = ids.slice(known?.ids.length ?? 0);
    if (rest.length > 0) yield* this.inner.feed(rest);
    const state = rest.length === 0 ? known!.state : this.inner.fork();
    const same = reads.findIndex((read) => read.state === state);
    if (same >= 0) reads.splice(same, 1);
    reads.push({ ids, state });
    if (reads.length > KEPT) reads.shift();
  }
}
