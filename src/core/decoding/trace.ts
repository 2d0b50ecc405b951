import type { Message, Problem } from "../contract/index.js";
import type { GenerationConfig } from "./config.js";
import type { StrategyId } from "./config/strategy.js";
import type { Finish } from "./strategies/events.js";
import type { Fate } from "./strategies/beamGroup.js";

/** What the decoding explorer shows: the prompt in tokens, and the parts that the tab asked for. */
export type DecodingTrace = {
  /** Equal for equal prompt and source: parts of traces with one key belong together. */
  readonly key: string;
  readonly source: {
    readonly kind: "model" | "words" | "characters" | "given" | "server";
    /** The folder's or the document's name; "" for the built-in model. */
    readonly name: string;
    readonly vocabularySize: number;
    /** Infinity is 0 here: no limit. */
    readonly contextLength: number;
    readonly hiddenSize: number;
    readonly parameters: number;
    readonly eos: readonly number[];
  };
  readonly prompt: {
    readonly text: string;
    readonly ids: Int32Array; // [P]
    /** Tokens cut off at the beginning. */
    readonly cut: number;
    /** [P, 2] UTF-16 offsets in the editor's text; null where the prompt was typed. */
    readonly spans: Int32Array | null;
  };
  /** The texts of all tokens that the trace names: pieces[i] belongs to pieceIds[i]; pieceIds rise. A byte that is no character on its own is written "<0xE4>". */
  readonly pieceIds: Int32Array;
  readonly pieces: readonly string[];
  readonly config: GenerationConfig;
  readonly strategy: StrategyId;
  readonly notes: readonly Problem[];
  readonly explore?: ExplorePart;
  readonly search?: SearchPart;
  readonly compare?: ComparePart;
  readonly training?: TrainingPart;
};

/** The stages of one position. K stages after "raw"; N listed tokens, ordered by their raw probability; all arrays of K + 1 begin with raw. */
export type StagesAt = {
  readonly stages: readonly { readonly name: string; readonly parameters: readonly (readonly [string, string])[] }[]; // [K]
  readonly ids: Int32Array; // [N]
  readonly scores: Float64Array; // [K + 1, N] −Infinity where removed
  readonly probabilities: Float64Array; // [K + 1, N]
  readonly removedAt: Int32Array; // [N] 1-based stage, 0 where kept
  /** Why a listed token was removed or changed, by stage: reasons[i] belongs to token reasonTokens[i] at stage reasonStages[i]. */
  readonly reasons: readonly Message[];
  readonly reasonTokens: Int32Array;
  readonly reasonStages: Int32Array;
  /** Tokens that are not listed: how many are left, and what they have together. */
  readonly tailKept: Int32Array; // [K + 1]
  readonly tailMass: Float64Array; // [K + 1]
  readonly kept: Int32Array; // [K + 1]
  /** What the kept had together before the stage; 1 for raw. */
  readonly keptMass: Float64Array; // [K + 1]
  readonly entropy: Float64Array; // [K + 1] in bits
  /** The mass that a truncated source does not name ("the rest"), in raw; 0 else. */
  readonly rest: number;
};

export type ExplorePart = {
  readonly order: "transformers" | "llama.cpp";
  readonly ids: Int32Array; // [S] new tokens
  readonly probability: Float64Array; // [S] behind the stages
  readonly modelProbability: Float64Array; // [S] as the model has it
  readonly uniform: Float64Array; // [S] NaN where nothing was drawn
  readonly below: Float64Array; // [S] cumulative probability below the token, by id
  readonly upTo: Float64Array; // [S]
  readonly leftBelow: Int32Array; // [S] tokens of lower ids that were left to draw from
  readonly forced: Uint8Array; // [S] 1 where the reader chose
  readonly repeated: Uint8Array; // [S] 1 in an n-gram (params.ngram) that occurred earlier
  /** [S + 1] the last is where the text would go on; shorter where the text ended. */
  readonly at: readonly StagesAt[];
  /** What the first place would keep with the stages in the other order: how many, and the tokens that differ; null where the order does not matter. */
  readonly other: { readonly kept: number; readonly onlyHere: Int32Array; readonly onlyThere: Int32Array } | null;
  readonly finish: Finish | ServerFinish | "running" | "stopped";
  readonly text: string;
  readonly ends: Int32Array; // [S] UTF-16 length of `text` with each token
  readonly metrics: Metrics;
  readonly milliseconds: number;
};

