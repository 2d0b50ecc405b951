import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { buildKernels } from "./scripts/lib/kernels.mjs";

const root = path.dirname(fileURLToPath(import.meta.url));

/**
 * @typedef {Pick<esbuild.BuildOptions, "platform" | "format" | "target" | "external"> & {name: string, entry: string, split?: boolean}} Bundle
 * `split`: what is imported by `import()` is read when it is asked for, from a file in a folder of the bundle's name.
 */

/** @typedef {{production?: boolean, write?: boolean, folder?: string}} BuildOptions `folder`: where to, from the repository's root */

/** @type {Bundle[]} Every bundle of the extension. The tests' bundles are in scripts/runTs.mjs, so that none of them can be shipped. */
export const bundles = [
  { name: "extension", entry: "src/extension/main.ts", platform: "node", format: "cjs", target: "node20", external: ["vscode", "./languages.js"] },
  // Read when a document needs it: see src/extension/editor/configLanguages.ts.
  { name: "languages", entry: "src/extension/editor/languages.ts", platform: "node", format: "cjs", target: "node20", external: ["vscode"] },
  { name: "worker", entry: "src/extension/worker/start.ts", platform: "node", format: "cjs", target: "node20", external: ["./calculation.js"] },
  { name: "calculation", entry: "src/extension/worker/main.ts", platform: "node", format: "cjs", target: "node20", external: [], split: true },
  { name: "crew", entry: "src/extension/worker/crewMain.ts", platform: "node", format: "cjs", target: "node20", external: [] },
  { name: "webview", entry: "src/webview/main.ts", platform: "browser", format: "iife", target: "es2022", external: [] },
  { name: "tensors", entry: "src/webview/tensors/main.ts", platform: "browser", format: "iife", target: "es2022", external: [] },
  { name: "webview", entry: "styles", platform: "browser", target: "chrome120" },
];

/** @type {esbuild.Plugin} The style sheet is every .css file of src/webview and media, in the order of their paths; none is imported by code. */
const styles = {
  name: "styles",
  setup(build) {
    build.onResolve({ filter: /^styles$/ }, (args) =>
      args.kind === "entry-point" ? { path: "styles", namespace: "styles" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "styles" }, async () => {
      const folders = ["media", "src/webview"].map((folder) => path.join(root, folder));
      const found = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true }).catch(() => [])));
      const files = found.flatMap((names, i) =>
        names.filter((name) => name.endsWith(".css")).map((name) => path.join(folders[i], name)),
      );
      const contents = files.sort().map((file) => `@import ${JSON.stringify(file)};`);
      return { contents: contents.join("\n"), loader: "css", resolveDir: root, watchFiles: files, watchDirs: folders };
    });
  },
};

/**
 * Writes the files of a split bundle as CommonJS: esbuild splits ES modules only, and those take longer to start and may be in the
 * hands of loaders that others have registered.
 *
 * The names of what was split off change with the contents. What is left of earlier runs of this script goes after the first build; what
 * the builds of a watch replace stays as long as it watches, since a worker reads the files of its own build when it first needs them.
 * @param {Bundle} bundle
 * @param {boolean} production
 * @returns {esbuild.Plugin}
 */
const commonJs = ({ name, platform, target }, production) => ({
  name: "commonjs",
  setup(build) {
    let first = true;
    build.onEnd(async ({ errors, outputFiles = [] }) => {
      if (errors.length > 0) return;
      const folder = path.resolve(root, String(build.initialOptions.outdir), name);
      const splitOff = (/** @type {string} */ file) => path.dirname(file) === folder;
      await mkdir(folder, { recursive: true });
      const written = new Set();
      // The entry comes last: whoever starts it finds what it reads.
      for (const { path: file, text } of outputFiles.toSorted((a, b) => Number(splitOff(b.path)) - Number(splitOff(a.path)))) {
        const { code, map } = await esbuild.transform(text, {
          platform,
          format: "cjs",
          target,
          supported: { "dynamic-import": false },
          minify: production,
          sourcefile: path.basename(file),
          sourcemap: production ? false : "external",
        });
        const files = map ? { [`${file}.map`]: map, [file]: `${code}//# sourceMappingURL=${path.basename(file)}.map\n` } : { [file]: code };
        for (const [each, content] of Object.entries(files)) await writeFile(each, content);
        for (const each of Object.keys(files)) written.add(path.basename(each));
      }
      for (const file of first ? await readdir(folder) : []) if (!written.has(file)) await rm(path.join(folder, file));
      first = false;
    });
  },
});

