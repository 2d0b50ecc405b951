import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { cache, root } from "./paths.mjs";

const sources = path.join(root, "src/core/kernels/wasm");
const target = path.join(root, "dist/kernels");

/** The two builds of each module; a host takes the first that it understands. */
const builds = {
  relaxed: ["--enable", "simd", "--enable", "relaxed-simd"],
  simd: ["--enable", "simd"],
};
// A memory that threads share needs a limit: all that 32 bits can address.
const common = ["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--noExportMemory", "--maximumMemory", "65536"];

/** A name for all that the modules are made of. @param {string[]} files */
async function fingerprint(files) {
  const hash = createHash("sha256");
  const { version } = JSON.parse(await readFile(path.join(root, "node_modules/assemblyscript/package.json"), "utf8"));
  hash.update(JSON.stringify([version, builds, common]));
  for (const file of files) hash.update(file).update(await readFile(path.join(sources, file)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * Compiles each src/core/kernels/wasm/TOPIC.ts to dist/kernels/TOPIC.BUILD.wasm, or takes what the same sources gave before.
 * @returns {Promise<string[]>} the files written
 */
export async function buildKernels() {
  const files = (await readdir(sources, { recursive: true })).filter((file) => file.endsWith(".ts")).map((file) => file.replaceAll(path.sep, "/")).sort();
  const made = path.join(cache, "kernels", await fingerprint(files));
  const topics = files.filter((file) => !file.includes("/")).map((file) => file.slice(0, -3));
  const names = topics.flatMap((topic) => Object.keys(builds).map((build) => `${topic}.${build}.wasm`));
  const have = new Set(await readdir(made).catch(() => []));
  await mkdir(made, { recursive: true });
  await mkdir(target, { recursive: true });
  for (const topic of topics) {
    for (const [build, flags] of Object.entries(builds)) {
      const name = `${topic}.${build}.wasm`;
      if (!have.has(name)) await compile(path.join("src/core/kernels/wasm", `${topic}.ts`), path.join(made, name), flags);
    }
  }
  for (const stray of await readdir(target)) if (stray.endsWith(".wasm") && !names.includes(stray)) await rm(path.join(target, stray));
  for (const name of names) {
    // Whoever reads it meanwhile finds it whole.
    const unfinished = path.join(target, `${name}.${process.pid}`);
    await copyFile(path.join(made, name), unfinished);
    await rename(unfinished, path.join(target, name));
  }
  return names.map((name) => path.join("dist/kernels", name));
}

/** @param {string} source @param {string} out @param {string[]} flags */
async function compile(source, out, flags) {
  const { main } = await import("assemblyscript/asc");
  const relative = path.relative(root, out).replaceAll(path.sep, "/");
  const { error, stderr } = await main([source.replaceAll(path.sep, "/"), ...common, ...flags, "--baseDir", root, "--outFile", `${relative}.${process.pid}`]);
  if (error) throw new Error(`${source} was not compiled: ${error.message}\n${stderr}`);
  await rename(`${out}.${process.pid}`, out);
}
