import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ensureChromium, ensureCodeServer, ensureModules } from "./lib/install.mjs";
import { cache, nodePath, root, toolEnv } from "./lib/paths.mjs";
import { run } from "./lib/processes.mjs";

/**
 * `npm test`: everything, from a fresh clone; `npm test -- unit view`: some parts. A part that fails does not keep the
 * later ones from running. The last lines are the failed tests, each with its first error, and `N passed, N failed`.
 */
const results = path.join(cache, "test-results");

/** What a part came to; `failures` has a line for each failed test. @typedef {{passed: number, failed: number, failures: string[]}} Counts */

/** A command that counts as one test. @param {string} command @param {string[]} args @returns {() => Promise<Counts>} */
const single = (command, args) => async () => {
  const { code } = await run(command, args, { cwd: root, env: toolEnv() });
  return code === 0 ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [`${args[0]} ended with ${code}`] };
};

/**
 * Vitest with one of the configurations; a file that could not be loaded counts as a failed test.
 * @param {string} name @param {string} config @param {string[]} [more] @param {NodeJS.ProcessEnv} [environment]
 */
const vitest = (name, config, more = [], environment = {}) => async () => {
  // The same cases at every run: see test/support/fastCheck.ts.
  const env = toolEnv({ LUMEN_SEED: process.env.LUMEN_SEED ?? "1", ...environment });
  const file = path.join(results, `${name}.json`);
  await mkdir(results, { recursive: true });
  await rm(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { code } = await run(nodePath(), [path.join(root, "node_modules/vitest/vitest.mjs"), "run", "--config", config, ...reporters, ...more], { cwd: root, env });
  const report = JSON.parse(await readFile(file, "utf8").catch(() => "{}"));
  const passed = report.numPassedTests ?? 0;
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  // Vitest fails for more than failed tests: broken files, errors outside of tests, no tests at all. A skipped test ran not.
  const failed = (report.numFailedTests ?? 0) + skipped;
  const failures = failuresOf(report);
  if (failed > 0 || (code === 0 && passed > 0)) return { passed, failed, failures };
  return { passed, failed: 1, failures: failures.length > 0 ? failures : [`vitest ended with ${code}, outside of any test`] };
};

/** The tests of what has more than one implementation: see src/core/kernels. */
const kernelTests = ["attention", "decoding", "formats", "kernels", "math", "mixture", "models", "vectors", "oracle.test.ts"].map((name) => `test/unit/${name}`);

/** The unit tests run with the kernels that a reader gets; these run the same tests with each of the others. */
const kernels = async () => {
  /** @type {Counts} */
  const total = { passed: 0, failed: 0, failures: [] };
  for (const choice of ["simd", "typescript"]) {
    console.log(`-- with the kernels "${choice}"`);
    const counts = await vitest(`kernels-${choice}`, "vitest.config.mjs", ["--no-isolate", ...kernelTests], { LUMEN_KERNELS: choice })();
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.failures.push(...counts.failures.map((line) => `${choice}: ${line}`));
  }
  return total;
};

/** The failed and the skipped tests of Vitest's report, and the files that could not be loaded, with their first error. @param {any} report @returns {string[]} */
function failuresOf(report) {
  /** What an error says before its stack: of a property also the seed and the case. @param {string | undefined} text */
  const first = (text) => stripVTControlCharacters(text ?? "").split(/^ +at /m)[0].split("\n").map((line) => line.trim()).filter(Boolean).join(" ").slice(0, 600);
  return (report.testResults ?? []).flatMap((/** @type {any} */ file) => {
    const name = path.relative(root, file.name);
    const tests = file.assertionResults.filter((/** @type {any} */ test) => test.status !== "passed");
    const lines = tests.map((/** @type {any} */ test) => `${name}: ${test.fullName}: ${first(test.failureMessages?.[0]) || test.status}`);
    return lines.length === 0 && file.status === "failed" ? [`${name}: ${first(file.message)}`] : lines;
  });
}

/** The parts in their order, each with what must be installed before it. */
const parts = [
  { name: "lint", needs: [], test: single(nodePath(), ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."]) },
  { name: "types", needs: [], test: single(nodePath(), ["node_modules/typescript/bin/tsc", "-b"]) },
  { name: "package", needs: [], test: single(nodePath(), ["scripts/package.mjs"]) },
  { name: "unit", needs: [], test: vitest("unit", "vitest.config.mjs") },
  { name: "kernels", needs: [], test: kernels },
  { name: "view", needs: ["chromium"], test: vitest("view", "vitest.view.config.mjs") },
  { name: "workbench", needs: ["chromium", "codeServer"], test: vitest("workbench", "vitest.workbench.config.mjs") },
];

/** Starts an installation, which goes on while the first parts are tested. @param {() => Promise<unknown>} install */
function begin(install) {
  const done = install().then(
    () => undefined,
    (error) => error,
  );
  return () => done;
}

/** @param {string[]} names */
async function main(names) {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) throw new Error(`No such part: ${unknown.join(", ")}. There are ${parts.map((part) => part.name).join(", ")}.`);
  const chosen = parts.filter((part) => names.length === 0 || names.includes(part.name));
  const started = Date.now();
  await ensureModules();
  const needed = new Set(chosen.flatMap((part) => part.needs));
  /** @type {Record<string, () => Promise<Error | undefined>>} */
  const installs = {
    chromium: begin(async () => needed.has("chromium") && ensureChromium()),
    codeServer: begin(async () => needed.has("codeServer") && ensureCodeServer()),
  };

  /** @type {string[]} */
  const summary = [];
  /** @type {string[]} */
  const failures = [];
  const total = { passed: 0, failed: 0 };
  for (const { name, needs, test } of chosen) {
    console.log(`\n== ${name} ==`);
    const since = Date.now();
    const missing = (await Promise.all(needs.map((need) => installs[need]()))).filter((error) => error !== undefined);
    for (const error of missing) console.error(error.message);
    const counts = missing.length > 0 ? { passed: 0, failed: 1, failures: missing.map((error) => error.message.split("\n")[0]) } : await test();
    failures.push(...counts.failures.map((line) => `${name}: ${line}`));
    total.passed += counts.passed;
    total.failed += counts.failed;
    const seconds = ((Date.now() - since) / 1000).toFixed(1);
    summary.push(`${name.padEnd(10)} ${String(counts.passed).padStart(5)} ok ${String(counts.failed).padStart(5)} not ok ${seconds.padStart(8)} s`);
  }
  console.log(`\n${summary.join("\n")}`);
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} s in all\n`);
  // After everything else, so that a log that was cut still tells.
  if (failures.length > 0) console.log(`Failed:\n${failures.map((line) => `  ${line}`).join("\n")}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
});
