import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defaultsOf, type TextSource } from "../src/core/contract/index.js";
import { readFormulas } from "../src/core/expressions/formulas.js";
import { mixtureAt, stepsOf } from "../src/core/mixture/evaluate.js";
import { mixture } from "../src/core/mixture/explainer.js";
import { responsibilitiesCsv } from "../src/core/mixture/exports.js";
import { toPython } from "../src/core/mixture/python.js";
import type { MixtureParams } from "../src/core/mixture/params.js";
import type { MixtureTrace } from "../src/core/mixture/trace.js";
import type { Line } from "./benches.js";
import { benchDecodingPython } from "./decodingPython.js";
import { makeData } from "./mixture.js";
import { findScikitLearn, peerEnv } from "./peer.js";

/** Runs the programs of "Copy as Python": each checks itself that it comes to Lumen's numbers. */
export async function* benchPython(): AsyncGenerator<Line, void, void> {
  yield* benchMixturePython();
  yield* benchDecodingPython();
}

async function* benchMixturePython(): AsyncGenerator<Line, void, void> {
  const found = findScikitLearn();
  if (!found) {
    yield { case: "Copy as Python", peer: "scikit-learn is not installed" };
    return;
  }
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-python-"));
  await readFormulas();
  try {
    for (const covariance_type of ["full", "tied", "diag", "spherical"] as const) {
      for (const more of [{}, { stop_rule: "parameters", tol: 1e-6, max_iter: 500 }, { max_iter: 3, init_params: "random_from_data" }] as const) {
        yield check(found, folder, "few.csv", rows(200, 3), { n_components: 3, covariance_type, ...more });
      }
    }
    for (const name of ["many.csv", "many.tsv", "many.txt"]) yield check(found, folder, name, rows(4000, 2), { n_components: 2 });
    yield check(found, folder, "many.csv", rows(4000, 2), { n_components: 2, columns: ["b", "ratio"], computed: [{ name: "ratio", expression: "a / (b * b + 1)" }] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rows(N: number, D: number): number[][] {
  const columns = makeData(N, D, 2);
  return Array.from({ length: N }, (_, i) => columns.map((column) => column[i]));
}

function check({ python, version }: { python: string; version: string }, folder: string, name: string, data: number[][], params: Partial<MixtureParams>): Line {
  const delimiter = { csv: ",", tsv: "\t", txt: " " }[name.split(".")[1]] ?? ",";
  // A column of words, a header and a row with a gap: as files are.
  const header = ["a", "label", "b", "c"].slice(0, data[0].length + 1);
  const gap = ["1", "word", "gap", "gap"].slice(0, header.length);
  const lines = [header, ...data.map(([first, ...rest]) => [first, "word", ...rest]), gap].map((line) => line.join(delimiter));
  const text = `${lines.join("\n")}\n`;
  const trace = fit(text, name, params);
  const S = stepsOf(trace.fits[trace.best]);
  writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, `${name.split(".")[0]}-responsibilities.csv`), responsibilitiesCsv(trace, mixtureAt(trace, trace.best, S - 1)));
  writeFileSync(path.join(folder, "program.py"), toPython(trace, { name, format: trace.format }, trace.best));
  const { status, stdout, stderr } = spawnSync(python, ["program.py"], { cwd: folder, encoding: "utf8", env: peerEnv() });
  const same = status === 0 && stdout.includes("the same as in Lumen");
  const title = `Copy as Python, ${name}, ${trace.N} rows, ${JSON.stringify(params)}`;
  return { case: title, peer: `scikit-learn ${version}`, same, ...(same ? {} : { failed: stderr.trim().split("\n").slice(-3).join(" ") }) };
}

function fit(text: string, name: string, params: Partial<MixtureParams>): MixtureTrace {
  const source: TextSource = { kind: "text", uri: `file:///${name}`, name, languageId: "plaintext", text, ranges: [] };
  const parsed = finish(mixture.parse(source));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const outcome = finish(mixture.run(parsed.input, { ...defaultsOf(mixture.params), sweep_max: 0, ...params }, { random: () => 0, stopping: () => false, now: () => 0 }));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.trace;
}

function finish<T>(generator: Generator<unknown, T, void>): T {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
}
