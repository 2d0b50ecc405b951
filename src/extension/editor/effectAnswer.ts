import { format } from "../../core/contract/index.js";
import type { EffectAnswer, EffectQuestion } from "../../core/protocol.js";
import type { QuestionRequest, Runner } from "../runner.js";

/** What a distribution is made of: a source, which parameters say what of it, a model. */
export type EffectSource = Omit<QuestionRequest, "explainer" | "question">;

/** VS Code's, as far as it is needed. */
export type Cancellation = {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
};

/** The text of a hover does not wait longer for its picture, which will be there the next time. */
const patience = 2000;

/** Parameters of the explorer that say which distribution it shows. */
const placeParams = ["source", "prompt", "given", "order_n", "max_new_tokens"];

/**
 * Asks the worker what a parameter does. Never fails: undefined when it was cancelled, when the worker failed or is slow, and
 * when the source has no distribution.
 */
export function effectAnswer(runner: Pick<Runner, "question" | "cancel">, source: EffectSource, question: EffectQuestion, token: Cancellation, log: (line: string) => void): Promise<EffectAnswer | undefined> {
  if (token.isCancellationRequested) return Promise.resolve(undefined);
  const params = Object.fromEntries(placeParams.filter((name) => name in source.params).map((name) => [name, source.params[name]]));
  return new Promise((resolve) => {
    const settle = (answer: EffectAnswer | undefined) => {
      clearTimeout(late);
      watch.dispose();
      resolve(answer);
    };
    const run = runner.question({ ...source, explainer: "decoding", params: { ...params, tab: "explore" }, question }, (event) => {
      if (event.type === "progress") return;
      // What is wrong with a source is said where it is shown.
      if (event.type === "failed") log(`effect: ${format(event.message)}`);
      settle(event.type === "answered" ? (event.answer as EffectAnswer | undefined) : undefined);
    });
    const late = setTimeout(() => settle(undefined), patience);
    const watch = token.onCancellationRequested(() => {
      runner.cancel(run);
      settle(undefined);
    });
  });
}
