import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { GenerationConfig } from "../src/core/decoding/config.js";
import { stagesAt } from "../src/core/decoding/exploreStages.js";
import { keptMask, Pipeline } from "../src/core/decoding/pipeline.js";
import { chainOf } from "../src/core/decoding/processors/chain.js";
import { seededRandom } from "../src/core/math/random.js";
import type { Line } from "./benches.js";
import { findPython, Peer } from "./peer.js";

/** Runs of one chain, of which the shortest counts: the others may have waited for somebody else's work. */
const RUNS = 5;
const V = 50_257;

/** The processors of transformers for the same chain, one thread; time is that of the chain alone. */
const program = `
import json, sys, time
import numpy as np
import torch
torch.set_num_threads(1)
from transformers import (RepetitionPenaltyLogitsProcessor, NoRepeatNGramLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper,
    TopPLogitsWarper, MinPLogitsWarper, TypicalLogitsWarper)
makers = dict(repetition_penalty=RepetitionPenaltyLogitsProcessor, no_repeat_ngram_size=NoRepeatNGramLogitsProcessor, temperature=TemperatureLogitsWarper,
    top_k=TopKLogitsWarper, top_p=TopPLogitsWarper, min_p=MinPLogitsWarper, typical_p=TypicalLogitsWarper)
for line in sys.stdin:
    q = json.loads(line)
    logits = torch.from_numpy(np.fromfile(q["file"], dtype=np.float64).astype(np.float32)).unsqueeze(0)
    ids = torch.tensor([q["ids"]])
    chain = [make(q["config"][name]) for name, make in makers.items() if name in q["config"]]
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

type Case = {
  readonly name: string;
  readonly config: GenerationConfig;
  /** What the spread of usual logits is multiplied with. */
  readonly spread: number;
  readonly rounds: number;
  /** How many times as fast as transformers. */
  readonly goal: number;
  /** Milliseconds. */
  readonly limit: number;
};

const seven = { repetition_penalty: 1.2, no_repeat_ngram_size: 3, temperature: 0.8, top_k: 1000, top_p: 0.95, min_p: 0.0005, typical_p: 0.9 };
const cases: readonly Case[] = [
  { name: "seven processors", config: seven, spread: 1, rounds: 40, goal: 5, limit: 8 },
  { name: "top-p alone, peaked logits", config: { top_p: 0.9 }, spread: 2, rounds: 24, goal: 10, limit: 1 },
  { name: "top-p alone, flat logits", config: { top_p: 0.9 }, spread: 0.1, rounds: 24, goal: 10, limit: 1 },
];

/** The chains of processors beside those of transformers. */
export async function* benchChains(): AsyncGenerator<Line, void, void> {
  const transformers = findPython("transformers");
  const peer = transformers && new Peer(transformers.python, program);
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-decoding-"));
  try {
    for (const each of cases) yield await compareOne(each, folder, peer, transformers?.version);
  } finally {
    peer?.end();
    rmSync(folder, { recursive: true });
  }
}

async function compareOne({ name, config, spread, rounds, goal, limit }: Case, folder: string, peer: Peer | undefined, version: string | undefined): Promise<Line> {
  const random = seededRandom(11);
  const ids = Array.from({ length: 200 }, () => Math.floor(random() * 400));
  const pipeline = new Pipeline(V);
  const chain = chainOf({ do_sample: true, ...config }, { promptLength: ids.length, maxLength: ids.length + 40 });
  const marks = new Uint8Array(V);
  const [ours, moves, busy, peers]: number[][] = [[], [], [], []];
  let failed: string | undefined;
  let grown = 0;
  for (let round = 0; round < rounds; round++) {
    // Logits as language models have them: normal, a few far above the rest.
    const logits = Float64Array.from({ length: V }, (_, i) => spread * (2.5 * (random() + random() + random() + random() - 2) + (i % 997 === 0 ? 6 * random() : 0)));
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
    const answer = peer && ((await peer.ask({ file, ids, config, runs: RUNS })) as { readonly ms: number; readonly kept: number[] });
    if (answer) failed ??= otherKept(keptMask(run.last), answer.kept);
    if (round < 8) continue;
    ours.push(Math.min(...alone));
    moves.push(end - begin);
    busy.push((user + system) / 1e3);
    if (answer) peers.push(answer.ms);
  }
  const ms = median(ours);
  const line = { case: `${name}, V = ${V}`, ours_ms: round2(ms), with_stages_ms: round2(median(moves)), cpu_ms: round2(median(busy)), goal_ms: limit, allocated_bytes: grown };
  const large = grown < V ? undefined : "memory in proportion to the vocabulary";
  const why = failed ?? large;
  const beside = version === undefined ? { peer: "transformers is not installed", peer_ms: null, ratio: null, goal } : { peer: `transformers ${version}`, peer_ms: round2(median(peers)), ratio: round2(median(peers) / ms), goal };
  return { ...line, ...beside, ...(why ? { failed: why } : {}) };
}

/** Single precision may decide otherwise about a token at the edge; a flat one has many there. */
function otherKept(mask: Uint8Array, theirs: readonly number[]): string | undefined {
  const set = new Set(theirs);
  const ours = Array.from(mask.keys()).filter((id) => mask[id] === 1);
  const different = ours.filter((id) => !set.has(id)).length + theirs.filter((id) => mask[id] === 0).length;
  return different <= Math.max(2, 1e-3 * ours.length) ? undefined : `${different} tokens are kept otherwise than by transformers`;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

export function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
