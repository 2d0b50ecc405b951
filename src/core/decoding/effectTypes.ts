import type { Message } from "../contract/index.js";
import type { ThemeKind } from "../math/signScale.js";
import type { GenerationConfig } from "./config.js";
import type { DecodingTrace } from "./trace.js";

/** What there is to draw of a parameter. */
export type EffectShape =
  /** The next token's distribution without and with it. `behindGroup`: as the second group of beams sees it. */
  | { readonly kind: "distribution"; readonly behindGroup?: boolean }
  /** The same where it bans something first: behind the prompt, else in the text that follows. */
  | { readonly kind: "ngrams"; readonly n: number }
  /** The tokens that a search begins with: how many are taken; beams look at more. */
  | { readonly kind: "candidates"; readonly taken: number; readonly beams: boolean }
  /** How contrastive search weighs its candidates. */
  | { readonly kind: "contrastive" }
  /** What beam search makes of a sum of log-probabilities. */
  | { readonly kind: "lengths"; readonly penalty: number };

export type EffectQuestion = {
  readonly kind: "effect";
  readonly shape: EffectShape;
  /** The parameters with the one in question switched off, and as they stand. */
  readonly without: GenerationConfig;
  readonly with: GenerationConfig;
  /** The parameter with its value in both, as the columns of the picture are headed. */
  readonly labels: readonly [string, string];
  /** Tokens that were written behind the prompt; empty where none are known. */
  readonly text: readonly number[];
  readonly theme: ThemeKind;
};

/** What the distribution belongs to. */
export type EffectPlace = {
  /** The end of the text that the token follows; "" where there is none. */
  readonly after: string;
  /** Tokens between it and the prompt, and who wrote them; 0 right behind the prompt. */
  readonly behind: number;
  readonly writer: "explorer" | "greedy";
  readonly source: DecodingTrace["source"]["kind"];
  /** "" for the built-in model. */
  readonly name: string;
};

/** A picture that needs no translation: names of tokens, of parameters, and numbers. */
export type EffectPicture = { readonly svg: string; readonly width: number; readonly height: number };

/** A token's probability without and with the parameter. */
export type EffectRow = { readonly name: string; readonly before: number; readonly after: number; /** Removed by it. */ readonly struck: boolean };

export type DistributionEffect = {
  readonly kind: "distribution";
  readonly place: EffectPlace;
  readonly labels: readonly [string, string];
  readonly rows: readonly EffectRow[];
  /** The tokens that are not listed, and how many of them are left. */
  readonly rest: { readonly before: number; readonly after: number; readonly keptBefore: number; readonly keptAfter: number };
  readonly vocabularySize: number;
  readonly kept: readonly [number, number];
  /** What the kept tokens have together without it. */
  readonly keptMass: number;
  /** In bits. */
  readonly entropy: readonly [number, number];
  /** The most probable token, without and with it. */
  readonly best: readonly [string, string];
  readonly same: boolean;
  /** Tokens that can't be said here, as they would repeat an n-gram, or were chosen by the group before. */
  readonly marked: readonly string[];
  readonly picture: EffectPicture;
};

export type CandidatesEffect = {
  readonly kind: "candidates";
  readonly place: EffectPlace;
  readonly rows: readonly { readonly name: string; readonly probability: number; readonly taken: boolean }[];
  readonly vocabularySize: number;
  readonly taken: number;
  readonly looked: number;
  /** What the taken have together. */
  readonly mass: number;
  readonly picture: EffectPicture;
};

export type ContrastiveEffect = {
  readonly kind: "contrastive";
  readonly place: EffectPlace;
  readonly alpha: number;
  readonly k: number;
  readonly rows: readonly { readonly name: string; readonly probability: number; readonly similarity: number; readonly score: number }[];
  /** The row that is taken; the first row is the most probable one. */
  readonly selected: number;
  readonly picture: EffectPicture;
};

export type LengthsEffect = {
  readonly kind: "lengths";
  readonly penalty: number;
  /** The sum that is divided. */
  readonly sum: number;
  readonly rows: readonly { readonly length: number; readonly score: number; readonly byDefault: number }[];
  readonly picture: EffectPicture;
};

export type EffectFacts = DistributionEffect | CandidatesEffect | ContrastiveEffect | LengthsEffect;

/** What an effect says. */
export type EffectWords = {
  /** Whose distribution it is. */
  readonly title: Message;
  /** The picture for those who do not see it. */
  readonly alt: Message;
  readonly figures: readonly Message[];
  /** What the picture draws, in numbers; `align` has a letter a column, "l" or "r", and `look` is that of a row's name. */
  readonly table: { readonly titles: readonly (Message | string)[]; readonly align: string; readonly rows: readonly { readonly look?: "struck" | "bold"; readonly cells: readonly (Message | string)[] }[] };
};

/** There is nothing to draw here, and why. */
export type NoEffect = { readonly kind: "nothing"; readonly place?: EffectPlace; readonly why: Message };

export type EffectAnswer = (EffectFacts & { readonly words: EffectWords }) | NoEffect;
