import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { defaultsOf, type Env, type Parsed } from "../src/core/contract/index.js";
import { decoding } from "../src/core/decoding/explainer.js";
import { decodingParams, type DecodingParams } from "../src/core/decoding/params.js";
import type { DecodingInput } from "../src/core/decoding/runInput.js";
import { seededRandom } from "../src/core/math/random.js";
import { loadModel, type LoadedModel } from "../src/core/models/loadModel.js";
import { trainNgrams } from "../src/core/models/ngram/ngramModel.js";
import type { Line } from "./benches.js";
import { benchChains, median, round2 } from "./decodingChains.js";

/** What a reader waits for in the explorer of decoding: a slider move, a prompt, a token, an n-gram model; and how long it blocks. */
export async function* benchDecoding(): AsyncGenerator<Line, void, void> {
  yield* benchChains();
  const model = must(finish(loadModel(filesOf("media/models/tiny-gpt2"), "tiny-gpt2")));
  yield promptLine(model);
  yield tokensLine(model);
  yield longestStep(model);
  yield ngramLine("word");
  yield ngramLine("character");
}

function promptLine({ model }: LoadedModel): Line {
  const times = Array.from({ length: 5 }, (_, round) => {
    const prompt = Array.from({ length: 256 }, (__, i) => (7 * i + round) % model.vocabularySize);
    const begin = performance.now();
    finish(model.start().feed(prompt));
    return performance.now() - begin;
  });
  const ms = median(times);
  return { case: "built-in model, a prompt of 256 tokens", ours_ms: round2(ms), goal_ms: 60 };
}

function tokensLine(loaded: LoadedModel): Line {
  const busy: number[] = [];
  const rates = Array.from({ length: 5 }, (_, seed) => {
    const used = process.cpuUsage();
    const begin = performance.now();
    const { ids } = explored(loaded, { tab: "explore", temperature: 0.8, top_p: 0.9, repetition_penalty: 1.2, max_new_tokens: 200, random_state: seed });
    const ms = performance.now() - begin;
    const { user, system } = process.cpuUsage(used);
    busy.push(ids / ((user + system) / 1e6));
    return ids / (ms / 1e3);
  });
  const rate = median(rates);
  return { case: "built-in model, text with all stages", tokens_per_second: Math.round(rate), tokens_per_cpu_second: Math.round(median(busy)), goal: 1000 };
}

/** Between two pauses nothing else is answered. */
function longestStep(loaded: LoadedModel): Line {
  explored(loaded, { tab: "compare", max_new_tokens: 20 });
  const { longest, ms } = explored(loaded, { tab: "compare", max_new_tokens: 100, prompts: "The sea\nA ship", random_state: 1 });
  return { case: "compare four strategies, the longest step", ours_ms: round2(longest), whole_ms: Math.round(ms), goal_ms: 50 };
}

function explored(loaded: LoadedModel, patch: Partial<DecodingParams>): { readonly ids: number; readonly longest: number; readonly ms: number } {
  const params: DecodingParams = { ...defaultsOf(decodingParams), ...patch };
  const input: DecodingInput = { name: "", text: "", ranges: [], inEditor: false, documents: [] };
  // eslint-disable-next-line require-yield -- it is loaded
  const read = function* (): ReturnType<NonNullable<Env["model"]>["read"]> {
    return { ok: true, input: loaded, problems: [] };
  };
  const running = decoding.run(input, params, { random: seededRandom(params.random_state), stopping: () => false, now: () => performance.now(), model: { name: "", read } });
  const begin = performance.now();
  let last = begin;
  let longest = 0;
  for (;;) {
    const next = running.next();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!next.done) continue;
    if (!next.value.ok) throw new Error(JSON.stringify(next.value.problems));
    return { ids: next.value.trace.explore?.ids.length ?? 0, longest, ms: now - begin };
  }
}

/** Words by Zipf's law, most of which have a few usual successors, so that n-grams repeat about as in a language. */
function ngramLine(kind: "word" | "character"): Line {
  const random = seededRandom(5);
  const pieces: string[] = [];
  let word = 0;
  for (let length = 0; length < 5e6; ) {
    const any = Math.floor(20_000 ** random()) - 1;
    word = random() < 0.3 ? any : (Math.imul(word, 0x9e3779b1) + Math.imul(Math.floor(12 ** random()), 0x85ebca6b)) >>> 18;
    const piece = `w${word}${random() < 0.1 ? ".\n" : " "}`;
    pieces.push(piece);
    length += piece.length;
  }
  const text = pieces.join("");
  const busy: number[] = [];
  const times = Array.from({ length: 3 }, () => {
    const used = process.cpuUsage();
    const begin = performance.now();
    must(finish(trainNgrams([{ name: "text", text }], kind, 3)));
    const { user, system } = process.cpuUsage(used);
    busy.push((user + system) / 1e6);
    return (performance.now() - begin) / 1e3;
  });
  const rate = (seconds: readonly number[]) => round2(text.length / 1e6 / median(seconds));
  // On a machine that others use too, the processor's time says more than the clock.
  return { case: `n-gram model of 5 MB, order 3, by ${kind}`, mb_per_second: rate(times), mb_per_cpu_second: rate(busy), goal: 5 };
}

export function filesOf(folder: string) {
  return new Map(readdirSync(folder).map((name) => {
    const bytes = readFileSync(path.join(folder, name));
    return [name, { size: bytes.length, read: (offset: number, length: number) => new Uint8Array(bytes.subarray(offset, offset + length)) }];
  }));
}

export function finish<T>(running: Generator<unknown, T, void>): T {
  for (;;) {
    const step = running.next();
    if (step.done) return step.value;
  }
}

export function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.input;
}
