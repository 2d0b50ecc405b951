import path from "node:path";
import { kernels } from "../../src/core/kernels/current.js";
import "../support/useKernels.js";
import { runCase, selectCases } from "./runner.js";

/**
 * `npm run test:oracle -- [directory] [--topic gmm]`: checks our implementations against a directory of reference fixtures.
 * Prints every case that fails, what nobody implements, the kernels used (LUMEN_KERNELS chooses), and `N passed, N failed`.
 */
function main(args: readonly string[]): number {
  const topicAt = args.findIndex((arg) => arg === "--topic" || arg.startsWith("--topic="));
  const topic = topicAt < 0 ? undefined : args[topicAt].includes("=") ? args[topicAt].split("=")[1] : args[topicAt + 1];
  const rest = args.filter((_, i) => topicAt < 0 || (i !== topicAt && !(i === topicAt + 1 && args[topicAt] === "--topic")));
  const directory = path.resolve(rest[0] ?? "test/fixtures/oracle");
  let passed = 0;
  let failed = 0;
  const missing = new Map<string, number>();
  for (const selected of selectCases(directory, topic)) {
    const outcome = runCase(selected);
    if (outcome.kind === "passed") passed++;
    else if (outcome.kind === "not implemented") missing.set(outcome.name, (missing.get(outcome.name) ?? 0) + 1);
    else {
      failed++;
      console.log(`FAILED ${selected.file.name} ${selected.oracleCase.case} (${selected.oracleCase.op}): ${outcome.reason}`);
    }
  }
  for (const [name, count] of [...missing].sort()) console.log(`not implemented: ${name} (${count} cases)`);
  console.log(`kernels: ${kernels().implementation}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
