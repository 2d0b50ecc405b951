import type { Message } from "../../contract/index.js";
import type { Vocabulary } from "../../kernels/vocabulary.js";
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
  /** What computes over all tokens. All scores, probabilities and members are its arrays. */
  readonly vocabulary: Vocabulary;
  /** [V] */
  readonly keys: Float64Array;
  /** [V], all zero between uses: how often each token was rewritten. */
  readonly marks: Int32Array;
  /** [V] the first `changes` are the tokens that were rewritten. */
  readonly changed: Int32Array;
  changes: number;
  /** [V] */
  readonly candidates: Int32Array;
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
  /** Whether it changes a few tokens only, each by `rewrite`; where it rewrites none, `out` is not written. */
  readonly few?: boolean;
  /**
   * Writes the scores after it to `out` [V]; never changes its input. Where the input lists its tokens, all others are −Infinity in
   * `out` before. Says why tokens were removed or changed.
   */
  apply(input: Distribution, context: StepContext, out: Float64Array, work: Workspace): Reason | undefined;
}

/** Arrays of a vocabulary that a workspace takes. */
export const WORK = { reals: 1, integers: 2 } as const;

/** A workspace in the first arrays of a vocabulary. */
export function newWorkspace(vocabulary: Vocabulary): Workspace {
  const { size, reals: [keys], integers: [candidates, members] } = vocabulary;
  const quantile = { ...quantileWork(size), members, narrow: vocabulary.narrow };
  return { vocabulary, keys, marks: new Int32Array(size), changed: new Int32Array(size), changes: 0, candidates, quantile };
}

/** Writes the score of one token, and those of all before the first. A token beyond the vocabulary is passed over. */
export function rewrite({ scores }: Distribution, token: number, score: number, out: Float64Array, work: Workspace): void {
  if (!(token >= 0 && token < out.length)) return;
  if (work.changes === 0) out.set(scores);
  if (work.marks[token]++ === 0) work.changed[work.changes++] = token;
  out[token] = score;
}

/** Forgets what was rewritten. */
export function forgetChanges(work: Workspace): void {
  for (let c = 0; c < work.changes; c++) work.marks[work.changed[c]] = 0;
  work.changes = 0;
}
