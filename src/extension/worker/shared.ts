import type { Progress } from "../../core/contract/index.js";

/**
 * Work that several runs wait for. Whoever waits does the next steps; a run that is cancelled leaves the rest to the next
 * one that waits.
 */
export class Shared<T, P = never> {
  private result: { readonly value: T } | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(private steps: Generator<Progress<P>, T, void> | undefined) {}

  /** What came of it, once it is done. */
  get done(): T | undefined {
    return this.result?.value;
  }

  *wait(): Generator<Progress<P>, T, void> {
    for (;;) {
      if (this.failure) throw this.failure.error;
      if (this.result || !this.steps) return this.result!.value;
      let progress: Progress<P>;
      try {
        const next = this.steps.next();
        if (next.done) {
          this.result = { value: next.value };
          this.steps = undefined;
          return next.value;
        }
        progress = next.value;
      } catch (error) {
        this.failure = { error };
        this.steps = undefined;
        throw error;
      }
      yield progress;
    }
  }
}
