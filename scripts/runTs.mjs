import { mkdir } from "node:fs/promises";
import path from "node:path";
import { cache, nodePath, root, toolEnv } from "./lib/paths.mjs";
import { ensureModules } from "./lib/install.mjs";
import { buildKernels } from "./lib/kernels.mjs";
import { run } from "./lib/processes.mjs";

/** `node scripts/runTs.mjs FILE ARGS…`: bundles a TypeScript program of this repository and runs it in Node 24. */
async function main() {
  const [entry, ...args] = process.argv.slice(2);
  await ensureModules();
  await buildKernels();
  const { build } = await import("esbuild");
  const out = path.join(cache, "run", `${entry.replaceAll(/[/\\]/g, "-").replace(/\.ts$/, "")}.mjs`);
  await mkdir(path.dirname(out), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node22",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const { code } = await run(nodePath(), ["--enable-source-maps", out, ...args], { env: toolEnv() });
  process.exitCode = code;
}

await main();
