import type { Progress } from "../../contract/index.js";
import type { ModelState } from "../../models/languageModel.js";

/** What a strategy yields: a step, or that the model is still at work on one. */
export type StrategyEvent<Step> =
  | { readonly kind: "working"; readonly progress: Progress }
  | { readonly kind: "step"; readonly step: Step };

export type StrategyRun<Step, Result> = Generator<StrategyEvent<Step>, Result, void>;

/** Why a text ended. */
export type Finish =
  /** An end-of-text token was chosen. */
  | "eos"
  /** It has as many new tokens as were asked for. */
  | "length"
  /** The model's context is full. */
  | "context"
  /** The processors left no token. */
  | "no token"
  /** The logits held NaN or +Infinity. */
  | "invalid";

/** Feeds tokens and passes the model's progress on. */
export function* feeding(state: ModelState, tokens: readonly number[]): Generator<StrategyEvent<never>, void, void> {
  for (const progress of state.feed(tokens)) yield { kind: "working", progress };
}

/** Runs a strategy to its end: its steps, mapped while their buffers are valid, and its result. */
export function finishRun<Step, Result, Kept>(run: StrategyRun<Step, Result>, keep: (step: Step) => Kept): { readonly steps: Kept[]; readonly result: Result } {
  const steps: Kept[] = [];
  for (;;) {
    const next = run.next();
    if (next.done) return { steps, result: next.value };
    if (next.value.kind === "step") steps.push(keep(next.value.step));
  }
}