/**
 * esbuild's options for one line of the table.
 * @param {Bundle} bundle
 * @param {BuildOptions} [options]
 * @returns {esbuild.BuildOptions & {metafile: true}}
 */
export function optionsOf(bundle, { production = false, write = true, folder = "dist" } = {}) {
  const { split = false } = bundle;
  return {
    absWorkingDir: root,
    entryPoints: [{ in: bundle.entry, out: bundle.name }],
    outdir: folder,
    bundle: true,
    splitting: split,
    chunkNames: `${bundle.name}/[name]-[hash]`,
    write: write && !split,
    platform: bundle.platform,
    format: split ? "esm" : bundle.format,
    target: bundle.target,
    external: bundle.external,
    minify: production,
    sourcemap: production ? false : split ? "inline" : "linked",
    legalComments: "none", // scripts/package.mjs adds the whole licences
    loader: { ".svg": "dataurl" },
    define: bundle.platform === "browser" ? { "process.env.NODE_ENV": '"production"' } : {},
    metafile: true,
    plugins: bundle.entry === "styles" ? [styles] : split && write ? [commonJs(bundle, production)] : [],
    logLevel: "warning",
  };
}

/**
 * Builds bundles, all unless `wanted` says which, and returns their joined metafile; throws when one fails, after all have been tried.
 * @param {BuildOptions} [options]
 * @returns {Promise<esbuild.Metafile>}
 */
export async function buildAll(options = {}, wanted = bundles) {
  const results = await Promise.allSettled(wanted.map((bundle) => esbuild.build(optionsOf(bundle, options))));
  const failed = wanted.filter((_, i) => results[i].status === "rejected");
  if (failed.length > 0) throw new Error(`Not built: ${failed.map((bundle) => bundle.entry).join(", ")}.`);
  const metafiles = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.metafile] : []));
  return {
    inputs: Object.assign({}, ...metafiles.map((meta) => meta.inputs)),
    outputs: Object.assign({}, ...metafiles.map((meta) => meta.outputs)),
  };
}

/** Builds whenever a source changes. Its lines are what the problem matcher in .vscode/tasks.json reads. */
async function watchAll() {
  const building = new Set(bundles);
  console.log("[watch] build started");
  /** @param {Bundle} bundle @returns {esbuild.Plugin} */
  const reportOf = (bundle) => ({
    name: "report",
    setup(build) {
      build.onStart(() => {
        if (building.size === 0) console.log("[watch] build started");
        building.add(bundle);
      });
      build.onEnd((result) => {
        for (const { text, location } of result.errors) {
          const at = location ? `${location.file}:${location.line}:${location.column}: ` : "";
          console.log(`> ${at}error: ${text}`);
        }
        building.delete(bundle);
        if (building.size === 0) console.log("[watch] build finished");
      });
    },
  });
  for (const bundle of bundles) {
    const options = optionsOf(bundle);
    const plugins = [...(options.plugins ?? []), reportOf(bundle)];
    const context = await esbuild.context({ ...options, plugins, logLevel: "silent" });
    await context.watch();
  }
}

/** @param {string[]} args */
async function main(args) {
  await mkdir(path.join(root, "dist"), { recursive: true });
  const kernels = await buildKernels();
  if (args.includes("--watch")) return watchAll();
  const meta = await buildAll({ production: args.includes("--production") });
  await writeFile(path.join(root, "dist/meta.json"), JSON.stringify(meta));
  for (const file of [...Object.keys(meta.outputs), ...kernels]) {
    if (!file.endsWith(".map")) console.log(`${file}  ${((await stat(path.join(root, file))).size / 1024).toFixed(1)} KB`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
