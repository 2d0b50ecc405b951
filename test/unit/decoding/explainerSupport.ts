import { defaultsOf, type Env, type Outcome, type Problem, type Progress, type TextSource } from "../../../src/core/contract/index.js";
import { decoding } from "../../../src/core/decoding/explainer.js";
import { decodingParams, type DecodingParams } from "../../../src/core/decoding/params.js";
import type { DecodingInput } from "../../../src/core/decoding/runInput.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import { seededRandom } from "../../../src/core/math/random.js";
import type { LoadedModel } from "../../../src/core/models/loadModel.js";
import { filesOf } from "../../oracle/models.js";
import { builtIn, loaded } from "../models/folders.js";

export const tiny: LoadedModel = loaded(filesOf(builtIn));
export const PROMPT = "The old king looked out at the snow and the sea, and past";

export function sourceOf(text: string, selected?: string, languageId = "plaintext"): TextSource {
  const start = selected === undefined ? -1 : text.indexOf(selected);
  const ranges = selected === undefined ? [] : [{ start, end: start + selected.length }];
  return { kind: "text", uri: "file:///notes.txt", name: "notes.txt", languageId, text, ranges };
}

export function inputOf(text = "", selected?: string): DecodingInput {
  const parsed = ended(decoding.parse(sourceOf(text, selected))).result;
  if (!parsed.ok) throw new Error("A text is always taken.");
  return parsed.input;
}

/** What an explainer's run uses beside its input, with the built-in model. */
export function envWith(params: DecodingParams, more: Partial<Env> = {}): Env {
  // eslint-disable-next-line require-yield -- it was read before
  const read = function* (): ReturnType<NonNullable<Env["model"]>["read"]> {
    return { ok: true, input: tiny, problems: [] };
  };
  return { random: seededRandom(params.random_state), stopping: () => false, now: () => 0, model: { name: "", read }, ...more };
}

export function paramsOf(patch: Partial<DecodingParams> = {}): DecodingParams {
  return { ...defaultsOf(decodingParams), ...patch };
}

export type Ran = { readonly steps: readonly Progress<DecodingTrace>[]; readonly outcome: Outcome<DecodingTrace> };

export function run(patch: Partial<DecodingParams> = {}, input: DecodingInput = inputOf(), more: Partial<Env> = {}): Ran {
  const params = paramsOf(patch);
  const { steps, result } = ended(decoding.run(input, params, envWith(params, more)));
  return { steps, outcome: result };
}

export function traceFor(patch: Partial<DecodingParams> = {}, input: DecodingInput = inputOf(), more: Partial<Env> = {}): DecodingTrace {
  const { outcome } = run(patch, input, more);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.trace;
}

export function problemsFor(patch: Partial<DecodingParams>, input?: DecodingInput, more?: Partial<Env>): readonly Problem[] {
  const { outcome } = run(patch, input, more);
  if (outcome.ok) throw new Error("It ran.");
  return outcome.problems;
}

export function ended<S, T>(running: Generator<S, T, void>): { readonly steps: S[]; readonly result: T } {
  const steps: S[] = [];
  for (;;) {
    const next = running.next();
    if (next.done) return { steps, result: next.value };
    steps.push(next.value);
  }
}

/** The text of a token in a trace. */
export function pieceIn({ pieceIds, pieces }: DecodingTrace, id: number): string {
  return pieces[pieceIds.indexOf(id)];
}
