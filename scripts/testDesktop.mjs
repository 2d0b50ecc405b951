import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { buildHostSuite, copySamples } from "./hostSuite.mjs";
import { ensureModules } from "./lib/install.mjs";
import { nodePath, root, toolEnv } from "./lib/paths.mjs";
import { run } from "./lib/processes.mjs";

/**
 * `npm run test:desktop`: the suites of test/workbench/host in desktop VS Code, which @vscode/test-electron downloads
 * into .vscode-test (LUMEN_VSCODE names an installed one instead). Without a display, run it under `xvfb-run -a`.
 */
async function main() {
  await ensureModules();
  const { code } = await run(nodePath(), ["esbuild.mjs"], { cwd: root, env: toolEnv() });
  if (code !== 0) throw new Error("The extension was not built.");
  const [extensionTestsPath, samples] = await Promise.all([buildHostSuite(), copySamples()]);
  const home = await mkdtemp(path.join(os.tmpdir(), "lumen-desktop-"));
  const resultsFile = path.join(home, "results.json");
  const { runTests } = await import("@vscode/test-electron");
  try {
    await runTests({
      version: process.env.LUMEN_VSCODE_VERSION ?? "stable",
      vscodeExecutablePath: process.env.LUMEN_VSCODE,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv: { LUMEN_HOST_RESULTS: resultsFile },
      launchArgs: [
        samples,
        "--disable-workspace-trust",
        "--disable-extensions",
        `--user-data-dir=${path.join(home, "data")}`,
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    }).catch((error) => console.error(error.message));
    const results = JSON.parse(await readFile(resultsFile, "utf8").catch(() => "[]"));
    const failed = results.filter((/** @type {{error?: string}} */ each) => each.error !== undefined).length;
    const broken = results.length === 0 ? 1 : failed; // a run without results did not get as far as a test
    console.log(`${results.length - failed} passed, ${broken} failed`);
    process.exitCode = broken === 0 ? 0 : 1;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
