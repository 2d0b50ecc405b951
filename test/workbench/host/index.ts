import { writeFile } from "node:fs/promises";
import Mocha from "mocha";

/** What one test in the extension host came to; the file named by LUMEN_HOST_RESULTS gets a list of them. */
export type HostResult = { readonly title: string; readonly milliseconds: number; readonly error?: string };

/**
 * Runs all suites (of LUMEN_HOST_GREP only those whose titles hold it) inside VS Code's extension host. VS Code calls it, in the browser (test/workbench/host.test.ts) and on
 * the desktop (scripts/testDesktop.mjs) alike; it rejects when a test fails, which VS Code turns into its exit code.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", timeout: 60_000, reporter: "spec", color: false, grep: process.env.LUMEN_HOST_GREP ?? "" });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("lumen:suites"); // resolved by scripts/hostSuite.mjs to every *.suite.ts of this folder
  const results: HostResult[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on("pass", (test) => results.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }))
      .on("fail", (test, error: Error) =>
        results.push({ title: test.fullTitle(), milliseconds: 0, error: error.stack ?? error.message }),
      );
  });
  if (process.env.LUMEN_HOST_RESULTS) await writeFile(process.env.LUMEN_HOST_RESULTS, JSON.stringify(results));
  if (results.length === 0) throw new Error("No test was found.");
  if (failures > 0) throw new Error(`${failures} of ${results.length} tests failed.`);
}
