import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureModules } from "./lib/install.mjs";
import { nodePath, root, tool, toolEnv } from "./lib/paths.mjs";
import { run } from "./lib/processes.mjs";

/** Upper limits in bytes: what is shipped stays small, and what VS Code reads at activation smaller still. */
const limits = { "lumen.vsix": 8_000_000, "dist/extension.js": 200_000, "dist/languages.js": 140_000 };
/** The WebAssembly modules together, both builds. */
const kernelsLimit = 80_000;

/**
 * Writes the licences of all packages inside the bundles: they ask for it. Fails where NOTICE does not name exactly those that package.json
 * names.
 * @param {string[]} inputs paths of a metafile
 */
async function writeLicences(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const names = new Set();
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license, author } = JSON.parse(await readFile(path.join(root, folder, "package.json"), "utf8"));
    const file = (await readdir(path.join(root, folder))).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const by = author ? `, by ${author.name ?? author}` : "";
    const text = file ? await readFile(path.join(root, folder, file), "utf8") : `Licence: ${license}${by}`;
    texts.push(`${name} ${version}\n\n${text.trim()}\n`);
    names.add(name);
  }
  await writeFile(path.join(root, "dist/LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
  const { devDependencies } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  const own = Object.keys(devDependencies).filter((name) => names.has(name));
  const notice = await readFile(path.join(root, "NOTICE"), "utf8");
  const named = [...notice.matchAll(/^ {2}(\S+) +\S+ +https:/gm)].map(([, name]) => name);
  if (own.sort().join() !== named.sort().join()) throw new Error(`NOTICE names ${named.join(", ")}, but the bundles hold ${own.join(", ")}.`);
}

/** @param {string} command @param {string[]} args */
async function must(command, args, quiet = false) {
  const { code, output } = await run(command, args, { cwd: root, env: toolEnv(), quiet });
  if (code !== 0) throw new Error(`${path.basename(command)} ${args.join(" ")} ended with ${code}.\n${output}`);
  return output;
}

/** Builds small bundles and packs them as lumen.vsix; fails when something is in it that should not be. */
async function main() {
  await ensureModules();
  await must(nodePath(), ["esbuild.mjs", "--production"]);
  const meta = JSON.parse(await readFile(path.join(root, "dist/meta.json"), "utf8"));
  await writeLicences(Object.keys(meta.inputs));
  const vsce = ["--no-dependencies"];
  await must(tool("vsce"), ["package", ...vsce, "--allow-missing-repository", "--no-rewrite-relative-links", "--out", "lumen.vsix"]);

  const files = (await must(tool("vsce"), ["ls", ...vsce], true)).split("\n").filter(Boolean);
  const stray = files.filter((file) => /^(src|test|bench|scripts|node_modules)\/|\.(map|ts|mjs)$|\/expected\.json$/.test(file));
  if (stray.length > 0) throw new Error(`These do not belong into the package: ${stray.join(", ")}.`);
  const kernels = (await readdir(path.join(root, "dist/kernels"))).map((file) => `dist/kernels/${file}`);
  const missing = [...Object.keys(meta.outputs), ...kernels].filter((file) => !file.endsWith(".map") && !files.includes(file));
  if (missing.length > 0) throw new Error(`These bundles are missing in the package: ${missing.join(", ")}. Name them in .vscodeignore.`);
  for (const [file, limit] of Object.entries(limits)) {
    const { size } = await stat(path.join(root, file));
    if (size > limit) throw new Error(`${file} has ${size} bytes; at most ${limit} are allowed.`);
    console.log(`${file}: ${size} bytes of at most ${limit}`);
  }
  const sizes = await Promise.all(kernels.map(async (file) => (await stat(path.join(root, file))).size));
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (sum > kernelsLimit) throw new Error(`dist/kernels has ${sum} bytes; at most ${kernelsLimit} are allowed.`);
  console.log(`dist/kernels: ${sum} bytes of at most ${kernelsLimit}`);
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
