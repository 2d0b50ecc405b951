import type { Message } from "./message.js";
import type { ParamSchema, ParamsOf } from "./params.js";
import type { ColumnChoice, Problem, Source } from "./source.js";

/**
 * Yielded once a natural step (an iteration, a megabyte read). `fraction` is in [0, 1], or NaN when the end is not known.
 * `trace` builds what is known so far, good enough to draw; the driver calls it only when it is about to send it.
 */
export type Progress<T = never> = {
  readonly fraction: number;
  readonly message: Message;
  readonly trace?: () => T;
  /** Send it at once: it is what the reader waits for, such as the first stages behind a moved slider. */
  readonly urgent?: boolean;
  /** The reader's server has to be asked what follows this text, before the run goes on: then `env.asked` has its answer. */
  readonly wants?: string;
  /** The run goes on when this has come: code that is read at first use. */
  readonly until?: PromiseLike<void>;
};

export type Parsed<Input> =
  | { readonly ok: true; readonly input: Input; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Word vectors that a run may look words up in. */
export interface WordVectors {
  readonly n: number;
  readonly d: number;
  readonly words: readonly string[];
  readonly values: Float32Array; // [n, d]
  word(i: number): string;
  indexOf(word: string): number | undefined;
  row(i: number): Float32Array;
  norms(): Float32Array;
  nearestSpellings(word: string, limit?: number): string[];
}

export type AttachedVectors = {
  /** The file's name; "" for those that ship with Lumen. */
  readonly name: string;
  read(): Generator<Progress, Parsed<WordVectors>, void>;
};

/** A language model that a run may use; what it reads is core's own `LoadedModel`. */
export type AttachedModel = {
  /** The folder's name; "" for the model that ships with Lumen. */
  readonly name: string;
  read(): Generator<Progress, Parsed<unknown>, void>;
};

/**
 * What a server of the reader's answered about the next token of the prompt: the body of its response, JSON in the format of
 * OpenAI's completions with top_logprobs; or why there is none. `name` is the server's address as people write it.
 */
export type ServerAnswer =
  | { readonly ok: true; readonly name: string; readonly text: string }
  | { readonly ok: false; readonly name: string; readonly problem: Problem };

/** What a run may use beside its input. */
export type Env = {
  /** Uniform in [0, 1), seeded by the run's seed. */
  readonly random: () => number;
  /** True once the reader asked to stop and keep what is known: return a trace of the steps made. */
  readonly stopping: () => boolean;
  /** Milliseconds of a steady clock, for durations that the reader is told; nothing may depend on it. */
  readonly now: () => number;
  /** The word vectors in use, read once and shared; undefined where the host attaches none. */
  readonly vectors?: AttachedVectors;
  /** The language model in use, read once and shared; undefined where the host attaches none. */
  readonly model?: AttachedModel;
  /** The small encoder-decoder that ships with Lumen; what it reads is core's own `Seq2seqModel`. */
  readonly sequenceModel?: AttachedModel;
  /** What the reader's server answered, where the parameters ask for it; the host has asked it before the run. */
  readonly server?: ServerAnswer;
  /** What the server answered about a text that the run has wanted; undefined where it was not asked. */
  readonly asked?: (text: string) => ServerAnswer | undefined;
  /** What an earlier run's `carry` returned, to start from there instead of afresh. */
  readonly carried?: unknown;
};

/**
 * One subject. `parse` and `run` are synchronous generators: a test is a `for` loop, and the driver slices them by time.
 * A single step should take under 50 ms at any size, since cancelling waits for it.
 */
export interface Explainer<Id extends string, S extends ParamSchema, Input, T> {
  readonly id: Id;
  readonly params: S;
  /** A file in `samples/`. */
  readonly example: string;
  /** Never throws: what the reader can mend is a problem. */
  parse(source: Source): Generator<Progress, Parsed<Input>, void>;
  /** Returns the trace, or the problems that keep it from running. May yield `progress.trace`. */
  run(input: Input, params: ParamsOf<S>, env: Env): Generator<Progress<T>, Outcome<T>, void>;
  /** Answers a question of the view about the run that it shows; both are structured-cloneable. */
  answer?(input: Input, params: ParamsOf<S>, question: unknown, env: Env): Generator<Progress, unknown, void>;
  /** What a later run may start from; a structured-cloneable value of its own buffers. */
  carry?(trace: T): unknown;
  /** Writes one of the exports that need all rows, in pieces. `at` is what the view chose (a fit, a step). */
  write?(name: string, input: Input, params: ParamsOf<S>, at: unknown, env: Env): Generator<string, void, void>;
}

export type Outcome<T> =
  | { readonly ok: true; readonly trace: T; readonly problems: readonly Problem[] }
  /** `columns`: what there is to choose from, where choosing may mend it. No problems: stopped before there was a trace. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly columns?: readonly ColumnChoice[] };

/** Keeps the literal types of an explainer for the registries. */
export function defineExplainer<const Id extends string, const S extends ParamSchema, Input, T>(
  explainer: Explainer<Id, S, Input, T>,
): Explainer<Id, S, Input, T> {
  return explainer;
}

/** Any explainer, for code that treats all alike. */
export type AnyExplainer = Explainer<string, ParamSchema, unknown, unknown>;
/** Explainers by their ids, whose code is read when it is first asked for. */
export type Explainers = Readonly<Record<string, () => Promise<AnyExplainer>>>;
export type TraceIn<E> = E extends { run(input: never, params: never, env: Env): Generator<unknown, Outcome<infer T>, void> }
  ? T
  : never;
