import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import * as esbuild from "esbuild";
import { choices, type KernelChoice, type KernelReport } from "../src/core/kernels/choose.js";
import type { WorkerStart } from "../src/extension/worker/workerStart.js";
import type { Line } from "./benches.js";

const rounds = 15;
/** Milliseconds. */
const goal = 100;

/** How soon the worker, as it is shipped, takes its first message; its peer is a thread that does nothing else. */
export async function* benchStart(): AsyncGenerator<Line, void, void> {
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-bench-"));
  try {
    const file = path.join(folder, "dist/worker.js");
    for (const [entry, name] of [["start", "worker"], ["main", "calculation"]]) {
      const outfile = path.join(folder, `dist/${name}.js`);
      await esbuild.build({ entryPoints: [`src/extension/worker/${entry}.ts`], outfile, external: ["./calculation.js"], bundle: true, platform: "node", format: "cjs", target: "node20", minify: true, logLevel: "warning" });
    }
    cpSync("dist/kernels", path.join(folder, "dist/kernels"), { recursive: true });
    mkdirSync(path.join(folder, "media"));
    cpSync("media/models", path.join(folder, "media/models"), { recursive: true });
    const empty = path.join(folder, "empty.js");
    writeFileSync(empty, `require("node:worker_threads").parentPort.postMessage({ type: "ready" });`);
    const chosen = (process.env.LUMEN_KERNELS as KernelChoice | undefined) ?? "auto";
    const compiled = path.join(folder, "compiled");
    await ready(file, { kernels: chosen, compiled }, 4000);
    for (const choice of choices.filter((each) => each === chosen || each === "typescript")) {
      yield await readiness({ kernels: choice }, file, empty);
      yield await readiness({ kernels: choice, compiled }, file, empty);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readiness(start: WorkerStart, file: string, empty: string): Promise<Line> {
  const [ours, peers, kernels]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const { ms, report } = await ready(file, start);
    ours.push(ms);
    kernels.push(report?.milliseconds ?? NaN);
    peers.push((await ready(empty, start)).ms);
  }
  const [own, peer] = [median(ours), median(peers)];
  return {
    case: `worker ready, kernels ${start.kernels}${start.compiled ? ", code compiled before" : ""}`, ours_ms: own, kernels_ms: median(kernels), goal_ms: goal, peer: "a thread without a program", peer_ms: peer, ratio: round2(peer / own),
  };
}

/** @param stay milliseconds that it lives on */
async function ready(file: string, workerData: WorkerStart, stay = 0): Promise<{ readonly ms: number; readonly report: KernelReport | undefined }> {
  const begun = performance.now();
  const worker = new Worker(file, { execArgv: [], workerData });
  try {
    const message = await new Promise<{ readonly kernels?: KernelReport }>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    const ms = performance.now() - begun;
    if (stay > 0) await new Promise((resolve) => setTimeout(resolve, stay));
    return { ms, report: message.kernels };
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
