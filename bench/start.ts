import { on } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type * as building from "../esbuild.mjs";
import { choices, type KernelChoice, type KernelReport } from "../src/core/kernels/choose.js";
import type { HostToWorker, SourceSpec, WorkerToHost } from "../src/core/protocol.js";
import type { WorkerStart } from "../src/extension/worker/workerStart.js";
import type { Line } from "./benches.js";

const rounds = 15;
/** Milliseconds. */
const goal = 100;
/** Milliseconds in which the worker keeps what was compiled. */
const keeping = 4000;

/** What a reader may ask first. */
const questions: Readonly<Record<string, HostToWorker>> = {
  "Fit GMM, 100 numbers": { type: "run", run: 1, explainer: "mixture", source: sample("em1d.csv", "csv"), params: {} },
  "decoding from a prompt, the small model": {
    type: "run", run: 1, explainer: "decoding", source: sample("prompt.txt", "plaintext"), params: {},
    model: { kind: "folder", uri: "lumen-builtin:model", name: "", path: path.resolve("media/models/tiny-gpt2") },
  },
  "hover over a vector": {
    type: "ask", run: 1,
    question: { document: { uri: "file:///a.json", version: 1, languageId: "json", text: "[[0.1, 0.2, 0.3], [0.3, -0.2, 0.1]]" }, offset: 4, spellings: false, theme: "dark", scale: 2 },
  },
};

/** How soon the worker, as it is shipped, takes its first message, and answers it; its peer is a thread that does nothing else. */
export async function* benchStart(): AsyncGenerator<Line, void, void> {
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-bench-"));
  try {
    const { buildAll, bundles } = (await import(pathToFileURL(path.resolve("esbuild.mjs")).href)) as typeof building;
    const dist = path.join(folder, "dist");
    await buildAll({ production: true, folder: dist }, bundles.filter(({ name }) => ["worker", "calculation", "crew"].includes(name)));
    cpSync("dist/kernels", path.join(dist, "kernels"), { recursive: true });
    mkdirSync(path.join(folder, "media"));
    cpSync("media/models", path.join(folder, "media/models"), { recursive: true });
    const file = path.join(dist, "worker.js");
    const empty = path.join(folder, "empty.js");
    writeFileSync(empty, `require("node:worker_threads").parentPort.postMessage({ type: "ready" });`);
    const chosen = (process.env.LUMEN_KERNELS as KernelChoice | undefined) ?? "auto";
    const compiled = path.join(folder, "compiled");
    await start(file, { kernels: chosen, compiled }, undefined, keeping);
    for (const choice of choices.filter((each) => each === chosen || each === "typescript")) {
      yield await readiness({ kernels: choice }, file, empty);
      yield await readiness({ kernels: choice, compiled }, file, empty);
    }
    for (const [name, question] of Object.entries(questions)) {
      await start(file, { kernels: chosen, compiled }, question, keeping);
      yield await firstAnswer(name, question, { kernels: chosen }, file, empty);
      yield await firstAnswer(name, question, { kernels: chosen, compiled }, file, empty);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readiness(given: WorkerStart, file: string, empty: string): Promise<Line> {
  const [ours, peers, kernels]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const { ready, report } = await start(file, given);
    ours.push(ready);
    kernels.push(report?.milliseconds ?? NaN);
    peers.push((await start(empty, given)).ready);
  }
  return { case: `worker ready, ${described(given)}`, ...compared(ours, peers), kernels_ms: median(kernels), goal_ms: goal };
}

/** From the start of the worker. */
async function firstAnswer(name: string, question: HostToWorker, given: WorkerStart, file: string, empty: string): Promise<Line> {
  const [ours, peers]: number[][] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ours.push((await start(file, given, question)).answered);
    peers.push((await start(empty, given)).ready);
  }
  return { case: `first answer, ${name}, ${described(given)}`, ...compared(ours, peers) };
}

function described({ kernels, compiled }: WorkerStart): string {
  return `kernels ${kernels}${compiled ? ", code compiled before" : ""}`;
}

function compared(ours: readonly number[], peers: readonly number[]) {
  const [own, peer] = [median(ours), median(peers)];
  return { ours_ms: own, peer: "a thread without a program", peer_ms: peer, ratio: round2(peer / own) };
}

type Started = {
  /** Milliseconds. */
  readonly ready: number;
  /** Milliseconds until the question was answered. */
  readonly answered: number;
  readonly report: KernelReport | undefined;
};

/**
 * Starts a worker, and ends it.
 * @param question sent when the worker is ready
 * @param stay milliseconds that it lives on
 */
async function start(file: string, workerData: WorkerStart, question?: HostToWorker, stay = 0): Promise<Started> {
  const begun = performance.now();
  const worker = new Worker(file, { execArgv: [], workerData });
  try {
    const messages = on(worker, "message") as AsyncIterableIterator<[WorkerToHost]>;
    const { value: [first] } = (await messages.next()) as IteratorYieldResult<[WorkerToHost]>;
    const ready = performance.now() - begun;
    if (question) {
      worker.postMessage(question);
      for await (const [{ type }] of messages) {
        if (type === "trace" || type === "answer") break;
        if (type === "failed" || type === "invalid") throw new Error(`The worker answers with ${type}.`);
      }
    }
    const answered = performance.now() - begun;
    if (stay > 0) await new Promise((resolve) => setTimeout(resolve, stay));
    return { ready, answered, report: first.type === "ready" ? first.kernels : undefined };
  } finally {
    await worker.terminate();
  }
}

function sample(name: string, languageId: string): SourceSpec {
  return { kind: "text", uri: `file:///${name}`, name, languageId, text: readFileSync(path.join("samples", name), "utf8"), ranges: [] };
}

function median(values: readonly number[]): number {
  return round2([...values].sort((a, b) => a - b)[values.length >> 1]);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
