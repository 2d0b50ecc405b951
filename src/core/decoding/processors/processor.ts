import type { Message } from "../../contract/index.js";
import { quantileWork, type QuantileWork } from "../../math/massQuantile.js";
import type { Distribution } from "../distribution.js";

/** Where in a text the next token is chosen. */
export type StepContext = {
  /** All tokens so far, prompt included. */
  readonly ids: ArrayLike<number>;
  readonly promptLength: number;
  /** Uniform in [0, 1), for the processors that add noise. */
  readonly random?: () => number;
  /** [V] how often groups before this one chose each token at this step (diverse beam search). */
  readonly chosenByGroups?: ArrayLike<number>;
};

/** Why a stage removed or changed a token. */
export type Reason = (token: number) => Message;

/** Buffers over the vocabulary that processors use while they run. */
export type Workspace = {
  /** [V] */
  readonly keys: Float64Array;
  /** [V], all zero between uses. */
  readonly marks: Int32Array;
  readonly quantile: QuantileWork;
};

/** One step between a model's logits and the choice: `(ids, scores) -> scores`, as in Hugging Face transformers. */
export interface Processor {
  /** Its class in transformers; where it has none, named in the same way. */
  readonly name: string;
  /** The parameters of generation that it stands for, by their names there. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether it removes tokens and leaves the scores of the others as they are. */
  readonly filters: boolean;
  /** Writes the scores after it to `out` [V]; never changes its input. Says why tokens were removed or changed. */
  apply(input: Distribution, context: StepContext, out: Float64Array, work: Workspace): Reason | undefined;
}

export function newWorkspace(size: number): Workspace {
  return { keys: new Float64Array(size), marks: new Int32Array(size), quantile: quantileWork(size) };
}
