import { readFileSync } from "node:fs";
import path from "node:path";
import { defaultsOf, format, type AttachedVectors, type ByteSource, type Env, type Outcome, type Parsed, type Progress, type Source, type Span } from "../../../src/core/contract/index.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { makeInflater } from "../../../src/core/formats/inflater.js";
import { vectors } from "../../../src/core/vectors/explainer.js";
import { readVectorFile } from "../../../src/core/vectors/files/readVectorFile.js";
import { vectorParams, type VectorParams } from "../../../src/core/vectors/params.js";
import type { VectorStore } from "../../../src/core/vectors/store.js";
import type { VectorsTrace } from "../../../src/core/vectors/trace.js";

/** Runs a generator to its end. */
export function finish<T>(generator: Generator<unknown, T, void>): T {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
}

export function bytesOf(data: Uint8Array): ByteSource {
  return { size: data.length, read: (offset, length) => data.slice(offset, offset + length) };
}

export function fileOf(name: string, data: Uint8Array | string, more: { part?: string; beside?: ReadonlyMap<string, ByteSource> } = {}): Source {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return { kind: "bytes", uri: `file:///${name}`, name, bytes: bytesOf(bytes), ...more };
}

export function textOf(text: string, languageId = "plaintext", ranges: readonly Span[] = []): Source {
  return { kind: "text", uri: "file:///x.txt", name: "x.txt", languageId, text, ranges };
}

const models = path.resolve(import.meta.dirname, "../../../media/models/word-vectors");
let builtIn: VectorStore | undefined;

/** The word vectors that ship with Lumen. */
export function builtInStore(): VectorStore {
  if (builtIn) return builtIn;
  const beside = new Map([["words.txt", bytesOf(readFileSync(path.join(models, "words.txt")))]]);
  const parsed = finish(readVectorFile({ name: "vectors.npy", bytes: bytesOf(readFileSync(path.join(models, "vectors.npy"))), beside }, { makeInflater }));
  if (!parsed.ok) throw new Error(format(parsed.problems[0].message));
  return (builtIn = parsed.input);
}

export const attachedBuiltIn: AttachedVectors = { name: "", read: () => answer({ ok: true, input: builtInStore(), problems: [] }) };

// eslint-disable-next-line require-yield
function* answer<T>(value: Parsed<T>): Generator<Progress, Parsed<T>, void> {
  return value;
}

export function attached(store: VectorStore, name = "own.txt"): AttachedVectors {
  return { name, read: () => answer({ ok: true, input: store, problems: [] }) };
}

export function envOf(more: Partial<Env> = {}): Env {
  let clock = 0;
  return { random: seededRandom(0), stopping: () => false, now: () => (clock += 1), ...more };
}

export function paramsOf(more: Partial<VectorParams> = {}): VectorParams {
  return { ...defaultsOf(vectorParams), ...more };
}

/** Parses and runs; the built-in vectors are in use. */
export function explain(source: Source, more: Partial<VectorParams> = {}, env: Partial<Env> = { vectors: attachedBuiltIn }): Outcome<VectorsTrace> {
  const parsed = finish(vectors.parse(source));
  if (!parsed.ok) return parsed;
  return finish(vectors.run(parsed.input, paramsOf(more), envOf(env)));
}

export function traceOf(source: Source, more: Partial<VectorParams> = {}, env?: Partial<Env>): VectorsTrace {
  const outcome = explain(source, more, env);
  if (!outcome.ok) throw new Error(sentences(outcome.problems).join(" "));
  return outcome.trace;
}

export function sentences(problems: readonly { readonly message: Parameters<typeof format>[0] }[]): string[] {
  return problems.map(({ message }) => format(message));
}
