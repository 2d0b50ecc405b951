import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isModelFile } from "../src/core/models/isModelFile.js";
import { feedAll } from "../src/core/models/languageModel.js";
import { openModel, type LoadedModel } from "../src/core/models/loadModel.js";
import { openFolder } from "../src/extension/worker/files.js";
import { readMaps } from "./attention.js";

const [d, layers, heads, V, positions] = [768, 12, 12, 50_257, 1024];
const config = { architectures: ["GPT2LMHeadModel"], model_type: "gpt2", vocab_size: V, n_positions: positions, n_embd: d, n_layer: layers, n_head: heads, activation_function: "gelu_new", layer_norm_epsilon: 1e-5 };

/** Milliseconds by the clock and of the processor, the longest step of each, and the most bytes beyond what was there before. */
export type Watched = { readonly ms: number; readonly cpu: number; readonly step: number; readonly cpuStep: number; readonly peak: number };
/** `kept`: bytes that the weights take. `rate`: tokens a second behind those 64. */
export type Timed = { readonly loading: Watched; readonly reading: Watched; readonly kept: number; readonly rate: number };

/** A folder of GPT-2 small's shape with random weights in F16. @returns bytes of the weights */
export function writeGpt2Small(folder: string): number {
  const shapes: [string, number[]][] = [["wte.weight", [V, d]], ["wpe.weight", [positions, d]], ["ln_f.weight", [d]], ["ln_f.bias", [d]]];
  for (let i = 0; i < layers; i++) {
    const of = (name: string, shape: number[]): [string, number[]] => [`h.${i}.${name}`, shape];
    shapes.push(of("ln_1.weight", [d]), of("ln_1.bias", [d]), of("attn.c_attn.weight", [d, 3 * d]), of("attn.c_attn.bias", [3 * d]), of("attn.c_proj.weight", [d, d]), of("attn.c_proj.bias", [d]));
    shapes.push(of("ln_2.weight", [d]), of("ln_2.bias", [d]), of("mlp.c_fc.weight", [d, 4 * d]), of("mlp.c_fc.bias", [4 * d]), of("mlp.c_proj.weight", [4 * d, d]), of("mlp.c_proj.bias", [d]));
  }
  let at = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of shapes) {
    const bytes = 2 * shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype: "F16", shape, data_offsets: [at, at + bytes] };
    at += bytes;
  }
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
  const file = openSync(path.join(folder, "model.safetensors"), "w");
  writeSync(file, length);
  writeSync(file, head);
  // Halves with random signs and fractions, between 1/64 and 1/32.
  let seed = 12345;
  const piece = new Uint16Array(1 << 20);
  for (let left = at / 2; left > 0; left -= piece.length) {
    for (let i = 0; i < piece.length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      piece[i] = ((seed >>> 16) & 0x83ff) | (9 << 10);
    }
    writeSync(file, new Uint8Array(piece.buffer, 0, 2 * Math.min(left, piece.length)));
  }
  closeSync(file);
  return at;
}

/** Opens a model's folder as the extension's worker does. */
export function loadFolder(folder: string, step: () => void = () => {}): { readonly loaded: LoadedModel } {
  const { files, close } = openFolder(folder, folder, isModelFile);
  const running = openModel(files, folder);
  for (;;) {
    const next = running.next();
    step();
    if (!next.done) continue;
    close();
    if (!next.value.ok) throw new Error(JSON.stringify(next.value.problems));
    return { loaded: next.value.input as LoadedModel };
  }
}

/** Loads the folder, reads 64 tokens and goes on with some, with the memory of the process at every step: that of WebAssembly is counted nowhere else. */
export function gpt2Small(folder: string): Timed {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage.rss();
  const grown = () => process.memoryUsage.rss() - before;
  const watch = () => {
    const seen = { ms: 0, cpu: 0, step: 0, cpuStep: 0, peak: 0 };
    let [last, used] = [performance.now(), process.cpuUsage()];
    const step = () => {
      const ms = performance.now() - last;
      const { user, system } = process.cpuUsage(used);
      const cpu = (user + system) / 1e3;
      Object.assign(seen, { ms: seen.ms + ms, cpu: seen.cpu + cpu, step: Math.max(seen.step, ms), cpuStep: Math.max(seen.cpuStep, cpu), peak: Math.max(seen.peak, grown()) });
      [last, used] = [performance.now(), process.cpuUsage()];
    };
    return { seen, step };
  };
  const loading = watch();
  const { loaded } = loadFolder(folder, loading.step);
  collect();
  const kept = grown();
  const reading = watch();
  readMaps(loaded, reading.step);
  return { loading: loading.seen, reading: reading.seen, kept, rate: rateOf(loaded) };
}

/** Tokens a second with a cache of 64 tokens and more: by the fastest of some, and by the processor's time where that is less, as others may use the machine too. */
function rateOf({ model }: LoadedModel): number {
  const state = model.start();
  feedAll(state, Array.from({ length: 64 }, (_, i) => (i * 7919) % model.vocabularySize));
  let best = Infinity;
  for (let i = 0; i < 24; i++) {
    const [begin, used] = [performance.now(), process.cpuUsage()];
    feedAll(state, [(i * 104_729) % model.vocabularySize]);
    const { user, system } = process.cpuUsage(used);
    best = Math.min(best, performance.now() - begin, (user + system) / 1e3);
  }
  return 1e3 / best;
}
