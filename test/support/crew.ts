import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { kernels } from "../../src/core/kernels/current.js";
import { createCrew, type CrewOptions, type HiredCrew } from "../../src/extension/worker/crew.js";
import { root } from "../../scripts/lib/paths.mjs";
import { until } from "./until.js";

/** Bundles the entry of a helper thread into a new folder. The caller removes the folder. */
export async function bundleHelper(entry: string): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-crew-"));
  const file = path.join(folder, "crew.cjs");
  await esbuild.build({ entryPoints: [entry], outfile: file, bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "warning" });
  return { folder, file };
}

/** Threads that calculate with what this one does, and are asked however busy the machine is. */
export function hire(file: string, options: Partial<CrewOptions> = {}): HiredCrew {
  const now = () => performance.now();
  return createCrew({ file, kernels: path.join(root, "dist/kernels"), implementation: kernels().implementation, size: 1, rest: 0, now, ...options });
}

/** Does work until helpers have taken so many steps, and returns what it gave each time. The first times may be over before one has started. */
export async function whileHelped<T>({ state }: HiredCrew, steps: number, work: () => T): Promise<T[]> {
  const given: T[] = [];
  await until("help", () => {
    given.push(work());
    return state().steps >= steps;
  });
  return given;
}
