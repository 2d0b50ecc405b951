import type { Env, Parsed, Problem, Progress, Span } from "../contract/index.js";
import type { AttentionParams } from "./params.js";
import type { Reading } from "./reading.js";

/** What a source gives: text for a model, arrays of one's own, or a model's config.json. */
export type AttentionInput = {
  readonly name: string;
  readonly text: string;
  /** What is selected in it. */
  readonly ranges: readonly Span[];
  /** Whether places in the text are places in an editor. */
  readonly inEditor: boolean;
  readonly given: GivenArrays | undefined;
  /** A model's config.json, parsed, where the source is one. */
  readonly config: Readonly<Record<string, unknown>> | undefined;
};

export type Matrix = { readonly name: string; readonly rows: number; readonly columns: number; readonly values: Float32Array };

/** Arrays of one's own. */
export type GivenArrays =
  | { readonly kind: "maps"; readonly layers: number; readonly heads: number; readonly rows: number; readonly columns: number; readonly weights: Float32Array /* [L, H, rows, columns] */; readonly tokens: readonly string[] | undefined; /* No head looks ahead, and there is something to look ahead to. */ readonly causal?: boolean }
  /** One head, or several of equal size one behind the other. */
  | { readonly kind: "matrices"; readonly query: readonly Matrix[]; readonly key: readonly Matrix[]; readonly value: readonly Matrix[]; readonly causal: boolean; readonly tokens: readonly string[] | undefined; readonly mask?: Float64Array /* [queries, keys] added to the scaled similarities */ }
  | { readonly kind: "states"; readonly encoder: Matrix; readonly decoder: Matrix; /* for "general": [decoder, encoder] */ readonly general: Matrix | undefined; readonly concat: { readonly decoder: Matrix; readonly encoder: Matrix; readonly v: Float32Array; readonly bias?: Float32Array } | undefined; /* Names of the encoder's and the decoder's steps. */ readonly input?: readonly string[]; readonly output?: readonly string[] };

/** What a part is made from. `reading` reads the text once; later calls give the same. */
export type Subject = {
  readonly input: AttentionInput;
  /** Arrays of one's own, where the parameters take them. */
  readonly given: GivenArrays | undefined;
  /** Undefined result: arrays of one's own have none. */
  reading(): Generator<Progress, Parsed<Reading>, void>;
  /** Reads another text with the same model, in tokens with their words' places in it. */
  read(text: string): Generator<Progress, Parsed<Reading>, void>;
  /** config.json of the model in use. */
  modelConfig(): Generator<Progress, Parsed<{ readonly name: string; readonly config: Readonly<Record<string, unknown>> }>, void>;
};

export type PartResult<Part> = { readonly ok: true; readonly part: Part; readonly notes?: readonly Problem[] } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Computes one part of the trace; in partMap.ts, partSteps.ts, partSequence.ts, partPosition.ts, partCost.ts, partLayers.ts, partInside.ts. */
export type PartMaker<Part> = (subject: Subject, params: AttentionParams, env: Env) => Generator<Progress<Part>, PartResult<Part>, void>;
