import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import * as esbuild from "esbuild";
import { choices, type KernelChoice, type KernelReport } from "../src/core/kernels/choose.js";
import type { Line } from "./benches.js";

const rounds = 15;
/** Milliseconds. */
const goal = 100;

/** How soon the worker, as it is shipped, takes its first message; its peer is a thread that does nothing else. */
export async function* benchStart(): AsyncGenerator<Line, void, void> {
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-bench-"));
  try {
    const file = path.join(folder, "dist/worker.js");
    await esbuild.build({ entryPoints: ["src/extension/worker/main.ts"], outfile: file, bundle: true, platform: "node", format: "cjs", target: "node20", minify: true, logLevel: "warning" });
    cpSync("dist/kernels", path.join(folder, "dist/kernels"), { recursive: true });
    mkdirSync(path.join(folder, "media"));
    cpSync("media/models", path.join(folder, "media/models"), { recursive: true });
    const empty = path.join(folder, "empty.js");
    writeFileSync(empty, `require("node:worker_threads").parentPort.postMessage({ type: "ready" });`);
    const chosen = (process.env.LUMEN_KERNELS as KernelChoice | undefined) ?? "auto";
    for (const choice of choices.filter((each) => each === chosen || each === "typescript")) yield await readiness(choice, file, empty);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readiness(choice: KernelChoice, file: string, empty: string): Promise<Line> {
  const [ours, peers, kernels]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const { ms, report } = await ready(file, choice);
    ours.push(ms);
    kernels.push(report?.milliseconds ?? NaN);
    peers.push((await ready(empty, choice)).ms);
  }
  const [own, peer] = [median(ours), median(peers)];
  return {
    case: `worker ready, kernels ${choice}`, ours_ms: own, kernels_ms: median(kernels), goal_ms: goal, peer: "a thread without a program", peer_ms: peer, ratio: round2(peer / own),
  };
}

async function ready(file: string, kernels: KernelChoice): Promise<{ readonly ms: number; readonly report: KernelReport | undefined }> {
  const begun = performance.now();
  const worker = new Worker(file, { execArgv: [], workerData: { kernels } });
  try {
    const message = await new Promise<{ readonly kernels?: KernelReport }>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    return { ms: performance.now() - begun, report: message.kernels };
  } finally {
    await worker.terminate();
  }
}

function median(values: readonly number[]): number {
  return round2([...values].sort((a, b) => a - b)[values.length >> 1]);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
