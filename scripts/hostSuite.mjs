import { cp, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { cache, root } from "./lib/paths.mjs";

const folder = path.join(root, "test", "workbench", "host");

/**
 * Bundles the suites that run inside VS Code's extension host, outside of dist/ so that they are never shipped.
 * @returns {Promise<string>} the module to name as extensionTestsPath
 */
export async function buildHostSuite() {
  const { build } = await import("esbuild");
  const outfile = path.join(cache, "test", "host", "index.js");
  /** @type {import("esbuild").Plugin} */
  const suites = {
    name: "suites",
    setup(context) {
      context.onResolve({ filter: /^lumen:suites$/ }, () => ({ path: "suites", namespace: "suites" }));
      context.onLoad({ filter: /.*/, namespace: "suites" }, async () => {
        const files = (await readdir(folder)).filter((name) => name.endsWith(".suite.ts")).sort();
        return { contents: files.map((name) => `import "./${name}";`).join("\n"), loader: "ts", resolveDir: folder };
      });
    },
  };
  await build({
    absWorkingDir: root,
    entryPoints: [path.join(folder, "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    plugins: [suites],
    logLevel: "warning",
  });
  return outfile;
}

/** A copy of samples/ for the suites to write into. @returns {Promise<string>} its folder */
export async function copySamples() {
  const copy = path.join(cache, "test", "samples");
  await rm(copy, { recursive: true, force: true });
  await cp(path.join(root, "samples"), copy, { recursive: true });
  return copy;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await Promise.all([buildHostSuite(), copySamples()]);