/** Why a text ends that a server gives the probabilities of. */
export type ServerFinish =
  /** A token was drawn that the server does not name. */
  | "unnamed"
  /** The last token is a part of a character, which can't be sent. */
  | "part of a character"
  /** The server gave no answer. */
  | "no answer";

/** Repetition and likelihood of a text; null where it is too short for the number. */
export type Metrics = {
  readonly seqRep: readonly (number | null)[]; // n = 1 … 4
  readonly distinct: readonly (number | null)[]; // n = 1 … 4
  readonly diversity: number | null;
  readonly uniqSeq: number;
  readonly rep: number | null;
  readonly wrep: number | null;
  readonly perplexity: number | null;
};

export type SearchPart =
  | {
      readonly kind: "beams";
      readonly width: number;
      readonly groups: number;
      /** [steps][group] */
      readonly steps: readonly (readonly {
        readonly candidates: readonly { readonly parent: number; readonly token: number; readonly logProbability: number; readonly sum: number; readonly fate: Fate }[];
        /** Indices into `candidates` of the beams that go on, the best first. */
        readonly running: Int32Array;
      }[])[];
      /** All finished texts, the best first; `path[t]` is the index of its candidate at step t of its group. */
      readonly finished: readonly { readonly group: number; readonly text: string; readonly ids: Int32Array; readonly sum: number; readonly length: number; readonly score: number; readonly path: Int32Array; readonly returned: boolean }[];
      readonly lengthPenalty: number;
      readonly finish: Finish | "running" | "stopped";
      readonly milliseconds: number;
    }
  | {
      readonly kind: "contrastive";
      readonly alpha: number;
      readonly k: number;
      readonly steps: readonly {
        readonly token: readonly number[]; // [k] ids, the most probable first
        readonly probability: Float64Array; // [k]
        readonly penalty: Float64Array; // [k] largest cosine to the tokens before
        readonly nearest: Int32Array; // [k] the position where it is
        readonly score: Float64Array; // [k]
        readonly selected: number;
      }[];
      /** Cosines of the hidden states of prompt and text. [T, T] */
      readonly similarity: Float32Array;
      readonly ids: Int32Array; // [T]
      readonly text: string;
      readonly finish: Finish | "running" | "stopped";
      readonly milliseconds: number;
    }
  /** The parameters ask for neither: what to set. */
  | { readonly kind: "none" };

export type ComparePart = {
  readonly strategies: readonly {
    readonly name: string;
    readonly config: GenerationConfig;
    readonly strategy: StrategyId;
    readonly ids: Int32Array;
    readonly modelProbability: Float64Array;
    readonly repeated: Uint8Array;
    readonly text: string;
    readonly ends: Int32Array;
    readonly metrics: Metrics;
    readonly finish: Finish | "running" | "stopped";
    readonly problem: Message | null;
    readonly milliseconds: number;
    /** Mean likeness (share of common pairs of tokens, 0 … 1) of texts of this prompt, and of texts of the other prompts; null where there are fewer than two. */
    readonly samePrompt: { readonly texts: readonly string[]; readonly likeness: number | null };
    readonly otherPrompts: { readonly texts: readonly string[]; readonly likeness: number | null };
  }[];
  readonly prompts: readonly string[];
};

export type TrainingPart = {
  /** The shown text: prompt and what was generated. */
  readonly ids: Int32Array; // [T]
  readonly promptLength: number;
  readonly text: string;
  readonly ends: Int32Array; // [T]
  readonly likelihood: Float64Array; // [T] −log p
  readonly unlikelihood: Float64Array; // [T] token level
  readonly candidates: readonly (readonly number[])[]; // [T]
  readonly pull: Float64Array; // [T] Σ p(c) / (1 − p(c)) over the candidates
  readonly tokenLoss: number;
  readonly sequenceMask: Uint8Array; // [T]
  readonly sequenceLoss: number;
  /** The largest gradients at each place, by magnitude, the token itself first: [T][G]. */
  readonly gradients: readonly { readonly ids: Int32Array; readonly token: Float64Array; readonly sequence: Float64Array }[];
  /** SimCTG: null where the source has no hidden states. `after` is what `descentSteps` of gradient descent on the states themselves do. */
  readonly contrastive: { readonly margin: number; readonly before: Float32Array; readonly after: Float32Array; readonly lossBefore: number; readonly lossAfter: number; readonly descentSteps: number } | null;
  readonly filters: readonly { readonly name: Message; readonly removed: readonly { readonly start: number; readonly end: number; readonly reason: Message }[]; readonly text: string }[];
};
