import { defaultsOf, format, type Env, type Outcome, type Parsed, type Problem, type Source } from "../../../src/core/contract/index.js";
import { attention } from "../../../src/core/attention/explainer.js";
import { readTokens } from "../../../src/core/attention/modelReading.js";
import { attentionParams, type AttentionParams } from "../../../src/core/attention/params.js";
import type { Reading } from "../../../src/core/attention/reading.js";
import type { AttentionTrace, Tokens } from "../../../src/core/attention/trace.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { openModel, type LoadedEncoder, type LoadedModel } from "../../../src/core/models/loadModel.js";
import type { ByteSource } from "../../../src/core/contract/index.js";
import { finish } from "../../oracle/kmeans.js";
import { filesOf } from "../../oracle/models.js";
import { builtIn } from "../models/folders.js";

export type AnyModel = LoadedModel | LoadedEncoder;

export function opened(files: ReadonlyMap<string, ByteSource>): AnyModel {
  const parsed = finish(openModel(files, "my-model"));
  if (!parsed.ok) throw new Error(said(parsed.problems));
  return parsed.input;
}

export const tiny = opened(filesOf(builtIn)) as LoadedModel;

export function said(problems: readonly Problem[]): string {
  return problems.map(({ message }) => format(message)).join(" ");
}

/** Ids as tokens; `visible` 0 for padding. */
export function tokensOf(ids: readonly number[], segments?: readonly number[], visible?: readonly number[]): Tokens {
  return {
    text: "", ids: Int32Array.from(ids), pieces: ids.map(String), spans: null, cut: 0,
    visible: Uint8Array.from(visible ?? ids.map(() => 1)), segments: Uint8Array.from(segments ?? ids.map(() => 0)),
  };
}

export function readingOf(loaded: AnyModel, ids: readonly number[], segments?: readonly number[], visible?: readonly number[]): Reading {
  return finish(readTokens(loaded, tokensOf(ids, segments, visible)));
}

export function textSource(text: string, selected?: string, languageId = "plaintext", name = "notes.txt"): Source {
  const start = selected === undefined ? -1 : text.indexOf(selected);
  const ranges = selected === undefined ? [] : [{ start, end: start + selected.length }];
  return { kind: "text", uri: `file:///${name}`, name, languageId, text, ranges };
}

export function envOf(params: AttentionParams, loaded: AnyModel | undefined = tiny, name = ""): Env {
  // eslint-disable-next-line require-yield -- it was read before
  const read = function* (): Generator<never, Parsed<unknown>, void> {
    return { ok: true, input: loaded, problems: [] };
  };
  return { random: seededRandom(params.random_state), stopping: () => false, now: () => 0, ...(loaded ? { model: { name, read } } : {}) };
}

export function run(source: Source, patch: Partial<AttentionParams> = {}, loaded: AnyModel | undefined = tiny, name = ""): Outcome<AttentionTrace> {
  const params = { ...defaultsOf(attentionParams), ...patch };
  const parsed = finish(attention.parse(source));
  if (!parsed.ok) return parsed;
  const outcome = finish(attention.run(parsed.input, params, envOf(params, loaded, name)));
  return outcome.ok ? { ...outcome, problems: [...parsed.problems, ...outcome.problems] } : outcome;
}

export function traceOf(source: Source, patch: Partial<AttentionParams> = {}, loaded: AnyModel | undefined = tiny): AttentionTrace {
  const outcome = run(source, patch, loaded);
  if (!outcome.ok) throw new Error(said(outcome.problems));
  return outcome.trace;
}

/** The largest difference of two lists of numbers. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}
