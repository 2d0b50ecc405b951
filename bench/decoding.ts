import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defaultsOf, type Env, type Parsed } from "../src/core/contract/index.js";
import { decoding } from "../src/core/decoding/explainer.js";
import { stagesAt } from "../src/core/decoding/exploreStages.js";
import { decodingParams, type DecodingParams } from "../src/core/decoding/params.js";
import { keptMask, Pipeline } from "../src/core/decoding/pipeline.js";
import { chainOf } from "../src/core/decoding/processors/chain.js";
import type { DecodingInput } from "../src/core/decoding/runInput.js";
import { seededRandom } from "../src/core/math/random.js";
import { loadModel, type LoadedModel } from "../src/core/models/loadModel.js";
import { trainNgrams } from "../src/core/models/ngram/ngramModel.js";
import type { Line } from "./benches.js";
import { findPython, Peer } from "./peer.js";

/** Runs of one chain, of which the shortest counts: the others may have waited for somebody else's work. */
const RUNS = 5;

/** The processors of transformers for the same chain, one thread; time is that of the chain alone. */
const program = `
import json, sys, time
import numpy as np
import torch
torch.set_num_threads(1)
from transformers import (RepetitionPenaltyLogitsProcessor, NoRepeatNGramLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper,
    TopPLogitsWarper, MinPLogitsWarper, TypicalLogitsWarper)
for line in sys.stdin:
    q = json.loads(line)
    logits = torch.from_numpy(np.fromfile(q["file"], dtype=np.float64).astype(np.float32)).unsqueeze(0)
    ids = torch.tensor([q["ids"]])
    chain = [RepetitionPenaltyLogitsProcessor(1.2), NoRepeatNGramLogitsProcessor(3), TemperatureLogitsWarper(0.8), TopKLogitsWarper(1000),
        TopPLogitsWarper(0.95), MinPLogitsWarper(0.0005), TypicalLogitsWarper(0.9)]
    ms = []
    for _ in range(q["runs"]):
        scores = logits.clone()
        begin = time.perf_counter()
        with torch.no_grad():
            for processor in chain:
                scores = processor(ids, scores)
        ms.append((time.perf_counter() - begin) * 1e3)
    print(json.dumps(dict(ms=min(ms), kept=torch.isfinite(scores[0]).nonzero()[:, 0].tolist())), flush=True)
`;

const V = 50_257;
const config = { do_sample: true, repetition_penalty: 1.2, no_repeat_ngram_size: 3, temperature: 0.8, top_k: 1000, top_p: 0.95, min_p: 0.0005, typical_p: 0.9 };

/** What a reader waits for in the explorer of decoding: a slider move, a prompt, a token, an n-gram model; and how long it blocks. */
export async function* benchDecoding(): AsyncGenerator<Line, void, void> {
  yield* sliderMove();
  const model = must(finish(loadModel(filesOf("media/models/tiny-gpt2"), "tiny-gpt2")));
  yield promptLine(model);
  yield tokensLine(model);
  yield longestStep(model);
  yield ngramLine("word");
  yield ngramLine("character");
}

async function* sliderMove(): AsyncGenerator<Line, void, void> {
  const transformers = findPython("transformers");
  const peer = transformers && new Peer(transformers.python, program);
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-decoding-"));
  const random = seededRandom(11);
  const ids = Array.from({ length: 200 }, () => Math.floor(random() * 400));
  const pipeline = new Pipeline(V);
  const chain = chainOf(config, { promptLength: ids.length, maxLength: ids.length + 40 });
  const marks = new Uint8Array(V);
  const [ours, moves, busy, peers]: number[][] = [[], [], [], []];
  let failed: string | undefined;
  let grown = 0;
  try {
    for (let round = 0; round < 40; round++) {
      // Logits as language models have them: normal, a few far above the rest.
      const logits = Float64Array.from({ length: V }, (_, i) => 2.5 * (random() + random() + random() + random() - 2) + (i % 997 === 0 ? 6 * random() : 0));
      const before = process.memoryUsage().arrayBuffers;
      const used = process.cpuUsage();
      const begin = performance.now();
      const run = pipeline.run(logits, chain, { ids, promptLength: ids.length });
      stagesAt(run, 40, [5], marks);
      const end = performance.now();
      const { user, system } = process.cpuUsage(used);
      if (round > 0) grown = Math.max(grown, process.memoryUsage().arrayBuffers - before);
      const alone = Array.from({ length: RUNS }, () => {
        const start = performance.now();
        pipeline.run(logits, chain, { ids, promptLength: ids.length });
        return performance.now() - start;
      });
      const file = path.join(folder, "logits.f64");
      if (peer) writeFileSync(file, Float64Array.from(logits, Math.fround));
      const answer = peer && ((await peer.ask({ file, ids, runs: RUNS })) as { readonly ms: number; readonly kept: number[] });
      if (answer) failed ??= otherKept(keptMask(run.last), answer.kept);
      if (round < 8) continue;
      ours.push(Math.min(...alone));
      moves.push(end - begin);
      busy.push((user + system) / 1e3);
      if (answer) peers.push(answer.ms);
    }
  } finally {
    peer?.end();
    rmSync(folder, { recursive: true });
  }
  const ms = median(ours);
  const line = { case: `seven processors, V = ${V}`, ours_ms: round2(ms), with_stages_ms: round2(median(moves)), cpu_ms: round2(median(busy)), goal_ms: 8, allocated_bytes: grown };
  const large = grown < V ? undefined : "memory in proportion to the vocabulary";
  const why = failed ?? large;
  const beside = transformers ? { peer: `transformers ${transformers.version}`, peer_ms: round2(median(peers)), ratio: round2(median(peers) / ms), goal: 2 } : { peer: "transformers is not installed", peer_ms: null, ratio: null, goal: 2 };
  yield { ...line, ...beside, ...(why ? { failed: why } : {}) };
}

/** Single precision may decide otherwise about a token at the edge. */
function otherKept(mask: Uint8Array, theirs: readonly number[]): string | undefined {
  const set = new Set(theirs);
  const ours = Array.from(mask.keys()).filter((id) => mask[id] === 1);
  const different = ours.filter((id) => !set.has(id)).length + theirs.filter((id) => mask[id] === 0).length;
  return different <= 2 ? undefined : `${different} tokens are kept otherwise than by transformers`;
}

function promptLine({ model }: LoadedModel): Line {
  const times = Array.from({ length: 5 }, (_, round) => {
    const prompt = Array.from({ length: 256 }, (__, i) => (7 * i + round) % model.vocabularySize);
    const begin = performance.now();
    finish(model.start().feed(prompt));
    return performance.now() - begin;
  });
  const ms = median(times);
  return { case: "built-in model, a prompt of 256 tokens", ours_ms: round2(ms), goal_ms: 700 };
}

function tokensLine(loaded: LoadedModel): Line {
  const rates = Array.from({ length: 3 }, (_, seed) => {
    const begin = performance.now();
    const { ids } = explored(loaded, { tab: "explore", temperature: 0.8, top_p: 0.9, repetition_penalty: 1.2, max_new_tokens: 200, random_state: seed });
    return ids / ((performance.now() - begin) / 1e3);
  });
  const rate = median(rates);
  return { case: "built-in model, text with all stages", tokens_per_second: Math.round(rate), goal: 250 };
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
